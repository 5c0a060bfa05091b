"""Work on its way into `submitted/`: from handed-in files in a folder, and from nbgrader's exchange."""

from __future__ import annotations

import glob
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.apps.zipcollectapp import ZipCollectApp
from nbgrader.auth import Authenticator
from nbgrader.exchange import ExchangeError, ExchangeFactory
from nbgrader.utils import parse_utc, temp_attrs
from traitlets.config import Config

from alongside_grading.config import HANDED_IN
from alongside_grading.handed_in.clock import moment_in
from alongside_grading.handed_in.quiet import Said, quiet_log

__all__ = ["arrivals", "collect_exchange", "collect_files"]

_PATTERN = re.compile(HANDED_IN)


@dataclass
class _HandIn:
    """The files of one learner's hand-in, by the names that they get, and its moment."""

    moment: datetime
    files: dict[str, Path] = field(default_factory=dict)


def collect_files(coursedir: Any, config: Config, unit: str, folder: Path | None) -> list[str]:  # noqa: ANN401
    """Bring hand-ins into `submitted/`, from `folder` or from `downloaded/<unit>/archive`.

    Work that is there already and as new stays. Gives a sentence for each thing that was left out. Raises OSError.
    """
    app = ZipCollectApp(config=config)
    said = Said()
    app.log = quiet_log(said)
    app.coursedir = coursedir
    archive = folder or Path(app._format_collect_path(app.archive_directory))  # noqa: SLF001  nbgrader gives it no other name
    if not archive.is_dir():
        return []
    room = Path(app._format_collect_path("."))  # noqa: SLF001
    room.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".unpacked-", dir=room) as unpacked:
        app.extracted_directory = Path(unpacked).name
        app.init_plugins()
        app.extractor_plugin_inst.extract(str(archive), unpacked)
        for learner, work in _sorted(app, Path(unpacked), said).items():
            place = Path(coursedir.format_path(coursedir.submitted_directory, learner, unit))
            if _is_newer(work.moment, place):
                _lay(work, place)
    return list(said.sentences)


def collect_exchange(coursedir: Any, config: Config, unit: str) -> list[str]:  # noqa: ANN401
    """Bring in what lies in nbgrader's exchange, where there is one. Gives a sentence when that could not be done."""
    step = ExchangeFactory(config=config).Collect(
        coursedir=coursedir, authenticator=Authenticator(config=config), config=config
    )
    step.log = quiet_log()
    step.update = True
    root = getattr(step, "root", None)
    if root is not None and not (Path(root) / coursedir.course_id / "inbound").is_dir():
        return []
    try:
        step.start()
    except (ExchangeError, OSError, RuntimeError, ValueError, SystemExit):
        return [f"What lies in the exchange could not be collected. To see why, run: nbgrader collect {unit} --update"]
    return []


def _sorted(app: ZipCollectApp, unpacked: Path, said: Said) -> dict[str, _HandIn]:
    found: dict[str, _HandIn] = {}
    for path in sorted(path for path in unpacked.rglob("*") if path.is_file()):
        if not _PATTERN.match(str(path)):
            name = path.relative_to(unpacked).parts[0]
            said.sentences[f"{name} does not say in its name whose work it is, so it was left out."] = None
            continue
        told = app.collector_plugin_inst.collect(str(path))
        if told is None:
            continue
        try:
            moment = parse_utc(told["timestamp"])
        except (ValueError, OverflowError):
            said.sentences[f"{path.parent.name} names a day that is not there, so it was left out."] = None
            continue
        found.setdefault(told["student_id"], _HandIn(moment)).files[told["file_id"]] = path
    return found


def _is_newer(moment: datetime, place: Path) -> bool:
    try:
        known = moment_in(place)
    except ValueError:
        return False
    return known is None or moment > known


def _lay(work: _HandIn, place: Path) -> None:
    """Put a hand-in into its folder whole: made beside it, then renamed."""
    place.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    try:
        for name, path in work.files.items():
            shutil.copyfile(path, new / name)
        (new / "timestamp.txt").write_text(work.moment.isoformat(" "), encoding="utf-8")
        new.chmod(0o755)
        if place.exists():
            old = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
            place.rename(old / place.name)
            new.rename(place)
            shutil.rmtree(old, ignore_errors=True)
        else:
            new.rename(place)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def arrivals(coursedir: Any, config: Config, unit: str, folder: Path | None) -> frozenset[tuple[str, int, int]]:  # noqa: ANN401
    """Name every file where work comes in, with its size and when it changed. `unit` may be a pattern."""
    app = ZipCollectApp(config=config)
    app.coursedir = coursedir
    with temp_attrs(coursedir, assignment_id=unit):
        places = [str(folder)] if folder else [app._format_collect_path(app.archive_directory)]  # noqa: SLF001
    places.append(coursedir.format_path(coursedir.submitted_directory, "*", unit))
    root = getattr(ExchangeFactory(config=config).Collect(coursedir=coursedir, config=config), "root", None)
    if root:
        places.append(str(Path(root) / coursedir.course_id / "inbound"))
    found = (Path(each) for place in places for each in glob.glob(place))  # noqa: PTH207  nbgrader's own patterns
    return frozenset(row for each in found for row in _files_under(each))


def _files_under(folder: Path) -> Iterator[tuple[str, int, int]]:
    for path in folder.rglob("*"):
        try:
            about = path.lstat()
        except OSError:
            continue
        yield str(path), about.st_size, about.st_mtime_ns
