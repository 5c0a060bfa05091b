"""The graded quiz: every change is kept at once, nothing tells what is right, and the learner hands in a file.

`view` holds what does not change while the page is open; `now` holds the answers and how far one has come.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import traitlets

from alongside.handin import hand_in
from alongside.marking import answered
from alongside.quiz import OpenQuestion, Quiz
from alongside.record import GRADED, Record
from alongside.responses import read_responses, write_responses
from alongside.store import unwritable
from alongside_widgets.base import Activity, Answer, View, fill, number_in_words, points_in_words, text_in
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


def listing(quiz: Quiz, answers: Mapping[str, Any], words: Words) -> View:
    """Say exactly what the file to hand in holds: every question, with the answer in words or that there is none."""
    said = words["handin"]
    rows = []
    for number, question in enumerate(quiz.questions, start=1):
        answer = in_words(question, answers.get(question.id))
        title = fill(words["quiz"]["number"], number=number, total=len(quiz.questions))
        rows.append({"title": f"{title}: {question.title}", "answer": answer, "open": not answer})
    count = sum(bool(row["open"]) for row in rows)
    summary = fill(said["unanswered_count"], count=count) if count else said["all_answered"]
    return {"title": said["list_title"], "rows": rows, "summary": summary, "unanswered": said["unanswered"]}


class GradedQuiz(Activity):
    """A graded quiz in a learner's hands."""

    JS: ClassVar[str] = "quiz.js"
    CSS: ClassVar[tuple[str, ...]] = ("base.css", "questions.css", "writing.css", "quiz.css")

    now = traitlets.Dict().tag(sync=True)

    def __init__(self, quiz: Quiz, book: dict[str, Any], path: Path, words: Words, record: Record) -> None:
        """Open a quiz. `book` is the learner's notebook, `path` the file that answers are kept in.

        Answers that no longer fit their questions are laid aside in `record`.
        """
        self._quiz, self._book, self._path, self._words = quiz, book, path, words
        self._questions: dict[str, OpenQuestion] = {question.id: question for question in quiz.questions}
        self._answers: dict[str, Any] = self._kept()
        trouble = words["save"]["cannot_save"] if unwritable(path.parent) else self._lay_aside(record)
        super().__init__(view(quiz, words, trouble=trouble), now=now(quiz, self._answers, words))

    def _kept(self) -> dict[str, Any]:
        """Give the answers that stand in the file and still fit their questions."""
        kept = read_responses(self._path, self._quiz.unit).answers
        return {name: kept[name] for name in self._questions if name in kept and self._fits(name, kept[name])}

    def _lay_aside(self, record: Record) -> str:
        """Keep the answers whose questions were changed, which the next change takes out of the file. Says which."""
        kept = read_responses(self._path, self._quiz.unit).answers
        old = {name: value for name, value in kept.items() if name not in self._answers}
        if not old:
            return ""
        with suppress(OSError):  # nothing else can be kept then either, and that is told at the first change
            record.set_aside(GRADED, self._quiz.unit, old)
        titles = [question.title for question in self._quiz.questions if question.id in old]
        return fill(self._words["record"]["answers_changed"], titles=", ".join(titles)) if titles else ""

    def _fits(self, name: str, value: Any) -> bool:  # noqa: ANN401  read from a file
        """Whether a kept answer still is one to this question, whose words may have changed."""
        question = self._questions[name]
        typed = number_in_words(value) if question.kind == "number" and answered("number", value) else value
        return read_answer(question, typed) is not None

    def handle(self, do: str, message: Mapping[str, Any]) -> Answer | None:
        """Keep an answer ("answer"), say what the file will hold ("list"), or make it ("hand-in")."""
        if do == "answer":
            return self._keep(message)
        if do == "list":
            return Answer({"listing": listing(self._quiz, self._answers, self._words)})
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
        self._answers.update(self._kept())  # another open page may have saved something since
        if answer is None:
            self._answers.pop(question.id, None)
        else:
            self._answers[question.id] = answer
        try:
            write_responses(self._path, self._quiz.unit, self._answers)
        except OSError:
            return Answer({"question": question.id, "trouble": self._words["save"]["not_saved"]})
        self.now = now(self._quiz, self._answers, self._words)
        wrong = question.kind == "number" and answer is None and isinstance(value, str) and bool(value.strip())
        note = self._words["graded"]["number_wrong"] if wrong else ""
        return Answer({"question": question.id, "saved": True, "note": note})

    def _hand_in(self, name: str) -> Answer:
        said = self._words["handin"]
        if len(name) > _LONGEST_NAME or not name.strip():
            return Answer({"trouble": said["name_trouble"], "field": "name"})
        try:
            made = hand_in(self._book, self._quiz.unit, self._answers, name, datetime.now(UTC))
        except ValueError as error:
            return Answer({"trouble": str(error), "field": "name"})
        except (KeyError, TypeError, AttributeError):  # a notebook that was changed by hand
            return Answer({"trouble": said["trouble"]})
        data = {
            "filename": made.filename,
            "saved_as": fill(said["saved_as"], filename=made.filename),
            "listed": fill(said["listed"], name=made.listed_as),
        }
        return Answer({"file": data}, (made.data,))
