"""When work was handed in, from the file that nbgrader lays beside it; and whether a file is one of its own."""

from __future__ import annotations

import stat
from datetime import datetime
from pathlib import Path

from nbgrader.utils import parse_utc

__all__ = ["is_plain", "moment_in"]

_CLOCK = "timestamp.txt"
_LONGEST_CLOCK = 200  # characters


def moment_in(folder: Path) -> datetime | None:
    """Give the moment of a piece of work, in UTC. Raises ValueError when its file does not say one."""
    path = folder / _CLOCK
    if not is_plain(path):
        return None
    with path.open(encoding="utf-8", errors="replace") as file:
        text = file.read(_LONGEST_CLOCK).strip()
    try:
        return parse_utc(text) if text else None
    except Exception as error:  # dateutil lets through whatever goes wrong inside it
        message = f"{_CLOCK} does not say when it was handed in, so it counts as handed in on time"
        raise ValueError(message) from error


def is_plain(path: Path) -> bool:
    """Whether it is a file of its own: no link, which could lead anywhere, and nothing that never ends or answers."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False
