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

from alongside.catalog import Catalog, open_catalog
from alongside.explore import explore
from alongside.record import FINISHED, GRADED, PRACTICE, REFLECTIONS, RUNS, TALKS, Record, Space
from alongside.record.bundle import merge, read_bundle, save
from alongside.record.codes import derive
from alongside.roleplay import Run, play
from alongside.scenario import Scenario
from alongside.talks import Talk, talks_data
from alongside_widgets import progress, resume

MANY = 500
WORDS = 2_000
SAVES = 400
TIMES = 7


def text(number: int) -> dict[str, object]:
    """A reflection of 2,000 words, each a little other than the next."""
    return {"text": " ".join(f"word{(number * place) % 997}" for place in range(WORDS)), "other": False}


def fill(record: Record) -> None:
    """Write in every place that the course has, and go on until there are 500 reflections.

    Each conversation has come to its ending ten times, and each graded quiz is begun.
    """
    catalog = open_catalog()
    places = [f"{module.id}--{name}" for module in catalog.modules for name in module.reflections]
    for number in range(MANY):
        record.put(REFLECTIONS, places[number] if number < len(places) else f"more--{number}", text(number))
    for module in catalog.modules:
        for name in module.questions:
            record.put(PRACTICE, f"{module.id}--{name}", {"format": 1, "best": 1})
        for name, scenario in module.scenarios.items():
            run = finished(scenario)
            talks = [Talk(run.choices, f"{run.digest}{number}", number) for number in range(9)]
            record.put(FINISHED, f"{module.id}--{name}", value=True)
            record.put(RUNS, f"{module.id}--{name}", run.to_dict())
            record.put(TALKS, f"{module.id}--{name}", talks_data([*talks, Talk(run.choices, run.digest, 9)]))
        record.put(GRADED, module.id, {"answers": {"none-of-them": text(0)["text"]}})


def finished(scenario: Scenario) -> Run:
    """Say what earns most in a conversation, to its ending."""
    run = Run(scenario.id, scenario.digest)
    for words in explore(scenario).best:
        reply = next(each for each in play(scenario, run.choices)[-1].offered if each.words == words)
        run = Run(run.scenario, run.digest, (*run.choices, reply.id))
    return run


def home(catalog: Catalog, record: Record) -> None:
    """Make all that the home page shows of a record."""
    resume.view(catalog, record)
    progress.view(catalog, record)


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
    opened = [took(lambda: home(catalog, Record(record.space, key))) for _ in range(TIMES)]
    show(f"{how}: the home page's data, with opening the file", statistics.median(opened), "less than 50")
    opened = [took(lambda: home(open_catalog(), Record(record.space, key))) for _ in range(TIMES)]
    show(f"{how}: the same, and reading the course for it", statistics.median(opened))
    listed = [took(lambda: record.names(REFLECTIONS)) for _ in range(TIMES)]
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
    unlock = statistics.median(took(lambda: derive("acorn bagel cabin daffodil")) for _ in range(TIMES))
    show("unlocking with a return code", unlock, "150 to 600")


if __name__ == "__main__":
    bench()
