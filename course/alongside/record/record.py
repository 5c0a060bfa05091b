"""The record of one learner: the only place that keeps what they have done."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from alongside.record.cipher import Cipher
from alongside.record.folder import clear, found
from alongside.record.shelf import DISPUTES, OWN_WORDS, REFLECTIONS, SHARED, TRIES, Kept, Shelf, Thing, now, same
from alongside.record.space import Space, find_key, find_space
from alongside.record.store import Store, erase
from alongside.record.troubles import Damaged, Newer, NotKept, Trouble
from alongside.store import unwritable

__all__ = ["FILE", "Record", "open_record"]

FILE = "record.db"
_THEIRS_ALONE = frozenset({REFLECTIONS, SHARED, OWN_WORDS, TRIES, DISPUTES})


class Record:
    """What one learner has done, by kind and name, in one file. With a key, what is theirs alone is locked under it."""

    def __init__(self, space: Space, key: bytes | None = None) -> None:
        """Open a space; nothing is made until something is kept.

        Raises ValueError for a key that is none, and for a visitor's space that would keep reflections in clear.
        """
        if space.locked and key is None:
            message = "A visitor's reflections are kept under a key, or not at all."
            raise ValueError(message)
        self.space = space
        self._store = Store(space.folder / FILE)
        self._cipher = Cipher(key) if key is not None else None
        self._page = secrets.token_hex(8)  # tells the texts of two open pages apart
        self._taken_over = False
        self._tried: str | None = None

    def trouble(self) -> str:
        """Say why nothing can be kept here, before anything is typed: a sentence under `[record]`, or a plain reason.

        Empty when all is well. It is tried once: a page asks for each of its activities. What goes wrong later is told
        by `put`.
        """
        if self._tried is None:
            self._tried = self._try()
        return self._tried

    def _try(self) -> str:
        try:
            with self._reading():
                pass
        except Trouble as trouble:
            return trouble.key
        except OSError as error:
            return error.strerror or "it cannot be opened"
        return unwritable(self.space.folder)

    def there(self) -> bool:
        """Whether anything was ever kept here under this key. Never raises: what cannot be read was kept."""
        return (self.space.folder / FILE).is_file()

    def keeps(self, kind: str) -> bool:
        """Whether this space is one for things of this kind."""
        return kind not in _THEIRS_ALONE or self.space.keeps_reflections

    def get(self, kind: str, name: str) -> object:
        """Give what was kept, or None. Never raises: what is missing or cannot be read is None."""
        try:
            kept = self.kept(kind, name)
        except (OSError, Damaged):
            return None
        return kept.value if kept else None

    def kept(self, kind: str, name: str) -> Kept | None:
        """Give what was kept with how often it was changed. Raises Damaged, or OSError."""
        with self._reading() as shelf:
            return shelf.find(kind, name) if shelf else None

    def put(self, kind: str, name: str, value: object, *, based_on: int | None = None) -> int:
        """Keep something: it is on the disk when this returns. Gives how often it was changed.

        `based_on` is the count that a text had when it was read (0: there was none). When it was changed since, Newer
        is raised with what is there, and `value` lies beside it. Raises OSError when nothing can be kept.
        """
        thing = self._thing(kind, name, value)
        with self.changing() as shelf:
            if based_on is None:
                return shelf.keep(thing)
            changed = shelf.changed(kind, name)
            if based_on == changed:
                return shelf.keep(thing)
            there = shelf.readable(kind, name)
            if there is not None and same(there.value, value):
                return changed
            newer = Newer(there.value if there else None, changed)
            if changed:
                shelf.lay_aside(thing, f"{self._page}-{based_on}")
        raise newer

    def drop(self, kind: str, name: str) -> None:
        """Delete one thing, with all that lies beside it, so that it is not on the disk any more. Raises OSError."""
        with self.changing() as shelf:
            shelf.drop(kind, name)
        self._store.settle()

    def of(self, kind: str) -> tuple[Kept, ...]:
        """Give the things of one kind, the oldest first. Raises OSError."""
        with self._reading() as shelf:
            return tuple(shelf.of(kind)) if shelf else ()

    def names(self, kind: str) -> frozenset[str]:
        """Give the names of what was kept of one kind. Never raises."""
        try:
            with self._reading() as shelf:
                return frozenset(shelf.names(kind)) if shelf else frozenset()
        except OSError:
            return frozenset()

    def stamps(self, kind: str) -> Mapping[str, int]:
        """Give the moment at which each thing of one kind was saved, in milliseconds since 1970. Never raises."""
        try:
            with self._reading() as shelf:
                return dict(shelf.stamps(kind)) if shelf else {}
        except OSError:
            return {}

    def aside(self, kind: str, name: str) -> tuple[Thing, ...]:
        """Give what lies beside a thing, oldest first: texts that lost to a newer one. Raises OSError."""
        with self._reading() as shelf:
            return shelf.aside(kind, name) if shelf else ()

    def set_aside(self, kind: str, name: str, value: object) -> None:
        """Keep beside a thing what no longer fits the course, once. Raises OSError."""
        thing = self._thing(kind, name, value)
        with self.changing() as shelf:
            shelf.lay_aside(thing)

    def everything(self) -> tuple[tuple[Kept, ...], tuple[Thing, ...]]:
        """Give all things, and all that lies beside them, as of one moment. Raises OSError."""
        with self._reading() as shelf:
            return (tuple(shelf.things()), tuple(shelf.asides())) if shelf else ((), ())

    @contextmanager
    def changing(self) -> Iterator[Shelf]:
        """Change several things: all of it is kept, or nothing. Raises OSError when it cannot be."""
        self._take_over()
        with self._store.writing() as connection:
            shelf = Shelf(connection, self._cipher)
            shelf.mark_key()
            yield shelf

    def delete_everything(self) -> None:
        """Delete all that was kept here, so that its words are not on the disk any more. Raises OSError."""
        self._store.erase()
        clear(self.space.folder)
        try:
            self.space.folder.rmdir()
        except OSError as error:
            if error.errno not in {errno.ENOTEMPTY, errno.EEXIST, errno.ENOENT}:
                raise

    def close(self) -> None:
        """Let go of the file. It is opened again when it is needed."""
        self._store.close()

    @contextmanager
    def _reading(self) -> Iterator[Shelf | None]:
        self._take_over()
        with self._store.reading() as connection:
            yield Shelf(connection, self._cipher) if connection else None

    def _take_over(self) -> None:
        """Take in what an earlier version kept as a folder of files. They are deleted when the disk has all of it."""
        if self._taken_over:
            return
        there = [path for path, thing in found(self.space.folder) if self.keeps(thing.kind)]
        if there:
            with self._store.writing() as connection:
                shelf = Shelf(connection, self._cipher)
                shelf.mark_key()
                things = [(path, thing) for path, thing in found(self.space.folder) if path in there]
                for _, thing in things:
                    if not shelf.changed(thing.kind, thing.name):
                        shelf.keep(thing)
                    elif (kept := shelf.readable(thing.kind, thing.name)) is None or not same(kept.value, thing.value):
                        shelf.lay_aside(thing)
            for path, _ in things:
                erase(path)
        self._taken_over = True

    def _thing(self, kind: str, name: str, value: object) -> Thing:
        """Give a thing to keep, as of now. Raises NotKept where its kind is not kept."""
        if not self.keeps(kind):
            raise NotKept
        return Thing(kind, name, value, now())


def open_record(environ: Mapping[str, str] = os.environ) -> Record:
    """Open the record that an environment tells of. Raises ValueError, RuntimeError: nobody knows whose."""
    return Record(find_space(environ), find_key(environ))
