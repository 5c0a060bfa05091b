"""Finding the graded quiz that a learner has open, and the notebook that it is handed in with."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alongside.catalog import Catalog, private_bank
from alongside.quiz import Quiz, for_learner, from_dict
from alongside.quiz_notebook import learner_notebook
from alongside.store import read_json

__all__ = ["NoQuiz", "find_copy", "read_copy"]

_LIMIT = 5_000_000  # bytes; a quiz notebook is far smaller
Copy = tuple[Quiz, dict[str, Any]]


class NoQuiz(Exception):
    """There is no usable quiz for this unit."""


def find_copy(unit: str, here: Path, catalog: Catalog | None, environ: Mapping[str, str] = os.environ) -> Copy:
    """Give the quiz of a unit and the learner's notebook of it.

    An instructor's private bank comes first, then the notebook in the working directory (which may be a unit that this
    course does not know), then the course's own bank. Raises NoQuiz when none of them is whole.
    """
    private = private_bank(environ)
    if catalog and private and catalog.bank_paths.get(unit, Path()).is_relative_to(private):
        return _from_bank(unit, catalog)
    # A lesson beside the quiz is large, and is not read for nothing.
    for path in sorted(here.glob("*.ipynb"), key=lambda path: (not path.name.startswith("quiz"), path.name)):
        found = read_copy(path, unit)
        if found:
            return found
    if catalog is None:
        message = f"There is no quiz called {unit} here."
        raise NoQuiz(message)
    return _from_bank(unit, catalog)


def read_copy(path: Path, unit: str) -> Copy | None:
    """Read the quiz that a notebook carries. None when it carries none of this unit, or is broken."""
    try:
        book = read_json(path, _LIMIT)
    except (OSError, ValueError):
        return None
    try:
        data = book["metadata"]["alongside"]["quiz"]  # type: ignore[index]
        quiz = from_dict(data) if data["unit"] == unit else None
    except (KeyError, TypeError, IndexError, ValueError, AttributeError):
        return None
    whole = quiz is not None and isinstance(book, dict) and isinstance(book.get("cells"), list)
    return (quiz, book) if quiz and whole else None  # type: ignore[return-value]


def _from_bank(unit: str, catalog: Catalog) -> Copy:
    bank, _ = catalog.bank(unit)
    if bank is None:
        message = f"The bank of {unit} is missing or has faults."
        raise NoQuiz(message)
    return for_learner(bank), learner_notebook(bank, catalog.words["lesson"])
