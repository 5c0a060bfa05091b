"""The codes: what a clause can do, how far a reply goes in empathy, how it could hurt, and AnnoMI's names for them.

`course/coding/CODEBOOK.md` says what each means.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Final

__all__ = [
    "ANY",
    "BEHAVIOURS",
    "CODES",
    "COLUMNS",
    "EMPATHY",
    "HURTS",
    "annomi_input",
    "annomi_question",
    "main",
]

CODES: Final = (
    "question-open",
    "question-closed",
    "reflection-simple",
    "reflection-complex",
    "affirmation",
    "praise",
    "seeking",
    "autonomy",
    "information",
    "information-asked",
    "advice",
    "advice-asked",
    "confront",
    "direct",
    "minimise",
    "disclosure",
    "disclosure-floor",
    "support",
    "structure",
    "facilitate",
    "small-talk",
    "stigma",
)
"""What a clause can do. A clause may have several."""

EMPATHY: Final = ("er", "ip", "ex")
"""EPITOME's emotional reaction, interpretation and exploration, each 0 to 2 for a whole reply."""

HURTS: Final = ("shaming", "threat", "just-stop", "secrecy", "contract", "dosing", "missed")
"""How a reply can hurt. `missed` is distress in the line before that goes unanswered."""

ANY: Final = "any"
"""That a reply can hurt, in whatever way."""

BEHAVIOURS: Final = ("question", "reflection", "therapist_input", "other")
"""AnnoMI's four main behaviours of a whole reply."""

COLUMNS: Final = (
    *CODES,
    *(f"{name}{level}" for name in EMPATHY for level in (1, 2)),
    *(f"hurt {name}" for name in (*HURTS, ANY)),
    *(f"main {name}" for name in BEHAVIOURS),
)
"""All that the model answers. `er1` is "one or more", `er2` is "two"."""

_QUESTIONS = frozenset({"question-open", "question-closed"})
_REFLECTIONS = frozenset({"reflection-simple", "reflection-complex"})
_ADVICE = frozenset({"advice", "advice-asked", "direct"})
_INFORMATION = frozenset({"information", "information-asked"})


def main(found: AbstractSet[str]) -> str:
    """Give the main behaviour of a reply with these codes, as AnnoMI's experts mostly chose it.

    Of several, a question comes first, since that is what is answered; then a reflection; then what was put in.
    """
    return (
        "question" if found & _QUESTIONS else "reflection" if found & _REFLECTIONS
        else "therapist_input" if annomi_input(found) != "none" else "other"
    )  # fmt: skip


def annomi_question(found: AbstractSet[str]) -> str:
    """Give AnnoMI's kind of question."""
    return "open" if "question-open" in found else "closed" if "question-closed" in found else "none"


def annomi_input(found: AbstractSet[str]) -> str:
    """Give AnnoMI's kind of input."""
    return (
        "advice" if found & _ADVICE else "information" if found & _INFORMATION
        else "negotiation" if "seeking" in found else "none"
    )  # fmt: skip
