"""A question that turned out to be faulty: what was decided about it, and marking by that. Pure.

Decisions are text beside the bank, in `<the bank's name>.regrade.toml`, one table for each question:

    [the-papers]
    do = "accept-also"
    also = ["the words of the option"]
    reason = "Two replies fit what the lesson says."
    decided = 2026-11-21

`do` is one of:

* `accept-also`: what `also` lists counts as right too, and what was right before stays right. It is a list of: options'
  words (a single choice, or several), all steps in another order, `[left, right]` pairs, or numbers and `[from, to]`.
* `full-marks`: everybody gets the question's points.
* `drop`: the question counts for nobody. Everybody gets its points here too, answered or not ("universal credit"). To
  take it out of the total would change the points that nbgrader keeps for each unit (`max_score`), which stand in the
  released notebook and in its checksums, so the quiz would have to be given out anew. With its points for all, the
  other questions make the same difference as if it were gone, and nobody loses by it. What sets it apart from
  `full-marks` is what learners are told.

So no decision ever lowers a mark.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from alongside.marking import answered, score
from alongside.question import Kind

__all__ = ["Action", "Decision", "Decisions", "decided_score", "keys"]


class Action(StrEnum):
    """What is done about a faulty question."""

    DROP = "drop"
    ACCEPT_ALSO = "accept-also"
    FULL_MARKS = "full-marks"


@dataclass(frozen=True)
class Decision:
    """What was decided about one question, why, and on which day.

    `also` is what counts as right too, as `alongside.marking.key` would name it: options' ids, orders of ids, pairs of
    an id and a right-hand side, or pairs of numbers. `words` says the same for people: one text or several for each.
    """

    question: str
    kind: Kind
    do: Action
    reason: str
    decided: date
    also: tuple[Any, ...] = ()
    words: tuple[tuple[str, ...], ...] = ()

    @property
    def for_all(self) -> bool:
        """Whether everybody gets every point."""
        return self.do is not Action.ACCEPT_ALSO


Decisions = Mapping[str, Decision]
"""Decisions by question id."""


def decided_score(key: Mapping[str, Any], answer: object, decision: Decision | None) -> float:
    """Give the points for an answer by a key and what was decided: never less than by the key alone."""
    if decision is None:
        return score(key, answer)
    if decision.for_all:
        return float(key["points"])
    return max(score(each, answer) for each in keys(key, answer, decision))


def keys(key: Mapping[str, Any], answer: object, decision: Decision) -> Iterator[Mapping[str, Any]]:
    """Give every key that an answer may be marked by: the key itself, then those in which what is accepted is right.

    A part that was accepted also and is not in the answer changes nothing, so nobody loses by having left it out.
    """
    yield key
    kind = key["kind"]
    if kind != decision.kind or not answered(kind, answer):
        return
    right, also = key["right"], decision.also
    given: Any = answer  # of its kind's shape, by `answered`
    if kind == Kind.SINGLE:
        yield from ({**key, "right": [each]} for each in also)
    elif kind == Kind.SEVERAL:
        yield {**key, "right": [*right, *(each for each in also if each in given and each not in right)]}
    elif kind == Kind.ORDER:
        yield from ({**key, "right": list(each)} for each in also)
    elif kind == Kind.MATCH:
        paired = {left: other for left, other in also if left in right and given.get(left) == other}
        yield {**key, "right": {**right, **paired}}
    elif kind == Kind.NUMBER:
        yield {**key, "right": [*right, *map(list, also)]}
