"""A place to write for oneself. The words are kept where only the learner reads them, or not kept at all.

A learner can choose to show a reflection to their instructor. What is shown is a copy of that moment, which goes out
with the file of the module's graded quiz and in no other way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from alongside.prose import day_in_words
from alongside.record import REFLECTIONS, SHARED, Damaged, Newer, Place, Record, Thing
from alongside.reflection import Reflection
from alongside.sharing import Snapshot, read_snapshot
from alongside_widgets.base import Activity, Answer, View, fill, text_in, trouble_in_words

__all__ = ["REFLECTIONS", "WHO_READS", "Writing", "Written", "share_view", "view"]

Words = Mapping[str, Mapping[str, str]]
WHO_READS = {
    Place.OWN: "who_reads_own",
    Place.ACCOUNT: "who_reads_account",
    Place.CODE: "who_reads_code",
    Place.VISIT: "who_reads_visit",
    Place.OPEN: "who_reads_open",
}


@dataclass(frozen=True)
class Written:
    """Words as they were kept, whether they are about someone else, and how often they had been changed then."""

    text: str = ""
    other: bool = False
    changed: int = 0


def view(
    reflection: Reflection,
    words: Words,
    language: str,
    written: Written,
    *,
    place: Place,
    share: View,
    trouble: str = "",
) -> View:
    """Give a prompt with what was `written` before. In an open `place` the words stay in the page."""
    said = words["reflection"]
    return {
        "lang": language,
        "words": {**words["save"], **said, **words["share"]},
        "title": reflection.title,
        "prompt": list(reflection.prompt),
        "guide": list(reflection.guide),
        "other": list(reflection.other),
        "about_other": written.other,
        "text": written.text,
        "keeps": place is not Place.OPEN,
        "who_reads": said[WHO_READS[place]],
        "trouble": trouble,
        "filename": f"{reflection.id}.txt",
        "changed": written.changed,
        "share": share,
    }


def share_view(snapshot: Snapshot | None, words: Words, *, offered: bool, note: str = "") -> View:
    """Give what is shown to the instructor: the words of that day, the day, and whether a file with them was made."""
    said = words["share"]
    row: View = {"offered": offered, "note": note, "text": None, "other": False, "said": "", "handed": ""}
    if snapshot is None:
        return row
    handed = fill(said["handed"], day=_day(snapshot.handed, words)) if snapshot.handed else said["waits"]
    day = fill(said["day"], day=_day(snapshot.shared, words))
    return {**row, "text": snapshot.text, "other": snapshot.other, "said": f"{day}.", "handed": handed}


def _day(moment: datetime, words: Words) -> str:
    return day_in_words(moment.astimezone().date(), words)


class Writing(Activity):
    """A reflection: a prompt, a guide and a place to write."""

    JS: ClassVar[str] = "reflection.js"
    CSS: ClassVar[tuple[str, ...]] = ("base.css", "writing.css")

    def __init__(
        self,
        reflection: Reflection,
        module: str,
        words: Words,
        record: Record,
        language: str,
        *,
        has_quiz: bool = True,
    ) -> None:
        """Open a prompt with what was written before, where that is kept.

        `has_quiz` says whether the module has a graded quiz: what is shared goes out with its file.
        """
        self._reflection, self._words, self._record, self._language = reflection, words, record, language
        self._name = f"{module}--{reflection.id}"
        self._keeps = record.space.keeps_reflections
        self._has_quiz = has_quiz
        self._text, self._other = "", False
        self._changed: int | None = None
        self._written = False  # by this page, since this kernel opened
        self._newer: Written | None = None  # what the page was told of and has not taken in yet
        self._trouble = trouble_in_words(record, words) if self._keeps else ""
        if self._keeps:
            opened = self._open()  # what was written before is shown also where nothing more can be kept
            self._trouble = self._trouble or opened
        super().__init__(self._view())

    def _open(self) -> str:
        """Take what was written before, and how often it was changed: what is written now is based on that.

        Says what is wrong.
        """
        try:
            kept = self._record.kept(REFLECTIONS, self._name)
        except Damaged as damaged:
            return damaged.sentence(self._words)
        except OSError:
            return self._words["save"]["cannot_save"]
        self._changed = kept.changed if kept else 0
        found = _text_in(kept.value, kept.changed) if kept else None
        if found:
            self._text, self._other = found.text, found.other
        return ""

    @property
    def _shares(self) -> bool:
        return self._keeps and self._has_quiz

    def _view(self) -> View:
        snapshot = read_snapshot(self._record.get(SHARED, self._name)) if self._shares else None
        note = self._words["share"]["open"] if self._has_quiz and not self._keeps else ""
        share = share_view(snapshot, self._words, offered=self._shares, note=note)
        written = Written(self._text, self._other, self._changed or 0)
        return view(
            self._reflection, self._words, self._language, written,
            place=self._record.space.place, share=share, trouble=self._trouble,
        )  # fmt: skip

    def handle(self, do: str, message: Mapping[str, Any]) -> Answer | None:
        """Keep the words ("write"), say whether there are newer ones ("look"), go on from those ("took"), and share.

        "share" shows the words of the message to the instructor, and "unshare" takes them back. Where nothing is kept,
        the page sends nothing and nothing is taken.
        """
        if not self._keeps:
            return None
        answer = None
        text, other = text_in(message, "text"), message.get("other")
        if do == "look":
            answer = self._look(message.get("seen"))
        elif do == "took":
            answer = self._take(message.get("seen"))
        elif do == "unshare" and self._shares:
            answer = self._unshare()
        elif text is not None and isinstance(other, bool):
            if do == "write":
                answer = self._write(text, message.get("seen"), other=other)
            elif do == "share" and self._shares:
                answer = self._share(text, other=other)
        if answer is not None:
            self.view = self._view()
        return answer

    def _write(self, text: str, seen: object, *, other: bool) -> Answer:
        """Keep the words.

        A page that lost its kernel goes on with a new one, which has read what another page may have written since. So
        the first words that this kernel hears are based on the count that the page has `seen`.
        """
        based_on = seen if type(seen) is int and self._changed is not None and not self._written else self._changed
        self._text, self._other = text, other
        kept = {"text": text, "other": other}
        try:
            self._changed = self._record.put(REFLECTIONS, self._name, kept, based_on=based_on)
        except Newer as newer:
            told = {"trouble": newer.sentence(self._words)}
            return Answer({**told, **self._told(_text_in(newer.value, newer.changed))})
        except OSError:
            return Answer({"trouble": self._words["save"]["not_saved"]})
        self._written = True
        return Answer({"saved": True, "seen": self._changed})

    def _look(self, seen: object) -> Answer:
        """Say which words are there now, where another page has changed them since this one has `seen` them."""
        try:
            kept = self._record.kept(REFLECTIONS, self._name)
        except (OSError, Damaged):
            return Answer()
        found = _text_in(kept.value, kept.changed) if kept and kept.changed != seen else None
        return Answer(self._told(found))

    def _told(self, newer: Written | None) -> dict[str, Any]:
        self._newer = newer or self._newer
        return {"newer": {"text": newer.text, "other": newer.other, "seen": newer.changed}} if newer else {}

    def _take(self, seen: object) -> Answer:
        """Go on from the newer words: what is written now is based on them."""
        newer = self._newer
        if newer and newer.changed == seen:
            self._text, self._other, self._changed, self._newer = newer.text, newer.other, newer.changed, None
        return Answer()

    def _share(self, text: str, *, other: bool) -> Answer:
        """Show these words to the instructor. The same words again stay as they were shared on their day."""
        if not text.strip():
            return Answer({"trouble": self._words["share"]["empty"]})
        moment = datetime.now(UTC)
        new = Snapshot(text, other, moment)
        try:
            with self._record.changing() as shelf:
                kept = shelf.readable(SHARED, self._name)
                there = read_snapshot(kept.value) if kept else None
                if there is None or (there.text, there.other) != (text, other):
                    if kept and there and there.handed:  # what the instructor may have got stays known
                        shelf.lay_aside(kept)
                    shelf.keep(Thing(SHARED, self._name, new.as_data(), int(moment.timestamp() * 1000)))
        except OSError:
            return Answer({"trouble": self._words["share"]["not_shared"]})
        return Answer({"shared": True})

    def _unshare(self) -> Answer:
        """Take back what is shared: no file that is made from now on has it."""
        try:
            if self._record.get(SHARED, self._name) is not None:
                self._record.put(SHARED, self._name, None)
        except OSError:
            return Answer({"trouble": self._words["share"]["not_taken_back"]})
        return Answer({"shared": False})


def _text_in(value: object, changed: int) -> Written | None:
    """Read words as they were kept, of whatever shape."""
    if not isinstance(value, Mapping) or not isinstance(value.get("text"), str):
        return None
    return Written(value["text"], value.get("other") is True, changed)
