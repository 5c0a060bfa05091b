"""A question, and a bank of them: practice quizzes and the graded bank share one form. Read by `question_reader`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Bank", "Criterion", "Kind", "Option", "Question", "option_id"]


class Kind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    SEVERAL = "several"
    ORDER = "order"
    MATCH = "match"
    NUMBER = "number"
    WRITTEN = "written"


@dataclass(frozen=True)
class Option:
    """One option, step, pair or number, with its reason.

    `right` says whether it is to be chosen. `other` is the right-hand side of a pair. `low` and `high` bound a number.
    """

    id: str
    text: str
    reason: str
    line: int
    right: bool = False
    other: str = ""
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True)
class Criterion:
    """One line of a rubric: what is looked for, and what each level from 0 upwards looks like."""

    name: str
    levels: tuple[str, ...]
    line: int

    @property
    def most(self) -> int:
        """The points of the top level."""
        return len(self.levels) - 1


@dataclass(frozen=True)
class Question:
    """One question. `id` never changes; in order questions the options stand in the right order."""

    id: str
    title: str
    kind: Kind
    stem: tuple[str, ...]
    options: tuple[Option, ...]
    rubric: tuple[Criterion, ...]
    skill: str
    points: int
    source: str
    reviewed: str
    unit: str
    line: int


@dataclass(frozen=True)
class Bank:
    """The questions of one file, in order."""

    id: str
    path: str
    title: str
    minutes: int
    questions: tuple[Question, ...]
    language: str = "en"


def question_digest(question: Question) -> str:
    """Give what changes whenever a change of the question could change an answer to it. Titles and reasons do not."""
    options = [(each.text, each.right, each.other, each.low, each.high) for each in question.options]
    asked = (question.kind.value, question.stem, options, question.points, question.unit)
    return hashlib.sha256(repr(asked).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def option_id(question: str, text: str) -> str:
    """Give an option's identity: its words, within its question; never its place in the list."""
    return hashlib.sha256(f"{question}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()[:10]
