"""The graded quiz: every change is kept at once, nothing tells what is right, and the learner hands in a file.

`view` holds what does not change while the page is open; `now` holds the answers and how far one has come.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import traitlets

from alongside.due import answers_digest
from alongside.handin import HandIn, TooMuch, hand_in, listed_as
from alongside.marking import answered
from alongside.prose import day_in_words
from alongside.quiz import OpenQuestion, Quiz
from alongside.record import GRADED, HANDED, SHARED, Damaged, GradedAnswers, Newer, Record, Thing
from alongside.reflection import Reflection
from alongside.responses import Shown
from alongside.sharing import chosen
from alongside.store import unwritable
from alongside_widgets.base import (
    Activity,
    Answer,
    View,
    fill,
    number_in_words,
    points_in_words,
    text_in,
    trouble_in_words,
)
from alongside_widgets.questions import ask, in_words, read_answer

__all__ = ["GradedQuiz", "listing", "now", "view"]

Words = Mapping[str, Mapping[str, str]]
_LONGEST_NAME = 200


def view(quiz: Quiz, words: Words, *, trouble: str = "") -> View:
    """Give the questions as they are asked. A `Quiz` holds no key, so there is none to leave out."""
    said = words["graded"]
    total = len(quiz.questions)
    rows = []
    for number, question in enumerate(quiz.questions, start=1):
        row = ask(question, number, total, words["quiz"])
        row["worth"] = points_in_words(said, question.points, question.points)
        if question.kind == "written":
            row["how"], row["criteria"] = said["written"], list(question.criteria)
        rows.append(row)
    return {
        "lang": quiz.language,
        "words": {**words["quiz"], **words["save"], **said},
        "hand": dict(words["handin"]),
        "title": quiz.title,
        "facts": [fill(said["minutes"], minutes=quiz.minutes)] if quiz.minutes else [],
        "questions": rows,
        "trouble": trouble,
    }


def now(quiz: Quiz, answers: Mapping[str, Any], words: Words) -> View:
    """Give the answers so far, as they fill the fields, and how many there are in words."""
    shown = {}
    for question in quiz.questions:
        value = answers.get(question.id)
        if answered(question.kind, value):
            shown[question.id] = number_in_words(value) if isinstance(value, int | float) else value
    total = len(quiz.questions)
    return {"answers": shown, "progress": fill(words["graded"]["progress"], done=len(shown), total=total)}


def listing(quiz: Quiz, answers: Mapping[str, Any], words: Words, shown: Iterable[Shown] = ()) -> View:
    """Say exactly what the file to hand in holds: every question with the answer in words, and what is shared."""
    said = words["handin"]
    rows = []
    for number, question in enumerate(quiz.questions, start=1):
        answer = in_words(question, answers.get(question.id))
        title = fill(words["quiz"]["number"], number=number, total=len(quiz.questions))
        rows.append({"title": f"{title}: {question.title}", "answer": answer, "open": not answer})
    count = sum(bool(row["open"]) for row in rows)
    shared = [
        {
            "title": each.title,
            "day": fill(words["share"]["day"], day=day_in_words(each.shared.astimezone().date(), words)),
            "other": words["share"]["other"] if each.other else "",
            "text": each.text,
        }
        for each in shown
    ]
    return {
        "title": said["list_title"],
        "rows": rows,
        "summary": fill(said["unanswered_count"], count=count) if count else said["all_answered"],
        "unanswered": said["unanswered"],
        "shared": shared,
        "shared_title": said["shared_title"] if shared else "",
        "shared_rest": said["shared_rest" if shared else "shared_none"],
    }


class GradedQuiz(Activity):
    """A graded quiz in a learner's hands."""

    JS: ClassVar[str] = "quiz.js"
    CSS: ClassVar[tuple[str, ...]] = ("base.css", "questions.css", "writing.css", "quiz.css")

    now = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        quiz: Quiz,
        book: dict[str, Any],
        words: Words,
        record: Record,
        *,
        beside: Path | None = None,
        prompts: Mapping[str, Reflection] | None = None,
    ) -> None:
        """Open a quiz. `book` is the learner's notebook, `beside` its folder where that is the learner's own.

        `prompts` are the module's reflections by the names they are kept by: those that are shared go into the file.
        """
        self._quiz, self._book, self._words, self._record = quiz, book, words, record
        self._questions: dict[str, OpenQuestion] = {question.id: question for question in quiz.questions}
        self._prompts = prompts or {}
        self._kept = GradedAnswers(record, quiz.unit, beside)
        self._answers: dict[str, Any] = {}
        self._unsaved: dict[str, Any] = {}  # what was changed here and could not be kept yet
        opened = self._open(beside)
        trouble = trouble_in_words(record, words) or opened
        super().__init__(view(quiz, words, trouble=trouble), now=now(quiz, self._answers, words))

    def _open(self, beside: Path | None) -> str:
        """Take the answers that still fit their questions, and lay the others aside. Says what is wrong.

        Where the record cannot be read, what stands beside the notebook is shown: it can be handed in all the same.
        """
        trouble, kept = "", self._kept.beside().answers
        try:
            self._kept.take_in()
        except OSError:
            trouble = self._words["save"]["cannot_save"]
        try:
            kept = self._kept.read()
        except Damaged as damaged:
            trouble = damaged.sentence(self._words)
        except OSError:
            trouble = self._words["save"]["cannot_save"]
        self._answers = self._fitting(kept)
        if trouble or (beside and unwritable(beside)):
            return trouble or self._words["save"]["cannot_save"]
        return self._lay_aside({name: value for name, value in kept.items() if name not in self._answers})

    def _lay_aside(self, old: Mapping[str, Any]) -> str:
        """Keep the answers whose questions were changed, which the next change takes out. Says which."""
        if not old:
            return ""
        with suppress(OSError):  # nothing else can be kept then either, and that is told at the first change
            self._record.set_aside(GRADED, self._quiz.unit, old)
        titles = [question.title for question in self._quiz.questions if question.id in old]
        return fill(self._words["record"]["answers_changed"], titles=", ".join(titles)) if titles else ""

    def _look(self) -> None:
        """Take over what another page has kept since, so that the file to hand in lacks none of it."""
        with suppress(Newer, Damaged, OSError):  # then what this page has is all there is
            self._answers = _present({**self._fitting(self._kept.read()), **self._unsaved})
            self.now = now(self._quiz, self._answers, self._words)

    def _fitting(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        return {name: kept[name] for name in self._questions if name in kept and self._fits(name, kept[name])}

    def _fits(self, name: str, value: Any) -> bool:  # noqa: ANN401  read from a file
        """Whether a kept answer still is one to a question of this quiz, whose words may have changed."""
        question = self._questions.get(name)
        if question is None:
            return False
        if question.kind == "number":  # it is kept as one, where the page sends what was typed
            return answered("number", value)
        return read_answer(question, value) is not None

    def handle(self, do: str, message: Mapping[str, Any]) -> Answer | None:
        """Keep an answer ("answer"), say what the file will hold ("list"), or make it ("hand-in")."""
        if do == "answer":
            return self._keep(message)
        if do == "list":
            self._look()
            shown = chosen(self._prompts, lambda name: self._record.get(SHARED, name)).values()
            return Answer({"listing": listing(self._quiz, self._answers, self._words, [each for each, _ in shown])})
        if do == "hand-in":
            name = text_in(message, "name")
            return None if name is None else self._hand_in(name)
        return None

    def _keep(self, message: Mapping[str, Any]) -> Answer | None:
        name = message.get("question")
        question = self._questions.get(name) if isinstance(name, str) else None
        if question is None or "answer" not in message:
            return None
        value = message["answer"]
        if isinstance(value, str) and question.kind == "written":
            value = text_in(message, "answer")
            if value is None:
                return Answer({"question": question.id, "trouble": self._words["graded"]["too_long"]})
        answer = read_answer(question, value)
        self._unsaved[question.id] = answer
        trouble = self._save()
        if trouble:
            return Answer({"question": question.id, "trouble": trouble})
        self.now = now(self._quiz, self._answers, self._words)
        wrong = question.kind == "number" and answer is None and isinstance(value, str) and bool(value.strip())
        note = self._words["graded"]["number_wrong"] if wrong else ""
        return Answer({"question": question.id, "saved": True, "note": note})

    def _save(self) -> str:
        """Keep what was changed, and take over what another page has kept since. Says why that could not be done."""
        try:
            self._answers = dict(self._kept.change(self._unsaved, self._fits))
        except (Newer, OSError) as error:
            self._answers = _present({**self._answers, **self._unsaved})
            return error.sentence(self._words) if isinstance(error, Newer) else self._words["save"]["not_saved"]
        self._unsaved = {}
        return ""

    def _hand_in(self, name: str) -> Answer:
        said = self._words["handin"]
        if len(name) > _LONGEST_NAME or not name.strip():
            return Answer({"trouble": said["name_trouble"], "field": "name"})
        try:
            listed_as(name)
        except ValueError as error:
            return Answer({"trouble": str(error), "field": "name"})
        left_out = ""
        self._look()
        try:
            try:
                made = self._make(name)
            except OSError:  # it cannot be noted what went into the file, so nothing that is private does
                made = hand_in(self._book, self._quiz.unit, self._answers, name, datetime.now(UTC))
                left_out = said["shared_left_out"] if self._record.names(SHARED) else ""
        except TooMuch:
            return Answer({"trouble": said["too_much"]})
        except (KeyError, TypeError, AttributeError):  # a notebook that was changed by hand
            return Answer({"trouble": said["trouble"]})
        data = {
            "filename": made.filename,
            "saved_as": fill(said["saved_as"], filename=made.filename),
            "listed": fill(said["listed"], name=made.listed_as),
            "left_out": left_out,
        }
        return Answer({"file": data}, (made.data,))

    def _make(self, name: str) -> HandIn:
        """Make the file, and note when it was made and what the learner showed in it. Raises OSError if it cannot."""
        moment = datetime.now(UTC)
        saved = int(moment.timestamp() * 1000)
        with self._record.changing() as shelf:
            shown = chosen(self._prompts, lambda name: (kept := shelf.readable(SHARED, name)) and kept.value)
            parts = [each for each, _ in shown.values()]
            made = hand_in(self._book, self._quiz.unit, self._answers, name, moment, parts)
            for place, (_, snapshot) in shown.items():
                shelf.keep(Thing(SHARED, place, snapshot.in_file(moment).as_data(), saved))
            about = {"at": saved, "digest": answers_digest(self._answers)}
            shelf.keep(Thing(HANDED, self._quiz.unit, about, saved))
        return made


def _present(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out the answers that were taken back."""
    return {name: answer for name, answer in answers.items() if answer is not None}
