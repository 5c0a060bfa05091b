"""The step that stands where nbgrader would run a notebook: it works out every mark from data and runs nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from nbgrader.utils import is_grade, is_solution

from alongside.responses import FILE, read_responses
from alongside_grading.marking.preprocess import MarkMissing
from alongside_grading.marking.quiz_key import KeyNotRead, is_note, note, points, read_test
from alongside_grading.marking.regrade import Decision, Decisions
from alongside_grading.marks import DecisionsNotRead, find_bank, find_decided

__all__ = ["ReadMarks", "SaveMarks"]


class ReadMarks(NbGraderPreprocessor):
    """Put into each test cell the result that running it would have given. No kernel is started.

    The text of a test cell is the instructor's own, as `KeepOurCells` has put it there from the gradebook; its key is
    read as data. What was handed in is `responses.json`, read as data too.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Mark one submission.

        Raises MarkMissing, in plain words, where a test cell's key or what was decided about it cannot be read.
        """
        unit = resources["nbgrader"]["assignment"]
        decided = _decided(unit)
        folder = Path(resources.get("metadata", {}).get("path") or ".")
        responses = read_responses(folder / FILE, unit)
        for cell in nb.cells:
            if cell.cell_type != "code":
                continue
            cell.outputs = []
            if is_grade(cell):
                name = cell.metadata.nbgrader["grade_id"]
                answer = responses.answers.get(name)
                cell.outputs = [_result(_earned(cell.source, unit, name, answer, decided.get(name)))]
            elif is_note(cell.source):
                cell.outputs = [_result(note(responses, find_bank(unit)[0]))]
        return nb, resources


class SaveMarks(SaveAutoGrades):
    """nbgrader's own step, but for written answers whose points everybody gets: nbgrader leaves those to a person."""

    _decisions: Decisions

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Write one submission's marks. Raises MarkMissing where what was decided cannot be read."""
        self._decisions = _decided(resources["nbgrader"]["assignment"])
        changed: tuple[NotebookNode, dict[str, Any]] = super().preprocess(nb, resources)
        return changed

    def _add_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        super()._add_score(cell, resources)
        name = cell.metadata.nbgrader["grade_id"]
        decision = self._decisions.get(name) if is_solution(cell) else None
        if decision and decision.for_all:
            grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
            grade.auto_score = float(cell.metadata.nbgrader["points"])
            grade.needs_manual_grade = grade.manual_score is not None
            self.gradebook.db.commit()


def _decided(unit: str) -> Decisions:
    try:
        return find_decided(unit)
    except DecisionsNotRead as error:
        message = f"{error}\nNothing was recorded for this learner. Then mark again."
        raise MarkMissing(message) from error


def _earned(source: str, unit: str, name: str, answer: object, decision: Decision | None) -> str:
    try:
        test = read_test(source)
        if (test.unit, test.question) != (unit, name):
            other = "its test cell marks another question"
            raise KeyNotRead(other)  # noqa: TRY301
    except KeyNotRead as error:
        message = (
            f'The mark for "{name}" could not be worked out: {error}. Nothing was recorded for this learner. Run '
            f"`alongside release {unit}`, and then mark again."
        )
        raise MarkMissing(message) from error
    return repr(points(test, answer, decision))


def _result(text: str) -> NotebookNode:
    made: NotebookNode = new_output("execute_result", data={"text/plain": text})
    return made
