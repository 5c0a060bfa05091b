"""Where a learner's things are kept: a folder of their own, and on a shared website one for each visitor."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

from alongside.responses import FILE

__all__ = ["Space", "coded_space", "find_space"]

_VISITOR = re.compile(r"^[0-9a-f]{32,64}$")
_COURSE = ("modules", "assessments", "course")


@dataclass(frozen=True)
class Space:
    """Where one learner's things are kept.

    `keeps_reflections` is false on a website that several people share: their operator's disk is no place for a
    private sentence, so there a reflection lives in the open page alone. It is true for a visitor with a return code,
    whose words are locked under it.
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
    home = _home(environ)
    visitor = environ.get("ALONGSIDE_VISITOR") or environ.get("HTTP_X_ALONGSIDE_VISITOR") or ""
    if not visitor:
        return Space(home, keeps_reflections=True)
    return Space(_visitors(home, visitor), keeps_reflections=False, visitor=True)


def coded_space(name: str, environ: Mapping[str, str] = os.environ) -> Space:
    """Give the space of a visitor with a return code, by the name that is derived from it (see `codes`)."""
    return Space(_visitors(_home(environ), name), keeps_reflections=True, visitor=True)


def _home(environ: Mapping[str, str]) -> Path:
    named = environ.get("ALONGSIDE_HOME", "").strip()
    return Path(named).expanduser() if named else user_data_path("alongside", appauthor=False)


def _visitors(home: Path, name: str) -> Path:
    if not _VISITOR.match(name):
        message = "The visitor's name is not one that the course's own server gives."
        raise ValueError(message)
    return home / "visitors" / name
