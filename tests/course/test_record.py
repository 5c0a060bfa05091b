"""What a learner has done is kept in a folder of their own, and a visitor's apart from everyone else's."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.record import REFLECTIONS, NotKept, Record, Space, coded_space, find_space
from alongside.record.record import FILE

VISITOR = "0123456789abcdef" * 2


def test_what_is_put_is_got(tmp_path):
    """By kind and name."""
    record = Record(Space(tmp_path, keeps_reflections=True))
    assert record.get("runs", "talk") is None
    record.put("runs", "talk", {"choices": ["a"]})
    assert record.get("runs", "talk") == {"choices": ["a"]}
    assert record.names("runs") == {"talk"}
    assert record.names("reflections") == frozenset()


@settings(deadline=None)
@given(name=st.text(max_size=50))
def test_any_name_is_kept_as_letters_digits_and_hyphens(name, tmp_path_factory):
    """Whatever a thing is called, it is found again, and what is listed can stand in a file or an address."""
    record = Record(Space(tmp_path_factory.mktemp("space"), keeps_reflections=True))
    record.put("runs", name, 1)
    assert record.get("runs", name) == 1
    assert all(re.fullmatch("[a-z0-9-]*", each) for each in record.names("runs"))
    record.close()


def test_nothing_is_made_until_something_is_kept(tmp_path):
    """Looking leaves no trace."""
    record = Record(Space(tmp_path / "space", keeps_reflections=True))
    assert record.get("runs", "talk") is None
    assert record.names("runs") == frozenset()
    assert record.kept("runs", "talk") is None
    assert not (tmp_path / "space").exists()


def test_only_the_owner_may_read_the_file(tmp_path):
    """On a computer that several accounts share, the others are kept out."""
    record = Record(Space(tmp_path / "space", keeps_reflections=True))
    record.put("runs", "talk", 1)
    files = list((tmp_path / "space").iterdir())
    assert {path.name for path in files} == {FILE, f"{FILE}-wal", f"{FILE}-shm"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "space", *files))


def test_a_visitors_reflections_are_locked_or_not_kept(tmp_path):
    """Nobody can write them in clear by mistake."""
    with pytest.raises(ValueError, match="under a key"):
        Record(Space(tmp_path, keeps_reflections=True, visitor=True))
    record = Record(Space(tmp_path, keeps_reflections=False, visitor=True))
    for keep in (record.put, record.set_aside):
        with pytest.raises(NotKept):
            keep(REFLECTIONS, "first--a-time", {"text": "private"})
    assert list(tmp_path.iterdir()) == []


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
    coded = coded_space(VISITOR, {"ALONGSIDE_HOME": str(tmp_path)})
    assert coded.folder == one.folder
    assert coded.keeps_reflections


@pytest.mark.parametrize("name", ["../../etc", "x", "A" * 32, f"{VISITOR}/.."])
def test_a_visitor_of_another_making_is_refused(tmp_path, name):
    """A name that our server did not give opens no folder."""
    with pytest.raises(ValueError, match="visitor"):
        find_space({"ALONGSIDE_HOME": str(tmp_path), "ALONGSIDE_VISITOR": name})
    with pytest.raises(ValueError, match="visitor"):
        coded_space(name, {"ALONGSIDE_HOME": str(tmp_path)})


def test_graded_answers_lie_beside_the_learners_own_notebook(tmp_path):
    """In the learner's own folder they lie beside the notebook; in the course's, or for a visitor, in the space."""
    course, own = tmp_path / "course", tmp_path / "own"
    space = Space(tmp_path / "home", keeps_reflections=True)
    assert space.responses("first", own, course) == own / "responses.json"
    assert space.responses("first", course / "modules", course).is_relative_to(space.folder)
    visitor = Space(tmp_path / "home", keeps_reflections=False, visitor=True)
    assert visitor.responses("first", own, course).is_relative_to(visitor.folder)
