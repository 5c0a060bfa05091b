"""Text that no code fits: empty, huge, another language, code, signs alone, copied, or words strung together. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from alongside.coding.features import plain
from alongside.coding.lexicon import word_set

__all__ = ["MOST_WORDS", "ODDITIES", "oddity"]

ODDITIES: Final = ("empty", "signs", "huge", "code", "language", "noise", "copied", "keywords")
"""The names of what can be odd, each with its sentence under `[coach]`."""

MOST_WORDS: Final = 150
"""More than twice what a reply is asked to hold."""

_CODE = re.compile(
    r"</?[a-z][^>]*>"
    r"|\b(def|function|import|class|var|const|SELECT|DROP TABLE|print)\b[^.?!]*[({;=]|[{};]\s*$|=>|::|&&|\|\|"
    r"|\$\{|\bhttps?://"
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_FEW = 4  # words from which on it can be said whether they hang together
_LONG = 10  # words that nobody gives back word for word to reflect them
_NEARLY = 0.8  # of the line before
_TERMS = 3  # of the trade in one reply


def oddity(text: str, previous: str = "") -> str:
    """Give the name of what keeps a text from being coded, or nothing."""
    words = [word.replace("\u2019", "'").lower() for word in _WORD.findall(text)]
    if not text.strip():
        return "empty"
    if not words:
        return "signs"
    if len(words) > MOST_WORDS:
        return "huge"
    if _CODE.search(text):
        return "code"
    if _copied(text, previous):
        return "copied"
    return _strange(words)


def _copied(text: str, previous: str) -> bool:
    """Whether a text is the line before, or a long part of it, word for word."""
    said, before = plain(text), plain(previous)
    count = len(said.split())
    whole = count >= _FEW and count > len(before.split()) * _NEARLY
    return (whole or count >= _LONG) and f" {said} " in f" {before} "


def _strange(words: list[str]) -> str:
    known = sum(word in word_set("english") for word in words)
    foreign = sum(_bare(word) in word_set("others") and word not in word_set("english") for word in words)
    letters = "".join(words)
    latin = sum(char.isascii() for char in letters)
    if latin < len(letters) / 2 or (foreign >= 2 and foreign > known):  # noqa: PLR2004  one such word is a loan
        return "language"
    mashed = sum(len(word) > 3 and not re.search(r"[aeiouy]", _bare(word)) for word in words)  # noqa: PLR2004
    if mashed >= len(words) / 2 or re.search(r"(.)\1{5,}", letters):
        return "noise"
    if len(words) >= _FEW and (len(set(words)) == 1 or len(word_set("jargon").intersection(words)) >= _TERMS):
        return "keywords"
    return "keywords" if len(words) > _FEW and not known else ""


def _bare(word: str) -> str:
    """Take the signs off a word's letters."""
    return "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))
