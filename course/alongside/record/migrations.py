"""The versions of the record's file. A step, once released, is never changed: what comes after it is a new step."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from alongside.record.troubles import DamagedFile, NewerFile

__all__ = ["APPLICATION", "MIGRATIONS", "Step", "check", "migrate"]

Step = Callable[[sqlite3.Connection], None]
APPLICATION = 0x416C6F6E
"""What SQLite's header says of whose file it is: "Alon"."""


def _one_table_of_things(connection: sqlite3.Connection) -> None:
    """Make version 1: things by kind and name, the older texts of the same things beside them, facts about the file."""
    connection.execute("""
        CREATE TABLE things (
            id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL,
            label BLOB, value BLOB NOT NULL, changed INTEGER NOT NULL, saved INTEGER NOT NULL
        )
    """)
    connection.execute("CREATE UNIQUE INDEX things_by_name ON things (kind, name)")
    connection.execute("""
        CREATE TABLE aside (
            id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, mark TEXT NOT NULL,
            label BLOB, value BLOB NOT NULL, saved INTEGER NOT NULL
        )
    """)
    connection.execute("CREATE UNIQUE INDEX aside_by_name ON aside (kind, name, mark)")
    connection.execute("CREATE TABLE about (name TEXT PRIMARY KEY, value BLOB NOT NULL)")


MIGRATIONS: tuple[Step, ...] = (_one_table_of_things,)
"""The step from each version to the next. A file's version is how many of them it has had (`PRAGMA user_version`)."""


def check(connection: sqlite3.Connection) -> bool:
    """Whether a file has had every step. Raises NewerFile for one that had more, DamagedFile for one not ours."""
    version = _number(connection, "user_version")
    application = _number(connection, "application_id")
    if version and application != APPLICATION:
        raise DamagedFile
    if version > len(MIGRATIONS):
        raise NewerFile
    return version == len(MIGRATIONS)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a file to the version of today, in the transaction that is open: all of it, or nothing."""
    if check(connection):
        return
    for step in MIGRATIONS[_number(connection, "user_version") :]:
        step(connection)
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _number(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
