"""How long a learner's record takes, when it is as large as one may ever get. For information. Run by `make bench`."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from alongside.catalog import open_catalog
from alongside.record import PRACTICE, REFLECTIONS, Record, Space
from alongside.record.bundle import merge, read_bundle, save
from alongside.record.codes import derive
from alongside_widgets.progress import view

MANY = 500
WORDS = 2_000
SAVES = 400
RUNS = 7


def text(number: int) -> dict[str, object]:
    """A reflection of 2,000 words, each a little other than the next."""
    return {"text": " ".join(f"word{(number * place) % 997}" for place in range(WORDS)), "other": False}


def fill(record: Record) -> None:
    """Write in every place that the course has, and go on until there are 500 reflections."""
    catalog = open_catalog()
    places = [f"{module.id}--{name}" for module in catalog.modules for name in module.reflections]
    for number in range(MANY):
        record.put(REFLECTIONS, places[number] if number < len(places) else f"more--{number}", text(number))
    for module in catalog.modules:
        for name in module.questions:
            record.put(PRACTICE, f"{module.id}--{name}", {"format": 1, "best": 1})
        for name in module.scenarios:
            record.put("finished", f"{module.id}--{name}", value=True)


def took(what: Callable[[], object]) -> float:
    """Give the milliseconds that something takes."""
    start = time.perf_counter()
    what()
    return 1000 * (time.perf_counter() - start)


def show(what: str, milliseconds: float, goal: str = "") -> None:
    """Print a figure, beside its goal if it has one."""
    sys.stdout.write(f"{what:<60} {milliseconds:8.1f} ms{f'   goal {goal}' if goal else ''}\n")
    sys.stdout.flush()


def figures(how: str, key: bytes | None, place: Path) -> None:
    """Print the figures of one record."""
    record, other = (Record(Space(place / name), key) for name in ("here", "there"))
    fill(record)
    catalog = open_catalog()
    saves = [took(partial(record.put, REFLECTIONS, f"more--{at % MANY}", text(at))) for at in range(SAVES)]
    show(f"{how}: one save, 95 of 100 are quicker", statistics.quantiles(saves, n=20)[18], "less than 10")
    show(f"{how}: one save, the median", statistics.median(saves))
    opened = [took(lambda: view(catalog, Record(record.space, key))) for _ in range(RUNS)]
    show(f"{how}: the home page's data, with opening the file", statistics.median(opened), "less than 50")
    listed = [took(lambda: record.names(REFLECTIONS)) for _ in range(RUNS)]
    show(f"{how}: the names of all reflections", statistics.median(listed), "less than 50")
    show(f"{how}: all of it to a file of saved work", took(lambda: save(record)))
    data = save(record)
    show(f"{how}: all of it brought back", took(lambda: merge(other, read_bundle(data))))
    show(f"{how}: everything deleted", took(record.delete_everything))
    other.close()


def bench() -> None:
    """Print the figures, in clear as on one's own computer, and locked as on a shared website."""
    sys.stdout.write(f"A record with {MANY} reflections of {WORDS:,} words.\n")
    for how, key in (("in clear", None), ("locked", os.urandom(32))):
        with tempfile.TemporaryDirectory(prefix="alongside-bench-") as place:
            figures(how, key, Path(place))
    unlock = statistics.median(took(lambda: derive("acorn bagel cabin daffodil")) for _ in range(RUNS))
    show("unlocking with a return code", unlock, "150 to 600")


if __name__ == "__main__":
    bench()
