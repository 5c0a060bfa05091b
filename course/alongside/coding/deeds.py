"""What a reply does, in the plain names that authors and learners meet. Each stands for one code, or for some together.

Codes that experts themselves tell apart badly are shown as one: simple and complex reflection (kappa 0.5), advice and
commands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["DEEDS", "likely"]

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


def likely(probabilities: Mapping[str, float], deed: str) -> float:
    """Say how likely it is that one code or another of a deed is there."""
    none = 1.0
    for code in DEEDS[deed]:
        none *= 1 - probabilities[code]
    return 1 - none
