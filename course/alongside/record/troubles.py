"""What can be wrong with a record, a code or a file of saved work. Each has its sentence in `course/words`."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["Damaged", "DamagedFile", "Newer", "NewerFile", "NotKept", "Trouble", "WrongKey"]


class Trouble(Exception):
    """Something that a learner is told. `key` names the sentence under `[record]`; `values` fill it in."""

    key = ""

    def __init__(self, key: str = "", /, **values: object) -> None:
        """Name the sentence, where the class does not, and what stands in it."""
        self.key, self.values = key or self.key, values
        super().__init__(self.key)

    def sentence(self, words: Mapping[str, Mapping[str, str]]) -> str:
        """Say it in the learner's language."""
        return re.sub(r"\{(\w+)\}", lambda match: str(self.values.get(match[1], match[0])), words["record"][self.key])


class Damaged(Trouble):
    """One thing cannot be read: it was changed, or locked under another key."""

    key = "damaged"


class NewerFile(Trouble, OSError):
    """The record was written by a newer version of the course. It is left as it is."""

    key = "newer_file"


class DamagedFile(Trouble, OSError):
    """The record's file is torn, or is not a record. It is left as it is."""

    key = "damaged_file"


class WrongKey(Trouble, OSError):
    """The record is locked under another key, or under none. It is left as it is."""

    key = "wrong_key"


class NotKept(Trouble, OSError):
    """Words that are the learner's alone are not written in clear on a disk that is not theirs."""

    key = "not_kept"


class Newer(Trouble):
    """A text was changed elsewhere since it was read here. What was to be kept is kept beside it.

    `value` is the newer text, and `changed` its count. Where it was deleted in the meantime `value` is None, and
    nothing is kept, so that what was deleted does not come back by itself.
    """

    key = "newer_text"

    def __init__(self, value: object, changed: int) -> None:
        """Carry what is there now."""
        self.value, self.changed = value, changed
        super().__init__("newer_text" if changed else "deleted_text")
