"""What a clause looks like to the model: words, letters, its place, and what it shares with the line before. Pure."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, pairwise

from alongside.coding.lexicon import spelled, word_set

__all__ = ["BUCKETS", "Word", "bucket", "features", "harm_features", "places", "plain", "word_features", "words_in"]

BUCKETS = 1 << 15
"""Features are told apart by this many numbers. Two that share one are seldom in the same text."""

_WORD = re.compile(r"[a-z0-9']+|[?!]|\.\.\.|\u2026", re.IGNORECASE)
_MOST_WORDS = 80  # a clause is far shorter; the rest of a longer text adds nothing
_MOST_LETTERS = 400


def plain(text: str) -> str:
    """Take marks and capitals away, as many people type."""
    return re.sub(r"\s+", " ", re.sub(r"[^\w\s]|_", "", text.lower().replace("\u2019", "'").replace("'", ""))).strip()


def words_in(text: str) -> list[str]:
    """Give a text's words and marks of asking, in small letters, each in one spelling."""
    return [word.text for word in places(text)]


@dataclass(frozen=True)
class Word:
    """A word of a text in its one spelling, and where it stands."""

    text: str
    start: int
    end: int


def places(text: str) -> list[Word]:
    """Give a text's words as `words_in` does, each with its place."""
    found = islice(_WORD.finditer(text.replace("\u2019", "'")), _MOST_WORDS)
    return [Word(spelled(match[0].lower()), match.start(), match.end()) for match in found]


def word_features(words: Sequence[Word], first: int, last: int) -> list[int]:
    """Give the numbers of what the words from `first` to `last` bring into a text by themselves."""
    part = [word.text for word in words[first : last + 1]]
    found = [f"w {word}" for word in part]
    found += [f"b {one} {two}" for one, two in pairwise(part)]
    found += [f"t {one} {two} {three}" for one, two, three in zip(part, part[1:], part[2:], strict=False)]
    found += [f"first {' '.join(part[: size + 1])}" for size in range(len(part)) if first == 0]
    return [bucket(each) for each in found]


def bucket(feature: str) -> int:
    """Give the number that a feature goes by."""
    return zlib.crc32(feature.encode()) % BUCKETS


def features(clause: str, previous: str, *, place: int = 0, count: int = 1) -> list[int]:
    """Give the numbers of what is in a clause, the `place`-th of `count` in a reply to the line `previous`."""
    return sorted({bucket(each) for each in _named(clause, previous, place, count)})


def harm_features(whole: Iterable[int], previous: str, flags: Iterable[str]) -> list[int]:
    """Add to the features of a whole reply those of the line before, whose hints matter here as much.

    `flags` are the names of what the rules found.
    """
    before = words_in(previous)
    runs = (before[start : start + size] for size in (1, 2, 3) for start in range(len(before) - size + 1))
    named = chain(
        (f"p {' '.join(run)}" for run in runs), (f"rule {flag} {size}" for flag in flags for size in range(4))
    )
    return sorted({*whole, *map(bucket, named)})


def _named(clause: str, previous: str, place: int, count: int) -> Iterator[str]:
    words, before = words_in(clause), words_in(previous)
    yield "bias"
    yield from (f"w {word}" for word in words)
    yield from (f"b {one} {two}" for one, two in pairwise(words))
    yield from (f"t {one} {two} {three}" for one, two, three in zip(words, words[1:], words[2:], strict=False))
    for length in (1, 2, 3):
        if len(words) >= length:
            yield f"first {' '.join(words[:length])}"
            yield f"last {' '.join(words[-length:])}"
    yield from _letters(" ".join(words)[:_MOST_LETTERS])
    spoken = [word for word in words if word[0].isalnum()]
    yield f"long {min(len(spoken), 40).bit_length()}"
    yield f"exactly {len(spoken)}" if len(spoken) < 4 else "longer"  # noqa: PLR2004
    yield f"place {'only' if count == 1 else 'first' if place == 0 else 'last' if place == count - 1 else 'middle'}"
    if words:
        yield f"place {min(place, 2)} {words[0]}"
    yield from _shared(spoken, [word for word in before if word[0].isalnum()])
    yield from _asked(before)


def _letters(text: str) -> Iterator[str]:
    """Give runs of three to five letters inside words, which a slip of the finger leaves mostly whole."""
    for word in text.split():
        padded = f" {word} "
        for size in (3, 4, 5):
            yield from (f"c{padded[start : start + size]}" for start in range(len(padded) - size + 1))


def _shared(words: list[str], before: list[str]) -> Iterator[str]:
    """Say how much of a clause is of the line before: a reflection is one of something."""
    own, theirs = set(words) - word_set("common"), set(before) - word_set("common")
    if not own:
        yield "shares nothing to share"
        return
    part = len(own & theirs) / len(own)
    yield f"shares {0 if part == 0 else 1 + min(3, int(part * 4))}"
    yield f"shares {min(len(own & theirs), 4)} words"
    if words[0] in {"you", "you're", "so", "and", "your"}:
        yield f"shares {part > 0} {words[0]}"
    if {"i", "i'm", "i've", "my"} & set(before) and {"you", "you're", "you've", "your"} & set(words):
        yield f"i became you {part > 0}"


def _asked(before: list[str]) -> Iterator[str]:
    """Say whether the line before asks for something, since what is asked for is not put upon anybody."""
    if "?" in before:
        yield "was asked"
    text = " ".join(before)
    if re.search(
        r"\b(what (should|do|would|can) i|how do i|should i|any (idea|advice|tips)|what would you|tell me)\b", text
    ):
        yield "was asked what to do"
    if re.search(r"^(yes|yeah|yep|sure|ok|okay|go on|please|go ahead|alright|fine)\b", text):
        yield "was let"
    yield f"before long {min(len(before), 60).bit_length()}"
