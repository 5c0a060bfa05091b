"""The step that stands where nbgrader would run a notebook: it works out every mark from data and runs nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade

from alongside.responses import FILE, read_responses
from alongside_grading.marks import find_bank
from alongside_grading.preprocess import MarkMissing
from alongside_grading.quiz_key import KeyNotRead, is_note, note, points, read_test

__all__ = ["ReadMarks"]


class ReadMarks(NbGraderPreprocessor):
    """Put into each test cell the result that running it would have given. No kernel is started.

    The text of a test cell is the instructor's own, as `KeepOurCells` has put it there from the gradebook; its key is
    read as data. What was handed in is `responses.json`, read as data too.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Mark one submission. Raises MarkMissing, in plain words, where a test cell's key cannot be read."""
        unit = resources["nbgrader"]["assignment"]
        folder = Path(resources.get("metadata", {}).get("path") or ".")
        responses = read_responses(folder / FILE, unit)
        for cell in nb.cells:
            if cell.cell_type != "code":
                continue
            cell.outputs = []
            if is_grade(cell):
                name = cell.metadata.nbgrader["grade_id"]
                cell.outputs = [_result(_earned(cell.source, unit, name, responses.answers.get(name)))]
            elif is_note(cell.source):
                cell.outputs = [_result(note(responses, find_bank(unit)[0]))]
        return nb, resources


def _earned(source: str, unit: str, name: str, answer: object) -> str:
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
    return repr(points(test, answer))


def _result(text: str) -> NotebookNode:
    made: NotebookNode = new_output("execute_result", data={"text/plain": text})
    return made
