"""The conversations of my work: where each stands, and what was said. Transcripts are sent when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from alongside.catalog import Catalog
from alongside.conversations import Conversation, read_conversations
from alongside.record import Record
from alongside.sentences import day_of
from alongside.talks import Talk
from alongside.transcript import transcript
from alongside_widgets.base import Activity, Answer, View, fill, trouble_in_words
from alongside_widgets.telling import told

__all__ = ["Conversations", "view"]


def view(catalog: Catalog, found: Iterable[Conversation], *, trouble: str = "", nothing: str = "") -> View:
    """Give each conversation with where it stands. `nothing` is said where there is none."""
    said, role = catalog.words["work"], catalog.words["roleplay"]
    rows = [_row(each, catalog) for each in found]
    return {
        "lang": catalog.language,
        "words": {**catalog.words["save"], **said, "save_transcript": role["save_transcript"]},
        "new_tab": catalog.words["quiz"]["new_tab"],
        "rows": rows,
        "trouble": trouble,
        "nothing": "" if rows or trouble else nothing,
    }


def _row(each: Conversation, catalog: Catalog) -> View:
    said = catalog.words["work"]
    person = each.scenario.person if each.scenario else ""
    under_way = each.under_way
    where = []
    if under_way and each.scenario:
        where.append(fill(said["under_way"], turn=len(under_way.choices) + 1))
    if each.talks:
        where.append(_ended(each.talks[-1], catalog))
    link = fill(said["go_on" if under_way else "try_talk"], title=each.title)
    return {
        "name": each.name,
        "title": each.title,
        "about": " · ".join(filter(None, [each.module, fill(said["with"], person=person) if person else ""])),
        "where": where,
        "note": "" if each.scenario else said["talk_gone"],
        "link": {"href": each.place, "words": link} if each.place else None,
        "talks": [
            *([{"id": under_way.id, "words": said["read_so_far"]}] if under_way and each.scenario else []),
            *({"id": talk.id, "words": _read(talk, catalog)} for talk in reversed(each.talks) if each.scenario),
        ],
    }


def _ended(talk: Talk, catalog: Catalog) -> str:
    said, day = catalog.words["work"], day_of(talk.ended, catalog.words)
    return fill(said["ended_on"], day=day) if day else said["ended_some_day"]


def _read(talk: Talk, catalog: Catalog) -> str:
    said, day = catalog.words["work"], day_of(talk.ended, catalog.words)
    return fill(said["read_talk"], day=day) if day else said["read_plain"]


class Conversations(Activity):
    """The conversations that were practiced. Nothing can be changed here."""

    JS: ClassVar[str] = "conversations.js"
    CSS: ClassVar[tuple[str, ...]] = ("base.css", "work.css")

    def __init__(self, catalog: Catalog, record: Record) -> None:
        """Say where each stands."""
        self._catalog, self._record = catalog, record
        super().__init__(self._view())

    def _view(self) -> View:
        words = self._catalog.words
        nothing = trouble_in_words(self._record, words) or words["work"]["conversations_empty"]
        try:
            return view(self._catalog, read_conversations(self._catalog, self._record), nothing=nothing)
        except OSError as error:
            return view(self._catalog, (), trouble=told(error, words))

    def handle(self, do: str, message: Mapping[str, Any]) -> Answer | None:
        """Look again ("look"), or give what was said in one talk ("read")."""
        if do == "look":
            self.view = self._view()
            return Answer()
        return self._read(message.get("name"), message.get("talk")) if do == "read" else None

    def _read(self, name: object, wanted: object) -> Answer:
        words = self._catalog.words
        try:
            found = read_conversations(self._catalog, self._record)
        except OSError as error:
            return Answer({"trouble": told(error, words)})
        for each in (each for each in found if each.name == name and each.scenario):
            for talk in (*([each.under_way] if each.under_way else []), *each.talks):
                if talk.id == wanted:
                    return Answer(self._told(each, talk))
        return Answer({"trouble": words["work"]["not_read"]})

    def _told(self, each: Conversation, talk: Talk) -> View:
        words = self._catalog.words
        if each.scenario is None:  # it is looked for among those that have one
            return {}
        return {
            "text": transcript(each.scenario, each.turns(talk, words), self._catalog.course, words["roleplay"]),
            "note": "" if each.fits(talk) else words["work"]["talk_fits"],
            "filename": f"{each.scenario.id}.txt",
        }
