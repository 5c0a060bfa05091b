"""nbgrader's own exchange works too: what lies in a learner's folder is submitted, collected and marked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from alongside.handin import from_cell
from alongside.question import Kind
from alongside.responses import write_responses
from tests.grading.folder import UNIT, WRITTEN, CourseFolder
from tests.grading.hand_ins import perfect


def test_work_that_is_submitted_through_the_exchange_is_collected_and_marked(
    course: CourseFolder, tmp_path: Path
) -> None:
    """The released notebook is fetched, answers are saved beside it, and every mark and the written text arrive."""
    exchange, learner = tmp_path / "exchange", tmp_path / "learner"
    learner.mkdir()
    exchange.mkdir(mode=0o777)
    exchange.chmod(0o777)
    where = f"--Exchange.root={exchange}"

    def as_learner(*command: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *command, "--course=alongside", where],
            cwd=learner,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def as_instructor(*command: str) -> None:
        run = course.run(*command)
        assert run.code == 0, run.out

    as_instructor("alongside", "release", UNIT)
    as_instructor("nbgrader", "release_assignment", UNIT, where)
    as_learner("fetch_assignment", UNIT)
    own = learner / UNIT
    assert [path.name for path in own.iterdir()] == [f"{UNIT}.ipynb"]
    answers = perfect(course.bank)
    write_responses(own / "responses.json", UNIT, answers)
    as_learner("submit", UNIT)
    as_instructor("nbgrader", "collect", UNIT, where)
    as_instructor("nbgrader", "autograde", UNIT)

    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course.assessments / 'gradebook.db'}") as gradebook:
        found = gradebook.assignment_submissions(UNIT)
        assert len(found) == 1
        most = sum(question.points for question in course.bank.questions if question.kind is not Kind.WRITTEN)
        assert found[0].score == most
        assert found[0].needs_manual_grade
        who = found[0].student.id
    import nbformat

    book = nbformat.read(course.assessments / "autograded" / who / UNIT / f"{UNIT}.ipynb", as_version=4)
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source for cell in book.cells}
    assert from_cell(cells[WRITTEN]) == answers[WRITTEN]
