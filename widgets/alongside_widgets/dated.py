"""The note at the top of a page that holds facts which were due for a new check before today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar

from alongside.facts import DatedFact
from alongside.prose import day_in_words
from alongside_widgets.base import Activity, Answer, View, fill

__all__ = ["Dated", "view"]


def view(facts: Iterable[DatedFact], words: Mapping[str, Mapping[str, str]], language: str) -> View:
    """Give the note: each claim with the day on which it was last checked."""
    said = words["fact"]
    rows = [fill(said["stale_row"], day=day_in_words(fact.checked, words), claim=fact.claim) for fact in facts]
    return {"lang": language, "title": said["stale_title"], "rows": rows, "next": said["stale_next"]}


class Dated(Activity):
    """A note that some facts may be out of date."""

    JS: ClassVar[str] = "dated.js"

    def __init__(self, facts: Iterable[DatedFact], words: Mapping[str, Mapping[str, str]], language: str) -> None:
        """Show the note for these facts."""
        super().__init__(view(facts, words, language))

    def handle(self, do: str, message: Mapping[str, Any]) -> Answer | None:  # noqa: ARG002  there is nothing to ask for
        """Ignore every message."""
        return None


def today() -> date:
    """Give the day on the reader's clock, to which staleness is held."""
    return date.today()  # noqa: DTZ011  the reader's own day is what is meant
