"""Handed-in files on their way to nbgrader: whose a file is, told by its name, and only the two files that count."""

from __future__ import annotations

import io
import lzma
import re
import shutil
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin
from nbgrader.utils import parse_utc

from alongside.responses import FILE
from alongside_grading.config import HANDED_IN
from alongside_grading.handed_in.archives import (
    LEARNER,
    PLATFORM,
    WANTED,
    Judged,
    alike,
    judge,
    other_archive,
    shown,
    stem_of,
)

__all__ = ["CollectHandIns", "ExtractHandIns", "tidy", "tidy_all"]

_PATTERN = re.compile(HANDED_IN)
_TORN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, RuntimeError)
"""All that `zipfile` raises."""
_LONGEST_MOMENT = 200  # bytes
_YEARS = range(1900, 3000)  # outside them nbgrader's own pages fail, for every learner at once


@dataclass(frozen=True)
class _Origin:
    """Where files come from: a name to tell, what sets it apart from all others, and its name with its folders."""

    name: str
    owner: str
    way: str


class ExtractHandIns(ExtractorPlugin):
    """Unpacks zips. What is torn, far too large or leads elsewhere is left out with a sentence; the others go on."""

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Unpack every zip under one folder into a folder of its own name under the other; copy other files."""
        archive, extracted = Path(archive_path), Path(extracted_path)
        self._taken: dict[str, str] = {}
        self._ways: dict[str, set[tuple[str, str]]] = {}
        for path in sorted(archive.rglob("*")):
            into = extracted / path.parent.relative_to(archive)
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                self._leave(path.name, "it is a link or a device, not a file")
            elif path.is_file():
                self._left = PLATFORM.total
                self._bring(path, path.relative_to(archive).as_posix(), into)
        for learner, ways in sorted(self._ways.items()):
            if len(ways) > 1:
                self.log.warning(
                    "Hand-ins by %s came in more than one way. If they are from two people, rename one of them and "
                    "collect again. As it is, the later one counts, whole.",
                    shown(learner),
                )
        self._complete(extracted)

    def _bring(self, path: Path, name: str, into: Path) -> None:
        if path.suffix.lower() == ".zip":
            with path.open("rb") as file:
                self._unpack(file, _Origin(path.name, name, name), into)
        elif other_archive(path.name):
            self._leave(path.name, "it is an archive of a kind that is not opened here. Ask for the zip")
        elif not WANTED.match(path.name):
            self._leave(path.name, "it is no hand-in")
        elif path.stat().st_size > LEARNER.one:
            self._leave(path.name, "it is far too large")
        elif self._claim(into, _Origin(path.name, str(path.parent), f"{name.rpartition('/')[0]}.zip")):
            into.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, into / path.name)

    def _leave(self, name: str, why: str) -> None:
        self.log.warning("%s was left out: %s.", shown(name), why)

    def _claim(self, folder: Path, origin: _Origin) -> bool:
        """Whether a folder is still free, or its owner's. So two hand-ins never end in one folder."""
        if self._taken.setdefault(alike(str(folder)), origin.owner) != origin.owner:
            self._leave(origin.name, "another hand-in has the same name, but perhaps for capitals. Rename one of them")
            return False
        match = _PATTERN.match(f"/{origin.way[: -len('.zip')]}/{FILE}")
        if match:
            before = match["before"].removesuffix(_unit(self.parent))
            self._ways.setdefault(_learner(match["student_id"]), set()).add((before, match["student_id"]))
        return True

    def _complete(self, extracted: Path) -> None:
        """Lay an empty notebook beside answers that came without one. nbgrader passes over a learner who has none."""
        unit = _unit(self.parent)
        for path in extracted.rglob(FILE) if unit else ():
            if not any(path.parent.glob("*.ipynb")):
                (path.parent / f"{unit}.ipynb").write_text("{}", encoding="utf-8")

    def _unpack(self, file: IO[bytes], origin: _Origin, into: Path, *, nested: bool = False) -> None:
        stem = stem_of(origin.name)
        if not stem:
            self._leave(origin.name, "its name is not fit for a folder's. Rename it")
            return
        # A learning platform hands out one zip of zips. A learner's own zip holds no more of them.
        whole = nested or _is_hand_in(stem)
        try:
            with zipfile.ZipFile(file) as archive:
                judged = judge(archive.infolist(), LEARNER if whole else PLATFORM, None if whole else _is_hand_in)
                for why in judged.refused:
                    self.log.warning("%s: %s.", shown(origin.name), why)
                self._left -= sum(member.file_size for member, _ in (*judged.files, *judged.zips))
                if self._left < 0:
                    self._leave(origin.name, "with the others beside it, it would unpack to far too much")
                    return
                self._lay(archive, judged, origin, into / stem)
        except _TORN:
            self._torn(origin.name)

    def _lay(self, archive: zipfile.ZipFile, judged: Judged, origin: _Origin, into: Path) -> None:
        for member, name in judged.files:
            path = into / name
            own = f"{path.parent.name}.zip"
            whose = _Origin(own, f"{origin.owner}/{own}", own) if "/" in name else origin
            try:
                data = archive.read(member)
                if self._claim(path.parent, whose):
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(data)
            except _TORN:
                self._torn(whose.name)
        for number, (member, name) in enumerate(judged.zips):
            try:
                file = io.BytesIO(archive.read(member))
            except _TORN:
                self._torn(name)
                continue
            way = member.filename.replace("\\", "/")
            self._unpack(file, _Origin(name, f"{origin.owner}#{number}", way), into, nested=True)

    def _torn(self, name: str) -> None:
        self.log.warning(
            "%s could not be unpacked, or not whole: it is torn, or no zip at all. Ask for the file again.", shown(name)
        )


class CollectHandIns(FileNameCollectorPlugin):
    """Tells a learner and a moment by a file's name. Of two hand-ins by one learner the later one counts, whole."""

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """Give `student_id`, `file_id` and `timestamp`, or None when the file is not to be taken."""
        found = super().collect(submitted_file)
        if not found:
            return None
        unit = _unit(self.parent)
        if not found["before"].endswith(unit) or (unit and found["file_id"] not in {FILE, f"{unit}.ipynb"}):
            self.log.warning("%s belongs to another quiz, so it was left out.", shown(Path(submitted_file).name))
            return None
        learner, moment = _learner(found["student_id"]), found["timestamp"]
        if not (learner.isprintable() and _is_moment(moment)):
            self.log.warning(
                "%s was left out: the learner or the moment in its name is not one that can be. Correct the name.",
                shown(Path(submitted_file).parent.name),
            )
            return None
        mine = (moment, str(Path(submitted_file).parent))
        if self._newest(submitted_file).get(learner, mine) > mine:
            self.log.warning("An older hand-in by %s was left out; the newer one counts.", shown(learner))
            return None
        return {**found, "student_id": learner}

    def _newest(self, submitted_file: str) -> dict[str, tuple[str, str]]:
        """For each learner the moment and the folder of the last hand-in, looked up once."""
        known: dict[str, tuple[str, str]] | None = getattr(self, "_known", None)
        if known is None:
            known = {}
            for path in _root(self.parent, submitted_file).rglob("*.*"):
                match = _PATTERN.match(path.as_posix()) if path.is_file() else None
                if match and _is_moment(match["timestamp"]):
                    learner, here = _learner(match["student_id"]), (match["timestamp"], str(path.parent))
                    known[learner] = max(known.get(learner, here), here)
            self._known = known
        return known


def tidy_all(notebooks: Sequence[str], **_: object) -> None:
    """Tidy the folder of one learner's notebooks. For nbgrader's `Autograde.pre_convert_hook`."""
    for folder in {Path(each).parent for each in notebooks}:
        tidy(folder)


def tidy(folder: Path) -> list[str]:
    """Take out of one hand-in what would stop nbgrader for every learner, before anything in it is opened.

    Gives a sentence for each thing that was taken out.

    A link may lead to another learner's work or to the key, and a pipe would be waited on for ever. In the place of a
    notebook an empty one is laid, so that its owner is marked. What a link leads to is left as it is. A
    moment that no calendar has would keep formgrader's list from opening; without one the work counts as on time.
    """
    said = []
    for path in list(folder.rglob("*")):
        if stat.S_IFMT(path.lstat().st_mode) not in {stat.S_IFREG, stat.S_IFDIR}:
            said.append(f"{shown(path.name)} is not a file of its own, so it was taken out.")
            path.unlink()
            if path.suffix == ".ipynb":
                path.write_text("{}", encoding="utf-8")
    if said and not any(folder.glob("*.ipynb")):
        (folder / f"{folder.name}.ipynb").write_text("{}", encoding="utf-8")
    clock = folder / "timestamp.txt"
    if clock.is_file() and not _is_clock(clock):
        said.append("timestamp.txt does not say when it was handed in, so it counts as handed in on time.")
        clock.unlink()
    return said


def _is_clock(path: Path) -> bool:
    with path.open("rb") as file:
        raw = file.read(_LONGEST_MOMENT)
    try:
        return not raw.strip() or parse_utc(raw.decode().strip()).year in _YEARS
    except Exception:  # noqa: BLE001  dateutil lets through whatever goes wrong inside it
        return False


def _learner(name: str) -> str:
    """One learner is one name, however a computer spells its letters."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _is_moment(text: str) -> bool:
    """Whether a moment is one that a calendar has. nbgrader would stop collecting at any other."""
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%S%z").year in _YEARS
    except ValueError:
        return False


def _is_hand_in(name: str) -> bool:
    return bool(_PATTERN.match(f"/{name}/{FILE}"))


def _unit(app: object) -> str:
    """The unit whose hand-ins are being collected, or nothing without nbgrader's command around."""
    return str(getattr(getattr(app, "coursedir", None), "assignment_id", "") or "")


def _root(app: object, submitted_file: str) -> Path:
    """The folder of all the unpacked hand-ins; without nbgrader's command around it, the hand-in's own."""
    find = getattr(app, "_format_collect_path", None)
    return Path(find(app.extracted_directory)) if find else Path(submitted_file).parent  # type: ignore[attr-defined]
