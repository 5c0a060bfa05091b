"""Handed-in files on their way to nbgrader: whose a file is, told by its name, and only the two files that count."""

from __future__ import annotations

import io
import re
import shutil
import unicodedata
import zipfile
import zlib
from pathlib import Path
from typing import IO

from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin

from alongside.responses import FILE
from alongside_grading.config import HANDED_IN

__all__ = ["CollectHandIns", "ExtractHandIns"]

LIMIT = 50_000_000  # bytes in one file of a zip; a quiz here is a thousandth of that
_MOST_FILES = 2_000
_WANTED = re.compile(r"^[a-z0-9][a-z0-9-]*\.ipynb$|^" + re.escape(FILE) + "$")
_PATTERN = re.compile(HANDED_IN)
_TORN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError)  # all that `zipfile` raises


class ExtractHandIns(ExtractorPlugin):
    """Unpacks zips. One that is torn or far too large is left out with a plain warning, and the others go on."""

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Unpack every zip under one folder into a folder of its own name under the other; copy other files."""
        archive, extracted = Path(archive_path), Path(extracted_path)
        for path in sorted(archive.rglob("*")):
            into = extracted / path.parent.relative_to(archive)
            if path.is_symlink() or not path.is_file():
                continue
            if path.suffix.lower() == ".zip":
                with path.open("rb") as file:
                    self._unpack(file, path.name, into / path.stem, nested=False)
            elif _WANTED.match(path.name):
                into.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, into / path.name)
            else:
                self.log.warning("%s is no hand-in, so it was left out.", path.name)
        self._complete(extracted)

    def _complete(self, extracted: Path) -> None:
        """Lay an empty notebook beside answers that came without one. nbgrader passes over a learner who has none."""
        unit = _unit(self.parent)
        for path in extracted.rglob(FILE) if unit else ():
            if not any(path.parent.glob("*.ipynb")):
                (path.parent / f"{unit}.ipynb").write_text("{}", encoding="utf-8")

    def _unpack(self, file: IO[bytes], name: str, into: Path, *, nested: bool) -> None:
        try:
            with zipfile.ZipFile(file) as archive:
                for member in archive.infolist()[:_MOST_FILES]:
                    self._take(archive, member, name, into, nested=nested)
        except _TORN as error:
            self.log.warning("%s could not be unpacked (%s). Ask for the file again.", name, error)

    def _take(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, into: Path, *, nested: bool) -> None:
        last = member.filename.replace("\\", "/").rsplit("/", 1)[-1]
        # A learning platform hands out one zip of zips. A learner's own zip holds no more of them.
        whole = nested or _PATTERN.match(f"/{name.removesuffix('.zip')}/{FILE}")
        inner = last.lower().endswith(".zip") and not whole
        if not (inner or _WANTED.match(last)):
            return
        with archive.open(member) as file:
            data = file.read(LIMIT + 1)
        if len(data) > LIMIT:
            self.log.warning("%s in %s is far too large, so it was left out.", last, name)
        elif inner:
            self._unpack(io.BytesIO(data), last, into / last[: -len(".zip")], nested=True)
        elif not (into / last).exists():  # the first of a name counts
            into.mkdir(parents=True, exist_ok=True)
            (into / last).write_bytes(data)


class CollectHandIns(FileNameCollectorPlugin):
    """Tells a learner and a moment by a file's name. Of two hand-ins by one learner the later one counts, whole."""

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """Give `student_id`, `file_id` and `timestamp`, or None when the file is not to be taken."""
        found = super().collect(submitted_file)
        if not found:
            return None
        unit = _unit(self.parent)
        if not found["before"].endswith(unit) or (unit and found["file_id"] not in {FILE, f"{unit}.ipynb"}):
            self.log.warning("%s belongs to another quiz, so it was left out.", Path(submitted_file).name)
            return None
        learner, moment = _learner(found["student_id"]), found["timestamp"]
        mine = (moment, str(Path(submitted_file).parent))
        if self._newest(submitted_file).get(learner, mine) > mine:
            self.log.warning("An older hand-in by %s was left out; the newer one counts.", learner)
            return None
        return {**found, "student_id": learner}

    def _newest(self, submitted_file: str) -> dict[str, tuple[str, str]]:
        """For each learner the moment and the folder of the last hand-in, looked up once."""
        known: dict[str, tuple[str, str]] | None = getattr(self, "_known", None)
        if known is None:
            known = {}
            for path in _root(self.parent, submitted_file).rglob("*.*"):
                match = _PATTERN.match(path.as_posix()) if path.is_file() else None
                if match:
                    learner, here = _learner(match["student_id"]), (match["timestamp"], str(path.parent))
                    known[learner] = max(known.get(learner, here), here)
            self._known = known
        return known


def _learner(name: str) -> str:
    """One learner is one name, however a computer spells its letters."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _unit(app: object) -> str:
    """The unit whose hand-ins are being collected, or nothing without nbgrader's command around."""
    return str(getattr(getattr(app, "coursedir", None), "assignment_id", "") or "")


def _root(app: object, submitted_file: str) -> Path:
    """The folder of all the unpacked hand-ins; without nbgrader's command around it, the hand-in's own."""
    find = getattr(app, "_format_collect_path", None)
    return Path(find(app.extracted_directory)) if find else Path(submitted_file).parent  # type: ignore[attr-defined]
