"""The answers to one graded quiz: in the learner's record, and beside a notebook of their own.

`nbgrader submit` sends the folder of a learner's own notebook, so `responses.json` stands there too. The record is what
counts; answers that only the file has, or that are newer there, are taken in when the quiz is opened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alongside.marking import Answer
from alongside.record.record import Record
from alongside.record.shelf import GRADED, Shelf, Thing, now
from alongside.record.troubles import Newer
from alongside.responses import FILE, Responses, as_data, read_responses, responses_in
from alongside.store import write_json

__all__ = ["GradedAnswers"]


class GradedAnswers:
    """What one learner answered in one unit."""

    def __init__(self, record: Record, unit: str, beside: Path | None = None) -> None:
        """Name a unit, and the folder of the learner's own notebook where there is one."""
        self._record, self._unit = record, unit
        self._file = beside / FILE if beside else None
        self._seen = False

    def read(self) -> Mapping[str, Answer]:
        """Give the answers as the record has them, which is trusted no more than a file.

        Raises Newer when all was deleted since they were last read, Damaged, or OSError.
        """
        kept = self._record.kept(GRADED, self._unit)
        if self._seen and kept is None:
            raise Newer(None, 0)
        self._seen = kept is not None
        return responses_in(kept.value if kept else None, self._unit).answers

    def beside(self) -> Responses:
        """Give what stands beside the notebook, or nothing. Never raises."""
        return read_responses(self._file, self._unit) if self._file else Responses(self._unit)

    def take_in(self) -> None:
        """Take in what stands beside the notebook, where it is newer or the record has nothing of this unit.

        Of two answers to one question the newer one counts, and the other lies beside it. Raises OSError.
        """
        file = self.beside()
        kept = self._record.get(GRADED, self._unit)
        if not file.answers or file.answers == responses_in(kept, self._unit).answers:
            return
        with self._record.changing() as shelf:
            here = self._on(shelf)
            newer = here.saved is None or (file.saved is not None and file.saved > here.saved)
            answers = {**here.answers, **file.answers} if newer else here.answers
            self._lay_aside(shelf, here.answers if newer else file.answers, answers)
            if newer:
                self._keep(shelf, answers)

    def change(self, changes: Mapping[str, Answer | None], fits: Callable[[str, Any], bool]) -> Mapping[str, Answer]:
        """Keep changed answers, and those of other questions as any page has kept them. None takes an answer back.

        Gives all answers that there are now. One that no longer `fits` its question lies beside them. Raises OSError
        when they cannot be kept, or not in the file beside the notebook; Newer when all was deleted in the meantime.
        """
        failed: OSError | None = None
        with self._record.changing() as shelf:
            if self._seen and not shelf.changed(GRADED, self._unit):
                raise Newer(None, 0)
            here = self._on(shelf).answers
            fitting = {name: answer for name, answer in here.items() if fits(name, answer)}
            self._lay_aside(shelf, here, fitting)
            merged = {**fitting, **changes}
            answers = {name: answer for name, answer in merged.items() if answer is not None}
            data = self._keep(shelf, answers)
            if self._file:  # while no other page can write, so that the file is never older than the record
                try:
                    write_json(self._file, data)
                except OSError as error:
                    failed = error
        self._seen = True
        if failed:
            raise failed
        return answers

    def _on(self, shelf: Shelf) -> Responses:
        kept = shelf.readable(GRADED, self._unit)
        return responses_in(kept.value if kept else None, self._unit)

    def _keep(self, shelf: Shelf, answers: Mapping[str, Answer]) -> dict[str, object]:
        data = as_data(self._unit, answers, datetime.now(UTC))
        shelf.keep(Thing(GRADED, self._unit, data, now()))
        return data

    def _lay_aside(self, shelf: Shelf, old: Mapping[str, Answer], new: Mapping[str, Answer]) -> None:
        lost = {name: answer for name, answer in old.items() if new.get(name) != answer}
        if lost:
            shelf.lay_aside(Thing(GRADED, self._unit, lost, now()))
