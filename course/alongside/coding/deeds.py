"""What a reply does, in the plain names that authors and learners meet. Each stands for one code, or for some together.

Codes that experts themselves tell apart badly are shown as one: simple and complex reflection (kappa 0.5), advice and
commands.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Final

__all__ = ["DEEDS", "NARROWER", "likely", "one_or_more"]

DEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "reflects": ("reflection-simple", "reflection-complex"),
    "asks": ("question-open", "question-closed"),
    "asks-open": ("question-open",),
    "asks-closed": ("question-closed",),
    "asks-leave": ("seeking",),
    "leaves-choice": ("autonomy",),
    "affirms": ("affirmation",),
    "praises": ("praise",),
    "supports": ("support",),
    "shares": ("disclosure", "disclosure-floor"),
    "informs": ("information", "information-asked"),
    "advises": ("advice", "advice-asked", "direct"),
    "warns": ("confront",),
    "minimises": ("minimise",),
    "labels": ("stigma",),
    "explains": ("structure",),
    "chats": ("small-talk",),
    "goes-along": ("facilitate",),
}
"""The codes behind each deed."""

NARROWER: Final[Mapping[str, tuple[str, ...]]] = {"asks": ("asks-open", "asks-closed")}
"""The deeds that say more than another: whoever does one of them does that other too."""


def likely(probabilities: Mapping[str, float], deed: str) -> float:
    """Say how likely it is that one code or another of a deed is there."""
    return one_or_more(probabilities[code] for code in DEEDS[deed])


def one_or_more(probabilities: Iterable[float]) -> float:
    """Say how likely it is that at least one of some answers is yes."""
    return 1 - math.prod(1 - each for each in probabilities)
