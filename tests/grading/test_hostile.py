"""A class of which most attack: nothing that was handed in runs or gets out, and everybody's marks are right.

All of it is marked in one batch, by nbgrader's own command with our set-up, and by `alongside mark`.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from alongside.handin import from_cell, hand_in
from alongside.quiz_notebook import ANSWER_HERE, learner_notebook
from alongside_grading.handed_in.collect import tidy, tidy_all
from tests.grading.folder import UNIT, WRITTEN, CourseFolder, Run, autograded, make_course
from tests.grading.hand_ins import START, partly, perfect
from tests.grading.hostile import BOOK, FULL, NONE, PART, Bench, Case, Marks, cases, lay, sent

QUESTIONS = ("naming-a-feeling", "what-shows-listening", "in-order", "what-kind", "how-long")
HONEST = {f"honest-{number:02}": (FULL, PART, NONE)[number % 3] for number in range(20)}
# Where marking may write. Everything else in the course, and all around it, has to stay as it was.
WRITES = ("autograded", "submitted", "downloaded", "gradebook.db", ".nbgrader.log")


@dataclass(frozen=True)
class Batch:
    """A course in which everything was handed in and marked."""

    course: CourseFolder
    bench: Bench
    laid: dict[str, Case]
    sent: dict[str, tuple[bytes, Marks]]
    out: str
    before: dict[str, str]
    visited: bool


def around(course: CourseFolder) -> dict[str, str]:
    """Every file of the course and beside it that marking has no business with, by what is in it."""
    found = {}
    for path in sorted(course.root.parent.rglob("*")):
        inside = path.relative_to(course.assessments).parts if path.is_relative_to(course.assessments) else ()
        if path.is_file() and not (inside and inside[0].startswith(WRITES)) and "__pycache__" not in path.parts:
            found[str(path.relative_to(course.root.parent))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def nbgrader(course: CourseFolder) -> Run:
    """Collect and mark as nbgrader does."""
    collect = course.run("nbgrader", "zip_collect", UNIT)
    marks = course.run("nbgrader", "autograde", UNIT)
    return Run(collect.code or marks.code, collect.out + marks.out)


def alongside(course: CourseFolder) -> Run:
    """Collect and mark as the course does."""
    return course.run("alongside", "mark", UNIT)


WAYS = {"nbgrader": nbgrader, "alongside": alongside}


@pytest.fixture(scope="module", params=WAYS)
def batch(request, tmp_path_factory) -> Batch:
    """Twenty honest learners and all the others, marked together."""
    room = tmp_path_factory.mktemp("hostile")
    course = make_course(room / "course")
    assert course.run("alongside", "release", UNIT).code == 0
    book = learner_notebook(course.bank, course.catalog.words["lesson"])
    right, part = perfect(course.bank), partly(course.bank)
    with socket.create_server(("127.0.0.1", 0)) as canary:
        bench = Bench(book, right, part, room / "trace.txt", canary.getsockname()[1], course.root)
        (room / "secret.json").write_bytes(bench.answers(right))
        archive = course.assessments / "downloaded" / UNIT / "archive"
        archive.mkdir(parents=True)
        for number, (who, marks) in enumerate(HONEST.items()):
            answers = {FULL: right, PART: part, NONE: {}}[marks]
            made = hand_in(book, UNIT, answers, who, START + timedelta(minutes=number))
            (archive / made.filename).write_bytes(made.data)
        files, laid = sent(bench), cases(bench)
        for name, (data, _) in files.items():
            (archive / name).write_bytes(data)
        for name, case in laid.items():
            lay(case, course.assessments / "submitted" / name / UNIT)
        before = around(course)
        run = WAYS[request.param](course)
        canary.settimeout(0)
        try:
            canary.accept()
            visited = True
        except BlockingIOError:
            visited = False
    return Batch(course, bench, laid, files, run.out, before, visited)


@pytest.fixture(scope="module")
def marks(batch) -> dict[str, dict[str, Any]]:
    """What the gradebook has for each learner: the marks, and whether a person has to read the written answer."""
    from nbgrader.api import Gradebook

    found: dict[str, dict[str, Any]] = {}
    with Gradebook(f"sqlite:///{batch.course.assessments / 'gradebook.db'}", "alongside") as gradebook:
        for one in gradebook.assignment_submissions(UNIT):
            (book,) = one.notebooks
            found[one.student_id] = {grade.name: grade.auto_score for grade in book.grades}
    return found


def test_there_are_at_least_sixty_cases(batch):
    assert len(batch.laid) + len(batch.sent) >= 60


def test_a_case_that_runs_is_seen(batch, tmp_path):
    """Otherwise the next test would show nothing."""
    book = json.loads(batch.laid["prints-a-mark"].files[BOOK])
    trace = tmp_path / "trace.txt"
    subprocess.run(
        [sys.executable, "-c", book["cells"][0]["source"].replace(str(batch.bench.trace), str(trace))], check=True
    )
    assert trace.read_text(encoding="utf-8") == "ran"


def test_nothing_that_was_handed_in_ran(batch):
    assert not batch.bench.trace.exists()
    assert not batch.visited


def test_nothing_got_out_of_its_folder(batch):
    assert around(batch.course) == batch.before
    folders = {path.name for path in (batch.course.assessments / "submitted").iterdir()}
    learners = {name.split("--")[1].casefold() for name in batch.sent if "--" in name}
    assert folders <= {*batch.laid, *HONEST, *learners}


@pytest.mark.parametrize("who", HONEST)
def test_an_honest_learners_marks_are_right(marks, who):
    assert tuple(marks[who][question] for question in QUESTIONS) == HONEST[who]


def test_every_case_has_the_marks_that_its_answers_earn(batch, marks):
    wrong = {}
    for name, case in batch.laid.items():
        found = tuple(marks.get(name, {}).get(question) for question in QUESTIONS)
        if found != case.marks:
            wrong[name] = (found, case.marks)
    assert wrong == {}


def test_every_file_that_came_in_is_marked_as_it_earns_or_named(batch, marks):
    wrong = []
    for name, (_, expected) in batch.sent.items():
        learner = name.split("--")[1].casefold() if "--" in name else ""
        if expected is None:
            lines = [row for row in batch.out.splitlines() if name.removesuffix(".zip") in row and "left out" in row]
            told = lines or [row for row in batch.out.splitlines() if row.strip().endswith(".") and name in row]
            if not told or marks.get(learner):
                wrong.append(name)
        elif tuple(marks[learner][question] for question in QUESTIONS) != expected:
            wrong.append(name)
    assert wrong == []


def test_two_people_under_one_name_are_told(batch):
    for learner in ("two-people", "two-cases"):
        assert f"Hand-ins by {learner} came in more than one way." in batch.out


def test_every_marked_notebook_is_ours_with_words_as_text(batch):
    ours = {}
    for path in autograded(batch.course):
        book = json.loads(path.read_bytes())
        for cell in book["cells"]:
            name, source = cell["metadata"].get("nbgrader", {}).get("grade_id"), "".join(cell["source"])
            if name in {WRITTEN, "second-try"}:
                assert source == ANSWER_HERE or from_cell(source) is not None, path
            elif name:
                assert ours.setdefault(name, source) == source, path
            else:
                assert cell["id"].startswith("answer-"), path
                assert "<script" not in source, path
            assert "attachments" not in cell, path
            for output in cell.get("outputs", ()):
                assert set(output["data"]) == {"text/plain"}, path
    assert len(ours) > len(QUESTIONS)


def test_nothing_lies_beside_a_marked_notebook_that_could_be_imported_or_leads_elsewhere(batch):
    for path in (batch.course.assessments / "autograded").rglob("*"):
        assert not path.is_symlink(), path
        assert path.is_dir() or path.is_file(), path
        assert path.suffix not in {".py", ".pth", ".html"}, path
    secret = (batch.bench.root.parent / "secret.json").read_bytes()
    for name in ("answers-link-to-a-secret", "more-links"):
        folder = batch.course.assessments / "autograded" / name / UNIT
        assert all(path.read_bytes() != secret for path in folder.rglob("*") if path.is_file())


def test_no_learners_words_are_told(batch):
    for word in ("hacked", "DROP TABLE", "\x1b", "evil"):
        assert word not in batch.out


def test_formgraders_list_opens_with_all_of_them_in_it(batch, marks):
    """Among them are moments at the end of the calendar, which have to be shown in the reader's own time."""
    from nbgrader.apps.api import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    config = Config()
    config.CourseDirectory.root, config.CourseDirectory.course_id = str(batch.course.assessments), "alongside"
    config.NbGraderAPI.timezone = "America/New_York"
    listed = NbGraderAPI(CourseDirectory(config=config), config=config).get_submissions(UNIT)
    assert {row["student"] for row in listed} >= marks.keys()


def test_links_and_pipes_are_taken_out_of_a_hand_in_and_what_they_lead_to_stays(tmp_path, caplog):
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    folder = tmp_path / "submitted" / "eve" / UNIT
    (folder / "data").mkdir(parents=True)
    for name in (BOOK, "data/x.csv"):
        (folder / name).symlink_to(tmp_path / "secret")
    (folder / "up").symlink_to(tmp_path)
    os.mkfifo(folder / "responses.json")
    (folder / "notes.txt").write_text("kept", encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        tidy_all(assignment=UNIT, student="*", notebooks=[str(folder / BOOK)])
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*")) == ["data", BOOK, "notes.txt"]
    assert (folder / BOOK).read_text(encoding="utf-8") == "{}"
    assert (tmp_path / "secret").read_text(encoding="utf-8") == "secret"


def test_everyone_with_marks_has_a_marked_notebook_and_nobody_else(batch, marks):
    folders = {path.parent.parent.name for path in autograded(batch.course)}
    assert folders == marks.keys()


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        (b"2026-11-21 10:15:00", True),
        (b"1905-11-21 10:15:00 UTC", True),
        (b"", True),
        (b"0001-01-01 00:00:00", False),
        (b"half past ten", False),
        (b"\xe9", False),
        (b"\0" * 9, False),
        (b"9" * 4000, False),
        (b"2026-11-21 10:15:00 +99999999", False),
    ],
)
def test_a_clock_stays_where_it_tells_a_moment(tmp_path, text, stays):
    (tmp_path / "timestamp.txt").write_bytes(text)
    tidy(tmp_path)
    assert (tmp_path / "timestamp.txt").exists() is stays
