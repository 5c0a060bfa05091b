"""The course's files are found from where one stands."""

import pytest

from alongside.paths import CourseNotFound, course_root


def test_the_folder_above_is_found(minimal_course, monkeypatch):
    """From any folder inside a course, its root is found."""
    monkeypatch.delenv("ALONGSIDE_ROOT", raising=False)
    assert course_root(minimal_course / "modules" / "01-first") == minimal_course.resolve()


def test_a_named_root_comes_first(minimal_course, tmp_path, monkeypatch):
    """`ALONGSIDE_ROOT` decides, wherever one stands."""
    monkeypatch.setenv("ALONGSIDE_ROOT", str(minimal_course))
    assert course_root(tmp_path) == minimal_course.resolve()


def test_a_named_root_without_a_course_is_told(tmp_path, monkeypatch):
    """A wrong name is not passed over for another course."""
    monkeypatch.setenv("ALONGSIDE_ROOT", str(tmp_path))
    with pytest.raises(CourseNotFound, match="Name the folder that holds"):
        course_root(tmp_path)


def test_a_checkout_is_found_from_elsewhere(tmp_path, monkeypatch):
    """From outside any course, the one beside this package is found."""
    monkeypatch.delenv("ALONGSIDE_ROOT", raising=False)
    assert (course_root(tmp_path) / "course" / "course.yaml").is_file()
