"""Indexes that nbgrader's gradebook lacks, so that to list a class it need not read every grade for each learner.

nbgrader declares none on the columns that its own queries join by. It neither looks for these nor minds them.
`tests/bench_listing.py` shows what each is worth.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column, Connection, Index, MetaData, String, Table, create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.schema import CreateIndex

__all__ = ["INDEXED", "NotIndexed", "index", "statements"]

# Of the eleven columns that nbgrader joins by without an index, taking away one of the other seven changed no figure.
INDEXED = (
    ("grade", "notebook_id"),
    ("submitted_notebook", "assignment_id"),
    ("submitted_assignment", "student_id"),
    ("comment", "notebook_id"),
)
"""Table and column of each."""

_PATIENCE = 60  # seconds to wait for whoever is writing to the gradebook


class NotIndexed(Exception):
    """Why the gradebook was left as it is, in words for an instructor."""


def statements() -> tuple[CreateIndex, ...]:
    """Give what makes each index where it is missing, for any database that SQLAlchemy writes to."""
    return tuple(_create(of, by) for of, by in INDEXED)


def _create(of: str, by: str) -> CreateIndex:
    rows = Table(of, MetaData(), Column(by, String))
    return CreateIndex(Index(f"alongside_{of}_{by}", rows.c[by]), if_not_exists=True)


def index(db_url: str) -> None:
    """Add the indexes to a gradebook, and let the database count its rows, which tells it when an index pays.

    Does nothing that was done before, but counts anew. Waits for up to a minute while someone else writes. Raises
    NotIndexed, and leaves the gradebook as it was, where it is missing, is no gradebook, or cannot be written to.
    """
    try:
        url = make_url(db_url)
        sqlite = url.get_backend_name() == "sqlite"
        engine = create_engine(url, connect_args={"timeout": _PATIENCE} if sqlite else {})
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        message = (
            "The gradebook's address (db_url in nbgrader's configuration) names a kind of database that is not "
            "installed here, or is not spelled as an address. Correct it, or install what it needs."
        )
        raise NotIndexed(message) from error
    try:
        if sqlite and not _is_file(url.database):
            message = "There is no gradebook yet. Run `alongside release` for a unit first."
            raise NotIndexed(message)
        with engine.begin() as connection:
            _index(connection, sqlite=sqlite)
    except SQLAlchemyError as error:
        message = (
            "The gradebook could not be made faster: it cannot be written to now, or is not whole. See that its disk "
            "has room, that you may write to it and that nothing else is working on it, and run this again. Marking "
            "works without this, only more slowly."
        )
        raise NotIndexed(message) from error
    finally:
        engine.dispose()


def _is_file(name: str | None) -> bool:
    """SQLite would make an empty database where there is none."""
    return bool(name) and Path(str(name)).is_file()


def _index(connection: Connection, *, sqlite: bool) -> None:
    if not {of for of, _ in INDEXED} <= set(inspect(connection).get_table_names()):
        message = "The database that nbgrader's configuration names holds no gradebook. Correct db_url there."
        raise NotIndexed(message)
    if not sqlite:
        # A second instructor's marking waits no longer than this for ours.
        connection.execute(text(f"SET LOCAL lock_timeout = '{_PATIENCE}s'"))
    for statement in statements():
        connection.execute(statement)
    connection.execute(text("ANALYZE"))
