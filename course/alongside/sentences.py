"""The course's sentences: what stands in braces in them is filled in, and moments become days in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from alongside.prose import day_in_words

__all__ = ["day_of", "fill"]


def fill(words: str, /, **values: object) -> str:
    """Put values into the `{names}` of a sentence, once over, so that a value is never read as a name."""
    return re.sub(r"\{(\w+)\}", lambda match: str(values.get(match[1], match[0])), words)


def day_of(moment: object, words: Mapping[str, Mapping[str, str]]) -> str:
    """Say on which day a moment was, by the clock of this computer. Empty when it is no moment.

    A moment is a number of milliseconds since 1970, or one of Python's own.
    """
    try:
        if isinstance(moment, datetime):
            when = moment
        elif isinstance(moment, int) and not isinstance(moment, bool):
            when = datetime.fromtimestamp(moment / 1000).astimezone()
        else:
            return ""
        return day_in_words(when.astimezone().date(), words)
    except (ValueError, OverflowError, OSError):
        return ""
