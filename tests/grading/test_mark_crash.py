"""`alongside mark` may be killed at any moment, or run twice at once, and the gradebook ends as if it had not been.

Each is shown on SQLite, and on PostgreSQL where `tests/grading/postgres.py` finds one.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from alongside.handin import hand_in
from alongside.quiz_notebook import learner_notebook
from tests.grading.folder import UNIT, CourseFolder
from tests.grading.hand_ins import START, partly, perfect
from tests.grading.postgres import KINDS, Databased, released_on, rows_in, tree

LEARNERS = 12
KILLS = {"sqlite": (50, 30), "postgresql": (10, 6)}
"""How often it is killed, and how many of these at least while marks are being recorded."""

# Loads nbgrader once. For each line that it is given, a child marks, and is killed so many seconds after it began, or
# after it recorded its first marks. A byte tells of each record, so no database is asked before the next run finds it.
_FORKS = """
import json, os, select, signal, sys, time
import filelock, nbformat.v4, nbgrader.exchange.default, sqlalchemy.dialects.sqlite, sqlalchemy.orm
from alongside_grading.handed_in import incoming
from alongside_grading.marking import cohort, ledger, mark_command, marker, preprocess, unit
nbformat.v4.new_notebook()
sqlalchemy.orm.configure_mappers()

def child(root, name, told):
    os.environ["ALONGSIDE_ROOT"] = root
    os.chdir(os.path.join(root, "assessments"))
    said = os.open(os.path.join(root, "said.txt"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(said, 1)
    os.dup2(said, 2)
    real = ledger.Ledger.record
    def record(self, *arguments):
        real(self, *arguments)
        os.write(told, b".")
    ledger.Ledger.record = record
    return mark_command.mark([name])

for line in sys.stdin:
    root, name, since, seconds = json.loads(line)
    hears, told = os.pipe()
    begun = time.perf_counter()
    pid = os.fork()
    if not pid:
        code = 70
        try:
            code = child(root, name, told)
        finally:
            sys.stderr.flush()
            os._exit(code)
    os.close(told)
    moments, killed = [], False
    while True:
        origin = begun if since == "begin" else moments[0] if moments else None
        left = None if killed or seconds is None or origin is None else origin + seconds - time.perf_counter()
        if left is not None and left <= 0:
            os.kill(pid, signal.SIGKILL)
            killed = True
            continue
        if select.select([hears], [], [], left)[0]:
            if not os.read(hears, 1):
                break
            moments.append(time.perf_counter())
    ended = time.perf_counter()
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(hears)
    print(json.dumps([code, len(moments), ended - begun, moments[-1] - moments[0] if moments else 0.0]), flush=True)
"""


@dataclass(frozen=True)
class Ended:
    """How a child ended: by itself or killed, after how many records, and how long it and its recording took."""

    code: int
    records: int
    seconds: float
    recording: float


@dataclass(frozen=True)
class Forks:
    """A process that marks in children of its own, and kills them."""

    process: subprocess.Popen[str]

    def mark(self, course: CourseFolder, since: str = "begin", seconds: float | None = None) -> Ended:
        """Mark in a child, and kill it so many seconds after it began, or after its first `record`."""
        self.process.stdin.write(json.dumps([str(course.root), UNIT, since, seconds]) + "\n")
        self.process.stdin.flush()
        return Ended(*json.loads(self.process.stdout.readline()))


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    """A process that has loaded everything."""
    with subprocess.Popen(
        [sys.executable, "-c", _FORKS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=clean_environ()
    ) as process:
        yield Forks(process)
        process.stdin.close()


def clean_environ(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ALONGSIDE_")}
    return {**kept, **more}


@pytest.fixture(scope="module", params=KINDS)
def waiting(request, tmp_path_factory) -> Iterator[tuple[str, Databased]]:
    """A course with twelve hand-ins to be marked, on each kind of database that is installed here."""
    with released_on(request.param, tmp_path_factory.mktemp("waiting") / "course") as made:
        for number in range(LEARNERS):
            send(made.course, f"learner {number:02}", number)
        yield request.param, made


def send(course: CourseFolder, who: str, minutes: int, *, newer: bool = False) -> None:
    """Put one hand-in where an instructor puts what came in."""
    answers = perfect(course.bank) if newer or minutes % 2 else partly(course.bank)
    book = learner_notebook(course.bank, course.catalog.words["lesson"])
    made = hand_in(book, UNIT, answers, who, START + timedelta(minutes=minutes))
    archive = course.assessments / "downloaded" / UNIT / "archive"
    archive.mkdir(parents=True, exist_ok=True)
    (archive / made.filename).write_bytes(made.data)


def copied(made: Databased, room: Path) -> Databased:
    """A copy to mark. On PostgreSQL it takes the place of the one before."""
    shutil.rmtree(room, ignore_errors=True)
    return made.again(room)


@pytest.mark.timeout(240)
def test_killed_at_random_moments_the_next_run_ends_as_if_nothing_had_been(waiting, forks, tmp_path):
    kind, made = waiting
    kills, inside = KILLS[kind]
    whole = copied(made, tmp_path / "whole")
    undisturbed = pace = forks.mark(whole.course)
    rows, files = rows_in(whole.db_url), tree(whole.course.assessments)
    assert (undisturbed.code, undisturbed.records) == (0, LEARNERS)
    assert len(rows["submitted_assignment"]) == LEARNERS
    dice = random.Random(2026)  # noqa: S311  for spreading, not for secrets
    ends: list[Ended] = []
    while len(ends) < kills or recording(ends) < inside:
        assert len(ends) < 3 * kills, "too few of the kills came while marks were being recorded"
        course = copied(made, tmp_path / "killed")
        if len(ends) % 3:
            end = forks.mark(course.course, "record", dice.uniform(0, pace.recording))
        else:
            end = forks.mark(course.course, "begin", dice.uniform(0, pace.seconds))
        again = forks.mark(course.course)
        said = (course.course.root / "said.txt").read_text(encoding="utf-8")
        assert again.code == 0, said
        assert again.records in {LEARNERS - end.records, LEARNERS - end.records - 1}, (end, said)
        assert rows_in(course.db_url) == rows, end
        assert tree(course.course.assessments) == files, end
        if end.code == -9:
            ends.append(end)
        else:  # it was done before: the computer has less to do than when the time was measured
            pace = end


def recording(ends: list[Ended]) -> int:
    """How many were killed after the first record and before the last."""
    return sum(0 < end.records < LEARNERS for end in ends)


def test_what_a_killed_marker_left_is_cleared_and_older_work_is_put_back(tmp_path):
    """Each kind of thing that may be left, with names of a learner's own beside them that stay."""
    with released_on("sqlite", tmp_path / "course") as made:
        course = made.course
        send(course, "ada", 1)
        assert ours(course).returncode == 0
        submitted, marked = (course.assessments / each / "ada" / UNIT for each in ("submitted", "autograded"))
        (submitted / ".notes.txt.abcdefgh").write_text("a learner's own", encoding="utf-8")
        assert ours(course, "--force").returncode == 0
        before = tree(course.assessments)
        older = submitted.with_name(f".{UNIT}-abcdefg1")
        older.mkdir()
        shutil.copytree(submitted, older / UNIT)
        shutil.rmtree(submitted)
        submitted.with_name(f".{UNIT}-abcdefg2").mkdir()
        (course.assessments / "downloaded" / UNIT / "archive").rename(tmp_path / "archive")
        (course.assessments / "downloaded" / UNIT / ".unpacked-abcdefgh").mkdir()
        (marked / f".{UNIT}.ipynb.abcdefgh").write_text("half", encoding="utf-8")
        done = ours(course)
        assert "listening: 0 marked, 1 marked before." in done.stderr
        (tmp_path / "archive").rename(course.assessments / "downloaded" / UNIT / "archive")
        assert tree(course.assessments) == before
        assert f"autograded/ada/{UNIT}/.notes.txt.abcdefgh" in before


_CALL = "import sys; from alongside_grading.marking.mark_command import mark; sys.exit(mark(sys.argv[1:]))"
# Stops before it writes the last learner's marks, says so, and goes on when it is given a line.
_HALTS = f"""
import sys
from alongside_grading.marking.ledger import Ledger
real = Ledger.record
def record(self, learner, *arguments):
    if learner == "learner-{LEARNERS - 1}":
        print("here", flush=True)
        sys.stdin.readline()
    real(self, learner, *arguments)
Ledger.record = record
{_CALL}
"""


def ours(course: CourseFolder, *options: str) -> subprocess.CompletedProcess[str]:
    """Run our command to its end."""
    return subprocess.run(
        [sys.executable, "-c", _CALL, UNIT, *options],
        cwd=course.assessments,
        env=clean_environ(ALONGSIDE_ROOT=str(course.root)),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@contextmanager
def started(course: CourseFolder, script: str, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Run our command beside this process."""
    with subprocess.Popen(
        [sys.executable, "-c", script, UNIT, *options],
        cwd=course.assessments,
        env=clean_environ(ALONGSIDE_ROOT=str(course.root)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_of_two_markers_one_waits_and_says_so_and_newer_work_is_not_lost(waiting, tmp_path):
    """The first has read a learner's older work, and not yet recorded it, when newer work comes and a second starts."""
    _, made = waiting
    last = LEARNERS - 1
    course = copied(made, tmp_path / "one")
    send(course.course, f"learner {last}", 50, newer=True)
    assert ours(course.course).returncode == 0
    expected, files = rows_in(course.db_url), tree(course.course.assessments)
    course = copied(made, tmp_path / "two")
    with started(course.course, _HALTS) as first:
        assert first.stdout.readline() == "here\n"
        send(course.course, f"learner {last}", 50, newer=True)
        with started(course.course, _CALL) as second:
            waits = second.stderr.readline()
            first.stdin.write("\n")
            first.stdin.flush()
            said = first.communicate(timeout=60)[1]
            goes_on = second.communicate(timeout=60)[1].splitlines()
    assert waits == "Another `alongside mark` is at work in this course. Waiting until it is done.\n"
    assert "listening: 12 marked." in said
    assert goes_on[0] == "The other `alongside mark` is done. Going on."
    assert "listening: 1 marked, 11 marked before." in goes_on[-1]
    assert rows_in(course.db_url) == expected
    assert tree(course.course.assessments) == files


def test_two_markers_that_start_at_once_give_the_gradebook_of_one(waiting, forks, tmp_path):
    _, made = waiting
    course = copied(made, tmp_path / "one")
    assert forks.mark(course.course).code == 0
    expected, files = rows_in(course.db_url), tree(course.course.assessments)
    course = copied(made, tmp_path / "two")
    with started(course.course, _CALL, "--force") as first, started(course.course, _CALL, "--force") as second:
        said = [first.communicate(timeout=60)[1], second.communicate(timeout=60)[1]]
    assert (first.returncode, second.returncode) == (0, 0), said
    assert all("listening: 12 marked." in each for each in said)
    assert rows_in(course.db_url) == expected
    assert tree(course.course.assessments) == files


def test_while_another_program_writes_to_the_gradebook_it_says_that_it_waits(waiting, tmp_path):
    from sqlalchemy import create_engine, text

    kind, made = waiting
    course = copied(made, tmp_path / "held")
    engine = create_engine(course.db_url)
    with engine.connect() as other:
        other.execute(text("BEGIN IMMEDIATE" if kind == "sqlite" else "LOCK TABLE student IN EXCLUSIVE MODE"))
        with started(course.course, _CALL) as process:
            assert process.stderr.readline().startswith("Another program is writing to the gradebook. Waiting")
            other.rollback()
            said = process.communicate(timeout=60)[1].splitlines()
    engine.dispose()
    assert said[0] == "The gradebook is free. Going on."
    assert "listening: 12 marked." in said[-1]
    assert process.returncode == 0


_BARE = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"filelock", "nbconvert", "nbformat", "nbgrader", "sqlalchemy", "tqdm"}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Missing())
import importlib.util
real = importlib.util.find_spec
importlib.util.find_spec = lambda name: None if name == "nbgrader" else real(name)
from alongside_grading.marking.mark_command import mark
sys.exit(mark(["listening"]))
"""


def test_where_nothing_for_marking_is_installed_it_says_so_and_loads_none_of_it(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", _BARE], cwd=tmp_path, env=clean_environ(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == 'Marking needs nbgrader. Install it with: pip install "alongside-course[grade]"\n'
