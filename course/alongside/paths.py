"""Where the course's files are, in a checkout or in an installed package."""

from __future__ import annotations

import os
import sysconfig
from pathlib import Path

__all__ = ["CourseNotFound", "course_root"]

_MARK = Path("course") / "course.yaml"
_INSTALLED = Path("share") / "alongside-course"


class CourseNotFound(Exception):
    """No folder with the course's files was found."""


def course_root(start: Path | None = None) -> Path:
    """Find the folder that holds `course/course.yaml`.

    Looks at `ALONGSIDE_ROOT`, then upwards from `start` (the working directory), then beside this package's own
    checkout, then where an installed package keeps its data. A checkout comes first, since installed data is a copy.

    Raises CourseNotFound with what to do.
    """
    named = os.environ.get("ALONGSIDE_ROOT")
    if named:
        if (Path(named) / _MARK).is_file():
            return Path(named).resolve()
        message = f"ALONGSIDE_ROOT names {named}, but there is no {_MARK} in it. Name the folder that holds `course`."
        raise CourseNotFound(message)
    here = (start or Path.cwd()).resolve()
    beside = Path(__file__).resolve().parents[2]
    installed = [Path(sysconfig.get_path("data", scheme)) / _INSTALLED for scheme in _schemes()]
    for folder in (here, *here.parents, beside, *installed):
        if (folder / _MARK).is_file():
            return folder
    message = f"The course's files were not found from {here}. Go to the folder that holds `course` and try again."
    raise CourseNotFound(message)


def _schemes() -> list[str]:
    """The layouts that pip installs data into: the environment's own first, then the user's."""
    default = sysconfig.get_default_scheme()
    user = sysconfig.get_preferred_scheme("user")
    return [default, user]
