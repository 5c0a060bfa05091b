"""Points and comments given by hand, in nbgrader's gradebook and through its own tables: formgrader shows the same.

Each is written in one transaction, and only over what was there when it was last looked at. So what somebody gives in
formgrader at the same time is never lost.
"""

from __future__ import annotations

from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    Notebook,
    SolutionCell,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import Select, and_, func, select, update
from sqlalchemy.orm import aliased

from alongside_grading.rubrics.rubric import HandMark

__all__ = ["RubricMarks"]

_SAID = aliased(SolutionCell)


class RubricMarks:
    """The marks by hand of one unit in an open gradebook."""

    def __init__(self, gradebook: Gradebook, unit: str) -> None:
        """Take an open gradebook; nothing is held in it between two calls."""
        self._db = gradebook.db
        self._unit = unit

    def most(self) -> dict[str, float]:
        """Give the points that the gradebook has for each written question."""
        rows = self._db.execute(
            select(GradeCell.name, GradeCell.max_score)
            .join(Notebook, Notebook.id == GradeCell.notebook_id)
            .join(Assignment, Assignment.id == Notebook.assignment_id)
            .where(Assignment.name == self._unit, GradeCell.cell_type == "markdown")
        ).all()
        self._db.rollback()
        return {row.name: float(row.max_score) for row in rows}

    def read(self, question: str, learner: str = "") -> dict[str, HandMark]:
        """Give the marks of one question by learner, or of one learner. Who answered nothing is left out.

        To them nbgrader gave nothing by itself, and it asks nobody.
        """
        asked = self._asked(question, learner, SubmittedAssignment.student_id, *_COLUMNS)
        rows = self._db.execute(asked).all()
        self._db.rollback()
        return {
            row.student_id: HandMark(row.manual_score, row.manual_comment or "", bool(row.needs_manual_grade))
            for row in rows
            if row.auto_score is None or row.manual_score is not None
        }

    def give(self, question: str, learner: str, seen: HandMark, points: float | None, comment: str) -> bool:
        """Write points, unless they are None, and a comment; both or neither. Gives False when others stand there now.

        `seen` is what was there when it was looked at. Raises what SQLAlchemy raises.
        """
        values: dict[str, Any] = {"manual_score": points, "needs_manual_grade": False}
        return self._write(question, learner, seen, values if points is not None else {}, comment)

    def wait(self, question: str, learner: str, seen: HandMark) -> bool:
        """Let an answer wait for a person again; its points stay until then. Gives False as `give` does."""
        return self._write(question, learner, seen, {"needs_manual_grade": True}, seen.comment)

    def _write(self, question: str, learner: str, seen: HandMark, values: dict[str, Any], comment: str) -> bool:
        try:
            row = self._db.execute(self._asked(question, learner, Grade.id, Comment.id)).one_or_none()
            self._db.rollback()
            written = row is not None
            # What was there is part of the condition, so that looking and writing are one step.
            if row and values:
                same = Grade.manual_score.is_not_distinct_from(seen.points)
                written = self._one(update(Grade).where(Grade.id == row[0], same).values(**values))
            if row and written and comment != seen.comment:
                same = func.coalesce(Comment.manual_comment, "") == seen.comment
                said = comment or None
                written = self._one(update(Comment).where(Comment.id == row[1], same).values(manual_comment=said))
            if written:
                self._db.commit()
        except BaseException:
            self._db.rollback()
            raise
        if not written:
            self._db.rollback()
        return written

    def _one(self, statement: Any) -> bool:  # noqa: ANN401
        done = self._db.execute(statement.execution_options(synchronize_session=False))
        return bool(done.rowcount == 1)

    def _asked(self, question: str, learner: str, *columns: Any) -> Select[Any]:
        asked = (
            select(*columns)
            .select_from(Grade)
            .join(BaseCell, BaseCell.id == Grade.cell_id)
            .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
            .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            # nbgrader keeps a written answer as two cells of one name: one has the points, the other the comment.
            .join(_SAID, and_(_SAID.name == BaseCell.name, _SAID.notebook_id == BaseCell.notebook_id))
            .join(Comment, and_(Comment.cell_id == _SAID.id, Comment.notebook_id == Grade.notebook_id))
            .where(Assignment.name == self._unit, BaseCell.name == question)
        )
        return asked.where(SubmittedAssignment.student_id == learner) if learner else asked


_COLUMNS = (Grade.auto_score, Grade.manual_score, Grade.needs_manual_grade, Comment.manual_comment)
