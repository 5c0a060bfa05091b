"""What the rules need to know of a text: its words, its sentences, and what stands in quotation marks."""

from __future__ import annotations

import re

from alongside.prose import without_marks

__all__ = ["asks", "bare", "longer", "plain", "sentences", "unquoted", "words"]

_WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
_CODE = re.compile(r"`[^`]*`")
_CITE = re.compile(r"\s*\[@[^\]]*\]")
_IMAGE = re.compile(r"!\[([^\[\]]*)\]\([^()]*\)")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_MARKS = re.compile(r"\*+|(?<!\w)_+|_+(?!\w)")
_QUOTED = re.compile(r'"[^"]*"|“[^”]*”|«[^»]*»')
_END = re.compile(r"(?<=[.!?…])[\"”'’»)\]]*\s+(?=[^\sa-z])")
_NOT_WORDS = re.compile(r"[\W_]+")
_BY_LENGTH = 1.35
_BY_WORDS = 4


def plain(text: str) -> str:
    """Give the words of a piece of Markdown as they are read: links by their text, no marks, no citations."""
    text = without_marks(_CITE.sub("", _CODE.sub(" ", text)))
    return _MARKS.sub("", _LINK.sub(r"\1", _IMAGE.sub(r"\1", text)))


def words(text: str) -> list[str]:
    """Give the words of a text. A hyphen, an apostrophe or a decimal point inside a word does not end it."""
    return _WORD.findall(text)


def sentences(text: str) -> list[str]:
    """Give the sentences of a text that have a word in them."""
    return [part for part in _END.split(text) if _WORD.search(part)]


def unquoted(text: str) -> str:
    """Blank out what stands between double quotation marks, straight or curly. All else keeps its place."""
    return _QUOTED.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def bare(text: str) -> str:
    """Give a text without case, marks or extra spaces, so that two that differ only in these are the same."""
    return _NOT_WORDS.sub(" ", text.casefold()).strip()


def asks(stem: str) -> str:
    """Give the sentences of a stem that ask something, without what is quoted; else its last sentence."""
    # What is said ends the sentence that leads to it.
    said = _QUOTED.sub(lambda match: ". " if match[0][-2:-1] in ".?!…" else " ", stem)
    found = sentences(plain(said))
    questions = [sentence for sentence in found if sentence.rstrip().endswith("?")]
    return " ".join(questions or found[-1:])


def longer(best: list[int], others: list[int]) -> bool:
    """Say whether the best give themselves away by length: 1.35 times the mean of the others and four words more.

    Both are lists of word counts. The threshold is the course's own, after Haladyna, Downing and Rodriguez (2002).
    """
    if not best or not others:
        return False
    mean, top = sum(others) / len(others), sum(best) / len(best)
    return top > _BY_LENGTH * mean and top >= mean + _BY_WORDS
