"""The marks of a cohort as plain rows, read from nbgrader's gradebook and never written to it; and cells that are safe.

A spreadsheet takes a cell that begins with `=` and its like for a formula. `guard` puts an apostrophe before such text,
and `plain` takes it away again, so that every name comes back as it was.
"""

from __future__ import annotations

import csv
import io
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from alongside_grading.wording import number

__all__ = [
    "Cohort", "Learner", "NotExported", "QuestionMark", "UnitMark", "as_csv", "cohort_rows", "guard",
    "open_gradebook", "plain", "read_cohort", "read_questions",
]  # fmt: skip

_TRIGGERS = frozenset("=+-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}＠")
_BREAKS = frozenset("\t\r\n\0")
_COLUMNS = (
    "learner", "last_name", "first_name", "email", "unit", "score", "max_score", "late_penalty", "timestamp",
    "needs_manual_grade",
)  # fmt: skip


class NotExported(Exception):
    """Why no file was written, and what to do, in words for an instructor."""


@dataclass(frozen=True)
class Learner:
    """Who a learner is to nbgrader. `lms` is their number in the learning platform, where the instructor gave it."""

    id: str
    first: str = ""
    last: str = ""
    email: str = ""
    lms: str = ""


@dataclass(frozen=True)
class UnitMark:
    """One learner's work on one unit. `score` has the late penalty taken off and is never below 0.

    `waiting` says that an answer still waits for a mark by hand. Times are in UTC, without saying so.
    """

    score: float
    penalty: float = 0.0
    timestamp: datetime | None = None
    due: datetime | None = None
    waiting: bool = False


@dataclass(frozen=True)
class Cohort:
    """Every learner, the points that each unit has, and the work that there is by learner and unit."""

    most: Mapping[str, float]
    learners: tuple[Learner, ...]
    marks: Mapping[tuple[str, str], UnitMark]

    def given(self, learner: str, unit: str, *, unfinished: bool) -> float | None:
        """The score to hand on, or None: there is no work, or, unless `unfinished`, some of it waits for a mark."""
        mark = self.marks.get((learner, unit))
        return None if mark is None or (mark.waiting and not unfinished) else mark.score


@dataclass(frozen=True)
class QuestionMark:
    """One learner's points for one question. `by_hand` says that a person set them."""

    score: float
    most: float
    waiting: bool = False
    by_hand: bool = False
    comment: str = field(default="", repr=False)


def guard(text: str) -> str:
    """Give text that no spreadsheet takes for a formula: with an apostrophe before it where one could."""
    return f"'{text}" if _like_a_formula(text) else text


def plain(cell: str) -> str:
    """Take away the apostrophe that `guard` put there, and no other."""
    return cell[1:] if cell.startswith("'") and _like_a_formula(cell) else cell


def _like_a_formula(text: str) -> bool:
    """Whether the first character that shows is one that begins a formula, or a tab or line break stands before it.

    An apostrophe is passed over, so that text with one more of them is judged alike: that is what `plain` rests on.
    """
    for char in text:
        if char in _TRIGGERS or char in _BREAKS:
            return True
        if char != "'" and not char.isspace() and unicodedata.category(char) not in {"Cf", "Cc"}:
            return False
    return False


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Write rows as CSV in UTF-8, with the mark at the start by which Excel knows it."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8-sig", "replace")


def cohort_rows(cohort: Cohort, *, unfinished: bool) -> list[list[str]]:
    """Give a heading and one row for each learner and unit. Missing work has no score, which is not a score of 0."""
    rows = [list(_COLUMNS)]
    for unit, most in cohort.most.items():
        for learner in cohort.learners:
            mark = cohort.marks.get((learner.id, unit))
            score = cohort.given(learner.id, unit, unfinished=unfinished)
            who = (learner.id, learner.last, learner.first, learner.email, unit)
            rows.append([
                *map(guard, who),
                "" if score is None else number(score),
                number(most),
                number(mark.penalty) if mark else "",
                f"{mark.timestamp:%Y-%m-%dT%H:%M:%SZ}" if mark and mark.timestamp else "",
                ("yes" if mark.waiting else "no") if mark else "",
            ])  # fmt: skip
    return rows


@contextmanager
def open_gradebook(address: str) -> Iterator[Any]:
    """Open nbgrader's gradebook for reading alone, and give a session. Raises NotExported when there is none.

    nbgrader's own way of opening it makes tables and a course where there are none.
    """
    from sqlalchemy import create_engine, make_url  # noqa: PLC0415  it comes with nbgrader
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415
    from sqlalchemy.orm import Session  # noqa: PLC0415

    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        path = Path(url.database or "")
        if not path.is_file():
            message = f"There is no gradebook at {path} yet. Mark what was handed in first."
            raise NotExported(message)
        only_read = f"file:{quote(str(path))}?mode=ro"
        engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(only_read, uri=True))
    else:
        engine = create_engine(url).execution_options(postgresql_readonly=True)
    try:
        with Session(engine) as session:
            yield session
    except SQLAlchemyError as error:
        message = "The gradebook could not be read. See that it is nbgrader's, and that nothing else holds it just now."
        raise NotExported(message) from error
    finally:
        engine.dispose()


def read_cohort(session: Any, units: Sequence[str] = ()) -> Cohort:  # noqa: ANN401  sqlalchemy may not be there
    """Read all learners and their scores in some units, or in all. Raises NotExported for a unit that is not there.

    A handful of queries whatever the number of learners: nbgrader's own count again for every row.
    """
    from nbgrader.api import Assignment, Grade, Student, SubmittedAssignment, SubmittedNotebook  # noqa: PLC0415
    from sqlalchemy import Integer, cast, func, select  # noqa: PLC0415

    found = session.execute(select(Assignment.id, Assignment.name, Assignment.max_score, Assignment.duedate))
    known = {row.name: row for row in sorted(found, key=lambda row: str(row.name))}
    for unit in units:
        if unit not in known:
            there = f"There are: {', '.join(known)}." if known else "There is none yet."
            message = f'There is no graded quiz called "{unit}" in the gradebook. {there}'
            raise NotExported(message)
    wanted = {known[unit].id: unit for unit in (dict.fromkeys(units) or known)}
    learners = session.execute(
        select(Student.id, Student.first_name, Student.last_name, Student.email, Student.lms_user_id)
    )
    work, notebook = SubmittedAssignment, SubmittedNotebook
    of_work = (work.assignment_id, work.student_id)
    points = session.execute(
        select(*of_work, func.sum(Grade.score), func.max(cast(Grade.needs_manual_grade, Integer)))
        .join(notebook, notebook.assignment_id == work.id)
        .join(Grade, Grade.notebook_id == notebook.id)
        .group_by(*of_work)
    )
    scores = {(unit, who): (score or 0.0, bool(waiting)) for unit, who, score, waiting in points}
    late = session.execute(
        select(*of_work, func.sum(notebook.late_submission_penalty))
        .join(notebook, notebook.assignment_id == work.id)
        .group_by(*of_work)
    )
    penalties = {(unit, who): penalty or 0.0 for unit, who, penalty in late}
    marks = {}
    for unit, who, timestamp, extension in session.execute(select(*of_work, work.timestamp, work.extension)):
        if unit in wanted and (unit, who) in scores:
            (score, waiting), penalty = scores[unit, who], penalties.get((unit, who), 0.0)
            due = known[wanted[unit]].duedate
            due = due + extension if due and extension else due
            marks[who, wanted[unit]] = UnitMark(max(score - penalty, 0.0), penalty, timestamp, due, waiting)
    return Cohort(
        {unit: float(known[unit].max_score or 0.0) for unit in wanted.values()},
        tuple(sorted((Learner(*(part or "" for part in row)) for row in learners), key=lambda each: each.id)),
        marks,
    )


def read_questions(session: Any, unit: str) -> dict[str, dict[str, QuestionMark]]:  # noqa: ANN401
    """Read the points and comments of one unit, by learner and question."""
    from nbgrader.api import (  # noqa: PLC0415
        Assignment,
        BaseCell,
        Comment,
        Grade,
        GradeCell,
        Notebook,
        SubmittedAssignment,
        SubmittedNotebook,
    )
    from sqlalchemy import select  # noqa: PLC0415

    def of_unit(query: Any, row: Any) -> Any:  # noqa: ANN401
        return (
            query.join(SubmittedNotebook, SubmittedNotebook.id == row.notebook_id)
            .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .join(BaseCell, BaseCell.id == row.cell_id)
            .where(Assignment.name == unit)
        )

    cells = (
        select(GradeCell.name, GradeCell.max_score)
        .join(Notebook, Notebook.id == GradeCell.notebook_id)
        .join(Assignment, Assignment.id == Notebook.assignment_id)
        .where(Assignment.name == unit)
    )
    most = {name: float(points) for name, points in session.execute(cells)}
    who = (SubmittedAssignment.student_id, BaseCell.name)
    said = select(*who, Comment.manual_comment).select_from(Comment).where(Comment.manual_comment.is_not(None))
    comments = {(learner, name): text for learner, name, text in session.execute(of_unit(said, Comment))}
    given = select(*who, Grade.score, Grade.needs_manual_grade, Grade.manual_score, Grade.extra_credit)
    found: dict[str, dict[str, QuestionMark]] = {}
    for learner, name, score, waiting, manual, extra in session.execute(of_unit(given.select_from(Grade), Grade)):
        by_hand = manual is not None or bool(extra)
        comment = comments.get((learner, name), "")
        mark = QuestionMark(float(score or 0.0), most.get(name, 0.0), bool(waiting), by_hand, comment)
        found.setdefault(learner, {})[name] = mark
    return found
