"""What nbgrader does to a handed-in quiz, in its own terms: preprocessors, in the order that `config.py` names."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import compute_checksum, is_grade, is_solution

from alongside.handin import as_cell, from_cell
from alongside.marking import key
from alongside.notebook import KERNEL
from alongside.question import Kind, Question
from alongside.responses import FILE, read_responses
from alongside_grading.marking.answers import Words, show_answer
from alongside_grading.marking.regrade import Decision, decided_score
from alongside_grading.marks import find_bank, find_decided

__all__ = ["FillWritten", "KeepOurCells", "MarkMissing", "PlainMarks", "ShowAnswers"]

Resources = dict[str, Any]
Changed = tuple[NotebookNode, Resources]


class MarkMissing(Exception):
    """A mark was not worked out, which says something about the instructor's own set-up and nothing of the learner."""


class KeepOurCells(NbGraderPreprocessor):
    """Make the notebook anew from the gradebook. Of what was handed in, only the text of written answers is kept.

    So nothing that a learner renames, copies, adds or writes into a cell of code is run, shown or marked.
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> Changed:
        """Give our cells in our order, each as the gradebook has it."""
        about = resources["nbgrader"]
        written: dict[str, str] = {}
        for cell in nb.cells:
            name = cell.get("metadata", {}).get("nbgrader", {}).get("grade_id")
            if isinstance(name, str) and isinstance(cell.get("source"), str):
                written.setdefault(name, cell.source)
        with Gradebook(about["db_url"]) as gradebook:
            book = gradebook.find_notebook(about["notebook"], about["assignment"])
            points = {cell.name: float(cell.max_score) for cell in book.grade_cells}
            answers = {cell.name for cell in book.solution_cells}
            sources = {cell.name: cell for cell in book.source_cells}
            order = [name for name in self._order(about) if name in sources]
            names = [*order, *(name for name in sources if name not in order)]
            nb.cells = [_ours(sources[name], points, answers, written) for name in names]
        nb.metadata = from_dict(KERNEL)
        nb.nbformat, nb.nbformat_minor = 4, 5
        return nb, resources

    def _order(self, about: Mapping[str, str]) -> list[str]:
        """The order of the instructor's own copy. The gradebook alone promises none."""
        coursedir = getattr(getattr(self.parent, "parent", None), "coursedir", None)
        if coursedir is None:
            return []
        folder = Path(coursedir.format_path(coursedir.source_directory, ".", about["assignment"]))
        try:
            book = json.loads((folder / f"{about['notebook']}.ipynb").read_bytes())
            return [cell["metadata"]["nbgrader"]["grade_id"] for cell in book["cells"]]
        except (OSError, ValueError, KeyError, TypeError):
            return []


def _ours(source: Any, points: Mapping[str, float], answers: set[str], written: Mapping[str, str]) -> NotebookNode:  # noqa: ANN401  nbgrader's row
    about: dict[str, Any] = {
        "grade": source.name in points,
        "grade_id": source.name,
        "locked": bool(source.locked),
        "schema_version": 3,
        "solution": source.name in answers,
        "task": False,
        "cell_type": source.cell_type,
        "checksum": source.checksum,
    }
    if source.name in points:
        about["points"] = points[source.name]
    text, given = source.source, written.get(source.name, "").strip()
    if source.name in answers and source.cell_type == "markdown" and given and given != text.strip():
        text = _as_text(from_cell(given) or given)
    make: Callable[..., NotebookNode] = new_code_cell if source.cell_type == "code" else new_markdown_cell
    name = "".join(char if char.isascii() and (char.isalnum() or char in "-_") else "-" for char in source.name)
    return make(text, id=name[:64] or "cell", metadata={"nbgrader": about})


class FillWritten(NbGraderPreprocessor):
    """Put each written answer from `responses.json` into its cell, as text.

    Where there is none, what the learner wrote into the cell stays; an untouched cell stays untouched, so that nbgrader
    sees that nothing was answered.
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> Changed:
        """Fill the cells of one submission, whose folder nbgrader names."""
        folder = Path(resources.get("metadata", {}).get("path") or ".")
        answers = read_responses(folder / FILE, resources["nbgrader"]["assignment"]).answers
        for cell in nb.cells:
            if not (is_solution(cell) and cell.cell_type == "markdown"):
                continue
            about = cell.metadata.nbgrader
            answer = answers.get(about["grade_id"])
            if isinstance(answer, str) and answer.strip():
                cell.source = _as_text(answer)
            elif compute_checksum(cell) != about.get("checksum"):
                cell.source = _as_text(from_cell(cell.source) or cell.source)
        return nb, resources


def _as_text(text: str) -> str:
    """As `as_cell`, for text that a file can hold: half a character, or one that ends a string, stops no batch."""
    return as_cell(text.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}"))


class PlainMarks(NbGraderPreprocessor):
    """Leave in each test cell the mark and nothing else, and stop where there is none.

    nbgrader takes a cell without a result for full marks, and one with a warning for none. Both would be wrong for
    every learner at once when the course is not installed where the notebook runs.
    """

    def preprocess_cell(self, cell: NotebookNode, resources: Resources, _index: int) -> Changed:
        """Check one cell. Raises MarkMissing, in plain words, before anything is recorded."""
        if cell.cell_type == "code" and is_grade(cell):
            cell.outputs = [_result(cell)]
        elif cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade_id") != "intake":
            cell.outputs = []
        return cell, resources


def _result(cell: NotebookNode) -> NotebookNode:
    most = float(cell.metadata.nbgrader["points"])
    outputs: list[NotebookNode] = cell.outputs
    for output in outputs:
        if output.output_type == "execute_result" and 0 <= _number(output) <= most:
            return output
    message = (
        f'The mark for "{cell.metadata.nbgrader["grade_id"]}" could not be worked out, so nothing was recorded for '
        "this learner. Check that the course is installed in the Python that runs nbgrader, run `alongside release` "
        "for this unit, and then autograde again."
    )
    raise MarkMissing(message)


def _number(output: NotebookNode) -> float:
    try:
        value = float(output.data["text/plain"])
    except (KeyError, TypeError, ValueError):
        return -1.0
    return value if math.isfinite(value) else -1.0


class ShowAnswers(NbGraderPreprocessor):
    """Put before each test cell what was asked, what the learner chose, and each option's reason.

    All of it is in the course's words. Runs last, on nbgrader's marked copy, so that marking again starts without these
    cells. Without a bank it adds none.
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> Changed:
        """Add the cells to one marked copy."""
        unit = resources["nbgrader"]["assignment"]
        bank, words = find_bank(unit)
        if bank is None:
            return nb, resources
        folder = Path(resources.get("metadata", {}).get("path") or ".")
        answers = read_responses(folder / FILE, unit).answers
        questions = {each.id: each for each in bank.questions if each.kind is not Kind.WRITTEN}
        decided = find_decided(unit)
        cells = []
        for cell in nb.cells:
            question = questions.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
            if question and is_grade(cell) and cell.cell_type == "code":
                decision = decided.get(question.id)
                cells.extend(self._shown(question, answers.get(question.id), words, decision, cell.outputs))
            cells.append(cell)
        nb.cells = cells
        return nb, resources

    def _shown(
        self, question: Question, answer: object, words: Words, decision: Decision | None,
        outputs: Sequence[NotebookNode],
    ) -> list[NotebookNode]:  # fmt: skip
        """The marks are recorded by now, so nothing that goes wrong here may take them back."""
        try:
            text = show_answer(question, answer, words, decision)
            if outputs and _number(outputs[0]) != decided_score(key(question), answer, decision):
                self.log.warning(
                    "The mark for %s was worked out with another key than the questions hold now. Run `alongside "
                    "release` for this unit, and then autograde again with --force.",
                    question.id,
                )
        except Exception:  # noqa: BLE001
            self.log.warning("The answer to %s could not be shown beside its mark.", question.id)
            return []
        return [new_markdown_cell(text, id=f"answer-{question.id}"[:64])]
