"""Keeps things in a record without end, and says each one that was kept. Run by tests, which kill it."""

from __future__ import annotations

import os
import random
import select
import signal
import sqlite3
import sys
import time
from pathlib import Path

from alongside.record import REFLECTIONS, Record, Space
from alongside.record.record import FILE

KEY = bytes(range(32))


def value(number: int) -> dict[str, object]:
    """Some text of a size that goes over many pages of the file, told by its number."""
    return {"text": f"{number} " * (1 + number * 997 % 4000), "other": False}


def write(folder: Path, said: int) -> None:
    """Keep numbers one after the other in a few places; say each when it is kept."""
    record = Record(Space(folder), KEY)
    number = 1 + max((int(record.get("runs", f"at-{place}") or 0) for place in range(3)), default=0)
    while True:
        record.put(REFLECTIONS, f"first--{number % 5}", value(number))
        record.put("runs", f"at-{number % 3}", number)
        os.write(said, number.to_bytes(4, "big"))
        number += 1


def crash(folder: Path, moments: int, seed: int) -> int:
    """Kill a writer at random moments, and look after each whether all that it said is there. Gives how much it was."""
    chance = random.Random(seed)  # noqa: S311  moments, not secrets
    last = 0
    for _ in range(moments):
        hear, say = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(hear)
            write(folder, say)
        os.close(say)
        if chance.random() < 0.7:  # else it is killed while it opens the file, too
            select.select([hear], [], [], 10)  # on a busy machine the first write takes longer than the pause
        time.sleep(chance.random() * 0.03)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(hear, "rb") as file:
            told = file.read()
        last = max(last, int.from_bytes(told[-4:], "big")) if len(told) >= 4 else last
        look(folder, last)
    return last


def look(folder: Path, last: int) -> None:
    """Stop with an exception when the file is torn, or less is there than was said."""
    if not (folder / FILE).exists():
        assert last == 0
        return
    record = Record(Space(folder), KEY)
    for place in range(5):
        kept = record.get(REFLECTIONS, f"first--{place}")
        least = max((number for number in range(max(last - 4, 1), last + 1) if number % 5 == place), default=0)
        if kept is None:
            assert least == 0
            continue
        number = int(str(kept["text"]).split(" ", 1)[0])
        assert kept == value(number)
        assert least <= number
    record.close()
    connection = sqlite3.connect(folder / FILE)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


if __name__ == "__main__":
    sys.stdout.write(f"{crash(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))}\n")
