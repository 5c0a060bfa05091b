"""Where a learner's things are kept, and under which key: told by the environment that a page runs in."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from platformdirs import user_data_path

__all__ = ["KEY", "PLACE", "VISITOR", "Place", "Space", "find_key", "find_space", "home_folder"]

VISITOR = "ALONGSIDE_VISITOR"
"""The variable that names a visitor of a shared website, or of a visit to Binder."""

KEY = "ALONGSIDE_KEY"
"""The variable that holds the visitor's key in hexadecimal, where there is one. It stands in no file."""

PLACE = "ALONGSIDE_PLACE"
"""The variable that says which `Place` a visitor's space is: "code", "visit" or, as without it, "open"."""

_HUB_USER = "JUPYTERHUB_USER"
_VISITOR_NAME = re.compile(r"[0-9a-f]{32,64}")
_COURSE = ("modules", "assessments", "course")


class Place(StrEnum):
    """Whose disk a space lies on, and who can read it there."""

    OWN = "own"
    """The learner's own computer."""

    ACCOUNT = "account"
    """An account on a JupyterHub."""

    CODE = "code"
    """A shared website, locked under a return code."""

    VISIT = "visit"
    """A computer that is thrown away after the visit, locked under a key that is never written down."""

    OPEN = "open"
    """A shared website, without a code. Its disk is no place for a private sentence."""


@dataclass(frozen=True)
class Space:
    """Where one learner's things are kept."""

    folder: Path
    place: Place = Place.OWN

    @property
    def keeps_reflections(self) -> bool:
        """Whether words that are the learner's alone are kept here. If not, they live in the open page."""
        return self.place is not Place.OPEN

    @property
    def locked(self) -> bool:
        """Whether words that are the learner's alone are kept under a key, or not at all."""
        return self.place in {Place.CODE, Place.VISIT}

    @property
    def visitor(self) -> bool:
        """Whether the learner is a visitor here, with no folder of their own beside the notebooks."""
        return self.locked or self.place is Place.OPEN

    def beside(self, here: Path, root: Path | None) -> Path | None:
        """Give the folder of a notebook in which graded answers stand too, so that nbgrader's own commands send them.

        That is the learner's own folder: not one of the course's, where nbgrader would release them with the quiz, and
        none on a shared website.
        """
        in_course = root is not None and any(here.is_relative_to(root / part) for part in _COURSE)
        return None if self.visitor or in_course else here


def find_space(environ: Mapping[str, str] = os.environ) -> Space:
    """Find the learner's space in `ALONGSIDE_HOME` or the platform's data folder. Raises ValueError.

    In it, a visitor has a folder by the name that the course's own server gives, and the user of a JupyterHub one by
    a digest of theirs, since several may share a home.
    """
    home, visitor = home_folder(environ), environ.get(VISITOR, "")
    if visitor:
        if not _VISITOR_NAME.fullmatch(visitor):
            message = "The visitor's name is not one that the course's own server gives."
            raise ValueError(message)
        place = Place(environ.get(PLACE) or Place.OPEN)
        return Space(home / "visitors" / visitor, place)
    user = environ.get(_HUB_USER, "")
    if user:
        return Space(home / "people" / hashlib.sha256(user.encode()).hexdigest()[:32], Place.ACCOUNT)
    return Space(home)


def find_key(environ: Mapping[str, str] = os.environ) -> bytes | None:
    """Give the key that a visitor's words are locked under, or None. Raises ValueError for one that is none."""
    named = environ.get(KEY)
    return bytes.fromhex(named) if named is not None and environ.get(VISITOR) else None


def home_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Give the folder that holds every space of this computer. Raises RuntimeError where there is none."""
    named = environ.get("ALONGSIDE_HOME", "").strip()
    return Path(named).expanduser() if named else user_data_path("alongside", appauthor=False)
