"""A small course of its own, and one run of nbgrader over hand-ins of every kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from alongside.question import Bank
from tests.grading.folder import UNIT, WRITTEN, CourseFolder, Marked, autograded, make_course
from tests.grading.hand_ins import hand_ins


@pytest.fixture
def course(tmp_path: Path) -> CourseFolder:
    """A course to change."""
    return make_course(tmp_path / "course")


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    """The small bank, with a question of every kind."""
    return make_course(tmp_path_factory.mktemp("bank") / "course").bank


@pytest.fixture(scope="session")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Marked:
    """Release, collect, mark, mark by hand, mark again, and give feedback, once for every test that looks at it."""
    course = make_course(tmp_path_factory.mktemp("marked") / "course")
    trace = course.root / "trace.txt"
    runs = {"release": course.run("alongside", "release", UNIT)}
    archive = course.assessments / "downloaded" / UNIT / "archive"
    archive.mkdir(parents=True)
    for name, data in hand_ins(course, trace).items():
        (archive / name).write_bytes(data)
    runs["collect"] = course.run("nbgrader", "zip_collect", UNIT)
    # What nbgrader's exchange would bring along beside the notebook.
    for name in ("alongside_grading", "alongside", "json", "sitecustomize", "ipython_config"):
        path = course.assessments / "submitted" / "hostile" / UNIT / f"{name}.py"
        path.write_text(f"open({str(trace)!r}, 'a').write({name!r})", encoding="utf-8")
    runs["autograde"] = course.run("nbgrader", "autograde", UNIT)
    by_hand = {WRITTEN: 4.5, "second-try": 2.0}
    before = {}
    if runs["autograde"].code == 0:
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{course.assessments / 'gradebook.db'}") as gradebook:
            for question, points in by_hand.items():
                grade = gradebook.find_grade(question, UNIT, UNIT, "perfect")
                grade.manual_score, grade.needs_manual_grade = points, False
            comment = gradebook.find_comment(WRITTEN, UNIT, UNIT, "perfect")
            comment.manual_comment = "Well heard."
            gradebook.db.commit()
        before = {path.parent.parent.name: path.read_bytes() for path in autograded(course)}
    for who in ("perfect", "hostile"):
        runs[f"again-{who}"] = course.run("nbgrader", "autograde", UNIT, "--force", "--student", who)
    runs["feedback"] = course.run("nbgrader", "generate_feedback", UNIT)
    return Marked(course, trace, runs, by_hand, before)
