"""Deleting everything: what goes and what stays is said first, in counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from alongside.catalog import Catalog
from alongside.record import FINISHED, GRADED, PRACTICE, REFLECTIONS, RUNS, SHARED, TALKS, Record
from alongside_widgets.base import Activity, Answer, View
from alongside_widgets.telling import counted, told

__all__ = ["Deletion", "view"]


def view(catalog: Catalog, record: Record) -> View:
    """Give what goes, counted by the names of things alone, and what stays."""
    said = catalog.words["work"]
    counts = {
        "count_reflections": len(record.names(REFLECTIONS)),
        "count_shared": len(record.names(SHARED)),
        "count_conversations": len(record.names(RUNS) | record.names(TALKS) | record.names(FINISHED)),
        "count_practice": len(record.names(PRACTICE)),
        "count_graded": len(record.names(GRADED)),
    }
    goes = [counted(said, name, count) for name, count in counts.items() if count]
    return {
        "lang": catalog.language,
        "words": {**catalog.words["save"], **said},
        "goes": [*goes, said["delete_rest" if goes else "delete_whatever"]],
        "stays": [said["stays_files"], said["stays_beside"]],
    }


class Deletion(Activity):
    """The way to delete all that is kept here, in two presses."""

    JS: ClassVar[str] = "deletion.js"
    CSS: ClassVar[tuple[str, ...]] = ("base.css", "work.css")

    def __init__(self, catalog: Catalog, record: Record) -> None:
        """Count what is there now."""
        self._catalog, self._record = catalog, record
        super().__init__(view(catalog, record))

    def handle(self, do: str, message: Mapping[str, Any]) -> Answer | None:  # noqa: ARG002  nothing else is said
        """Count again ("look"), or delete everything ("delete")."""
        if do not in {"look", "delete"}:
            return None
        answer = Answer()
        if do == "delete":
            try:
                self._record.delete_everything()
                answer = Answer({"deleted": True})
            except OSError as error:
                words = self._catalog.words
                answer = Answer({"trouble": told(error, words, words["work"]["delete_failed"])})
        self.view = view(self._catalog, self._record)
        return answer
