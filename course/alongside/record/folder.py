"""Version 0 of a record: a folder of small JSON files. It is read once, and taken away when its things are kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from alongside.record.shelf import GRADED, REFLECTIONS, Thing
from alongside.record.store import erase
from alongside.responses import FILE
from alongside.store import read_json

__all__ = ["clear", "found"]

_KINDS = ("runs", "practice", "finished", "feedback", REFLECTIONS)
_WISH = ("feedback", "roleplay")
# A module and what it is in it. Files of other names in such a folder are somebody else's.
_NAME = re.compile(r"[a-z0-9-]+--[a-z0-9-]+")
_UNIT = re.compile(r"[a-z0-9-]+")
_LIMIT = 2_000_000


def found(folder: Path) -> Iterator[tuple[Path, Thing]]:
    """Give every thing that an earlier version kept here, with its file. One that is torn is passed over."""
    for kind, name, path in _files(folder):
        with suppress(OSError, ValueError):
            saved = path.stat().st_mtime_ns // 1_000_000
            yield path, Thing(kind, name, read_json(path, _LIMIT), saved)


def clear(folder: Path) -> None:
    """Delete all that an earlier version kept here, whole or torn, and no file of anybody else's. Raises OSError."""
    for _, _, path in _files(folder):
        erase(path)
    for kind in (*_KINDS, GRADED):
        for place in (*(folder / kind).glob("*"), folder / kind):
            with suppress(OSError):
                place.rmdir()


def _files(folder: Path) -> Iterator[tuple[str, str, Path]]:
    for kind in _KINDS:
        for path in sorted((folder / kind).glob("*.json")):
            if _NAME.fullmatch(path.stem) or (kind, path.stem) == _WISH:
                yield kind, path.stem, path
    for path in sorted((folder / GRADED).glob(f"*/{FILE}")):
        if _UNIT.fullmatch(path.parent.name):
            yield GRADED, path.parent.name, path
