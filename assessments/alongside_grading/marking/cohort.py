"""The folders of a cohort: which work lies in `submitted/`, which is marked, and what is laid beside its marks."""

from __future__ import annotations

import glob
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from threading import Timer
from typing import Any

from filelock import FileLock

from alongside.responses import FILE, Responses, read_responses
from alongside.store import write_bytes
from alongside_grading.handed_in.clock import is_plain
from alongside_grading.handed_in.submission import read_cells
from alongside_grading.marking.marked import Work

__all__ = [
    "Handed", "clear_left_over", "handed_in", "is_finished", "one_marker", "read_work", "saying_so",
    "write_marked",
]  # fmt: skip

_LOCK = "gradebook.db.marking"
_RANDOM = r"[a-z0-9_]{8}"  # how `tempfile` names things
_HALF_WRITTEN = re.compile(rf"\..+\.{_RANDOM}", re.DOTALL)
_PATIENCE = 2.0  # seconds


@dataclass(frozen=True)
class Handed:
    """One learner's work for one unit: whose it is, where it lies, and where its marked copy belongs."""

    learner: str
    folder: Path
    marked: Path


@contextmanager
def saying_so(tell: Callable[[str], None], waits: str, goes_on: str) -> Iterator[None]:
    """Tell, where something takes longer than two seconds, that it waits, and afterwards that it goes on."""
    said: list[str] = []

    def say() -> None:
        said.append(waits)
        tell(waits)

    timer = Timer(_PATIENCE, say)
    timer.daemon = True
    timer.start()
    try:
        yield
        if said:
            tell(goes_on)
    finally:
        timer.cancel()


@contextmanager
def one_marker(root: Path, tell: Callable[[str], None]) -> Iterator[None]:
    """Be the only marker in a course directory, after waiting for the one that is. Raises OSError.

    The system frees the lock when its holder ends, however it ends. Its file stays, and holds nothing.
    """
    lock = FileLock(root / _LOCK)
    with saying_so(
        tell,
        "Another `alongside mark` is at work in this course. Waiting until it is done.",
        "The other `alongside mark` is done. Going on.",
    ):
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def handed_in(coursedir: Any, unit: str) -> Iterator[Handed]:  # noqa: ANN401  nbgrader's own
    """Give every learner's work in `submitted/`, in the order of their names, less those that nbgrader leaves out."""
    left_out = coursedir.student_id_exclude.split(",") if coursedir.student_id_exclude else ()
    pattern = re.compile(coursedir.format_path(coursedir.submitted_directory, "(?P<who>.*)", unit, escape=True))
    for path in sorted(glob.glob(coursedir.format_path(coursedir.submitted_directory, "*", unit))):  # noqa: PTH207  nbgrader's own pattern of folders
        match = pattern.match(path)
        if match and match["who"] not in left_out and Path(path).is_dir():
            marked = coursedir.format_path(coursedir.autograded_directory, match["who"], unit)
            yield Handed(match["who"], Path(path), Path(marked))


def clear_left_over(coursedir: Any, unit: str, downloaded: Path) -> None:  # noqa: ANN401  nbgrader's own
    """Take away what a marker that was killed left half-made. Only the one marker may, as all of it is nobody's then.

    Work that was being put in the place of older work is put back, so that none is lost. Raises OSError.
    """
    for left in downloaded.glob(".unpacked-*"):
        shutil.rmtree(left, ignore_errors=True)
    half_made = re.compile(rf"\.{re.escape(unit)}-{_RANDOM}")
    for path in glob.glob(coursedir.format_path(coursedir.submitted_directory, "*", f".{unit}-*")):  # noqa: PTH207
        left = Path(path)
        if half_made.fullmatch(left.name):
            place, older = left.with_name(unit), left / unit
            if older.is_dir() and not place.exists():
                older.rename(place)
            shutil.rmtree(left, ignore_errors=True)
    source = Path(coursedir.format_path(coursedir.source_directory, ".", unit))
    for work in handed_in(coursedir, unit):
        for folder, _, names in os.walk(work.marked):
            for name in names:
                if _HALF_WRITTEN.fullmatch(name):
                    path = Path(folder) / name
                    within = path.relative_to(work.marked)
                    if not any((whole / within).exists() for whole in (work.folder, source)):
                        path.unlink(missing_ok=True)


def is_finished(work: Handed, unit: str, moment: datetime | None, recorded: Mapping[str, datetime | None]) -> bool:
    """Whether there is nothing to do: the marked copy is there, the marks are recorded, and no newer work came in."""
    if work.learner not in recorded or not (work.marked / f"{unit}.ipynb").is_file():
        return False
    known = recorded[work.learner]
    return moment is None or (known is not None and moment <= known)


def read_work(folder: Path, unit: str) -> Work:
    """Read what was handed in as data. Raises FileNotFoundError when neither the notebook nor the answers are there."""
    book, answers = folder / f"{unit}.ipynb", folder / FILE
    if not (os.path.lexists(book) or os.path.lexists(answers)):
        raise FileNotFoundError(book)
    written: dict[str, str] = {}
    if is_plain(book):
        with book.open(encoding="utf-8") as file:
            for name, text in read_cells(file):
                written.setdefault(name, text)
    if not is_plain(answers) and os.path.lexists(answers):
        note = f"{FILE} is not a file of its own, so every question counts as unanswered."
        return Work(written, Responses(unit, note=note))
    return Work(written, read_responses(answers, unit))


def write_marked(work: Handed, unit: str, book: bytes, converter: Any) -> None:  # noqa: ANN401  nbgrader's own
    """Lay the marked notebook, and what nbgrader copies beside it, each file whole. Raises OSError.

    The notebook comes last: a copy without one is not finished. What lay there and belongs no more is taken away.
    """
    coursedir = converter.coursedir
    mode = int(str(converter.permissions), 8)
    source = Path(coursedir.format_path(coursedir.source_directory, ".", unit))
    kept = set(converter.exclude_overwriting.get(unit, ()))
    files = dict(_beside(work.folder, coursedir.ignore))
    files |= {name: path for name, path in _beside(source, coursedir.ignore) if name not in kept}
    for name, path in files.items():
        _copy(path, work.marked / name, mode)
    write_bytes(work.marked / f"{unit}.ipynb", book, mode)
    for path in list(work.marked.rglob("*")):
        name = path.relative_to(work.marked).as_posix()
        if not path.is_dir() and name not in files and name != f"{unit}.ipynb":
            path.unlink(missing_ok=True)
    if coursedir.groupshared:
        converter.set_permissions(unit, work.learner)


def _beside(folder: Path, ignored: list[str]) -> Iterator[tuple[str, Path]]:
    """The files that nbgrader copies. Its own search asks the disk once for each file and pattern, which takes long."""
    for place, folders, names in os.walk(folder):
        if _is_ignored(os.path.basename(place), ignored):  # noqa: PTH119
            folders.clear()
            continue
        for name in names:
            path = Path(place) / name
            if not _is_ignored(name, [*ignored, "*.ipynb"]) and is_plain(path):
                yield path.relative_to(folder).as_posix(), path


def _is_ignored(name: str, ignored: list[str]) -> bool:
    """As patterns of files have it: what is hidden is meant only where the pattern begins with a dot too."""
    return any(
        fnmatchcase(name, pattern) and (pattern.startswith(".") or not name.startswith(".")) for pattern in ignored
    )


def _copy(path: Path, to: Path, mode: int) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{to.name}.", dir=to.parent)
    os.close(handle)
    try:
        shutil.copyfile(path, name)
        Path(name).chmod(mode)
        Path(name).replace(to)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
