"""nbgrader's settings for one course directory, as nbgrader's own commands read them. The instructor's come last."""

from __future__ import annotations

from pathlib import Path

from jupyter_core.paths import jupyter_config_path
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import ConfigFileNotFound, PyFileConfigLoader

from alongside_grading.config import configure

__all__ = ["course_config", "course_settings"]

_FILE = "nbgrader_config.py"


def course_config(folder: Path) -> Config:
    """Give nbgrader's settings: Jupyter's, then those of the course directory, or ours where it has none."""
    config = Config()
    for place in (*reversed(jupyter_config_path()), str(folder)):
        try:
            config.merge(PyFileConfigLoader(_FILE, path=place).load_config())
        except ConfigFileNotFound:
            continue
    if not (folder / _FILE).is_file():
        configure(config, folder)
    return config


def course_settings(folder: Path) -> CourseDirectory:
    """Give nbgrader's course directory with its settings: where its folders lie, and the gradebook's address."""
    return CourseDirectory(config=course_config(folder))
