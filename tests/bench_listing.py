"""How long formgrader takes to list a large class: as nbgrader makes its gradebook, and with our indexes.

For information; it never fails. Run by `make bench`. `python tests/bench_listing.py --each` also shows what each of the
eleven columns that nbgrader joins by is worth: all but one, in turn.
"""

# ruff: noqa: T201  printing is what it is for

from __future__ import annotations

import os
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, insert, text

from alongside_grading.marking.indexes import INDEXED, index

LEARNERS, CELLS, WRITTEN = 2_000, 16, 2
UNITS = (1, 3)
JOINED = (
    *INDEXED,
    ("base_cell", "notebook_id"),
    ("comment", "cell_id"),
    ("grade", "cell_id"),
    ("notebook", "assignment_id"),
    ("source_cell", "notebook_id"),
    ("submitted_assignment", "assignment_id"),
    ("submitted_notebook", "notebook_id"),
)


def fill(db_url: str, learners: int, units: int) -> None:
    """Make a gradebook in which everyone handed in everything. `alembic` has to be on PATH."""
    from nbgrader.api import Base, Gradebook

    with Gradebook(db_url, "alongside"):
        pass
    tables = Base.metadata.tables
    engine = create_engine(db_url)
    with engine.begin() as connection:

        def put(name: str, rows: list[dict[str, Any]]) -> None:
            connection.execute(insert(tables[name]), rows)

        people = [f"learner-{number:05}" for number in range(learners)]
        put("student", [{"id": who, "first_name": "A", "last_name": "B", "email": ""} for who in people])
        for unit in range(units):
            _fill_unit(put, people, f"unit-{unit}")
    engine.dispose()


def _fill_unit(put: Callable[[str, list[dict[str, Any]]], None], people: list[str], unit: str) -> None:
    assignment, notebook = _id(), _id()
    put("assignment", [{"id": assignment, "name": unit, "course_id": "alongside"}])
    put("notebook", [{"id": notebook, "name": unit, "assignment_id": assignment}])
    names = [f"question-{number}" for number in range(CELLS)]
    cells, texts = [_id() for _ in names], [_id() for _ in names[-WRITTEN:]]
    put("base_cell", [
        *({"id": cell, "name": name, "notebook_id": notebook, "type": "GradeCell"}
          for cell, name in zip(cells, names, strict=True)),
        *({"id": cell, "name": name, "notebook_id": notebook, "type": "SolutionCell"}
          for cell, name in zip(texts, names[-WRITTEN:], strict=True)),
    ])  # fmt: skip
    kinds = ["code"] * (CELLS - WRITTEN) + ["markdown"] * WRITTEN
    put("grade_cells", [
        {"id": cell, "max_score": 2.0, "cell_type": kind} for cell, kind in zip(cells, kinds, strict=True)
    ])  # fmt: skip
    put("solution_cells", [{"id": cell} for cell in texts])
    put("source_cell", [
        {"id": _id(), "name": name, "cell_type": kind, "source": "x", "notebook_id": notebook, "locked": True}
        for name, kind in zip(names, kinds, strict=True)
    ])  # fmt: skip
    moment = datetime(2026, 11, 21, tzinfo=UTC).replace(tzinfo=None)
    whole = [(who, _id(), _id()) for who in people]
    put("submitted_assignment", [
        {"id": one, "assignment_id": assignment, "student_id": who, "timestamp": moment} for who, one, _ in whole
    ])  # fmt: skip
    put("submitted_notebook", [{"id": book, "assignment_id": one, "notebook_id": notebook} for _, one, book in whole])
    put("grade", [
        {"id": _id(), "cell_id": cell, "notebook_id": book, "auto_score": 1.0 if kind == "code" else None,
         "manual_score": None, "extra_credit": 0.0, "needs_manual_grade": kind != "code"}
        for _, _, book in whole for cell, kind in zip(cells, kinds, strict=True)
    ])  # fmt: skip
    put("comment", [{"id": _id(), "cell_id": cell, "notebook_id": book} for _, _, book in whole for cell in texts])


def _id() -> str:
    return uuid.uuid4().hex


def measure(folder: Path, db_url: str) -> dict[str, float]:
    """Give the seconds that formgrader's own calls take, each in a new session as formgrader opens it."""
    from nbgrader.api import Gradebook
    from nbgrader.apps.api import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    config = Config()
    config.CourseDirectory.root, config.CourseDirectory.db_url = str(folder), db_url
    config.CourseDirectory.course_id = "alongside"
    api = NbGraderAPI(CourseDirectory(config=config), config=config)

    def ask(call: Callable[[Any], object]) -> float:
        with Gradebook(db_url, "alongside") as gradebook:
            start = time.perf_counter()
            call(gradebook)
            return time.perf_counter() - start

    return {
        "Manage Submissions, whole": ask(lambda _: api.get_submissions("unit-0")),
        "its query": ask(lambda gradebook: gradebook.submission_dicts("unit-0")),
        "Gradebook, its query": ask(lambda gradebook: gradebook.notebook_submission_dicts("unit-0", "unit-0")),
        "Manage Students, its query": ask(lambda gradebook: gradebook.student_dicts()),
    }


def main(arguments: list[str]) -> int:
    """Print a line for each thing that is measured."""
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    with tempfile.TemporaryDirectory() as room:
        for units in UNITS:
            db_url = f"sqlite:///{Path(room) / f'{units}.db'}"
            fill(db_url, LEARNERS, units)
            before = measure(Path(room), db_url)
            start = time.perf_counter()
            index(db_url)
            took = time.perf_counter() - start
            after = measure(Path(room), db_url)
            print(f"{LEARNERS} learners, {units} units of {CELLS} cells; indexes were made in {took:.2f} s")
            for what, seconds in before.items():
                faster = seconds / after[what]
                print(f"  {what:<28} stock {seconds:8.2f} s   ours {after[what]:8.2f} s   {faster:6.1f} times faster")
        if "--each" in arguments:
            _compare(Path(room), db_url)
    return 0


def _compare(folder: Path, db_url: str) -> None:
    engine = create_engine(db_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:

        def run(*statements: str) -> dict[str, float]:
            for statement in (*statements, "ANALYZE"):
                connection.execute(text(statement))
            return measure(folder, db_url)

        makes = {
            each: f"CREATE INDEX IF NOT EXISTS alongside_{each[0]}_{each[1]} ON {each[0]} ({each[1]})"
            for each in JOINED
        }
        rows = {"all eleven": run(*makes.values())}
        for of, by in JOINED:
            rows[f"without {of}({by})"] = run(f"DROP INDEX alongside_{of}_{by}")
            connection.execute(text(makes[of, by]))
    engine.dispose()
    for name, figures in rows.items():
        print(f"  {name:<46}", *(f"{seconds:6.2f} s" for seconds in figures.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
