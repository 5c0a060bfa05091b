"""The key of a test cell, read as data: the cell's text is taken apart and never run, so marking runs no code."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from alongside.marking import answered
from alongside.question import Bank, Kind
from alongside.responses import Responses
from alongside_grading.marking.regrade import Decision, decided_score

__all__ = ["KeyNotRead", "Keyed", "is_note", "note", "points", "read_test"]

_MODULE = "alongside_grading.marks"


class KeyNotRead(ValueError):
    """A test cell's text is not what `alongside release` writes. Says so in words for an instructor."""


@dataclass(frozen=True)
class Keyed:
    """What a test cell marks: the unit, the question, and the key as `alongside.marking.key` gives it."""

    unit: str
    question: str
    key: Mapping[str, Any]


def read_test(source: str) -> Keyed:
    """Read `mark("unit", "question", {...})` from a test cell's text. Raises KeyNotRead when it is anything else."""
    match _arguments(source, "mark"):
        case [str(unit), str(question), dict(key)] if _usable(key):
            return Keyed(unit, question, key)
    message = "the text of its test cell is not the one that `alongside release` writes"
    raise KeyNotRead(message)


def is_note(source: str) -> bool:
    """Whether a cell's text asks for the sentence on how much was answered."""
    match _arguments(source, "intake"):
        case [str()]:
            return True
    return False


def points(test: Keyed, answer: object, decision: Decision | None = None) -> float:
    """Give the points for an answer: a plain float from 0 to the key's points, which is what nbgrader reads rightly.

    `decision` is what was decided about the question after it was given out.
    """
    most, earned = float(test.key["points"]), float(decided_score(test.key, answer, decision))
    return min(max(earned, 0.0), most) if math.isfinite(earned) and math.isfinite(most) and most >= 0 else 0.0


def note(responses: Responses, bank: Bank | None) -> str:
    """Say how much was answered, and what was wrong with `responses.json`. Holds no word of the learner's."""
    if bank is None:
        count = f"{len(responses.answers)} answered."
    else:
        done = sum(answered(each.kind.value, responses.answers.get(each.id)) for each in bank.questions)
        count = f"{done} of {len(bank.questions)} answered."
    return f"{count} {responses.note}".strip()


def _arguments(source: str, name: str) -> list[Any] | None:
    """The plain values that the cell's one call is given, or None when the cell does anything else."""
    try:
        match ast.parse(source).body:
            case [
                ast.ImportFrom(module=module, names=[ast.alias(name=imported, asname=None)], level=0),
                ast.Expr(ast.Call(func=ast.Name(id=called), args=arguments, keywords=[])),
            ] if module == _MODULE and imported == called == name:
                return [ast.literal_eval(each) for each in arguments]
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):  # all that reading text as Python raises
        return None
    return None


def _usable(key: Mapping[Any, Any]) -> bool:
    """Whether every answer at all can be marked by this key."""
    most: Any = key.get("points")
    right: Any = key.get("right")
    if not _is_number(most) or most < 0:
        return False
    match key.get("kind"):
        case Kind.SINGLE | Kind.SEVERAL:
            return _are_texts(right) and len(right) > 0
        case Kind.ORDER:
            return _are_texts(right) and len(right) > 1
        case Kind.MATCH:
            return isinstance(right, dict) and len(right) > 0 and _are_texts([*right, *right.values()])
        case Kind.NUMBER:
            return isinstance(right, list) and all(
                isinstance(pair, list) and len(pair) == 2 and all(map(_is_number, pair))  # noqa: PLR2004  from, to
                for pair in right
            )
    return False


def _are_texts(values: Any) -> bool:  # noqa: ANN401
    return isinstance(values, list) and all(isinstance(each, str) for each in values)


def _is_number(value: Any) -> bool:  # noqa: ANN401
    return type(value) in {int, float} and math.isfinite(value)
