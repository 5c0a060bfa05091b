"""How well codes that were found agree with codes that people gave: precision, recall, F1, calibration. Pure.

Intervals come from drawing whole conversations again and again (bootstrap), since lines of one are alike.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

__all__ = ["Score", "calibration_error", "interval", "kappa", "macro_f1", "score"]

_BINS = 10


@dataclass(frozen=True)
class Score:
    """How well one value was found among others."""

    right: int
    found: int
    there: int

    @property
    def precision(self) -> float:
        """The part of what was found that is right. 0 where nothing was found."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The part of what is there that was found. 0 where nothing is there."""
        return self.right / self.there if self.there else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.found + self.there
        return 2 * self.right / both if both else 0.0


def score(truth: Sequence[bool], found: Sequence[bool]) -> Score:
    """Count one value over all texts."""
    pairs = list(zip(truth, found, strict=True))
    return Score(sum(one and two for one, two in pairs), sum(two for _, two in pairs), sum(one for one, _ in pairs))


def macro_f1(truth: Sequence[str], found: Sequence[str]) -> float:
    """Give the mean F1 over all values that stand in the truth, each counting the same."""
    values = sorted(set(truth))
    each = [score([one == value for one in truth], [two == value for two in found]).f1 for value in values]
    return sum(each) / len(each) if each else 0.0


def kappa(one: Sequence[object], two: Sequence[object]) -> float:
    """Give Cohen's kappa: how much more two people agree than by chance. 1 where there is nothing to differ in."""
    total = len(one)
    if not total:
        return 1.0
    same = sum(first == second for first, second in zip(one, two, strict=True)) / total
    chance = sum((one.count(value) / total) * (two.count(value) / total) for value in {*one, *two})
    return (same - chance) / (1 - chance) if chance < 1 else 1.0


def calibration_error(sure: Sequence[float], truth: Sequence[bool]) -> float:
    """Give the expected calibration error: how far what was said to be likely is from what came true, in ten bins."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for value, true in zip(sure, truth, strict=True):
        bins.setdefault(min(_BINS - 1, int(value * _BINS)), []).append((value, true))
    off = (abs(sum(value for value, _ in rows) - sum(true for _, true in rows)) for rows in bins.values())
    return sum(off) / len(sure) if sure else 0.0


def interval(
    groups: Sequence[str], figure: Callable[[Sequence[int]], float], *, times: int = 200, seed: int = 1
) -> tuple[float, float]:
    """Give the middle 95 % of a figure over conversations drawn with replacement. `figure` takes places of rows."""
    chance = random.Random(seed)  # noqa: S311  draws, not secrets
    members: dict[str, list[int]] = {}
    for place, group in enumerate(groups):
        members.setdefault(group, []).append(place)
    names = sorted(members)
    drawn = sorted(
        figure([place for name in chance.choices(names, k=len(names)) for place in members[name]]) for _ in range(times)
    )
    return drawn[int(0.025 * times)], drawn[min(times - 1, int(0.975 * times))]
