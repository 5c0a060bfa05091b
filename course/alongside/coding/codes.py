"""The codes: what a clause of a reply can do. `course/coding/CODEBOOK.md` says what each means."""

from __future__ import annotations

from typing import Final

__all__ = ["CODES"]

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
