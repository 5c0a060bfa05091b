"""The journal of my work: what was written, by module. Words are sent when they are asked for, not with the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from alongside.catalog import Catalog
from alongside.journal import Chapter, Entry, read_journal
from alongside.record import Record
from alongside.sentences import day_of
from alongside_widgets.base import Activity, Answer, View, fill
from alongside_widgets.telling import counted, kept_nowhere, told

__all__ = ["Journal", "entry", "view"]

Words = Mapping[str, Mapping[str, str]]


def view(catalog: Catalog, chapters: Iterable[Chapter], *, trouble: str = "", nothing: str = "") -> View:
    """Give the modules in which something was written, with how much. `nothing` is said where there is none."""
    said = catalog.words["work"]
    rows = [
        {"module": each.module, "title": each.title, "count": counted(said, "pieces", len(each.entries))}
        for each in chapters
    ]
    return {
        "lang": catalog.language,
        "words": {**catalog.words["save"], **said},
        "new_tab": catalog.words["quiz"]["new_tab"],
        "chapters": rows,
        "trouble": trouble,
        "nothing": "" if rows or trouble else nothing,
    }


def entry(each: Entry, words: Words) -> View:
    """Give one reflection with all that was kept of it."""
    said = words["work"]
    row: View = {"title": each.title, "prompt": list(each.prompt), "text": "", "facts": [], "older": []}
    if each.now:
        row |= {"text": each.now.text, "facts": _facts(said, words, each.now.saved, other=each.now.other)}
    notes = [] if each.place else [said["prompt_gone"]]
    if not each.readable:
        notes.append(words["record"]["damaged"])
    elif not each.now:
        notes.append(said["no_words"])
    row["notes"] = notes
    row["older"] = [
        {"text": older.text, "facts": _facts(said, words, older.saved, other=older.other)} for older in each.older
    ]
    row["older_said"] = fill(said["older"], count=len(each.older))
    row["link"] = {"href": each.place, "words": fill(said["write_more"], title=each.title)} if each.place else None
    row["shared"] = _shared(each, words)
    return row


def _shared(each: Entry, words: Words) -> View | None:
    said, shared = words["work"], each.shared
    if shared is None:
        return None
    day, handed = day_of(shared.shared, words), day_of(shared.handed, words)
    facts = [fill(said["shared_on"], day=day) if day else said["shared"]]
    if handed:
        facts.append(fill(said["handed_on"], day=handed))
    same = each.now is not None and each.now.text == shared.text
    return {"facts": facts, "text": "" if same else shared.text}


def _facts(said: Mapping[str, str], words: Words, saved: int, *, other: bool) -> list[str]:
    day = day_of(saved, words)
    facts = [fill(said["saved_on"], day=day)] if day else []
    return [*facts, said["about_other"]] if other else facts


class Journal(Activity):
    """The journal, by module. Nothing can be changed here."""

    JS: ClassVar[str] = "journal.js"
    CSS: ClassVar[tuple[str, ...]] = ("base.css", "work.css")

    def __init__(self, catalog: Catalog, record: Record) -> None:
        """Say how much was written where."""
        self._catalog, self._record = catalog, record
        super().__init__(self._view())

    def _view(self) -> View:
        words = self._catalog.words
        nothing = kept_nowhere(self._record, words) or words["work"]["journal_empty"]
        try:
            return view(self._catalog, read_journal(self._catalog, self._record), nothing=nothing)
        except OSError as error:
            return view(self._catalog, (), trouble=told(error, words))

    def handle(self, do: str, message: Mapping[str, Any]) -> Answer | None:
        """Look again ("look"), or give the words of one module ("open") or of all ("all")."""
        if do == "look":
            self.view = self._view()
            return Answer()
        if do not in {"open", "all"}:
            return None
        words = self._catalog.words
        try:
            chapters = read_journal(self._catalog, self._record)
        except OSError as error:
            return Answer({"trouble": told(error, words)})
        found = [
            {"module": each.module, "title": each.title, "entries": [entry(one, words) for one in each.entries]}
            for each in chapters
            if do == "all" or each.module == message.get("module")
        ]
        return Answer({"chapters": found})
