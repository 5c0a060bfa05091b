"""How points, names and what every command says are written, wherever an instructor or a learner reads them."""

from __future__ import annotations

import re

__all__ = ["NEEDS_NBGRADER", "number", "plain_text", "quoted", "shown_name"]

_CONTROL = re.compile(r"[\0-\x08\x0b-\x1f\x7f-\x9f]")

NEEDS_NBGRADER = 'Marking needs nbgrader. Install it with: pip install "alongside-course[grade]"'


def number(value: float) -> str:
    """Write points with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def shown_name(name: str) -> str:
    """A name on one line of a terminal, with nothing in it that a terminal would obey."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in name)


def plain_text(text: str) -> str:
    """Text that a page and a file can hold, with its line breaks and without anything that a terminal would obey."""
    lines = text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", lines)


def quoted(text: str) -> list[str]:
    """Someone's own words, each line marked, so that none of them passes for a line of the page's."""
    return [f"  | {row}".rstrip() for row in text.splitlines()]
