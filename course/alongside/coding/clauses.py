"""A reply taken apart into clauses, each with where it stands in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Span", "has_marks", "split"]

# A clause ends at a mark that ends a sentence, at a dash between two spaces, or before a word that turns the talk.
_END = re.compile(r"(?<=[.?!;\u2026])[\"'\u201d\u2019)]*\s+|\s+[-\u2013\u2014]+\s+|\n+")
_TURN = re.compile(r",\s+(?=(?:but|so|and (?:what|how|do|are|have|maybe|you should))\b)", re.IGNORECASE)
_MARKS = re.compile(r"[.?!,;:\u2026]|\b[A-Z]")


@dataclass(frozen=True)
class Span:
    """A part of a text, and the places of its first letter and of the one after its last."""

    text: str
    start: int
    end: int


def split(text: str) -> tuple[Span, ...]:
    """Take a text apart. Without marks in it, it stays in one piece."""
    found: list[Span] = []
    for start, end in _pieces(text, 0, len(text), _END):
        for first, last in _pieces(text, start, end, _TURN):
            piece = text[first:last]
            lead = len(piece) - len(piece.lstrip())
            if piece.strip():
                found.append(Span(piece.strip(), first + lead, first + lead + len(piece.strip())))
    return tuple(found)


def has_marks(text: str) -> bool:
    """Whether a text is written with marks and capitals. Phones and hurry leave them out."""
    return bool(_MARKS.search(text))


def _pieces(text: str, start: int, end: int, at: re.Pattern[str]) -> list[tuple[int, int]]:
    found, place = [], start
    for match in at.finditer(text, start, end):
        found.append((place, match.start()))
        place = match.end()
    return [*found, (place, end)]
