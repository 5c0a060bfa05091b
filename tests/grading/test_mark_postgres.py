"""On each database that is here `alongside mark` writes what nbgrader writes there, and what it writes on SQLite.

PostgreSQL is used where its programs (Debian's package `postgresql`) and the driver psycopg are installed. Where they
are not, nothing that needs them is collected.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from tests.grading.folder import UNIT, WRITTEN
from tests.grading.hand_ins import START, hand_ins
from tests.grading.postgres import KINDS, Databased, released_on, rows_in
from tests.grading.test_mark_crash import ours

Rows = dict[str, list[tuple[Any, ...]]]
LEARNERS = {"perfect", "blank", "zoë-ñandú", "torn", "odd", "hostile", "twice"}
NOT_HERE = ("missing", "oversized", "foreign", "no-notebook", "torn-notebook")  # `test_nbgrader.py` has them all


def give_by_hand(db_url: str) -> None:
    """A mark, a comment, and a day by which to hand in."""
    from nbgrader.api import Gradebook

    with Gradebook(db_url, "alongside") as gradebook:
        for question, points in {WRITTEN: 4.5, "how-long": 0.5}.items():
            grade = gradebook.find_grade(question, UNIT, UNIT, "perfect")
            grade.manual_score, grade.needs_manual_grade = points, False
        gradebook.find_comment(WRITTEN, UNIT, UNIT, "perfect").manual_comment = "Well heard."
        gradebook.find_assignment(UNIT).duedate = (START + timedelta(minutes=30)).replace(tzinfo=None)
        gradebook.db.commit()


def twice(made: Databased, command: Any) -> tuple[Rows, Rows]:
    """Mark, then mark by hand, then mark again."""
    said = command(made)
    assert said.returncode == 0, said.stderr
    first = rows_in(made.db_url)
    give_by_hand(made.db_url)
    said = command(made, "--force")
    assert said.returncode == 0, said.stderr
    return first, rows_in(made.db_url)


@dataclass(frozen=True)
class _Run:
    returncode: int
    stderr: str


def stock(made: Databased, *options: str) -> _Run:
    """nbgrader's own two commands."""
    collected = made.course.run("nbgrader", "zip_collect", UNIT, "--force")
    run = made.course.run("nbgrader", "autograde", UNIT, *options)
    return _Run(collected.code or run.code, collected.out + run.out)


@pytest.fixture(scope="module")
def marked(tmp_path_factory) -> dict[str, tuple[Rows, Rows]]:
    """The same cohort marked by us on each kind of database, and by nbgrader on the last of them."""
    room = tmp_path_factory.mktemp("marked")
    found = {}
    for kind in KINDS:
        with released_on(kind, room / kind) as made:
            archive = made.course.assessments / "downloaded" / UNIT / "archive"
            archive.mkdir(parents=True)
            for name, data in hand_ins(made.course, room / "trace").items():
                if not any(f"--{who}--" in name for who in NOT_HERE):
                    (archive / name).write_bytes(data)
            config = made.course.assessments / "nbgrader_config.py"
            late = "get_config().LateSubmissionPlugin.penalty_method = 'zero'  # noqa: F821\n"
            config.write_text(late + config.read_text(encoding="utf-8"), encoding="utf-8")
            found[kind] = twice(made.again(room / f"{kind}-mine"), lambda copy, *options: ours(copy.course, *options))
            if kind == KINDS[-1]:
                found["nbgrader"] = twice(made.again(room / f"{kind}-theirs"), stock)
    assert not (room / "trace").exists()
    return found


@pytest.mark.parametrize("step", [0, 1])
@pytest.mark.parametrize("kind", KINDS)
def test_every_row_is_the_one_that_nbgrader_writes(marked, kind, step):
    theirs, mine = marked["nbgrader"][step], marked[kind][step]
    assert {row[2] for row in mine["submitted_assignment"]} == LEARNERS
    for name in theirs:
        assert mine[name] == theirs[name], name


@pytest.mark.parametrize("kind", KINDS)
def test_marks_by_hand_are_kept_and_lateness_is_counted(marked, kind):
    last = marked[kind][1]
    assert sum(4.5 in row for row in last["grade"]) == 1
    assert sum("Well heard." in row for row in last["comment"]) == 1
    assert [row[0] for row in last["submitted_notebook"] if row[-1]] == ["book in work of twice"]
