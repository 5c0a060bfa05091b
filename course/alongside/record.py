"""What a learner has done, kept in a folder of their own: runs, practice answers, reflections, what is finished.

One small file for each thing, written in one step, so that two open pages never overwrite each other's work.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

from alongside.responses import FILE
from alongside.store import read_json, write_json

__all__ = ["Record", "Space", "find_space"]

_NAME = re.compile(r"[^a-z0-9-]+")
_VISITOR = re.compile(r"^[0-9a-f]{32,64}$")
_LIMIT = 2_000_000
_COURSE = ("modules", "assessments", "course")


@dataclass(frozen=True)
class Space:
    """Where one learner's things are kept.

    `keeps_reflections` is false on a website that several people share: their operator's disk is no place for a
    private sentence, so there a reflection lives in the open page alone.
    """

    folder: Path
    keeps_reflections: bool
    visitor: bool = False

    def responses(self, unit: str, here: Path, root: Path | None) -> Path:
        """Give the path of the answers to a graded quiz.

        Beside the notebook where that lies in the learner's own folder; else (in the course's own folders, where
        nbgrader would release it with the quiz, or on a shared website) in the learner's space.
        """
        in_course = root is not None and any(here.is_relative_to(root / part) for part in _COURSE)
        return self.folder / "graded" / unit / FILE if self.visitor or in_course else here / FILE


def find_space(environ: Mapping[str, str] = os.environ) -> Space:
    """Find the learner's space: `ALONGSIDE_HOME` or the platform's data folder, and in it the visitor's, if any."""
    named = environ.get("ALONGSIDE_HOME", "").strip()
    home = Path(named).expanduser() if named else user_data_path("alongside", appauthor=False)
    visitor = environ.get("ALONGSIDE_VISITOR") or environ.get("HTTP_X_ALONGSIDE_VISITOR") or ""
    if not visitor:
        return Space(home, keeps_reflections=True)
    if not _VISITOR.match(visitor):
        message = "The visitor's name is not one that the course's own server gives."
        raise ValueError(message)
    return Space(home / "visitors" / visitor, keeps_reflections=False, visitor=True)


class Record:
    """The learner's own folder of small files. Reading never raises: what is missing or torn reads as None."""

    def __init__(self, space: Space) -> None:
        """Open a space; nothing is made until something is kept."""
        self.space = space
        self._tried: str | None = None

    def trouble(self) -> str:
        """Say why nothing can be kept here, before anything is typed. Empty when all is well.

        It is tried once: a page asks for each of its activities. What goes wrong later is told by `put`.
        """
        if self._tried is None:
            self._tried = self._try()
        return self._tried

    def _try(self) -> str:
        try:
            write_json(self.space.folder / ".writable", {})
            (self.space.folder / ".writable").unlink(missing_ok=True)
        except OSError as error:
            return error.strerror or "it cannot be written"
        return ""

    def get(self, kind: str, name: str) -> object:
        """Give what was kept, or None."""
        try:
            return read_json(self._path(kind, name), _LIMIT)
        except (OSError, ValueError):
            return None

    def put(self, kind: str, name: str, value: object) -> None:
        """Keep something. Raises OSError when that cannot be done."""
        write_json(self._path(kind, name), value)

    def names(self, kind: str) -> frozenset[str]:
        """Give the names of what was kept of one kind."""
        folder = self.space.folder / kind
        return frozenset(path.stem for path in folder.glob("*.json")) if folder.is_dir() else frozenset()

    def _path(self, kind: str, name: str) -> Path:
        return self.space.folder / kind / f"{_NAME.sub('-', name)}.json"
