"""Marking one submission: what our own cells are, and what was handed in, become marks, comments and a notebook.

Pure: nothing is read, written, run or logged. What comes out is what nbgrader's own steps give with this course's
settings, byte for byte; `tests/grading/test_mark_command.py` holds the two side by side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from alongside.handin import as_cell, from_cell
from alongside.marking import key
from alongside.notebook import Cell, dump
from alongside.question import Bank, Kind, Question
from alongside.responses import Responses
from alongside_grading.marking.answers import Words, show_answer
from alongside_grading.marking.quiz_key import Keyed, note, points
from alongside_grading.marking.regrade import Decision, Decisions

__all__ = ["NO_RESPONSE", "Form", "FormCell", "Marked", "Work", "mark_work", "stale_questions"]

NO_RESPONSE = "No response."  # nbgrader's own words


@dataclass(frozen=True)
class FormCell:
    """One of our cells as the gradebook has it: its data, its grade id, and what is to be done with it."""

    data: Cell
    name: str
    test: Keyed | None = None
    note: bool = False
    written: bool = False


@dataclass(frozen=True)
class Form:
    """A unit's notebook as the gradebook has it, in order, and what its answers are shown with."""

    unit: str
    cells: tuple[FormCell, ...]
    metadata: Mapping[str, Any]
    bank: Bank | None = None
    words: Words = field(default_factory=dict)
    decisions: Decisions = field(default_factory=dict)


@dataclass(frozen=True)
class Work:
    """What one learner handed in: the text of cells by grade id (the first of a name), and the answers."""

    written: Mapping[str, str]
    responses: Responses


@dataclass(frozen=True)
class Marked:
    """Marks and comments by grade id, and the marked notebook. A mark of None waits for a person."""

    scores: Mapping[str, float | None]
    comments: Mapping[str, str | None]
    notebook: bytes


def mark_work(form: Form, work: Work) -> Marked:
    """Mark one submission."""
    questions = {each.id: each for each in (form.bank.questions if form.bank else ()) if each.kind is not Kind.WRITTEN}
    answers = work.responses.answers
    scores: dict[str, float | None] = {}
    comments: dict[str, str | None] = {}
    cells: list[Cell] = []
    for cell in form.cells:
        decision = form.decisions.get(cell.name)
        if cell.test:
            earned = points(cell.test, answers.get(cell.name), decision)
            scores[cell.name] = earned
            if cell.name in questions:
                cells.extend(_shown(questions[cell.name], answers.get(cell.name), form.words, decision))
            cells.append(_with_result(cell.data, repr(earned)))
        elif cell.note:
            cells.append(_with_result(cell.data, note(work.responses, form.bank)))
        elif cell.written:
            text = _text(answers.get(cell.name), work.written.get(cell.name, ""), cell.data["source"])
            unanswered = text == cell.data["source"]
            scores[cell.name] = written_score(cell, decision, unanswered=unanswered)
            comments[cell.name] = NO_RESPONSE if unanswered else None
            cells.append({**cell.data, "source": text})
        else:
            cells.append(cell.data)
    book = {"cells": [_rows(each) for each in cells], "metadata": form.metadata, "nbformat": 4, "nbformat_minor": 5}
    return Marked(scores, comments, dump(book).encode())


def written_score(cell: FormCell, decision: Decision | None, *, unanswered: bool) -> float | None:
    """Give the points of a written answer that no person need mark: one that is not there, or that gets all of them."""
    if decision and decision.for_all:
        return float(cell.data["metadata"]["nbgrader"]["points"])
    return 0.0 if unanswered else None


def stale_questions(form: Form) -> tuple[str, ...]:
    """Name the questions whose key, as it was released, is not the one that the bank gives now."""
    bank = {each.id: each for each in (form.bank.questions if form.bank else ())}
    tests = {cell.name: cell.test for cell in form.cells if cell.test}
    return tuple(name for name, test in tests.items() if name in bank and key(bank[name]) != test.key)


def _text(answer: object, given: str, ours: str) -> str:
    """A written answer as its cell shows it: from `responses.json`, else as it stood in the cell, else ours."""
    if isinstance(answer, str) and answer.strip():
        return _as_text(answer)
    given = given.strip()
    if given and given != ours.strip():
        return _as_text(from_cell(given) or given)
    return ours


def _as_text(text: str) -> str:
    """As `as_cell`, for text that a file can hold: half a character, or one that ends a string, stops no batch."""
    return as_cell(text.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}"))


def _shown(question: Question, answer: object, words: Words, decision: Decision | None) -> list[Cell]:
    """What was asked and chosen. The mark stands without it, so nothing that goes wrong here may take the mark back."""
    try:
        text = show_answer(question, answer, words, decision)
    except Exception:  # noqa: BLE001
        return []
    return [{"cell_type": "markdown", "id": f"answer-{question.id}"[:64], "metadata": {}, "source": text}]


def _with_result(cell: Cell, text: str) -> Cell:
    result = {"data": {"text/plain": text.splitlines(keepends=True)}, "execution_count": None, "metadata": {}}
    return {**cell, "outputs": [{**result, "output_type": "execute_result"}]}


def _rows(cell: Cell) -> Cell:
    return {**cell, "source": cell["source"].splitlines(keepends=True)}
