"""Where the learner was: one link that leads back to it. With nothing to go on with, nothing is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from alongside.catalog import Catalog
from alongside.due import How
from alongside.record import Record
from alongside.resume import KINDS, Here, find_here
from alongside_widgets.base import Activity, Answer, View, fill
from alongside_widgets.progress import due_of

__all__ = ["Resume", "view"]


def view(catalog: Catalog, record: Record) -> View:
    """Give the link to what was touched last and is not finished. `here` is None where there is no such thing.

    It holds titles and counts only: the home page may be open in front of others.
    """
    stamps = {kind: record.stamps(kind) for kind in KINDS}
    here = find_here(catalog, stamps, record.get, lambda module: due_of(module, record, catalog))
    return {
        "lang": catalog.language,
        "words": dict(catalog.words["resume"]),
        "new_tab": catalog.words["quiz"]["new_tab"],
        "here": _link(here, catalog.words["resume"]) if here else None,
    }


def _link(here: Here, said: Mapping[str, str]) -> View:
    lesson = here.module.lesson.title if here.module.lesson else here.module.id.replace("-", " ").capitalize()
    about = {
        "roleplay": said["roleplay" if here.person else "roleplay_plain"],
        "reflection": said["reflection"],
        "practice": said["practice"],
        "quiz": said["quiz_changed" if here.due is How.CHANGED else "quiz"],
    }[here.kind]
    facts = fill(about, person=here.person, turn=here.turn, done=here.done, total=here.total)
    named = {"practice": said["practice_title"], "quiz": said["quiz_title"]}.get(here.kind, "{title}")
    return {
        "href": f"{here.module.folder.name}/{here.page}.ipynb#at-{here.cell}",
        "words": fill(said["go_on"], title=fill(named, title=here.title or lesson)),
        "about": f"{facts} {fill(said['lesson'], title=lesson)}" if here.title else facts,
    }


class Resume(Activity):
    """The way back to where the learner was."""

    JS: ClassVar[str] = "resume.js"
    CSS: ClassVar[tuple[str, ...]] = ("base.css", "resume.css")

    def __init__(self, catalog: Catalog, record: Record) -> None:
        """Look where that is now."""
        self._catalog, self._record = catalog, record
        super().__init__(view(catalog, record))

    def handle(self, do: str, message: Mapping[str, Any]) -> Answer | None:  # noqa: ARG002  it has nothing to say
        """Look again ("look"), when the learner comes back to the page."""
        if do != "look":
            return None
        self.view = view(self._catalog, self._record)
        return Answer()
