"""What the parts of my work have in common to say: counts, and why something could not be read or kept."""

from __future__ import annotations

from collections.abc import Mapping

from alongside.record import REFLECTIONS, Record, Trouble
from alongside_widgets.base import fill, trouble_in_words

__all__ = ["counted", "kept_nowhere", "told"]

Words = Mapping[str, Mapping[str, str]]


def counted(said: Mapping[str, str], name: str, count: int) -> str:
    """Say how many there are, in the words for one or for more."""
    return fill(said[f"{name}_one" if count == 1 else name], count=count)


def told(error: OSError, words: Words, otherwise: str = "") -> str:
    """Say why a record could not be read or written: its own sentence where it has one."""
    return error.sentence(words) if isinstance(error, Trouble) else otherwise or words["save"]["cannot_save"]


def kept_nowhere(record: Record, words: Words) -> str:
    """Say why nothing that is written here is kept. Empty where it is."""
    if record.trouble():
        return trouble_in_words(record, words)
    return "" if record.keeps(REFLECTIONS) else words["work"]["journal_not_kept"]
