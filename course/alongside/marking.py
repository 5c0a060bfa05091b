"""An answer and a question become a mark and the words for it. Pure: the same rules serve practice and graded quizzes.

Partial credit follows what Moodle does for the same kinds: for several correct, right choices less wrong ones; for
order, the share of steps followed by the step that should follow them; for pairs, the share of pairs that are right.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from alongside.question import Kind, Question

__all__ = ["Mark", "answered", "key", "mark", "score", "valid_answer"]

Key = dict[str, Any]
Answer = str | float | int | list[str] | dict[str, str]


@dataclass(frozen=True)
class Mark:
    """Points out of the most there are. `reasons` gives each option's id, whether it was right so, and why."""

    points: float
    most: int
    reasons: tuple[tuple[str, bool, str], ...]

    @property
    def full(self) -> bool:
        """Whether every point was earned."""
        return self.points >= self.most


def key(question: Question) -> Key:
    """Give what is needed to mark a question, as plain data: kind, points, and what is right. Holds no words."""
    base: Key = {"kind": question.kind.value, "points": question.points}
    if question.kind is Kind.SINGLE or question.kind is Kind.SEVERAL:
        return {**base, "right": [option.id for option in question.options if option.right]}
    if question.kind is Kind.ORDER:
        return {**base, "right": [option.id for option in question.options]}
    if question.kind is Kind.MATCH:
        return {**base, "right": {option.id: option.other for option in question.options}}
    if question.kind is Kind.NUMBER:
        return {**base, "right": [[option.low, option.high] for option in question.options if option.right]}
    return base


def valid_answer(kind: str, answer: object) -> bool:
    """Whether an answer has the shape that its kind of question takes. Says nothing of whether it is right."""
    if kind in {"single", "written"}:
        return isinstance(answer, str)
    if kind in {"several", "order"}:
        return isinstance(answer, list) and all(isinstance(each, str) for each in answer)
    if kind == "match":
        return isinstance(answer, dict) and all(
            isinstance(left, str) and isinstance(right, str) for left, right in answer.items()
        )
    if kind == "number":
        # A whole number is asked first: one too long for a float would fail where its being finite is asked.
        return not isinstance(answer, bool) and (isinstance(answer, int) or _is_finite(answer))
    return False


def _is_finite(answer: object) -> bool:
    return isinstance(answer, float) and math.isfinite(answer)


def answered(kind: str, answer: object) -> bool:
    """Whether an answer says anything: of the right shape, and not empty."""
    if not valid_answer(kind, answer):
        return False
    if isinstance(answer, str):
        return bool(answer.strip())
    return bool(answer) if isinstance(answer, list | dict) else True


def score(key: Mapping[str, Any], answer: object) -> float:
    """Give the points for an answer: a plain float from 0 to the key's points. Any unusable answer earns 0."""
    kind, most = key["kind"], float(key["points"])
    if kind == "written" or not answered(kind, answer):
        return 0.0
    share = _share(kind, key["right"], answer)
    return float(min(max(round(share * most, 2), 0.0), most))


def _share(kind: str, right: Any, answer: Any) -> float:  # noqa: ANN401  the shapes were checked by `answered`
    if kind == "single":
        return 1.0 if [answer] == right else 0.0
    if kind == "several":
        chosen = set(answer)
        hits, misses = len(chosen & set(right)), len(chosen - set(right))
        return max(hits - misses, 0) / len(right)
    if kind == "order":
        return _follows(right, answer)
    if kind == "match":
        return float(sum(answer.get(left) == other for left, other in right.items()) / len(right))
    return 1.0 if any(low <= answer <= high for low, high in right) else 0.0


def _follows(right: Sequence[str], answer: Sequence[str]) -> float:
    """Moodle's "relative to the next item": the share of steps that are followed by the right next step."""
    if sorted(right) != sorted(answer):
        return 0.0
    next_right = dict(pairwise(right))
    return sum(next_right.get(one) == two for one, two in pairwise(answer)) / (len(right) - 1)


def mark(question: Question, answer: object) -> Mark:
    """Mark an answer and give a reason for every option, chosen or not."""
    points = score(key(question), answer)
    usable = answered(question.kind.value, answer)
    reasons = tuple(
        (option.id, usable and _right_so(question, index, answer), option.reason)
        for index, option in enumerate(question.options)
    )
    return Mark(points, question.points, reasons)


def _right_so(question: Question, index: int, answer: Any) -> bool:  # noqa: ANN401  checked by `answered`
    """Whether the learner did the right thing with one option: chose what is right, left what is not."""
    option = question.options[index]
    if question.kind is Kind.SINGLE:
        return bool((answer == option.id) == option.right)
    if question.kind is Kind.SEVERAL:
        return (option.id in answer) == option.right
    if question.kind is Kind.ORDER:
        return index < len(answer) and answer[index] == option.id
    if question.kind is Kind.MATCH:
        return bool(answer.get(option.id) == option.other)
    return bool((option.low <= answer <= option.high) == option.right)
