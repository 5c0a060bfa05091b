"""What one marks written answers at: questions, answers, what was chosen so far, and the gradebook beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from alongside.catalog import Catalog
from alongside.question import Bank, Kind, Question
from alongside_grading.banks import graded_bank
from alongside_grading.config import course_directory
from alongside_grading.handed_in.given import given_answers
from alongside_grading.marking.ledger import NotMarkable
from alongside_grading.marking.unit import open_gradebook
from alongside_grading.rubrics.rubric import (
    Choice,
    HandMark,
    Move,
    Step,
    codes,
    digest,
    open_criteria,
    points,
    settle,
    shuffled,
    unused,
)
from alongside_grading.rubrics.rubric_book import RubricBook
from alongside_grading.rubrics.rubric_marks import RubricMarks
from alongside_grading.settings import course_settings

__all__ = ["Desk", "Paper", "Rescored", "State", "open_desk"]

_LONGEST_COMMENT = 20_000


@dataclass(frozen=True)
class Paper:
    """One answer to one question: whose it is, what stands in place of the name, and the text."""

    learner: str
    code: str
    text: str


@dataclass(frozen=True)
class State:
    """How far one answer is marked, and what the gradebook has.

    `elsewhere`: somebody changed the points in formgrader. `again`: the answer was handed in again since it was marked.
    `written`: what was chosen last stands in the gradebook, as far as it is complete.
    """

    levels: Mapping[str, int]
    comment: str
    mark: HandMark
    done: bool
    elsewhere: bool = False
    again: bool = False
    written: bool = True


@dataclass(frozen=True)
class Rescored:
    """What came of one look at past marks: a step by question and learner, and levels that no longer count."""

    steps: Mapping[tuple[str, str], Step]
    unused: Mapping[tuple[str, str], int]


class Desk:
    """All written answers of one unit. Learners' names stay in here."""

    def __init__(
        self, bank: Bank, book: RubricBook, marks: RubricMarks, answers: Mapping[str, Mapping[str, object]]
    ) -> None:
        """Lay the answers out. `answers` are by learner and question."""
        self.bank, self.book, self._marks = bank, book, marks
        self.questions = tuple(each for each in bank.questions if each.kind is Kind.WRITTEN)
        self.papers = {each.id: self._papers(each.id, answers) for each in self.questions}

    def _papers(self, question: str, answers: Mapping[str, Mapping[str, object]]) -> tuple[Paper, ...]:
        there = self._marks.read(question)
        named = codes(self.bank.id, question, there)
        texts = {who: answers.get(who, {}).get(question) for who in there}
        return tuple(
            Paper(who, named[who], text.strip() if isinstance(text := texts[who], str) else "")
            for who in shuffled(self.bank.id, question, there)
        )

    def states(self, question: Question) -> list[State]:
        """Give the state of each paper of a question, in their order. Raises OSError, ValueError."""
        kept, marks = self.book.read().choices.get(question.id, {}), self._marks.read(question.id)
        return [
            _state(question, kept.get(paper.learner, Choice()), marks.get(paper.learner, HandMark()), paper)
            for paper in self.papers[question.id]
        ]

    def state(self, question: Question, paper: Paper) -> State:
        """Look at one answer. Raises OSError, ValueError, and what SQLAlchemy raises."""
        return _state(question, self._choice(question, paper), self._mark(question, paper), paper)

    def choose(
        self, question: Question, paper: Paper, levels: Mapping[str, int], comment: str, seen: State, *, over: bool
    ) -> State:
        """Keep levels and a comment, and write them to the gradebook as soon as every criterion has its level.

        `seen` is the state that was shown. What somebody gave in formgrader since stays, unless `over` says otherwise.
        Raises OSError, ValueError, and what SQLAlchemy raises; what was kept before is then still there.
        """
        comment = comment[:_LONGEST_COMMENT]
        old, mark = self._choice(question, paper), self._mark(question, paper)
        # Levels for criteria that are no more are kept: a rubric may be changed back.
        gone = {} if seen.again else {name: level for name, level in old.levels.items() if name not in _names(question)}
        new = Choice({**gone, **levels}, comment, digest(paper.text), old.gave)
        now = points(question.rubric, levels)
        expected = mark if over else replace(seen.mark, points=_expected(old, mark, question))
        changed = now is not None and (now != mark.points or mark.waiting)
        if not changed and comment == mark.comment:
            self.book.put(question.id, paper.learner, replace(new, gave=mark.points if now is not None else old.gave))
            return self.state(question, paper)
        self.book.put(question.id, paper.learner, replace(new, pending=True))
        written = self._marks.give(question.id, paper.learner, expected, now if changed else None, comment)
        gave = old.gave if not written or now is None else float(now)
        self.book.put(question.id, paper.learner, replace(new, gave=gave))
        return replace(self.state(question, paper), written=written)

    def rescore(self, *, write: bool) -> Rescored:
        """Look at all past marks by the rubric as it is now, and with `write` bring the gradebook in line with it.

        Raises OSError, ValueError, and what SQLAlchemy raises. What is done by then is kept.
        """
        steps: dict[tuple[str, str], Step] = {}
        left: dict[tuple[str, str], int] = {}
        kept = self.book.read().choices
        for question in self.questions:
            choices, marks = kept.get(question.id, {}), self._marks.read(question.id)
            texts = {paper.learner: paper.text for paper in self.papers[question.id]}
            left |= {(question.id, name): count for name, count in unused(question.rubric, choices.values()).items()}
            for learner in sorted(choices.keys() & marks.keys() & texts.keys()):
                choice, mark = choices[learner], marks[learner]
                step = settle(question.rubric, choice, mark, digest(texts[learner]))
                if write and not self._take(question.id, learner, choice, mark, step):
                    step = replace(step, move=Move.ELSEWHERE, after=step.before)
                steps[question.id, learner] = step
        return Rescored(steps, left)

    def resume(self) -> None:
        """Finish what a crash left half done, and take back the wait where an unchanged answer was marked again."""
        kept = self.book.read().choices
        for question in self.questions:
            choices, marks = kept.get(question.id, {}), self._marks.read(question.id)
            for paper in self.papers[question.id]:
                choice, mark = choices.get(paper.learner), marks.get(paper.learner)
                if choice is None or mark is None or not (choice.pending or mark.waiting):
                    continue
                step = settle(question.rubric, choice, mark, digest(paper.text))
                if step.move in {Move.GIVE, Move.SAME} and (choice.pending or step.after == choice.gave):
                    self._take(question.id, paper.learner, choice, mark, step)

    def _take(self, question: str, learner: str, choice: Choice, mark: HandMark, step: Step) -> bool:
        if step.move is Move.WAIT:
            return self._marks.wait(question, learner, mark)
        if step.move is Move.SAME and choice.pending:
            self.book.put(question, learner, replace(choice, gave=step.after, pending=False))
        if step.move is Move.GIVE:
            comment = choice.comment if choice.pending else mark.comment
            self.book.put(question, learner, replace(choice, comment=comment, pending=True))
            written = self._marks.give(question, learner, mark, step.after, comment)
            gave = step.after if written else choice.gave
            self.book.put(question, learner, replace(choice, comment=comment, gave=gave, pending=False))
            return written
        return True

    def _choice(self, question: Question, paper: Paper) -> Choice:
        return self.book.read().choices.get(question.id, {}).get(paper.learner, Choice())

    def _mark(self, question: Question, paper: Paper) -> HandMark:
        return self._marks.read(question.id, paper.learner).get(paper.learner, HandMark())


def _names(question: Question) -> set[str]:
    return {each.name for each in question.rubric}


def _expected(choice: Choice, mark: HandMark, question: Question) -> float | None:
    """The points that the gradebook has if nobody but this page gave any."""
    now = points(question.rubric, choice.levels)
    return mark.points if choice.pending and mark.points == now else choice.gave


def _state(question: Question, choice: Choice, mark: HandMark, paper: Paper) -> State:
    again = bool(choice.answer) and choice.answer != digest(paper.text)
    levels = {} if again else choice.levels
    elsewhere = mark.points != _expected(choice, mark, question)
    missing = open_criteria(question.rubric, levels)
    done = mark.points is not None and not mark.waiting and (elsewhere or not missing)
    comment = choice.comment if choice.pending and not elsewhere else mark.comment
    return State(levels, comment, mark, done, elsewhere, again)


@contextmanager
def open_desk(catalog: Catalog, unit: str) -> Iterator[tuple[Desk, str]]:
    """Open the written answers of one unit, and give a sentence when the file of choices could not be read.

    Raises NotMarkable, with what to do, TooNew, OSError, and what SQLAlchemy raises.
    """
    bank = _bank(catalog, unit)

    folder = course_directory(catalog.root / "assessments")
    coursedir = course_settings(folder)
    with open_gradebook(coursedir) as gradebook:
        marks = RubricMarks(gradebook, unit)
        _refuse_other_points(bank, marks.most())
        book = RubricBook(Path(coursedir.root), unit)
        note = book.set_aside()
        learners = sorted({who for each in bank.questions if each.kind is Kind.WRITTEN for who in marks.read(each.id)})
        yield Desk(bank, book, marks, {who: given_answers(coursedir, bank, who) for who in learners}), note


def _bank(catalog: Catalog, unit: str) -> Bank:
    bank, why = graded_bank(catalog, unit)
    if bank is None:
        raise NotMarkable(why)
    if not any(each.kind is Kind.WRITTEN for each in bank.questions):
        message = f'"{unit}" has no written question, so there is nothing to mark by hand.'
        raise NotMarkable(message)
    return bank


def _refuse_other_points(bank: Bank, most: Mapping[str, float]) -> None:
    """Points by the rubric would be out of another number than the gradebook says."""
    if not most:
        message = f'The gradebook does not hold "{bank.id}". Run `alongside release {bank.id}` first.'
        raise NotMarkable(message)
    other = [each.id for each in bank.questions if each.kind is Kind.WRITTEN and most.get(each.id) != each.points]
    if other:
        message = (
            f"The rubric has other points than the gradebook: {', '.join(other)}. Run `alongside release {bank.id}`, "
            "which leaves the marks as they are, and then this again."
        )
        raise NotMarkable(message)
