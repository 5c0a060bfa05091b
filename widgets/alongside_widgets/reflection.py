"""A place to write for oneself. The words are kept where only the learner reads them, or not kept at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from alongside.record import REFLECTIONS, Damaged, Newer, Place, Record
from alongside.reflection import Reflection
from alongside_widgets.base import Activity, Answer, View, text_in, trouble_in_words

__all__ = ["REFLECTIONS", "Writing", "view"]

Words = Mapping[str, Mapping[str, str]]
_WHO_READS = {
    Place.OWN: "who_reads_own",
    Place.ACCOUNT: "who_reads_account",
    Place.CODE: "who_reads_code",
    Place.VISIT: "who_reads_visit",
    Place.OPEN: "who_reads_open",
}


def view(
    reflection: Reflection,
    words: Words,
    language: str,
    *,
    place: Place,
    text: str = "",
    other: bool = False,
    changed: int = 0,
    trouble: str = "",
) -> View:
    """Give a prompt with what was written before. In an open `place` the words stay in the page."""
    said = words["reflection"]
    return {
        "lang": language,
        "words": {**words["save"], **said},
        "title": reflection.title,
        "prompt": list(reflection.prompt),
        "guide": list(reflection.guide),
        "other": list(reflection.other),
        "about_other": other,
        "text": text,
        "keeps": place is not Place.OPEN,
        "who_reads": said[_WHO_READS[place]],
        "trouble": trouble,
        "filename": f"{reflection.id}.txt",
        "changed": changed,
    }


class Writing(Activity):
    """A reflection: a prompt, a guide and a place to write."""

    JS: ClassVar[str] = "reflection.js"
    CSS: ClassVar[tuple[str, ...]] = ("base.css", "writing.css")

    def __init__(self, reflection: Reflection, module: str, words: Words, record: Record, language: str) -> None:
        """Open a prompt with what was written before, where that is kept."""
        self._reflection, self._words, self._record, self._language = reflection, words, record, language
        self._name = f"{module}--{reflection.id}"
        self._keeps = record.space.keeps_reflections
        self._text, self._other = "", False
        self._changed: int | None = None
        self._written = False  # by this page, since this kernel opened
        self._trouble = trouble_in_words(record, words) if self._keeps else ""
        if self._keeps and not self._trouble:
            self._open()
        super().__init__(self._view())

    def _open(self) -> None:
        """Take what was written before, and how often it was changed: what is written now is based on that."""
        try:
            kept = self._record.kept(REFLECTIONS, self._name)
        except Damaged as damaged:
            self._trouble = damaged.sentence(self._words)
            return
        except OSError:
            self._trouble = self._words["save"]["cannot_save"]
            return
        self._changed = kept.changed if kept else 0
        value = kept.value if kept else None
        if isinstance(value, Mapping) and isinstance(value.get("text"), str):
            self._text, self._other = value["text"], value.get("other") is True

    def _view(self) -> View:
        return view(
            self._reflection, self._words, self._language,
            place=self._record.space.place, text=self._text, other=self._other, changed=self._changed or 0,
            trouble=self._trouble,
        )  # fmt: skip

    def handle(self, do: str, message: Mapping[str, Any]) -> Answer | None:
        """Keep the words ("write"). Where nothing is kept, the page sends nothing and nothing is taken.

        A page that lost its kernel goes on with a new one, which has read what another page may have written since. So
        the first words that this kernel hears are based on the count that the page has `seen`.
        """
        text, other = text_in(message, "text"), message.get("other")
        if do != "write" or not self._keeps or text is None or not isinstance(other, bool):
            return None
        seen = message.get("seen")
        based_on = seen if type(seen) is int and self._changed is not None and not self._written else self._changed
        self._text, self._other = text, other
        answer = self._put(based_on)
        self.view = self._view()
        return answer

    def _put(self, based_on: int | None) -> Answer:
        kept = {"text": self._text, "other": self._other}
        try:
            self._changed = self._record.put(REFLECTIONS, self._name, kept, based_on=based_on)
        except Newer as newer:
            return Answer({"trouble": newer.sentence(self._words)})
        except OSError:
            return Answer({"trouble": self._words["save"]["not_saved"]})
        self._written = True
        return Answer({"saved": True, "seen": self._changed})
