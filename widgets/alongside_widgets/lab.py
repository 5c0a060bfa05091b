"""The practice lab: a line to answer, what the coach hears in the answer, and what one's replies did over time.

What is typed is listened to and forgotten. Only counts are kept, and a part that the learner chose to keep because they
hear it another way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from alongside.catalog import Catalog
from alongside.disputes import Dispute, dispute_in_words, read_disputes, voice
from alongside.prompts import Prompt, Prompts
from alongside.record import DISPUTES, TRIES, Record
from alongside.tries import Try, data_of, found_in, is_token, read_tries
from alongside_widgets.base import Activity, Answer, View, fill, text_in, trouble_in_words
from alongside_widgets.coaching import coached_view
from alongside_widgets.counts import counts_view
from alongside_widgets.dated import today
from alongside_widgets.disputing import dispute, dispute_view, keep_dispute
from alongside_widgets.telling import told

if TYPE_CHECKING:
    from alongside.coding.listening import Listened

__all__ = ["Lab", "view"]

Words = Mapping[str, Mapping[str, str]]
_FILE = "heard-another-way.txt"
_COUNTED = frozenset({"careful", "unsure", "heard"})  # what could hurt, and what is no reply, does not count


def view(prompts: Prompts, words: Words, language: str, counts: View, disputes: View, *, trouble: str = "") -> View:
    """Give the skills with their lines, and what is counted so far."""
    return {
        "lang": language,
        "words": {**words["save"], **words["lab"]},
        "coach": dict(words["coach"]),
        "dispute": disputes,
        "skills": [
            {
                "id": skill.id,
                "name": skill.name,
                "means": skill.means,
                "prompts": [prompt.id for prompt in prompts.under(skill.id)],
            }
            for skill in prompts.skills.values()
        ],
        "prompts": {prompt.id: _prompt(prompt) for prompt in prompts.prompts.values()},
        "counts": counts,
        "trouble": trouble,
    }


def _prompt(prompt: Prompt) -> View:
    return {
        "title": prompt.title,
        "context": list(prompt.context),
        "person": prompt.person,
        "words": prompt.words,
        "ways": list(prompt.ways),
    }


class Lab(Activity):
    """Lines to answer, one at a time, with what the coach hears. There are no points."""

    JS: ClassVar[str] = "lab.js"
    CSS: ClassVar[tuple[str, ...]] = ("base.css", "coach.css", "dispute.css", "lab.css")

    def __init__(self, prompts: Prompts, catalog: Catalog, record: Record) -> None:
        """Open the lines, and what was counted before where that is kept."""
        self._prompts, self._catalog, self._words, self._record = prompts, catalog, catalog.words, record
        self._unkept: dict[str, Try] = {}  # tries that are not in the record, for as long as this page is open
        super().__init__(self._view())

    def _view(self) -> View:
        words = self._words
        disputes = {**dispute_view(self._record, words), "count": len(self._record.names(DISPUTES))}
        trouble = trouble_in_words(self._record, words) if self._record.keeps(TRIES) else ""
        return view(self._prompts, words, self._catalog.language, self._counts(), disputes, trouble=trouble)

    def _counts(self, note: str = "") -> View:
        try:
            tries: Sequence[Try] = (*read_tries(self._record), *self._unkept.values())
        except OSError:
            tries = tuple(self._unkept.values())
        said = self._words["lab"]
        notes = [said["counts_how" if self._record.keeps(TRIES) else "counts_open_site"], note]
        return counts_view(tries, self._words, notes)

    def handle(self, do: str, message: Mapping[str, Any]) -> Answer | None:
        """Listen to a reply ("hear"); keep what is heard another way ("dispute"), tell of it, delete it, write it."""
        if do == "look":
            self.view = self._view()
            return Answer()
        if do in {"hear", "dispute"}:
            name, text = message.get("prompt"), text_in(message, "text")
            prompt = self._prompts.prompts.get(name) if isinstance(name, str) else None
            if prompt is None or text is None:
                return None
            return self._hear_reply(prompt, text, message) if do == "hear" else self._dispute(prompt, text, message)
        if do == "forget":
            return self._forget(message.get("name"))
        return self._told(do) if do in {"disputes", "file"} else None

    def _listen(self, prompt: Prompt, text: str) -> Listened | None:
        """Listen to a reply. None where the weights cannot be read."""
        from alongside.coding.listening import listen  # noqa: PLC0415  pages must not load the coder before it is used
        from alongside.coding.model import NoModel  # noqa: PLC0415  as above

        try:
            return listen(text, prompt.words)
        except NoModel:
            return None

    def _hear_reply(self, prompt: Prompt, text: str, message: Mapping[str, Any]) -> Answer | None:
        """Say what the coach hears, and count it under the name that the page gives this try."""
        from alongside.coding.coach import coach  # noqa: PLC0415  as above

        name = message.get("try")
        if not isinstance(name, str) or not is_token(name):
            return None
        words, heard = self._words, self._listen(prompt, text)
        if heard is None:
            return Answer({"trouble": words["lab"]["no_coach"]})
        coached = coach(heard, prompt.person, words["coach"])
        note = self._count(name, found_in(heard)) if coached.kind in _COUNTED else ""
        options = [{"name": deed, "label": words["coach"][f"deed_{deed}"]} for deed in coached.options]
        shown = {**coached_view(coached, text), "options": options}
        return Answer({"heard": shown, "counts": self._counts(note)})

    def _count(self, name: str, counts: Mapping[str, int]) -> str:
        """Keep the counts of a try. Gives a sentence where they could not be kept, and last as long as the page."""
        day: date = today()
        self._unkept.pop(name, None)
        if self._record.keeps(TRIES):
            try:
                self._record.put(TRIES, name, data_of(day, counts))
            except OSError:
                self._unkept[name] = Try(day, counts)
                return self._words["lab"]["counts_unsaved"]
        else:
            self._unkept[name] = Try(day, counts)
        return ""

    def _dispute(self, prompt: Prompt, text: str, message: Mapping[str, Any]) -> Answer | None:
        heard = self._listen(prompt, text)
        if heard is None:
            return Answer({"trouble": self._words["lab"]["no_coach"]})
        found = dispute(heard, prompt.words, message.get("start"), message.get("means"))
        if found is None:
            return None
        answer = keep_dispute(found, self._record, self._words)
        return Answer({**answer.data, "count": len(self._record.names(DISPUTES))})

    def _forget(self, name: object) -> Answer | None:
        if not isinstance(name, str) or name not in self._record.names(DISPUTES):
            return None
        try:
            self._record.drop(DISPUTES, name)
        except OSError as error:
            return Answer({"trouble": told(error, self._words, self._words["dispute"]["not_kept"])})
        return self._told("disputes")

    def _told(self, do: str) -> Answer:
        """Give all that was heard another way, to read or as a file."""
        try:
            found = read_disputes(self._record)
        except OSError as error:
            return Answer({"trouble": told(error, self._words)})
        if do == "file":
            text = voice(each for _, each in found)
            return Answer({"file": {"name": _FILE, "text": text}})
        return Answer({"disputes": list(_rows(found, self._words))})


def _rows(found: Iterable[tuple[str, Dispute]], words: Words) -> Iterable[View]:
    for name, each in found:
        delete = fill(words["lab"]["trainers_delete_name"], words=each.clause)
        yield {"name": name, "lines": list(dispute_in_words(each, words)), "delete": delete}
