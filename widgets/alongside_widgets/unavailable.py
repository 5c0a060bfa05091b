"""What stands in the place of an activity that cannot be shown: a short note, never a reason that only authors need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from alongside_widgets.base import Activity, Answer, View

__all__ = ["Unavailable", "view"]

# Said when even the file of words cannot be read.
_PLAIN = {
    "roleplay": "This conversation is not available right now.",
    "practice": "These questions are not available right now.",
    "quiz": "This quiz is not available right now.",
    "reflection": "This page for writing is not available right now.",
    "progress": "The list of lessons is not available right now.",
    "resume": "Where you were cannot be shown right now.",
    "journal": "Your journal is not available right now.",
    "conversations": "Your conversations are not available right now.",
    "keep": "Saving your work is not available right now.",
    "delete": "Deleting your work is not available right now.",
    "lab": "The practice lab is not available right now.",
    "rest": "The rest of this page still works.",
}


def view(kind: str, words: Mapping[str, Mapping[str, str]], language: str) -> View:
    """Give the note for a kind of activity (see `_PLAIN`)."""
    said = {**_PLAIN, **words.get("unavailable", {})}
    return {"lang": language, "sentence": said.get(kind, said["quiz"]), "rest": said["rest"]}


class Unavailable(Activity):
    """A note in the place of an activity."""

    JS: ClassVar[str] = "unavailable.js"

    def __init__(self, kind: str, words: Mapping[str, Mapping[str, str]] | None = None, language: str = "en") -> None:
        """Show the note for a kind of activity."""
        super().__init__(view(kind, words or {}, language))

    def handle(self, do: str, message: Mapping[str, Any]) -> Answer | None:  # noqa: ARG002  there is nothing to ask for
        """Ignore every message."""
        return None
