"""What a learner has done is kept in a folder of their own, and a visitor's apart from everyone else's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.record import Record, Space, find_space

VISITOR = "0123456789abcdef" * 2


def test_what_is_put_is_got(tmp_path):
    """One small file for each thing, by kind and name."""
    record = Record(Space(tmp_path, keeps_reflections=True))
    assert record.get("runs", "talk") is None
    record.put("runs", "talk", {"choices": ["a"]})
    assert record.get("runs", "talk") == {"choices": ["a"]}
    assert record.names("runs") == {"talk"}
    assert record.names("reflections") == frozenset()


def test_a_torn_file_reads_as_nothing(tmp_path):
    """A crash of the machine costs one thing, not the page."""
    record = Record(Space(tmp_path, keeps_reflections=True))
    record.put("runs", "talk", 1)
    (tmp_path / "runs" / "talk.json").write_text("{", encoding="utf-8")
    assert record.get("runs", "talk") is None


@given(name=st.text())
def test_no_name_leaves_the_folder(name):
    """Whatever a thing is called, its file lies inside the learner's own folder."""
    from pathlib import Path

    space = Space(Path("/home/learner"), keeps_reflections=True)
    path = Record(space)._path("runs", name)
    assert path.parent == Path("/home/learner/runs")
    assert ".." not in path.name


def test_a_place_that_cannot_be_written_is_told_first(tmp_path):
    """Trouble is said before anything is typed; a good place says nothing and keeps nothing."""
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    assert Record(Space(blocked / "inside", keeps_reflections=True)).trouble()
    good = tmp_path / "good"
    assert Record(Space(good, keeps_reflections=True)).trouble() == ""
    assert list(good.iterdir()) == []


def test_visitors_have_spaces_apart(tmp_path):
    """On a shared website each visitor has a folder, and no reflection is kept there."""
    one = find_space({"ALONGSIDE_HOME": str(tmp_path), "ALONGSIDE_VISITOR": VISITOR})
    two = find_space({"ALONGSIDE_HOME": str(tmp_path), "ALONGSIDE_VISITOR": VISITOR[::-1]})
    alone = find_space({"ALONGSIDE_HOME": str(tmp_path)})
    assert len({one.folder, two.folder, alone.folder}) == 3
    assert not one.keeps_reflections
    assert alone.keeps_reflections


@pytest.mark.parametrize("name", ["../../etc", "x", "A" * 32, f"{VISITOR}/.."])
def test_a_visitor_of_another_making_is_refused(tmp_path, name):
    """A name that our server did not give opens no folder."""
    with pytest.raises(ValueError, match="visitor"):
        find_space({"ALONGSIDE_HOME": str(tmp_path), "ALONGSIDE_VISITOR": name})


def test_graded_answers_lie_beside_the_learners_own_notebook(tmp_path):
    """In the learner's own folder they lie beside the notebook; in the course's, or for a visitor, in the space."""
    course, own = tmp_path / "course", tmp_path / "own"
    space = Space(tmp_path / "home", keeps_reflections=True)
    assert space.responses("first", own, course) == own / "responses.json"
    assert space.responses("first", course / "modules", course).is_relative_to(space.folder)
    visitor = Space(tmp_path / "home", keeps_reflections=False, visitor=True)
    assert visitor.responses("first", own, course).is_relative_to(visitor.folder)
