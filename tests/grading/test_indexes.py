"""A gradebook with our indexes is nbgrader's own gradebook: it lists faster, and everything of nbgrader's goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.dialects import postgresql, sqlite

from alongside_grading.marking.indexes import INDEXED, NotIndexed, index, statements
from tests.bench_listing import JOINED, fill
from tests.grading.postgres import KINDS, running

NAMES = {f"alongside_{of}_{by}" for of, by in INDEXED}


@pytest.fixture(scope="module", autouse=True)
def _tools() -> Iterator[None]:
    """nbgrader calls `alembic` by name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
        yield


@pytest.fixture(scope="module", params=KINDS)
def db_url(request, tmp_path_factory) -> Iterator[str]:
    """A gradebook of sixty learners in two units, in each kind of database that is installed."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('gradebook') / 'gradebook.db'}"
        fill(url, learners=60, units=2)
        yield url
        return
    with running() as server:
        url = server.make("gradebook")
        fill(url, learners=60, units=2)
        yield url


def names_in(url: str) -> set[str]:
    engine = create_engine(url)
    found = inspect(engine)
    names = {each["name"] for name in found.get_table_names() for each in found.get_indexes(name)}
    engine.dispose()
    return names


def rows_in(url: str) -> dict[str, list[tuple[object, ...]]]:
    engine = create_engine(url)
    with engine.connect() as connection:
        tables = [name for name in inspect(engine).get_table_names() if not name.startswith("sqlite_")]
        rows = {}
        for name in tables:
            rows[name] = sorted(map(tuple, connection.execute(text(f"SELECT * FROM {name}"))), key=repr)  # noqa: S608
    engine.dispose()
    return rows


def test_the_indexes_are_made_once_however_often_it_is_run_and_no_row_changes(db_url):
    before = rows_in(db_url)
    index(db_url)
    assert names_in(db_url) >= NAMES
    index(db_url)
    assert rows_in(db_url) == before


def test_nbgrader_asks_and_writes_as_before(db_url):
    from nbgrader.api import Gradebook

    index(db_url)
    with Gradebook(db_url, "alongside") as gradebook:
        rows = gradebook.submission_dicts("unit-0")
        assert len(rows) == 60
        assert {row["score"] for row in rows} == {14.0}
        gradebook.update_or_create_submission("unit-0", "learner-00007", timestamp="2026-11-22 10:00:00")
        gradebook.add_student("another")
        gradebook.add_submission("unit-1", "another")
        gradebook.remove_submission("unit-1", "another")
        gradebook.remove_student("another")
        assert len(gradebook.students) == 60


def test_nbgraders_own_upgrade_still_works(db_url, tmp_path):
    index(db_url)
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "db", "upgrade", f"--CourseDirectory.db_url={db_url}"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert names_in(db_url) >= NAMES


def test_an_old_gradebook_is_upgraded_with_the_indexes_in_it(tmp_path):
    """nbgrader's last step stands for those to come: it added a column and a table."""
    from nbgrader import dbutil

    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    fill(url, learners=2, units=1)
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in (
            "CREATE TABLE old (id VARCHAR(32) PRIMARY KEY, name VARCHAR(128) UNIQUE, duedate DATETIME)",
            "INSERT INTO old SELECT id, name, duedate FROM assignment",
            "DROP TABLE assignment",
            "ALTER TABLE old RENAME TO assignment",
            "DROP TABLE course",
            "UPDATE alembic_version SET version_num = '282d30a0218e'",
        ):
            connection.execute(text(statement))
    engine.dispose()
    index(url)
    before = rows_in(url)
    dbutil.upgrade(url)
    after = rows_in(url)
    assert after["course"] == [("default_course",)]
    assert after["grade"] == before["grade"]
    assert names_in(url) >= NAMES


def test_a_listing_no_longer_reads_every_grade(tmp_path):
    """SQLite tells how it would find one learner's grades: by reading all of them, or by an index."""
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    fill(url, learners=60, units=2)
    assert all("SCAN" in plan for plan in plans(url).values())
    index(url)
    for name, plan in plans(url).items():
        assert f"USING INDEX {name}" in plan


def plans(url: str) -> dict[str, str]:
    engine = create_engine(url)
    found = {}
    with engine.connect() as connection:
        for of, by in INDEXED:
            plan = connection.execute(text(f"EXPLAIN QUERY PLAN SELECT * FROM {of} WHERE {by} = 'x'"))  # noqa: S608
            found[f"alongside_{of}_{by}"] = plan.one()[3]
    engine.dispose()
    return found


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=lambda dialect: dialect.name)
def test_the_same_statements_are_for_sqlite_and_postgresql(dialect):
    made = [str(statement.compile(dialect=dialect)) for statement in statements()]
    assert made == [f"CREATE INDEX IF NOT EXISTS alongside_{of}_{by} ON {of} ({by})" for of, by in INDEXED]


def test_every_indexed_column_is_one_that_nbgrader_joins_by_and_has_no_index_for():
    from nbgrader.api import Base

    missing = {
        (name, column.name)
        for name, rows in Base.metadata.tables.items()
        for column in rows.columns
        if column.foreign_keys and not column.primary_key
    }
    assert set(INDEXED) <= set(JOINED) <= missing


def test_a_gradebook_that_is_not_there_is_said_and_not_made(tmp_path):
    with pytest.raises(NotIndexed, match="There is no gradebook yet"):
        index(f"sqlite:///{tmp_path / 'gradebook.db'}")
    assert list(tmp_path.iterdir()) == []


def test_another_database_is_left_alone(tmp_path):
    url = f"sqlite:///{tmp_path / 'other.db'}"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE grade (notebook_id TEXT)"))
    engine.dispose()
    with pytest.raises(NotIndexed, match="holds no gradebook"):
        index(url)
    assert names_in(url) == set()


def test_a_torn_gradebook_is_said_in_plain_words(tmp_path):
    (tmp_path / "gradebook.db").write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    with pytest.raises(NotIndexed, match="Marking works without this"):
        index(f"sqlite:///{tmp_path / 'gradebook.db'}")


@pytest.mark.parametrize("address", ["nonsense", "no-such-kind://somewhere/gradebook", ""])
def test_an_address_that_is_none_is_said_in_plain_words(address):
    with pytest.raises(NotIndexed, match="db_url"):
        index(address)
