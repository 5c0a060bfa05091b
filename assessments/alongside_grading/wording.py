"""How points, names and what every command says are written, wherever an instructor or a learner reads them."""

from __future__ import annotations

__all__ = ["NEEDS_NBGRADER", "number", "shown_name"]

NEEDS_NBGRADER = 'Marking needs nbgrader. Install it with: pip install "alongside-course[grade]"'


def number(value: float) -> str:
    """Write points with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def shown_name(name: str) -> str:
    """A name on one line of a terminal, with nothing in it that a terminal would obey."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in name)
