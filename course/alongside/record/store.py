"""One SQLite file on disk: opened when it is needed, written so that what was written stays, deleted for good."""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from alongside.record.migrations import check, migrate
from alongside.record.troubles import DamagedFile

__all__ = ["Store", "erase"]

_PATIENCE = 5.0  # seconds to wait while another page writes
_BESIDE = ("-wal", "-shm", "-journal")
_ERRNO = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
    sqlite3.SQLITE_BUSY: errno.EBUSY,
}
_NOT_WRITABLE = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}
_TORN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_PRAGMAS = (
    "PRAGMA synchronous = FULL",  # in WAL mode: the disk has it before a commit returns
    "PRAGMA fullfsync = ON",  # on macOS a plain fsync leaves it in the disk's own memory
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",  # no word goes into a temporary file
)


class Store:
    """A record's file. Raises OSError where it cannot be read or written, and nothing else of SQLite's."""

    def __init__(self, path: Path) -> None:
        """Name the file. It is made by the first write."""
        self.path = path
        self._connection: sqlite3.Connection | None = None
        self._file = (0, 0)
        # Jupyter may handle two messages of one page in two threads.
        self._lock = threading.RLock()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection | None]:
        """Give what is there now, all from one moment. None when there is no file."""
        with self._lock, self._told():
            if not self.path.exists():
                yield None
                return
            connection = self._open()
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Keep all that is written inside, or nothing. It is on the disk when this ends without an exception."""
        with self._lock, self._told():
            self._make()
            connection = self._open()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise
            if not self._is_same():
                raise OSError(errno.ESTALE, os.strerror(errno.ESTALE), str(self.path))

    def settle(self) -> None:
        """Empty SQLite's log, which may still hold what was deleted. While another page reads, that is left to it."""
        with self._lock, suppress(OSError), self._told():
            self._open().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._connection is not None:
                with suppress(sqlite3.Error):
                    self._connection.close()
            self._connection = None

    def erase(self) -> None:
        """Delete the file and what SQLite keeps beside it, each written over first. Raises OSError."""
        with self._lock:
            beside = [self.path.with_name(self.path.name + end) for end in _BESIDE]
            # Held open, since SQLite takes its log away when the last page lets go, without writing over it.
            held = [path.open("r+b") for path in beside if path.is_file()]
            emptied = self._empty()
            self.close()
            for file in held:
                with file:
                    _overwrite(file.fileno())
            for path in beside:
                erase(path)
            if emptied:
                self.path.unlink(missing_ok=True)
            else:
                erase(self.path)

    def _empty(self) -> bool:
        """Take out every row, which SQLite then writes zeros over, so that a crash on the way leaves a file that opens.

        Says whether that could be done: not with a torn file, nor while another page is reading.
        """
        if not self.path.exists():
            return True
        try:
            with self.writing() as connection:
                for table in ("things", "aside", "about"):
                    connection.execute(f"DELETE FROM {table}")  # noqa: S608  three names of our own
            with self._told():
                busy, *_ = self._open().execute("PRAGMA wal_checkpoint(FULL)").fetchone()
        except OSError:
            return False
        return not busy

    def _make(self) -> None:
        """Make the file for the owner alone; SQLite gives what lies beside it the same permissions."""
        if not self.path.exists():
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with suppress(FileExistsError):
                os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))

    def _open(self) -> sqlite3.Connection:
        if self._connection is not None and self._is_same():
            return self._connection
        self.close()
        found = self.path.stat()
        connection = _connect(self.path)
        try:
            if not check(connection):
                connection.execute("BEGIN IMMEDIATE")
                migrate(connection)
                connection.execute("COMMIT")
            with suppress(sqlite3.OperationalError):  # another page is just opening it, and does the same
                connection.execute("PRAGMA journal_mode = WAL")
        except BaseException:
            connection.close()
            raise
        self._connection, self._file = connection, (found.st_dev, found.st_ino)
        return connection

    def _is_same(self) -> bool:
        """Whether the file that is open still is the one of that name: another page may have deleted it."""
        try:
            found = self.path.stat()
        except OSError:
            return False
        return (found.st_dev, found.st_ino) == self._file

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            self.close()
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in _TORN:
                raise DamagedFile from error
            number = _ERRNO.get(code, errno.EIO)
            raise OSError(number, os.strerror(number), str(self.path)) from error


def _connect(path: Path) -> sqlite3.Connection:
    """Connect for writing, or only for reading where the disk lets nothing be written."""
    failed: sqlite3.Error | None = None
    log = path.with_name(f"{path.name}-wal")
    # Said to be immutable, a file is read without its log, which is right only where there is none.
    ways = ("mode=rw", "mode=ro") if log.exists() and log.stat().st_size else ("mode=rw", "mode=ro", "immutable=1")
    for how in ways:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?{how}", uri=True, timeout=_PATIENCE, isolation_level=None,
            check_same_thread=False,
        )  # fmt: skip
        try:
            for pragma in _PRAGMAS:
                connection.execute(pragma)
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except BaseException as error:
            connection.close()
            if not isinstance(error, sqlite3.Error) or error.sqlite_errorcode & 0xFF not in _NOT_WRITABLE:
                raise
            failed = error
        else:
            return connection
    raise failed or sqlite3.OperationalError


def erase(path: Path) -> None:
    """Write over a file and delete it. Raises OSError when it is still there afterwards."""
    with suppress(FileNotFoundError):
        with suppress(PermissionError), path.open("r+b") as file:
            _overwrite(file.fileno())
        path.unlink()


def _overwrite(handle: int) -> None:
    """Put zeros over all of a file. A disk that writes every change to a new place may still hold the old one."""
    size = os.fstat(handle).st_size
    os.lseek(handle, 0, os.SEEK_SET)
    while size > 0:
        size -= os.write(handle, bytes(min(size, 1 << 20)))
    os.fsync(handle)
