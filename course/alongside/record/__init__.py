"""What a learner has done, kept in one file of their own, and what is needed to take it elsewhere or to delete it."""

from __future__ import annotations

from alongside.record.graded import GradedAnswers
from alongside.record.record import Record, open_record
from alongside.record.shelf import (
    DISPUTES,
    FINISHED,
    GRADED,
    HANDED,
    OWN_WORDS,
    PRACTICE,
    PRIVATE,
    REFLECTIONS,
    RUNS,
    SHARED,
    TALKS,
    TRIES,
    Kept,
    Thing,
    now,
)
from alongside.record.space import Place, Space, find_key, find_space
from alongside.record.troubles import Damaged, DamagedFile, Newer, NewerFile, NotKept, Trouble, WrongKey

__all__ = [
    "DISPUTES", "FINISHED", "GRADED", "HANDED", "OWN_WORDS", "PRACTICE", "PRIVATE", "REFLECTIONS", "RUNS", "SHARED",
    "TALKS", "TRIES", "Damaged", "DamagedFile", "GradedAnswers", "Kept", "Newer", "NewerFile", "NotKept", "Place",
    "Record", "Space", "Thing", "Trouble", "WrongKey", "find_key", "find_space", "now", "open_record",
]  # fmt: skip
