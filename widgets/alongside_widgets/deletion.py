"""Deleting everything: what goes and what stays is said first, in counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from alongside.catalog import Catalog
from alongside.conversations import conversations
from alongside.journal import journal
from alongside.record import DISPUTES, GRADED, PRACTICE, REFLECTIONS, TRIES, Record
from alongside_widgets.base import Activity, Answer, View, trouble_in_words
from alongside_widgets.telling import counted, told

__all__ = ["Deletion", "view"]


def view(catalog: Catalog, record: Record, *, trouble: str = "") -> View:
    """Give what goes, as far as it can be counted, and what stays."""
    said = catalog.words["work"]
    try:
        things, aside = record.everything()
    except OSError:  # it can be deleted all the same
        things, aside = (), ()
    written = [one for each in journal(catalog, things, aside, record.names(REFLECTIONS)) for one in each.entries]
    counts = {
        "count_reflections": len(written),
        "count_shared": sum(one.shared is not None for one in written),
        "count_conversations": len(conversations(catalog, things)),
        "count_practice": sum(thing.kind == PRACTICE for thing in things),
        "count_graded": sum(thing.kind == GRADED for thing in things),
        "count_tries": sum(thing.kind == TRIES for thing in things),
        "count_disputes": sum(thing.kind == DISPUTES for thing in things),
    }
    goes = [counted(said, name, count) for name, count in counts.items() if count]
    return {
        "lang": catalog.language,
        "words": {**catalog.words["save"], **said},
        "goes": [*goes, said["delete_rest" if goes else "delete_whatever"]],
        "stays": [said["stays_files"], said["stays_beside"]],
        "trouble": trouble,
    }


class Deletion(Activity):
    """The way to delete all that is kept here, in two presses."""

    JS: ClassVar[str] = "deletion.js"
    CSS: ClassVar[tuple[str, ...]] = ("base.css", "work.css")

    def __init__(self, catalog: Catalog, record: Record) -> None:
        """Count what is there now."""
        self._catalog, self._record = catalog, record
        self._trouble = trouble_in_words(record, catalog.words)
        super().__init__(view(catalog, record, trouble=self._trouble))

    def handle(self, do: str, message: Mapping[str, Any]) -> Answer | None:  # noqa: ARG002  nothing else is said
        """Count again ("look"), or delete everything ("delete")."""
        if do not in {"look", "delete"}:
            return None
        answer = self._delete() if do == "delete" else Answer()
        self.view = view(self._catalog, self._record, trouble=self._trouble)
        return answer

    def _delete(self) -> Answer:
        words = self._catalog.words
        try:
            self._record.delete_everything()
        except OSError as error:
            return Answer({"trouble": told(error, words, words["work"]["delete_failed"])})
        self._trouble = ""
        return Answer({"deleted": True})
