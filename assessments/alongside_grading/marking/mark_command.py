"""`alongside mark`: collect what came in, mark it, and write it to nbgrader's gradebook while one watches."""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from alongside.catalog import Catalog, open_catalog
from alongside_grading.config import BankInRepository, course_directory
from alongside_grading.wording import NEEDS_NBGRADER

if TYPE_CHECKING:
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

__all__ = ["mark", "watch"]

T = TypeVar("T")
_PAUSE = 1.0  # seconds between two looks


def mark(arguments: list[str]) -> int:
    """Mark what was handed in. Gives 0 when all of it is marked, and 1 when something must be mended first."""
    about = "collect and mark what was handed in, into nbgrader's gradebook"
    parser = argparse.ArgumentParser("alongside mark", description=about)
    parser.add_argument("unit", nargs="?", help="the unit, as its file in assessments/questions is called")
    parser.add_argument("folder", nargs="?", type=Path, help="the handed-in files; else downloaded/<unit>/archive")
    parser.add_argument("--all", action="store_true", help="every unit in the gradebook")
    parser.add_argument("--force", action="store_true", help="mark again what is marked already")
    parser.add_argument("--watch", action="store_true", help="go on as files arrive, until Ctrl-C")
    options = parser.parse_args(arguments)
    if bool(options.unit) == options.all:
        parser.error("name one unit, or give --all")
    if find_spec("nbgrader") is None:
        _tell(NEEDS_NBGRADER)
        return 1
    if options.folder and not options.folder.is_dir():
        _tell(f"There is no folder {options.folder}. Name the one that holds the handed-in files.")
        return 1
    try:
        return _mark(options, open_catalog())
    except KeyboardInterrupt:
        _tell("Stopped. What is marked is kept. Run the same command to go on.")
        return 0 if options.watch else 1


def watch(look: Callable[[], object], work: Callable[[], object], pause: Callable[[], object]) -> None:
    """Work once, and again whenever what `look` gives has changed and then kept still for one pause. Never returns."""
    seen = look()
    work()
    last = seen
    while True:
        pause()
        now = look()
        if now == last != seen:
            seen = now
            work()
        last = now


def _mark(options: argparse.Namespace, catalog: Catalog) -> int:
    with _without_garbage():
        from nbgrader.coursedir import CourseDirectory  # noqa: PLC0415  slow to load, and not there without nbgrader
        from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

        from alongside_grading.handed_in import incoming  # noqa: F401, PLC0415  not while work is under way
        from alongside_grading.marking import marker  # noqa: F401, PLC0415  not while work is under way
        from alongside_grading.marking.ledger import NotMarkable  # noqa: PLC0415
        from alongside_grading.settings import course_config  # noqa: PLC0415

    try:
        folder = course_directory(catalog.root / "assessments")
        config = course_config(folder)
        run = _Run(options, catalog, config, CourseDirectory(config=config))
        if options.watch:
            _tell("Waiting for work. Press Ctrl-C to stop.")
            watch(run.look, run, lambda: time.sleep(_PAUSE))
        return run()
    except (NotMarkable, BankInRepository) as error:
        _tell(str(error))
    except SQLAlchemyError:
        _tell(
            "The gradebook could not be written. Another program may hold it, or the disk may be full. What is marked "
            "is kept. Close other programs that use it, and run the same command to go on."
        )
    except OSError as error:
        _tell(f"{error.filename} could not be read or written ({error.strerror}). What is marked is kept.")
    return 1


@contextmanager
def _without_garbage() -> Iterator[None]:
    """Load modules in a sixth less time: while hundreds of them come, all objects are new, and none is garbage."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _tell(sentence: str) -> None:
    """Say something without breaking a progress bar, if one is drawn."""
    drawn = sys.modules.get("tqdm")
    if drawn is None:
        print(sentence, file=sys.stderr, flush=True)
    else:
        drawn.tqdm.write(sentence, file=sys.stderr)


def _progress(work: list[T]) -> Iterable[T]:
    """Draw a bar while work goes on. On a terminal alone: in a file it would be noise."""
    if not (work and sys.stderr.isatty()):
        return work
    from tqdm import tqdm  # type: ignore[import-untyped]  # noqa: PLC0415  not there without what marking needs

    bar: Iterable[T] = tqdm(work, unit="hand-in", leave=False)
    return bar


class _Run:
    """One pass over the units that were asked for, to be made once or again and again."""

    def __init__(
        self, options: argparse.Namespace, catalog: Catalog, config: Config, coursedir: CourseDirectory
    ) -> None:
        """Keep what every pass needs."""
        self._options, self._catalog, self._config, self._dir = options, catalog, config, coursedir
        self._force, self._told, self._first = options.force, set[str](), True

    def __call__(self) -> int:
        """Collect and mark, when no other marker does. Gives 0 when all there is is marked."""
        from alongside_grading.marking.cohort import one_marker  # noqa: PLC0415

        with one_marker(Path(self._dir.root), _tell):
            return self._mark()

    def _mark(self) -> int:
        from alongside_grading.handed_in.incoming import collect_exchange, collect_files  # noqa: PLC0415
        from alongside_grading.marking.cohort import clear_left_over  # noqa: PLC0415
        from alongside_grading.marking.marker import mark_unit  # noqa: PLC0415
        from alongside_grading.marking.unit import open_gradebook, open_unit, units  # noqa: PLC0415

        failed = 0
        with open_gradebook(self._dir) as gradebook:
            if self._first:
                self._index()
            names = units(gradebook) if self._options.all else [self._options.unit]
            for name in names:
                unit = open_unit(gradebook, self._dir, self._config, name, self._catalog)
                self._dir.assignment_id = name
                clear_left_over(self._dir, name, self._downloaded())
                unit.ledger.tell = _tell
                said = collect_exchange(self._dir, self._config, name)
                said += collect_files(self._dir, self._config, name, self._options.folder)
                for sentence in said:
                    self._say(sentence)
                tally = mark_unit(unit, _progress, self._say, force=self._force)
                failed += tally.failed
                if self._first or tally.marked:
                    _tell(str(tally))
        self._force = self._first = False
        return 1 if failed else 0

    def _index(self) -> None:
        """Give the gradebook the indexes that it lacks. Marks do not depend on them, so marking goes on without."""
        from alongside_grading.marking.indexes import NotIndexed, index  # noqa: PLC0415
        from alongside_grading.marking.ledger import while_busy  # noqa: PLC0415

        try:
            with while_busy(_tell):
                index(self._dir.db_url)
        except NotIndexed as error:
            self._say(str(error))

    def _downloaded(self) -> Path:
        from nbgrader.apps.zipcollectapp import ZipCollectApp  # noqa: PLC0415

        app = ZipCollectApp(config=self._config)
        app.coursedir = self._dir
        return Path(app._format_collect_path("."))  # noqa: SLF001  nbgrader gives it no other name

    def look(self) -> object:
        """What lies where work comes in."""
        from alongside_grading.handed_in.incoming import arrivals  # noqa: PLC0415

        return arrivals(self._dir, self._config, self._options.unit or "*", self._options.folder)

    def _say(self, sentence: str) -> None:
        """Tell a problem once, however many passes find it."""
        if sentence not in self._told:
            self._told.add(sentence)
            _tell("".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in sentence))
