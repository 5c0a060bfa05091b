"""The marks of a graded quiz, worked out in the instructor's notebook from the learner's `responses.json`.

nbgrader reads a mark from what a test cell shows, and reads it loosely: a warning printed first is nought, and a
negative number, `False`, "nan" or any text is full marks. So nothing here prints, raises, or gives anything but a plain
float from 0 to the points.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from alongside.catalog import open_catalog
from alongside.paths import CourseNotFound
from alongside.question import Bank
from alongside.responses import FILE, Responses, read_responses
from alongside_grading.banks import mend_first
from alongside_grading.marking.answers import Words
from alongside_grading.marking.quiz_key import Keyed, note, points
from alongside_grading.marking.regrade import Decisions
from alongside_grading.marking.regrade_reader import find_decisions

__all__ = ["DecisionsNotRead", "Note", "find_bank", "find_decided", "intake", "mark"]

_Result = TypeVar("_Result")


class DecisionsNotRead(ValueError):
    """The file of what was decided about faulty questions has faults. Says which."""


@dataclass(frozen=True)
class Note:
    """A plain sentence for the instructor, shown as itself where a notebook shows the value of a cell."""

    text: str

    def __repr__(self) -> str:
        """Give the sentence."""
        return self.text


def mark(unit: str, question: str, key: Mapping[str, Any]) -> float:
    """Mark one question from the `responses.json` in the working directory.

    `key` is what `alongside.marking.key` gives. The mark is a plain float from 0 to the key's points; an answer that is
    missing or cannot be used is 0, unless it was decided since that everybody gets the points. Never raises and prints
    nothing.
    """
    return _quietly(lambda: _earned(unit, question, key), 0.0)


def intake(unit: str) -> Note:
    """Say how much was answered, and what was wrong with `responses.json`. Holds no word of the learner's."""
    return _quietly(lambda: Note(_intake(unit)), Note("The answers could not be read."))


def find_decided(unit: str) -> Decisions:
    """Find what was decided about a unit's questions from the working directory. Raises DecisionsNotRead."""
    try:
        found, faults = find_decisions(open_catalog(), unit)
    except (CourseNotFound, OSError, ValueError) as error:
        if isinstance(error, CourseNotFound):
            return {}
        raise DecisionsNotRead("The decisions about this unit could not be opened.") from error  # noqa: EM101, TRY003
    if faults:
        raise DecisionsNotRead(mend_first(faults))
    return found


def find_bank(unit: str) -> tuple[Bank | None, Words]:
    """Find the graded bank of a unit from the working directory, and the course's words.

    There is no bank when it is missing or has faults, and without a course no words either.
    """
    try:
        catalog = open_catalog()
        return catalog.bank(unit)[0], catalog.words
    except (CourseNotFound, OSError, ValueError):
        return None, {}


def _earned(unit: str, question: str, key: Mapping[str, Any]) -> float:
    try:
        decision = find_decided(unit).get(question)
    except DecisionsNotRead:
        decision = None
    return points(Keyed(unit, question, key), _here(unit).answers.get(question), decision)


def _intake(unit: str) -> str:
    return note(_here(unit), find_bank(unit)[0])


def _here(unit: str) -> Responses:
    return read_responses(Path.cwd() / FILE, unit)


def _quietly(work: Callable[[], _Result], otherwise: _Result) -> _Result:
    """Do something without a word, a warning or an error getting out."""
    try:
        with (
            warnings.catch_warnings(),
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
        ):
            warnings.simplefilter("ignore")
            return work()
    except Exception:  # noqa: BLE001  whatever a stranger's file does, the batch goes on
        return otherwise
