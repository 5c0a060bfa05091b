"""The gradebook, written as nbgrader writes it, with nbgrader's own tables: one transaction for each submission."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    SolutionCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
    new_uuid,
)
from sqlalchemy import Connection, bindparam, case, func, insert, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError

from alongside_grading.marking.cohort import saying_so
from alongside_grading.marking.marked import Marked

__all__ = ["Ledger", "NotMarkable", "Penalty", "Recorded", "patient", "while_busy"]

Penalty = Callable[[str, float, float], float | None]
"""Gives the penalty in points, or None, for a learner, their points, and the seconds that they were late."""

_STUDENT, _WORK, _BOOK, _GRADE, _COMMENT = (
    table.__table__ for table in (Student, SubmittedAssignment, SubmittedNotebook, Grade, Comment)
)
_WAIT = "120"  # seconds that one marker waits for another


class NotMarkable(Exception):
    """Why a unit, or one learner's work, cannot be marked, and what to do, in words for an instructor."""


@dataclass
class Recorded:
    """What is recorded of one learner: the moment of their work, in UTC, and points by question, ours and by hand."""

    moment: datetime | None
    ours: dict[str, float | None] = field(default_factory=dict)
    by_hand: dict[str, float] = field(default_factory=dict)


def patient(db_url: str) -> str:
    """Give the address of a gradebook so that whoever writes waits for others, and not for ever.

    SQLite then takes its lock when it begins to write. PostgreSQL would wait for a lock as long as it is held.
    """
    url = make_url(db_url)
    if url.get_backend_name() == "sqlite":
        asked = {"timeout": _WAIT, "isolation_level": "IMMEDIATE", **url.query}
    elif url.get_driver_name().startswith("psycopg"):
        asked = {"options": f"-c lock_timeout={_WAIT}s", **url.query}
    else:
        return db_url
    return url.set(query=asked).render_as_string(hide_password=False)


def while_busy(tell: Callable[[str], None]) -> AbstractContextManager[None]:
    """Tell while something in the gradebook waits for another program."""
    waits = "Another program is writing to the gradebook. Waiting for up to two minutes."
    return saying_so(tell, waits, "The gradebook is free. Going on.")


class Ledger:
    """One unit in an open gradebook. The ids of its cells are looked up once."""

    def __init__(self, gradebook: Gradebook, unit: str, penalty: Penalty) -> None:
        """Find the unit. Raises NotMarkable when the gradebook does not hold it as `alongside release` makes it."""
        self._db = gradebook.db
        self._penalty = penalty
        self.tell: Callable[[str], None] = lambda _: None
        """Is told when something takes long, which is when another program writes to the gradebook."""
        found = self._db.execute(select(Assignment.id, Assignment.duedate).where(Assignment.name == unit)).one_or_none()
        books = list(gradebook.find_assignment(unit).notebooks) if found else []
        if found is None or [book.name for book in books] != [unit]:
            message = f'The gradebook does not hold "{unit}". Run `alongside release {unit}` first.'
            raise NotMarkable(message)
        self._assignment, self._duedate = found
        self._notebook = books[0].id
        cells = self._db.execute(
            select(BaseCell.id, BaseCell.name, BaseCell.type).where(BaseCell.notebook_id == self._notebook)
        ).all()
        graded, answered = {GradeCell.__name__, TaskCell.__name__}, {SolutionCell.__name__, TaskCell.__name__}
        self._graded = {name: key for key, name, kind in cells if kind in graded}
        self._answered = {name: key for key, name, kind in cells if kind in answered}
        code = select(GradeCell.id).where(GradeCell.notebook_id == self._notebook, GradeCell.cell_type == "code")
        self._code = list(self._db.scalars(code))
        self._db.rollback()

    def recorded(self) -> dict[str, datetime | None]:
        """Give each learner whose work is wholly recorded, and the moment of that work, in UTC."""
        unmarked = (
            select(SubmittedNotebook.assignment_id)
            .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
            .where(Grade.cell_id.in_(self._code), Grade.auto_score.is_(None))
        )
        rows = self._db.execute(
            select(SubmittedAssignment.student_id, SubmittedAssignment.timestamp).where(
                SubmittedAssignment.assignment_id == self._assignment, SubmittedAssignment.id.not_in(unmarked)
            )
        ).all()
        self._db.rollback()
        return {row.student_id: row.timestamp for row in rows}

    def marks(self, names: Collection[str]) -> dict[str, Recorded]:
        """Give what is recorded for some questions, by learner. They are left out where work is not wholly marked."""
        asked = (
            select(SubmittedAssignment.student_id, SubmittedAssignment.timestamp, BaseCell.name, Grade.auto_score,
                   Grade.manual_score)
            .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
            .join(BaseCell, BaseCell.id == Grade.cell_id)
            .where(Grade.cell_id.in_([self._graded[name] for name in names]))
            .order_by(SubmittedAssignment.student_id)
        )  # fmt: skip
        whole, found = self.recorded(), dict[str, Recorded]()
        for learner, moment, name, ours, by_hand in self._db.execute(asked).all():
            if learner in whole:
                about = found.setdefault(learner, Recorded(moment))
                about.ours[name] = ours
                if by_hand is not None:
                    about.by_hand[name] = by_hand
        self._db.rollback()
        return found

    def change(
        self, learner: str, known: Recorded, points: Mapping[str, float], before: Callable[[], None] | None
    ) -> tuple[float, float]:
        """Write new points for some questions, all of them or none. Gives the learner's total before and after.

        Marks given by hand stay, and count. A penalty for coming in late is worked out anew. `before` is done when all
        is written and nothing is settled; without it, nothing is kept: it was only to see. Raises NotMarkable when what
        is recorded is no longer what is `known`, and what SQLAlchemy raises when the gradebook cannot be written.
        """
        try:
            with while_busy(self.tell):
                totals = self._change(self._db.connection(), learner, known, points)
            if before:
                before()
                self._db.commit()
            else:
                self._db.rollback()
        except BaseException:
            self._db.rollback()
            raise
        return totals

    def _change(
        self, db: Connection, learner: str, known: Recorded, points: Mapping[str, float]
    ) -> tuple[float, float]:
        db.execute(update(_STUDENT).where(_STUDENT.c.id == learner).values(id=learner))  # others wait, as in `_record`
        work, moment, deadline = self._submission(db, learner, None)
        asked = select(_BOOK.c.id).where(_BOOK.c.assignment_id == work, _BOOK.c.notebook_id == self._notebook)
        book = str(db.scalar(asked))
        total = self._total(book)
        for name, earned in points.items():
            here = (_GRADE.c.cell_id == self._graded[name], _GRADE.c.notebook_id == book)
            still = _GRADE.c.auto_score.is_not_distinct_from(known.ours[name])
            waits = case((_GRADE.c.manual_score.is_(None), False), else_=_GRADE.c.needs_manual_grade)
            done = db.execute(update(_GRADE).where(*here, still).values(auto_score=earned, needs_manual_grade=waits))
            if done.rowcount != 1 or moment != known.moment:
                message = "their work was marked again just now. Run this again"
                raise NotMarkable(message)
        late = self._late(learner, book, moment, deadline)
        db.execute(update(_BOOK).where(_BOOK.c.id == book).values(late_submission_penalty=late))
        return total, self._total(book)

    def _total(self, book: str) -> float:
        """A learner's points, less what was taken off for coming in late."""
        asked = select(SubmittedNotebook.score, SubmittedNotebook.late_submission_penalty)
        score, late = self._db.execute(asked.where(SubmittedNotebook.id == book)).one()
        return max(float(score or 0.0) - float(late or 0.0), 0.0)

    def waiting(self) -> int:
        """Count the answers that wait for a person's mark."""
        counted = select(func.count()).where(Grade.cell_id.in_(self._graded.values()), Grade.needs_manual_grade)
        number = self._db.scalar(counted)
        self._db.rollback()
        return int(number or 0)

    def record(self, learner: str, moment: datetime | None, marked: Marked) -> None:
        """Write one learner's marks, all of them or none. Marks and comments given by hand stay as they are.

        Raises NotMarkable when rows are missing, and what SQLAlchemy raises when the gradebook cannot be written.
        """
        try:
            with while_busy(self.tell):
                try:
                    self._record(learner, moment, marked)
                except IntegrityError:  # another program added the same learner between our asking and our writing
                    self._db.rollback()
                    self._record(learner, moment, marked)
        except BaseException:
            self._db.rollback()
            raise

    def _record(self, learner: str, moment: datetime | None, marked: Marked) -> None:
        db = self._db.connection()
        # Written first, so that whoever else marks this learner waits before either has read anything.
        if not db.execute(update(_STUDENT).where(_STUDENT.c.id == learner).values(id=learner)).rowcount:
            db.execute(insert(_STUDENT).values(id=learner))
        work, moment, deadline = self._submission(db, learner, moment)
        book = db.scalar(select(_BOOK.c.id).where(_BOOK.c.assignment_id == work, _BOOK.c.notebook_id == self._notebook))
        by_hand = self._by_hand(db, book)
        if by_hand.keys() != set(self._graded.values()) or marked.scores.keys() != self._graded.keys():
            message = (
                "the gradebook holds other questions than the unit. Run `alongside release` for it, and mark again"
            )
            raise NotMarkable(message)
        grades = [
            {"at": self._graded[name], "in": book, "auto_score": earned,
             "needs_manual_grade": earned is None or by_hand[self._graded[name]] is not None}
            for name, earned in marked.scores.items()
        ]  # fmt: skip
        comments = [
            {"at": self._answered[name], "in": book, "auto_comment": words} for name, words in marked.comments.items()
        ]
        for table, rows in ((_GRADE, grades), (_COMMENT, comments)):
            if rows:
                here = (table.c.cell_id == bindparam("at"), table.c.notebook_id == bindparam("in"))
                db.execute(update(table).where(*here), rows)
        late = self._late(learner, book, moment, deadline)
        db.execute(update(_BOOK).where(_BOOK.c.id == book).values(late_submission_penalty=late))
        self._db.commit()

    def _submission(
        self, db: Connection, learner: str, moment: datetime | None
    ) -> tuple[str, datetime | None, datetime | None]:
        """The learner's row, made with all that belongs to it where there is none; its moment; and when it was due."""
        row = db.execute(
            select(_WORK.c.id, _WORK.c.timestamp, _WORK.c.extension).where(
                _WORK.c.assignment_id == self._assignment, _WORK.c.student_id == learner
            )
        ).one_or_none()
        if row is None:
            return self._added(db, learner, moment), moment, self._duedate
        if moment is not None:
            db.execute(update(_WORK).where(_WORK.c.id == row.id).values(timestamp=moment))
        due = self._duedate + row.extension if self._duedate and row.extension else self._duedate
        return row.id, moment or row.timestamp, due

    def _added(self, db: Connection, learner: str, moment: datetime | None) -> str:
        values = {"assignment_id": self._assignment, "student_id": learner, "timestamp": moment}
        work, book = new_uuid(), new_uuid()
        db.execute(insert(_WORK).values(id=work, **values))
        db.execute(insert(_BOOK).values(id=book, assignment_id=work, notebook_id=self._notebook))
        for table, cells in ((_GRADE, self._graded), (_COMMENT, self._answered)):
            if cells:
                db.execute(insert(table), [{"cell_id": cell, "notebook_id": book} for cell in cells.values()])
        return str(work)

    def _by_hand(self, db: Connection, book: str) -> dict[str, float | None]:
        """The marks given by hand, by cell. Asked for by both columns of the table's own index: it has no other.

        Whoever gives one now waits until we are done: PostgreSQL locks rows, SQLite has locked all of it before.
        """
        asked = select(_GRADE.c.cell_id, _GRADE.c.manual_score).with_for_update()
        rows = db.execute(asked.where(_GRADE.c.cell_id.in_(self._graded.values()), _GRADE.c.notebook_id == book))
        return {row.cell_id: row.manual_score for row in rows}

    def _late(self, learner: str, book: str, moment: datetime | None, deadline: datetime | None) -> float | None:
        """The penalty, kept between nought and the points, as nbgrader keeps it."""
        if moment is None or deadline is None or moment <= deadline:
            return None
        earned = float(self._db.scalar(select(SubmittedNotebook.score).where(SubmittedNotebook.id == book)) or 0.0)
        penalty = self._penalty(learner, earned, (moment - deadline).total_seconds())
        return None if penalty is None else min(max(penalty, 0), earned)
