"""The graded bank that a command is about, or the sentence that says why there is none to work with."""

from __future__ import annotations

from collections.abc import Iterable

from alongside.blocks import Fault
from alongside.catalog import Catalog
from alongside.question import Bank

__all__ = ["graded_bank", "mend_first", "no_such_quiz"]

_NONE_YET = "There is none yet."


def graded_bank(catalog: Catalog, unit: str, none_yet: str = _NONE_YET) -> tuple[Bank | None, str]:
    """Read a unit's graded bank, or say why it cannot be used and what to do, in words for an instructor.

    `none_yet` is what is said when the course has no graded quiz at all.
    """
    bank, faults = catalog.bank(unit)
    if faults:
        return None, mend_first(faults)
    return (bank, "") if bank else (None, no_such_quiz(unit, catalog, none_yet))


def mend_first(faults: Iterable[Fault]) -> str:
    """Say which faults stand in the way."""
    return "\n".join(["Mend these first:", *map(str, faults)])


def no_such_quiz(unit: str, catalog: Catalog, none_yet: str = _NONE_YET) -> str:
    """Say that no graded quiz has this name, and name those there are."""
    there = f"There are: {', '.join(sorted(catalog.bank_paths))}." if catalog.bank_paths else none_yet
    return f'There is no graded quiz called "{unit}". {there}'
