"""Practice questions: one is checked at a time, and each option says why. Trying again never takes points away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from alongside.course import Course
from alongside.marking import Mark, mark
from alongside.question import Kind, Question, question_digest
from alongside.quiz import ask as asked
from alongside.record import PRACTICE, Record
from alongside_widgets.base import (
    Activity,
    Answer,
    View,
    fill,
    number_in_words,
    points_in_words,
    safe_href,
    trouble_in_words,
)
from alongside_widgets.questions import ask, read_answer

__all__ = ["PRACTICE", "Practice", "feedback", "view"]

Words = Mapping[str, Mapping[str, str]]
_EMPTY = {Kind.ORDER: "empty_order", Kind.MATCH: "empty_match", Kind.NUMBER: "empty_number"}


def view(
    questions: Sequence[Question],
    words: Words,
    language: str,
    *,
    best: Mapping[str, float] | None = None,
    changed: Mapping[str, float] | None = None,
    trouble: str = "",
) -> View:
    """Give the questions as they are asked, without key or reasons. `best` holds earlier points by question id.

    `changed` holds those of questions that were changed since.
    """
    said = words["quiz"]
    total = len(questions)
    rows = []
    for number, question in enumerate(questions, start=1):
        row = ask(asked(question), number, total, said)
        if best and question.id in best:
            points = number_in_words(best[question.id])
            row["best"] = fill(said["best"], points=points, most=question.points)
        if changed and question.id in changed:
            points = number_in_words(changed[question.id])
            row["best"] = fill(words["record"]["question_changed"], points=points)
        rows.append(row)
    return {
        "lang": language,
        "words": {**words["save"], **said},
        "questions": rows,
        "trouble": trouble,
    }


def feedback(question: Question, answer: object, best: float, course: Course, said: Mapping[str, str]) -> View:
    """Say how an answer did: points in words, every option with why, and where it comes from."""
    result = mark(question, answer)
    rows = list(_rows(question, answer, result, said))
    source = course.sources.get(question.source)
    how = "full" if result.full else "some" if result.points else "none"
    kept = ""
    if best > result.points:
        kept = fill(said["best_kept"], points=number_in_words(best), most=result.most)
    return {
        "question": question.id,
        "icon": how,
        "points": points_in_words(said, result.points, result.most),
        "how": said[how],
        "kept": kept,
        "rows": rows,
        "source": {"short": source.short, "href": safe_href(source.url)} if source else None,
    }


def _rows(question: Question, answer: Any, result: Mark, said: Mapping[str, str]) -> Iterable[View]:  # noqa: ANN401
    """Give each option's words, what was done with it, and why. `icon` is "yes", "no" or "info"."""
    right_so = {option: fits for option, fits, _ in result.reasons}
    others = {option.id: option.other for option in question.options}
    for place, option in enumerate(question.options, start=1):
        fits = right_so[option.id]
        icon, words = "yes" if fits else "no", option.text
        if question.kind in {Kind.SINGLE, Kind.SEVERAL}:
            chosen = option.id == answer if question.kind is Kind.SINGLE else option.id in answer
            if chosen:
                verdict = said["right_chosen" if option.right else "wrong_chosen"]
            elif option.right:
                single = question.kind is Kind.SINGLE
                icon, verdict = ("info", said["right_answer"]) if single else ("no", said["wrong_left"])
            else:
                single = question.kind is Kind.SINGLE
                icon, verdict = ("info", said["not_chosen"]) if single else ("yes", said["right_left"])
        elif question.kind is Kind.ORDER:
            chosen_place = answer.index(option.id) + 1
            words = f"{place}. {option.text}"
            verdict = said["place_right"] if fits else fill(said["place_wrong"], place=place, chosen=chosen_place)
        elif question.kind is Kind.MATCH:
            right, chosen_pair = others[option.id], answer.get(option.id, said["nothing"])
            words = f"{option.text} → {right}" if fits else option.text
            verdict = said["pair_right"] if fits else fill(said["pair_wrong"], other=right, chosen=chosen_pair)
        else:
            hit = option.low <= answer <= option.high
            if not option.right and not hit:
                continue
            key = "number_right" if option.right and hit else "number_should" if option.right else "number_mistake"
            words, verdict = fill(said[key], words=f"{option.text} {question.unit}".strip()), ""
            icon = "yes" if option.right and hit else "info" if option.right else "no"
        yield {"icon": icon, "words": words, "verdict": verdict, "reason": option.reason}


class Practice(Activity):
    """A list of practice questions with feedback for every option."""

    JS: ClassVar[str] = "practice.js"
    CSS: ClassVar[tuple[str, ...]] = ("base.css", "questions.css")

    def __init__(
        self, questions: Sequence[Question], module: str, course: Course, words: Words, record: Record, language: str
    ) -> None:
        """Open a list of questions. The best points of earlier days are remembered, the answers are not shown."""
        self._questions = {question.id: question for question in questions}
        self._module, self._course, self._words, self._record = module, course, words, record
        self._best: dict[str, float] = {}
        self._changed: dict[str, float] = {}
        for name, question in self._questions.items():
            self._take(name, question, record.get(PRACTICE, f"{module}--{name}"))
        trouble = trouble_in_words(record, words)
        super().__init__(view(questions, words, language, best=self._best, changed=self._changed, trouble=trouble))

    def _take(self, name: str, question: Question, data: object) -> None:
        """Take the best points of earlier days. Those for other words than today's are shown, and not counted."""
        best = data.get("best") if isinstance(data, Mapping) else None
        if isinstance(best, bool) or not isinstance(best, int | float) or best < 0:
            return
        digest = data.get("digest") if isinstance(data, Mapping) else None
        if digest is not None and digest != question_digest(question):
            self._changed[name] = float(best)
        elif best <= question.points:
            self._best[name] = float(best)

    def handle(self, do: str, message: Mapping[str, Any]) -> Answer | None:
        """Check one answer ("check"). Nothing is counted when the answer is empty."""
        name = message.get("question")
        question = self._questions.get(name) if do == "check" and isinstance(name, str) else None
        if question is None:
            return None
        said = self._words["quiz"]
        answer = read_answer(asked(question), message.get("answer"))
        partial = question.kind is Kind.MATCH and isinstance(answer, dict) and len(answer) < len(question.options)
        if answer is None or partial:
            return Answer({"empty": said[_EMPTY.get(question.kind, "empty")], "question": question.id})
        points = mark(question, answer).points
        best = max(points, self._best.get(question.id, 0.0))
        self._best[question.id] = best
        told = feedback(question, answer, best, self._course, said)
        place = f"{self._module}--{question.id}"
        try:
            if self._changed.pop(question.id, None) is not None:
                self._record.set_aside(PRACTICE, place, self._record.get(PRACTICE, place))
            kept = {"format": 1, "best": best, "digest": question_digest(question)}
            self._record.put(PRACTICE, place, kept)
        except OSError:
            told["trouble"] = self._words["save"]["cannot_save"]
        return Answer({"feedback": told})
