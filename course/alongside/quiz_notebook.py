"""A graded quiz as notebooks: the instructor's, with the key in hidden tests, and the learner's, without.

nbgrader marks what stands in the test cells and keeps every cell by its `grade_id`, so every cell here has one: what a
learner hands in can then be put right again from the instructor's own copy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pprint import pformat
from typing import Any

from alongside.marking import key
from alongside.notebook import Cell, Notebook, code, digest, markdown, notebook
from alongside.question import Bank, Criterion, Kind, Question
from alongside.quiz import for_learner

__all__ = ["ANSWER_HERE", "learner_notebook", "source_notebook"]

ANSWER_HERE = "*The written answer stands here once the quiz is handed in.*"
_BEGIN, _END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
_LAB_ONLY = ["lab-only"]
Words = Mapping[str, str]


def source_notebook(bank: Bank, words: Words) -> Notebook:
    """Give the instructor's copy, for nbgrader's `source/`. Holds the key; it never goes to a learner."""
    return _notebook(bank, words, lambda text: f"{_BEGIN}\n{text}\n{_END}")


def learner_notebook(bank: Bank, words: Words) -> Notebook:
    """Give the learner's copy, the same as what nbgrader releases: the hidden tests are gone."""
    return _notebook(bank, words, lambda _: "")


def _notebook(bank: Bank, words: Words, hidden: Callable[[str], str]) -> Notebook:
    cells = [
        markdown("press", words["lab_button"], {**_kept("press"), "tags": _LAB_ONLY}),
        markdown("intro", f"# {bank.title}\n\n{words['quiz_intro']}", _kept("intro")),
        code("quiz", f'from alongside_widgets import quiz; quiz("{bank.id}")', _kept("quiz")),
        markdown("marking", f"## {words['marking_title']}\n\n{words['marking']}", _folding(_kept("marking"))),
        code(
            "intake",
            hidden(f'from alongside_grading.marks import intake; intake("{bank.id}")'),
            _lab(_kept("intake")),
        ),
    ]
    for question in bank.questions:
        cells.extend(_written(question) if question.kind is Kind.WRITTEN else [_test(bank.id, question, hidden)])
    book = notebook(cells, {"title": bank.title})
    book["metadata"]["alongside"] = {"language": bank.language, "quiz": for_learner(bank).to_dict()}
    book["metadata"]["alongside"]["built"] = digest(book)
    return book


def _test(unit: str, question: Question, hidden: Callable[[str], str]) -> Cell:
    test = (
        "from alongside_grading.marks import mark\n"
        f"mark({unit!r}, {question.id!r}, {pformat(key(question), width=110, sort_dicts=False)})"
    )
    return code(question.id, hidden(test), _lab(_kept(question.id, points=question.points)))


def _written(question: Question) -> list[Cell]:
    rubric = "\n".join(_criterion(criterion) for criterion in question.rubric)
    text = "\n\n".join([f"### {question.title}", *question.stem, rubric])
    answer = {"nbgrader": _nbgrader(question.id, grade=True, solution=True, locked=False, points=question.points)}
    return [
        markdown(f"{question.id}-question", text, _lab(_kept(f"{question.id}-question"))),
        markdown(question.id, ANSWER_HERE, _lab(answer)),
    ]


def _criterion(criterion: Criterion) -> str:
    levels = "\n".join(f"  - {level}: {text}" for level, text in enumerate(criterion.levels))
    return f"- **{criterion.name}**\n{levels}"


def _kept(grade_id: str, points: int | None = None) -> dict[str, Any]:
    """A cell that nbgrader puts right again; with points, one that it marks."""
    return {"nbgrader": _nbgrader(grade_id, grade=points is not None, solution=False, locked=True, points=points)}


def _nbgrader(grade_id: str, *, grade: bool, solution: bool, locked: bool, points: int | None) -> dict[str, Any]:
    metadata = {
        "grade": grade,
        "grade_id": grade_id,
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return metadata if points is None else {**metadata, "points": points}


def _folding(metadata: dict[str, Any]) -> dict[str, Any]:
    """A heading under which JupyterLab folds away all that follows. The web page leaves it out."""
    return {**metadata, "jp-MarkdownHeadingCollapsed": True, "tags": ["for-marking"]}


def _lab(metadata: dict[str, Any]) -> dict[str, Any]:
    """For marking, not for learners: the web page leaves it out, and JupyterLab folds it away."""
    return {**metadata, "jupyter": {"source_hidden": True}, "tags": ["for-marking"]}
