"""What is done with things while a record is open: found, listed, kept, laid aside. Locked where there is a key."""

from __future__ import annotations

import json
import re
import secrets
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from alongside.record.cipher import Cipher
from alongside.record.troubles import Damaged, WrongKey

__all__ = [
    "DISPUTES", "FINISHED", "GRADED", "HANDED", "LOCKED", "OWN_WORDS", "PRACTICE", "PRIVATE", "REFLECTIONS", "RUNS",
    "SHARED", "TALKS", "TRIES", "Kept", "Shelf", "Thing", "now", "plain_name", "same",
]  # fmt: skip

RUNS = "runs"
"""The kind of a conversation as it stands, by "module--scenario": a `Run` as data."""

FINISHED = "finished"
"""The kind that tells which conversations have come to an ending, whatever was tried after that."""

TALKS = "talks"
"""The kind of the conversations that came to an ending: by "module--scenario", a list of them."""

REFLECTIONS = "reflections"
"""The kind of what was written for oneself."""

OWN_WORDS = "own-words"
"""The kind of what was typed in a conversation as it stands, by "module--scenario": it lies beside the run."""

PRACTICE = "practice"
"""The kind of the best points of each practice question."""

GRADED = "graded"
"""The kind of the answers to a graded quiz."""

SHARED = "shared"
"""The kind of what the learner chose to show to their instructor: a reflection's words as of a day."""

HANDED = "handed"
"""The kind that tells when the file to hand in was last made, by unit."""

TRIES = "tries"
"""The kind of what was heard in each try in the practice lab: a day and counts, and no words."""

DISPUTES = "disputes"
"""The kind of what the learner heard another way than the coach: a line, a reply, and what it is to the learner."""

PRIVATE = frozenset({REFLECTIONS, GRADED, SHARED, OWN_WORDS, DISPUTES})
"""The kinds that hold a learner's own words."""

LOCKED = PRIVATE | {HANDED, TRIES}
"""The kinds that are locked where there is a key: from a digest of answers, few choices could be guessed."""

_NAME = re.compile(r"[^a-z0-9-]+")
_CHECK = "key"
_SETTLED = "kept-"


@dataclass(frozen=True)
class Thing:
    """One thing that was kept. `saved` is the moment, in milliseconds since 1970."""

    kind: str
    name: str
    value: object
    saved: int


@dataclass(frozen=True)
class Kept(Thing):
    """A thing with how often it was changed in this record."""

    changed: int


@dataclass(frozen=True)
class _Place:
    kind: str
    name: str
    label: bytes | None


def now() -> int:
    """Give this moment as things carry it."""
    return time.time_ns() // 1_000_000


def plain_name(name: str) -> str:
    """Give a name as it is kept: small letters, digits and hyphens."""
    return _NAME.sub("-", name)


def same(one: object, two: object) -> bool:
    """Whether two values are kept as the same words, whatever the order of their parts."""
    return json.dumps(one, sort_keys=True) == json.dumps(two, sort_keys=True)


class Shelf:
    """The things of one record, inside one transaction. Raises Damaged for a thing that cannot be read."""

    def __init__(self, connection: sqlite3.Connection, cipher: Cipher | None) -> None:
        """Take an open file. Raises WrongKey when it is locked under another key than this one, or none."""
        self._db, self._cipher = connection, cipher
        row = connection.execute("SELECT value FROM about WHERE name = ?", (_CHECK,)).fetchone()
        if row is None:
            return
        try:
            if cipher is None:
                raise WrongKey
            cipher.open(_CHECK, row[0])
        except Damaged as error:
            raise WrongKey from error

    def mark_key(self) -> None:
        """Keep in the file what tells whether a key is its own."""
        if self._cipher is not None:
            locked = self._cipher.lock(_CHECK, b"")
            self._db.execute("INSERT OR IGNORE INTO about (name, value) VALUES (?, ?)", (_CHECK, locked))

    def find(self, kind: str, name: str) -> Kept | None:
        """Give a thing, or None."""
        place = self._place(kind, name)
        row = self._db.execute(
            "SELECT value, saved, changed FROM things WHERE kind = ? AND name = ?", (place.kind, place.name)
        ).fetchone()
        if row is None:
            return None
        return Kept(kind, plain_name(name), self._read(place, "things", row[0]), row[1], row[2])

    def readable(self, kind: str, name: str) -> Kept | None:
        """Give a thing, or None where it is not there or cannot be read."""
        with suppress(Damaged):
            return self.find(kind, name)
        return None

    def changed(self, kind: str, name: str) -> int:
        """Say how often a thing was changed here, even where it cannot be read. 0 when it is not there."""
        place = self._place(kind, name)
        row = self._db.execute(
            "SELECT changed FROM things WHERE kind = ? AND name = ?", (place.kind, place.name)
        ).fetchone()
        return int(row[0]) if row else 0

    def keep(self, thing: Thing) -> int:
        """Put a thing in the place of what was there. Gives how often it was changed."""
        place, changed = self._place(thing.kind, thing.name), self.changed(thing.kind, thing.name) + 1
        self._db.execute(
            """
            INSERT INTO things (kind, name, label, value, changed, saved) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (kind, name) DO UPDATE SET value = excluded.value, changed = excluded.changed,
            saved = excluded.saved
            """,
            (place.kind, place.name, place.label, self._write(place, "things", thing.value), changed, thing.saved),
        )
        return changed

    def drop(self, kind: str, name: str) -> None:
        """Take a thing away, with all that lies beside it. What was there is written over."""
        place = self._place(kind, name)
        self._db.execute("DELETE FROM things WHERE kind = ? AND name = ?", (place.kind, place.name))
        self._db.execute("DELETE FROM aside WHERE kind = ? AND name = ?", (place.kind, place.name))

    def lay_aside(self, thing: Thing, page: str = "") -> None:
        """Keep a thing beside the one of its name, once. What the same open `page` laid there before makes way."""
        place = self._place(thing.kind, thing.name)
        if not page and any(same(each.value, thing.value) for each in self.aside(thing.kind, thing.name, settled=True)):
            return
        mark = page or f"{_SETTLED}{secrets.token_hex(8)}"
        self._db.execute(
            """
            INSERT INTO aside (kind, name, mark, label, value, saved) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (kind, name, mark) DO UPDATE SET value = excluded.value, saved = excluded.saved
            """,
            (place.kind, place.name, mark, place.label, self._write(place, "aside", thing.value), thing.saved),
        )

    def aside(self, kind: str, name: str, *, settled: bool = False) -> tuple[Thing, ...]:
        """Give the different things that lie beside one and can be read, oldest first.

        With `settled`, only those that no page which is still open may put something else in the place of.
        """
        place = self._place(kind, name)
        found: list[Thing] = []
        for mark, value, saved in self._db.execute(
            "SELECT mark, value, saved FROM aside WHERE kind = ? AND name = ? ORDER BY saved, id",
            (place.kind, place.name),
        ):
            if settled and not mark.startswith(_SETTLED):
                continue
            with suppress(Damaged):
                thing = Thing(kind, plain_name(name), self._read(place, "aside", value), saved)
                if not any(same(each.value, thing.value) for each in found):
                    found.append(thing)
        return tuple(found)

    def names(self, kind: str) -> Iterator[str]:
        """Give the names of one kind. One that cannot be read is left out."""
        return (name for name, _ in self.stamps(kind))

    def stamps(self, kind: str) -> Iterator[tuple[str, int]]:
        """Give the names of one kind, each with the moment it was saved. No value is opened."""
        hidden = self._hides(kind)
        for name, label, saved in self._db.execute(
            "SELECT name, label, saved FROM things WHERE kind = ?", (hidden.hidden(kind) if hidden else kind,)
        ):
            if hidden is None:
                yield name, saved
                continue
            with suppress(Damaged):
                yield hidden.open(f"label/{name}", label or b"").decode(), saved

    def of(self, kind: str) -> Iterator[Kept]:
        """Give the things of one kind that can be read, the oldest first."""
        for name, _ in sorted(self.stamps(kind), key=lambda each: (each[1], each[0])):
            found = self.readable(kind, name)
            if found is not None:
                yield found

    def things(self) -> Iterator[Kept]:
        """Give every thing that can be read: one that cannot does not keep the others from being saved elsewhere."""
        for kind, name in self._all("things"):
            found = self.readable(kind, name)
            if found is not None:
                yield found

    def asides(self) -> Iterator[Thing]:
        """Give everything that lies beside a thing."""
        for kind, name in self._all("aside"):
            yield from self.aside(kind, name)

    def _all(self, table: str) -> Iterable[tuple[str, str]]:
        """Give the kind and name of what is in a table, each once and in order."""
        opened = {self._cipher.hidden(kind): kind for kind in LOCKED} if self._cipher else {}
        found = set()
        for kind, name, label in self._db.execute(f"SELECT kind, name, label FROM {table}"):  # noqa: S608  ours
            if self._cipher is None or kind not in opened:
                found.add((kind, name))
                continue
            with suppress(Damaged):
                found.add((opened[kind], self._cipher.open(f"label/{name}", label or b"").decode()))
        return sorted(found)

    def _hides(self, kind: str) -> Cipher | None:
        return self._cipher if kind in LOCKED else None

    def _place(self, kind: str, name: str) -> _Place:
        hidden, plain = self._hides(kind), plain_name(name)
        if hidden is None:
            return _Place(kind, plain, None)
        place = hidden.hidden(kind, plain)
        return _Place(hidden.hidden(kind), place, hidden.lock(f"label/{place}", plain.encode()))

    def _write(self, place: _Place, table: str, value: object) -> bytes:
        data = json.dumps(value, separators=(",", ":")).encode()
        if place.label is None or self._cipher is None:
            return data
        return self._cipher.lock(f"{table}/{place.name}", data)

    def _read(self, place: _Place, table: str, data: bytes) -> object:
        if place.label is not None and self._cipher is not None:
            data = self._cipher.open(f"{table}/{place.name}", data)
        try:
            return json.loads(data)
        except (ValueError, RecursionError) as error:
            raise Damaged from error
