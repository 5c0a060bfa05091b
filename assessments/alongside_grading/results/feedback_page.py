"""What goes back to a learner: one page with every question, what they chose, why, their points and comments.

Pure: a bank, answers and points become a `Page`, and a page becomes HTML or plain text. The learner's own words and the
instructor's are text and nothing else. The HTML has no script and names no other host, and says so to the browser.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from alongside.marking import answered
from alongside.question import Bank, Criterion, Kind, Option, Question
from alongside_grading.marking.answers import Words, judged, regrade_note
from alongside_grading.marking.regrade import Decision, Decisions
from alongside_grading.results.grades import QuestionMark, UnitMark
from alongside_grading.results.templates import template
from alongside_grading.rubrics.rubric import Choice, fitting, points
from alongside_grading.wording import number, plain_text, quoted

__all__ = ["Page", "Part", "as_html", "as_text", "feedback_page"]


@dataclass(frozen=True)
class Part:
    """One question of a page. `chosen` is in the course's words, `own` in the learner's; `points` is None if waiting.

    `reasons` are triples: an option's words, what was right or not about it, and why. `levels` are those of the rubric
    that were chosen, by criterion; none where the points were given without them.
    """

    id: str
    title: str
    stem: tuple[str, ...]
    points: float | None
    most: float
    chosen: tuple[str, ...] = ()
    in_order: bool = False
    own: str = ""
    reasons: tuple[tuple[str, str, str], ...] = ()
    rubric: tuple[Criterion, ...] = ()
    by_hand: bool = False
    comment: str = ""
    regraded: str = ""
    levels: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """All that one learner is told about one unit. Times are in UTC."""

    language: str
    learner: str
    title: str
    mark: UnitMark
    most: float
    parts: tuple[Part, ...]

    @property
    def late(self) -> bool:
        """Whether the work came in after it was due."""
        return bool(self.mark.timestamp and self.mark.due and self.mark.timestamp > self.mark.due)


def feedback_page(
    bank: Bank,
    learner: str,
    unit: UnitMark,
    marks: Mapping[str, QuestionMark],
    answers: Mapping[str, object],
    words: Words,
    *,
    decisions: Decisions | None = None,
    choices: Mapping[str, Choice] | None = None,
) -> Page:
    """Put together what one learner is told. Questions without points in the gradebook are left out.

    `answers` are by question id, as `responses.json` or the marked notebook has them; `words` is the course's;
    `decisions` are about questions that turned out to be faulty; `choices` are the levels chosen for written answers.
    """
    decided, chosen = decisions or {}, choices or {}
    parts = tuple(
        replace(
            _part(question, marks[question.id], answers.get(question.id), words, decided.get(question.id)),
            levels=_levels(question, marks[question.id], chosen.get(question.id)),
        )
        for question in bank.questions
        if question.id in marks
    )
    return Page(bank.language, plain_text(learner), bank.title, unit, sum(part.most for part in parts), parts)


def _part(
    question: Question, given: QuestionMark, answer: object, words: Words, decision: Decision | None = None
) -> Part:
    usable: Any = answer if answered(question.kind.value, answer) else None
    written = question.kind is Kind.WRITTEN
    reasons = tuple(
        (_words_of(question, option), said, option.reason) for option, said in judged(question, usable, words, decision)
    )
    return Part(
        question.id,
        question.title,
        question.stem,
        None if given.waiting else given.score,
        given.most,
        () if usable is None or written else tuple(_chosen(question, usable, words["quiz"]["nothing"])),
        question.kind is Kind.ORDER,
        plain_text(usable).strip() if written and usable is not None else "",
        reasons,
        question.rubric,
        given.by_hand and not written and not given.waiting,
        plain_text(given.comment).strip(),
        regrade_note(decision, words) if decision and not given.by_hand else "",
    )


def _levels(question: Question, given: QuestionMark, choice: Choice | None) -> Mapping[str, int]:
    """The chosen levels, where they are what the points come from. Points that somebody typed since stand alone."""
    if choice is None or given.waiting or points(question.rubric, choice.levels) != given.score:
        return {}
    return fitting(question.rubric, choice.levels)


def _words_of(question: Question, option: Option) -> str:
    if question.kind is Kind.NUMBER:
        return ""
    return f"{option.text} → {option.other}" if question.kind is Kind.MATCH else option.text


def _chosen(question: Question, answer: Any, nothing: str) -> Iterator[str]:  # noqa: ANN401  its shape was checked
    """What was chosen, in the course's words alone: what names none of its options is left out."""
    named = {option.id: option.text for option in question.options}
    if question.kind is Kind.NUMBER:
        yield f"{answer:g} {question.unit}".strip()
    elif question.kind is Kind.MATCH:
        known = {option.other for option in question.options}
        for option in question.options:
            given = answer.get(option.id)
            yield f"{option.text} → {given if given in known else nothing}"
    elif question.kind is Kind.SINGLE:
        yield from (named[each] for each in (answer,) if each in named)
    else:
        yield from (named[each] for each in answer if each in named)


def as_html(page: Page, words: Words) -> str:
    """Write a page as HTML that stands alone. Everything that is put into it is escaped."""
    return str(template("feedback.html.j2").render(page=page, say=_Say(words)))


def as_text(page: Page, words: Words) -> str:
    """Write a page as plain text, for a mail, a braille display, or a printer."""
    return "\n".join(_rows(page, _Say(words))) + "\n"


def _rows(page: Page, say: _Say) -> Iterator[str]:
    title = say.word("title", title=page.title)
    yield from (title, "=" * len(title), f"{say.word('to')} {' '.join(page.learner.split())}", *say.about(page), "")
    for place, part in enumerate(page.parts, 1):
        heading = f"{place}. {part.title}"
        yield from ("", heading, "-" * len(heading), say.part_points(part))
        if part.by_hand:
            yield say.word("by_hand")
        if part.regraded:
            yield plain_text(part.regraded)
        yield from ("", *part.stem)
        yield from ("", f"{say.word('you_answered')}:", *_answer(part, say))
        if part.reasons:
            yield from ("", f"{say.word('why')}:")
            yield from (f"  * {' '.join(filter(None, each))}" for each in part.reasons)
        if part.rubric:
            yield from ("", f"{say.word('rubric')}:")
            for criterion in part.rubric:
                yield f"  {criterion.name}"
                for level, text in enumerate(criterion.levels):
                    mark = "*" if part.levels.get(criterion.name) == level else " "
                    chosen = f" ({say.word('chosen_level')})" if mark == "*" else ""
                    yield f"  {mark} {say.level(level, text)}{chosen}"
        if part.comment:
            yield from ("", f"{say.word('comment')}:", *quoted(part.comment))


def _answer(part: Part, say: _Say) -> Sequence[str]:
    if part.own:
        return quoted(part.own)
    if part.in_order:
        return [f"  {place}. {text}" for place, text in enumerate(part.chosen, 1)] or [f"  {say.word('no_answer')}"]
    return [f"  * {text}" for text in part.chosen] or [f"  {say.word('no_answer')}"]


class _Say:
    """The course's words, filled in."""

    def __init__(self, words: Words) -> None:
        self._words = words["feedback"]
        self._quiz = words["quiz"]
        self._fact = words["fact"]

    def word(self, name: str, **filled: object) -> str:
        return self._words[name].format(**filled)

    def points(self, name: str, points: float, most: float = 0) -> str:
        one = (most or points) == 1
        return self.word(f"{name}_one" if one else name, points=number(points), most=number(most))

    def number(self, points: float) -> str:
        return number(points)

    def part_points(self, part: Part) -> str:
        return (
            self.word("not_yet").capitalize() if part.points is None else self.points("points", part.points, part.most)
        )

    def level(self, points: int, text: str) -> str:
        return self.word("level_one" if points == 1 else "level", points=points, words=text)

    def about(self, page: Page) -> list[str]:
        """When the work came in, and what it earned: one sentence each."""
        mark = page.mark
        total = self._quiz["points_one" if page.most == 1 else "points"]
        rows = [self._moment("handed_in", mark.timestamp)] if mark.timestamp else []
        if page.late and mark.due:
            rows.append(self._moment("late", mark.due))
        if mark.penalty:
            rows.append(self.points("penalty", mark.penalty))
        rows.append(total.format(points=number(mark.score), most=number(page.most)))
        return [*rows, self.word("not_final")] if mark.waiting else rows

    def _moment(self, name: str, moment: datetime) -> str:
        month = self._fact["months"].split()[moment.month - 1]
        day = self._fact["day"].format(month=month, day=moment.day, year=moment.year)
        return self.word(name, day=day, time=f"{moment:%H:%M}")
