"""Saved work: all of a record in one file, to keep, to take to another device, and to bring back.

The file is JSON. `alongside` says "saved work", `format` is 1, and then one of two:

* `check`, the SHA-256 of `work` written with sorted keys and no spaces, and `work`;
* with a passphrase: `lock`, which holds `way` ("scrypt-aes256gcm") and a `salt` in base64, and `locked`, which is the
  nonce and the encrypted JSON of `work`, in base64.

`work` holds `things` and `aside`. Each thing has `kind`, `name`, `value` and `saved` (milliseconds since 1970, UTC).
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from alongside.record.cipher import Cipher
from alongside.record.codes import stretch
from alongside.record.record import Record
from alongside.record.shelf import PRACTICE, PRIVATE, TALKS, Kept, Shelf, Thing, plain_name, same
from alongside.record.troubles import Damaged, Trouble
from alongside.talks import is_whole, read_talks, talks_data, unite

__all__ = ["LIMIT", "Found", "NotBrought", "Work", "file_name", "merge", "move", "read_bundle", "save"]

LIMIT = 64_000_000  # bytes: far above a life's reflections
_FORMAT = 1
_OURS = "saved work"
_WAY = "scrypt-aes256gcm"
_SALT_BYTES = 16
_PLACE = "saved work 1"
_KIND = re.compile(r"[a-z][a-z-]{0,31}")
_LONGEST_NAME = 200
_LATEST = 1 << 53
# The sentences under `[record]`.
_TOO_LARGE = "bundle_large"
_TORN = "bundle_damaged"
_FOREIGN = "bundle_foreign"
_NEWER = "bundle_newer"
_LOCKED = "bundle_locked"
_NOT_OPENED = "bundle_passphrase"
_START = re.compile(rb'\s*\{\s*"alongside"')


class NotBrought(Trouble):
    """A file cannot be brought back; the sentence says why. The record is as it was."""


@dataclass(frozen=True)
class Work:
    """What a file of saved work holds."""

    things: tuple[Thing, ...]
    aside: tuple[Thing, ...]


@dataclass(frozen=True)
class Found:
    """What bringing work back did, in counts of things.

    `added` were missing here; `newer` took the place of older ones, and `older` gave way to newer ones here; of `both`
    the texts differ, and both are kept; `same` were here already; `left` are of a kind that is not kept here.
    """

    added: int = 0
    newer: int = 0
    older: int = 0
    both: int = 0
    same: int = 0
    left: int = 0


def save(record: Record, passphrase: str = "") -> bytes:
    """Put all of a record into one file, locked where there is a passphrase. Raises OSError."""
    things, aside = record.everything()
    work = {"things": [_row(thing) for thing in things], "aside": [_row(thing) for thing in aside]}
    file: dict[str, Any] = {"alongside": _OURS, "format": _FORMAT}
    if passphrase:
        salt = secrets.token_bytes(_SALT_BYTES)
        locked = _cipher(passphrase, salt).lock(_PLACE, json.dumps(work).encode())
        file["lock"] = {"way": _WAY, "salt": base64.b64encode(salt).decode()}
        file["locked"] = base64.b64encode(locked).decode()
    else:
        file |= {"check": _checksum(work), "work": work}
    return json.dumps(file, indent=1).encode()


def file_name(day: date) -> str:
    """Name a file of saved work by its day."""
    return f"alongside-work-{day.isoformat()}.json"


def read_bundle(data: bytes, passphrase: str = "") -> Work:
    """Read a file of saved work. Raises NotBrought when it is damaged, newer, too large or not one of ours."""
    if len(data) > LIMIT:
        raise NotBrought(_TOO_LARGE)
    try:
        file = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise NotBrought(_TORN if _START.match(data) else _FOREIGN) from error
    if not isinstance(file, dict) or file.get("alongside") != _OURS:
        raise NotBrought(_FOREIGN)
    number = file.get("format")
    if isinstance(number, int) and number > _FORMAT:
        raise NotBrought(_NEWER)
    if number != _FORMAT:
        raise NotBrought(_TORN)
    try:
        work = _unlocked(file, passphrase) if "lock" in file else _checked(file)
        return Work(_things(work["things"]), _things(work["aside"]))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NotBrought(_TORN) from error


def merge(record: Record, work: Work) -> Found:
    """Take in what is missing here or newer than what is here. All of it, or nothing. Raises OSError.

    Nothing is lost: what gives way lies beside what took its place. Doing it again changes nothing.
    """
    counts = dict.fromkeys(Found.__dataclass_fields__, 0)
    with record.changing() as shelf:
        for thing in work.things:
            counts[_take(shelf, thing) if record.keeps(thing.kind) else "left"] += 1
        for thing in work.aside:
            here = shelf.readable(thing.kind, thing.name) if record.keeps(thing.kind) else None
            if record.keeps(thing.kind) and (here is None or not same(here.value, thing.value)):
                shelf.lay_aside(thing)
    return Found(**counts)


def move(source: Record, target: Record) -> None:
    """Bring all of one record into another, and delete it where it was. Raises OSError, with nothing deleted."""
    merge(target, Work(*source.everything()))
    source.delete_everything()


def _take(shelf: Shelf, thing: Thing) -> str:
    """Take in one thing. Gives the count that it belongs to."""
    here = shelf.readable(thing.kind, thing.name)
    if here is None:
        shelf.keep(thing)
        return "added"
    known = [here, *shelf.aside(thing.kind, thing.name, settled=True)]
    if any(same(each.value, thing.value) for each in known):
        return "same"
    if thing.kind == PRACTICE and _of_one_question(here.value, thing.value):
        return _take_better(shelf, thing, here)
    if thing.kind == TALKS and is_whole(thing.value) and is_whole(here.value):
        return _take_talks(shelf, thing, here)
    text = thing.kind in PRIVATE
    if thing.saved > here.saved:
        shelf.lay_aside(here)
        shelf.keep(thing)
        return "both" if text else "newer"
    shelf.lay_aside(thing)
    return "both" if text else "older"


def _of_one_question(one: object, two: object) -> bool:
    """Whether two results are of the same question in the same words, so that the better one says all."""
    both = [each for each in (one, two) if isinstance(each, dict) and isinstance(each.get("best"), int | float)]
    return len(both) == 2 and both[0].get("digest") == both[1].get("digest")  # noqa: PLR2004  both of them


def _take_better(shelf: Shelf, thing: Thing, here: Kept) -> str:
    if thing.value["best"] > here.value["best"]:  # type: ignore[index]
        shelf.keep(thing)
        return "newer"
    return "same"


def _take_talks(shelf: Shelf, thing: Thing, here: Kept) -> str:
    """Put the talks of both into one list."""
    known = read_talks(here.value)
    both = unite(known, read_talks(thing.value))
    if both == known:
        return "same"
    shelf.keep(Thing(TALKS, thing.name, talks_data(both), max(thing.saved, here.saved)))
    return "newer"


def _row(thing: Thing) -> dict[str, Any]:
    return {"kind": thing.kind, "name": thing.name, "value": thing.value, "saved": thing.saved}


def _checksum(work: object) -> str:
    return hashlib.sha256(json.dumps(work, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _cipher(passphrase: str, salt: bytes) -> Cipher:
    return Cipher(stretch(unicodedata.normalize("NFC", passphrase).strip(), salt))


def _checked(file: dict[str, Any]) -> Any:  # noqa: ANN401  read from a file
    if _checksum(file["work"]) != file["check"]:
        raise NotBrought(_TORN)
    return file["work"]


def _unlocked(file: dict[str, Any], passphrase: str) -> Any:  # noqa: ANN401  read from a file
    if file["lock"]["way"] != _WAY:
        raise NotBrought(_NEWER)
    if not passphrase.strip():
        raise NotBrought(_LOCKED)
    salt = base64.b64decode(file["lock"]["salt"], validate=True)
    locked = base64.b64decode(file["locked"], validate=True)
    try:
        return json.loads(_cipher(passphrase, salt).open(_PLACE, locked))
    except Damaged as error:
        raise NotBrought(_NOT_OPENED) from error


def _things(rows: Iterable[Any]) -> tuple[Thing, ...]:
    """Read the rows of a file. Raises ValueError, KeyError or TypeError when one is not whole."""
    found = []
    for row in rows:
        kind, name, saved = row["kind"], row["name"], row["saved"]
        fits = isinstance(kind, str) and _KIND.fullmatch(kind) and isinstance(name, str) and len(name) <= _LONGEST_NAME
        if not fits or plain_name(name) != name or type(saved) is not int or not 0 <= saved < _LATEST:
            message = "A row of this file is not whole."
            raise ValueError(message)
        found.append(Thing(kind, name, _whole(row["value"]), saved))
    return tuple(found)


def _whole(value: object) -> object:
    """Put a mark in the place of half a character, which JSON can hold and no message to a page can carry."""
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
