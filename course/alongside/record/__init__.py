"""What a learner has done, kept in one file of their own, and what is needed to take it elsewhere or to delete it."""

from __future__ import annotations

from alongside.record.record import Record
from alongside.record.shelf import GRADED, PRACTICE, PRIVATE, REFLECTIONS, Kept, Thing
from alongside.record.space import Space, coded_space, find_space
from alongside.record.troubles import Damaged, DamagedFile, Newer, NewerFile, NotKept, Trouble, WrongKey

__all__ = [
    "GRADED", "PRACTICE", "PRIVATE", "REFLECTIONS", "Damaged", "DamagedFile", "Kept", "Newer", "NewerFile", "NotKept",
    "Record", "Space", "Thing", "Trouble", "WrongKey", "coded_space", "find_space",
]  # fmt: skip
