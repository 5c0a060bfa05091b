"""A PostgreSQL of the tests' own, where its programs and a driver are installed, and the same course on each database.

PostgreSQL refuses to run as root, so root starts it as someone else.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.grading.folder import UNIT, CourseFolder, make_course


def _tools() -> Path | None:
    """The folder of PostgreSQL's programs: Debian keeps them off PATH."""
    found = shutil.which("initdb")
    folders = [*([Path(found).resolve().parent] if found else []), *sorted(Path("/usr/lib/postgresql").glob("*/bin"))]
    needed = ("initdb", "postgres", "pg_ctl")
    return next((each for each in reversed(folders) if all((each / name).is_file() for name in needed)), None)


TOOLS = _tools()
KINDS = ("sqlite", "postgresql") if TOOLS and find_spec("psycopg") else ("sqlite",)
"""The databases that are here. What needs another is not collected."""


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL, reached by a file alone."""

    folder: Path

    def url(self, name: str) -> str:
        """Give a database's address, as nbgrader's `db_url` has it."""
        return f"postgresql+psycopg://course@/{name}?host={self.folder}"

    def make(self, name: str, like: str = "template1") -> str:
        """Make a database anew, empty or as another is, and give its address."""
        import psycopg

        with psycopg.connect(host=str(self.folder), user="course", dbname="postgres", autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
        return self.url(name)


@contextmanager
def running() -> Iterator[Server]:
    """Start a PostgreSQL in a folder of its own, and stop it again. Its log is lost: what fails here says so itself."""
    if TOOLS is None:
        message = "PostgreSQL is not installed here."
        raise RuntimeError(message)
    who: dict[str, Any] = {}
    # A socket's path may have a hundred characters at most, which pytest's own folders have already.
    with tempfile.TemporaryDirectory(prefix="alongside-pg-", ignore_cleanup_errors=True) as room:
        folder = Path(room)
        if os.geteuid() == 0:
            person = pwd.getpwnam("nobody")
            os.chown(folder, person.pw_uid, person.pw_gid)
            who = {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}

        def run(tool: str, *arguments: object) -> None:
            subprocess.run(
                [str(TOOLS / tool), "-D", str(folder / "data"), *map(str, arguments)],
                cwd=folder, stdout=subprocess.DEVNULL, check=True, timeout=120, **who,
            )  # fmt: skip

        run("initdb", "--auth=trust", "--username=course", "--encoding=UTF8", "--no-locale", "--no-sync")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off"
        run("pg_ctl", "-s", "-w", "-l", folder / "log", "-o", options, "start")
        try:
            yield Server(folder)
        finally:
            run("pg_ctl", "-s", "-w", "-m", "immediate", "stop")


@dataclass(frozen=True)
class Databased:
    """A course whose quiz is given out, and the address of its gradebook. `again` makes another as it is now."""

    course: CourseFolder
    db_url: str
    again: Callable[[Path], Databased]


@contextmanager
def released_on(kind: str, root: Path) -> Iterator[Databased]:
    """Give a course whose gradebook is of one kind of database. On PostgreSQL each copy takes the last one's place."""
    course = make_course(root)
    _done(course.run("alongside", "release", UNIT))
    if kind == "sqlite":
        yield _in_a_file(course)
        return
    with running() as server:
        url = server.make("first")
        _name(course, url)
        # nbgrader's own step writes the same questions to the gradebook that its own setting names.
        beside = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        _done(course.run("nbgrader", "generate_assignment", UNIT, "--force", "--create", PATH=beside))
        (course.assessments / "gradebook.db").unlink()

        def again(other: Path) -> Databased:
            copy = _copied(course, other)
            made = server.make("copy", like="first")
            _name(copy, made)
            return Databased(copy, made, again)

        yield Databased(course, url, again)


def _in_a_file(course: CourseFolder) -> Databased:
    url = f"sqlite:///{course.assessments / 'gradebook.db'}"
    return Databased(course, url, lambda other: _in_a_file(_copied(course, other)))


def _copied(course: CourseFolder, root: Path) -> CourseFolder:
    shutil.copytree(course.root, root)
    return replace(course, root=root)


def _name(course: CourseFolder, url: str) -> None:
    config = course.assessments / "nbgrader_config.py"
    mark = "\n# The gradebook:\n"
    before = config.read_text(encoding="utf-8").partition(mark)[0]
    config.write_text(f"{before}{mark}get_config().CourseDirectory.db_url = {url!r}  # noqa: F821\n", encoding="utf-8")


def _done(run: Any) -> None:
    if run.code:
        raise RuntimeError(run.out)


def rows_in(db_url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table. Ids that each run makes anew are told by what they stand for."""
    from nbgrader.api import Base
    from sqlalchemy import create_engine, select

    engine = create_engine(db_url)
    with engine.connect() as connection:
        rows = {
            table.name: [dict(row._mapping) for row in connection.execute(select(table))]
            for table in Base.metadata.sorted_tables
        }
    engine.dispose()
    named = {row["id"]: f"unit {row['name']}" for row in rows["assignment"]}
    named |= {row["id"]: f"quiz in {named[row['assignment_id']]}" for row in rows["notebook"]}
    named |= {row["id"]: f"{row['type']} {row['name']}" for row in rows["base_cell"]}
    named |= {row["id"]: f"source {row['name']}" for row in rows["source_cell"]}
    named |= {row["id"]: f"work of {row['student_id']}" for row in rows["submitted_assignment"]}
    named |= {row["id"]: f"book in {named[row['assignment_id']]}" for row in rows["submitted_notebook"]}
    named |= {row["id"]: "" for name in ("grade", "comment") for row in rows[name]}
    shown = {name: [tuple(named.get(each, each) for each in row.values()) for row in found]
             for name, found in rows.items()}  # fmt: skip
    return {name: sorted(found, key=repr) for name, found in shown.items()}


def tree(folder: Path) -> dict[str, bytes | None]:
    """Every file under a folder with what it holds, and every folder. The gradebook is left out: `rows_in` has it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
        if path.name not in {"gradebook.db", "__pycache__"} and path.parent.name != "__pycache__"
    }
