"""Levels chosen by hand for a written answer become points, also after the rubric was changed. Pure.

A level is chosen for a criterion, and a criterion is known by its name. So words of levels may change, and a level
keeps its number; a criterion that gets a new name, or loses the level that was chosen, is open again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from alongside.question import Criterion

__all__ = ["Choice", "HandMark", "Move", "Step", "codes", "digest", "fitting", "open_criteria", "points", "settle",
           "shuffled", "unused"]  # fmt: skip

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # without I and O, which look like digits
_DIGITS = "23456789"
_LONGEST = 16


@dataclass(frozen=True)
class Choice:
    """What was chosen for one answer. `levels` are numbers by criterion; some may be for criteria that are no more.

    `answer` is the digest of the text that was read. `gave` is the points that were last written to the gradebook, and
    `pending` says that this choice was about to be written.
    """

    levels: Mapping[str, int] = field(default_factory=dict)
    comment: str = field(default="", repr=False)
    answer: str = ""
    gave: float | None = None
    pending: bool = False


@dataclass(frozen=True)
class HandMark:
    """What the gradebook has for one answer: points and a comment given by hand, and whether it waits for a person."""

    points: float | None = None
    comment: str = field(default="", repr=False)
    waiting: bool = True


class Move(Enum):
    """What is to be done with one mark so that it fits the rubric as it is."""

    SAME = "it fits already"
    GIVE = "new points are to be written"
    WAIT = "it waits again: a criterion is open"
    OPEN = "it was not finished before either"
    ELSEWHERE = "somebody gave another mark in formgrader"
    AGAIN = "the answer was handed in again"


@dataclass(frozen=True)
class Step:
    """One move, with the points before and after it, and the criteria that are open."""

    move: Move
    before: float | None = None
    after: float | None = None
    open: tuple[str, ...] = ()


def fitting(rubric: Sequence[Criterion], levels: Mapping[str, int]) -> dict[str, int]:
    """Give the levels that the rubric still has, by criterion, in its order."""
    return {each.name: levels[each.name] for each in rubric if 0 <= levels.get(each.name, -1) <= each.most}


def open_criteria(rubric: Sequence[Criterion], levels: Mapping[str, int]) -> tuple[str, ...]:
    """Name the criteria for which no level is chosen, or one that the rubric no longer has."""
    kept = fitting(rubric, levels)
    return tuple(each.name for each in rubric if each.name not in kept)


def points(rubric: Sequence[Criterion], levels: Mapping[str, int]) -> int | None:
    """Add up the points of the levels: a level's number is its points. None while a criterion is open."""
    return None if open_criteria(rubric, levels) else sum(fitting(rubric, levels).values())


def unused(rubric: Sequence[Criterion], choices: Iterable[Choice]) -> dict[str, int]:
    """Count, by criterion, the levels that are kept and no longer count, since the rubric has no place for them."""
    found: dict[str, int] = {}
    for choice in choices:
        for name in choice.levels.keys() - fitting(rubric, choice.levels).keys():
            found[name] = found.get(name, 0) + 1
    return dict(sorted(found.items()))


def settle(rubric: Sequence[Criterion], choice: Choice, mark: HandMark, answer: str) -> Step:
    """Say what becomes of a mark by the rubric as it is now. `answer` is the digest of the answer as it is now."""
    now, missing = points(rubric, choice.levels), open_criteria(rubric, choice.levels)
    ours = mark.points == choice.gave or (choice.pending and now is not None and mark.points == now)
    if not ours:
        return Step(Move.ELSEWHERE, mark.points, mark.points, missing)
    if choice.answer != answer:
        return Step(Move.AGAIN, mark.points, mark.points)
    if now is None:
        return Step(Move.OPEN if mark.waiting else Move.WAIT, mark.points, mark.points, missing)
    if mark.points == now and not mark.waiting and (not choice.pending or mark.comment == choice.comment):
        return Step(Move.SAME, mark.points, now)
    return Step(Move.GIVE, mark.points, now)


def digest(text: str) -> str:
    """Tell one answer's text from another's, without keeping it."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def shuffled(unit: str, question: str, learners: Iterable[str]) -> tuple[str, ...]:
    """Put learners in an order that is the same each time, differs by question, and has nothing to do with names."""
    return tuple(sorted(learners, key=lambda who: (_place(unit, question, who), who)))


def codes(unit: str, question: str, learners: Iterable[str]) -> dict[str, str]:
    """Give each learner a code to be shown in place of a name, such as A7: as short as it can be and its own.

    A code never becomes another one when more work comes in; at most it grows longer.
    """
    long = {who: _code(_place(unit, question, who)) for who in learners}
    counted: dict[str, int] = {}
    for code in long.values():
        for end in range(2, _LONGEST + 1):
            counted[code[:end]] = counted.get(code[:end], 0) + 1
    return {
        who: next((code[:end] for end in range(2, _LONGEST + 1) if counted[code[:end]] == 1), code)
        for who, code in long.items()
    }


def _place(unit: str, question: str, learner: str) -> bytes:
    return hashlib.sha256(f"{unit}\0{question}\0{learner}".encode("utf-8", "replace")).digest()


def _code(place: bytes) -> str:
    """Letters and digits in turn. Taken from the end: the start gives the order."""
    return "".join(
        (_DIGITS if index % 2 else _LETTERS)[value % (len(_DIGITS) if index % 2 else len(_LETTERS))]
        for index, value in enumerate(place[-_LONGEST:])
    )
