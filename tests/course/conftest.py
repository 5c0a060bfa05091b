"""The smallest whole course, written to disk for a test, and what is read from it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from alongside.catalog import Catalog
from alongside.course import Course, read_course, read_words
from alongside.paths import course_root
from tests.course.small import COURSE, DATED, FILES, SOURCES


@pytest.fixture
def minimal_course(tmp_path: Path) -> Path:
    """Write the course and give its root."""
    root = tmp_path / "small"
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def catalog(minimal_course: Path) -> Catalog:
    """Open the minimal course, whatever the person who runs the tests has in their environment."""
    return Catalog(minimal_course, environ={})


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The shared facts of the minimal course, read once."""
    root = tmp_path_factory.mktemp("shared")
    (root / "course").mkdir()
    (root / "course" / "course.yaml").write_text(COURSE, encoding="utf-8")
    (root / "course" / "sources.toml").write_text(SOURCES, encoding="utf-8")
    (root / "course" / "facts.yaml").write_text(DATED, encoding="utf-8")
    return read_course(root)


@pytest.fixture(scope="session")
def words() -> Mapping[str, Mapping[str, str]]:
    """The words that the course really says."""
    return read_words(course_root(Path(__file__)))
