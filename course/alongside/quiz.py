"""A graded quiz as the learner's copy carries it: questions without key or reason.

What a written answer is marked by (the rubric, with its levels) is no secret: it is there to be read before writing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from alongside.question import Bank, Kind, Question, option_id

__all__ = ["FORMAT", "OpenQuestion", "Quiz", "for_learner", "from_dict"]

FORMAT = 1


@dataclass(frozen=True)
class OpenQuestion:
    """A question as it is asked. `options` are ids and words; `others` are the right-hand sides of pairs."""

    id: str
    title: str
    kind: str
    stem: tuple[str, ...]
    options: tuple[tuple[str, str], ...]
    others: tuple[str, ...]
    criteria: tuple[str, ...]
    points: int
    unit: str


@dataclass(frozen=True)
class Quiz:
    """The questions of one unit, as they are asked."""

    unit: str
    title: str
    minutes: int
    questions: tuple[OpenQuestion, ...]
    language: str = "en"

    def to_dict(self) -> dict[str, Any]:
        """Give plain data for a notebook's metadata. Options are words alone: their ids come from the words."""
        return {
            "format": FORMAT,
            "unit": self.unit,
            "title": self.title,
            "minutes": self.minutes,
            "language": self.language,
            "questions": [
                {
                    "id": question.id,
                    "title": question.title,
                    "kind": question.kind,
                    "stem": list(question.stem),
                    "options": [text for _, text in question.options],
                    "others": list(question.others),
                    "criteria": list(question.criteria),
                    "points": question.points,
                    "unit": question.unit,
                }
                for question in self.questions
            ],
        }


def for_learner(bank: Bank) -> Quiz:
    """Take from a bank what a learner may have."""
    return Quiz(bank.id, bank.title, bank.minutes, tuple(map(ask, bank.questions)), bank.language)


def ask(question: Question) -> OpenQuestion:
    """Take from a question what is asked. Steps to order, and right-hand sides, come in an order of their own."""
    options = [(option.id, option.text) for option in question.options]
    if question.kind is Kind.ORDER:
        options = _mixed(options)
    if question.kind is Kind.NUMBER:
        options = []
    others = sorted({option.other for option in question.options if option.other}, key=str.casefold)
    return OpenQuestion(
        question.id,
        question.title,
        question.kind.value,
        question.stem,
        tuple(options),
        tuple(others),
        tuple(criterion.name for criterion in question.rubric),
        question.points,
        question.unit,
    )


def _mixed(options: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Give the same order to everybody, told by the options' ids and never the right one."""
    mixed = sorted(options)
    return mixed if mixed != list(options) else [*mixed[1:], mixed[0]]


def from_dict(data: Mapping[str, Any]) -> Quiz:
    """Read what `to_dict` wrote. Raises ValueError when it is not that."""
    try:
        if data["format"] != FORMAT:
            message = "This quiz was made by a newer version of the course. Update the course, then open it again."
            raise ValueError(message)
        questions = tuple(
            OpenQuestion(
                row["id"],
                row["title"],
                row["kind"],
                tuple(row["stem"]),
                tuple((option_id(row["id"], text), text) for text in row["options"]),
                tuple(row["others"]),
                tuple(row["criteria"]),
                int(row["points"]),
                row["unit"],
            )
            for row in data["questions"]
        )
        return Quiz(data["unit"], data["title"], int(data["minutes"]), questions, data["language"])
    except (KeyError, TypeError) as error:
        message = "This quiz is not whole. Ask your instructor for the file again."
        raise ValueError(message) from error
