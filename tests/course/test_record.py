"""What a learner has done is kept in a folder of their own, and a visitor's apart from everyone else's."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.record import OWN_WORDS, REFLECTIONS, NotKept, Place, Record, Space, find_key, find_space
from alongside.record.record import FILE

VISITOR = "0123456789abcdef" * 2


def test_what_is_put_is_got(tmp_path):
    """By kind and name."""
    record = Record(Space(tmp_path))
    assert record.get("runs", "talk") is None
    record.put("runs", "talk", {"choices": ["a"]})
    assert record.get("runs", "talk") == {"choices": ["a"]}
    assert record.names("runs") == {"talk"}
    assert record.names("reflections") == frozenset()


@pytest.mark.parametrize("key", [None, bytes(range(32))])
def test_the_moments_of_one_kind_are_listed_without_opening_what_was_kept(tmp_path, key, monkeypatch):
    """By name, also where it is locked."""
    record = Record(Space(tmp_path), key)
    moments = iter((5, 7, 9))
    monkeypatch.setattr("alongside.record.record.now", lambda: next(moments))
    for name in ("a", "b", "a"):
        record.put(REFLECTIONS, name, {"text": "words"})
    monkeypatch.setattr("alongside.record.shelf.Shelf._read", None)
    assert record.stamps(REFLECTIONS) == {"a": 9, "b": 7}
    assert record.names(REFLECTIONS) == {"a", "b"}
    assert record.stamps("runs") == {}
    assert Record(Space(tmp_path / "nothing")).stamps("runs") == {}


@settings(deadline=None)
@given(name=st.text(max_size=50))
def test_any_name_is_kept_as_letters_digits_and_hyphens(name, tmp_path_factory):
    """Whatever a thing is called, it is found again, and what is listed can stand in a file or an address."""
    record = Record(Space(tmp_path_factory.mktemp("space")))
    record.put("runs", name, 1)
    assert record.get("runs", name) == 1
    assert all(re.fullmatch("[a-z0-9-]*", each) for each in record.names("runs"))
    record.close()


def test_nothing_is_made_until_something_is_kept(tmp_path):
    """Looking leaves no trace."""
    record = Record(Space(tmp_path / "space"))
    assert record.get("runs", "talk") is None
    assert record.names("runs") == frozenset()
    assert record.kept("runs", "talk") is None
    assert not (tmp_path / "space").exists()


def test_only_the_owner_may_read_the_file(tmp_path):
    """On a computer that several accounts share, the others are kept out."""
    record = Record(Space(tmp_path / "space"))
    record.put("runs", "talk", 1)
    files = list((tmp_path / "space").iterdir())
    assert {path.name for path in files} == {FILE, f"{FILE}-wal", f"{FILE}-shm"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "space", *files))


def test_a_visitors_reflections_are_locked_or_not_kept(tmp_path):
    """Nobody can write them in clear by mistake."""
    with pytest.raises(ValueError, match="under a key"):
        Record(Space(tmp_path, Place.CODE))
    record = Record(Space(tmp_path, Place.OPEN))
    for keep in (record.put, record.set_aside):
        with pytest.raises(NotKept):
            keep(REFLECTIONS, "first--a-time", {"text": "private"})
        with pytest.raises(NotKept):
            keep(OWN_WORDS, "first--talk", {"text": "private"})
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told_first(tmp_path):
    """Trouble is said before anything is typed; a good place says nothing and keeps nothing."""
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    assert Record(Space(blocked / "inside")).trouble()
    good = tmp_path / "good"
    assert Record(Space(good)).trouble() == ""
    assert list(good.iterdir()) == []


def test_visitors_have_spaces_apart(tmp_path):
    """On a shared website each visitor has a folder, and no reflection is kept there."""
    one = find_space({"ALONGSIDE_HOME": str(tmp_path), "ALONGSIDE_VISITOR": VISITOR})
    two = find_space({"ALONGSIDE_HOME": str(tmp_path), "ALONGSIDE_VISITOR": VISITOR[::-1]})
    alone = find_space({"ALONGSIDE_HOME": str(tmp_path)})
    assert len({one.folder, two.folder, alone.folder}) == 3
    assert not one.keeps_reflections
    assert alone.keeps_reflections


def test_a_key_and_a_place_say_what_is_kept_of_a_visitor(tmp_path):
    """With a code, and on a visit that is thrown away, words are kept under the key; else they are not kept."""
    environ = {"ALONGSIDE_HOME": str(tmp_path), "ALONGSIDE_VISITOR": VISITOR, "ALONGSIDE_KEY": "ab" * 32}
    assert find_space(environ).place is Place.OPEN
    assert find_key(environ) == b"\xab" * 32
    for name, place in (("code", Place.CODE), ("visit", Place.VISIT)):
        space = find_space({**environ, "ALONGSIDE_PLACE": name})
        assert space.place is place
        assert space.keeps_reflections
    with pytest.raises(ValueError, match="other"):
        find_space({**environ, "ALONGSIDE_PLACE": "other"})
    assert find_key({"ALONGSIDE_HOME": str(tmp_path), "ALONGSIDE_KEY": "ab" * 32}) is None


def test_the_user_of_a_jupyterhub_has_a_space_of_their_own(tmp_path):
    """Also where several share one home; a visit to Binder, which has such a user too, goes by its own name."""
    home = {"ALONGSIDE_HOME": str(tmp_path)}
    one, two = (find_space({**home, "JUPYTERHUB_USER": name}) for name in ("ana", "Ana/../ben"))
    assert one.folder != two.folder
    assert one.folder.parent == two.folder.parent == tmp_path / "people"
    assert one.place is Place.ACCOUNT
    assert one.keeps_reflections
    visit = find_space({**home, "JUPYTERHUB_USER": "ana", "ALONGSIDE_VISITOR": VISITOR})
    assert visit.visitor


@pytest.mark.parametrize("name", ["../../etc", "x", "A" * 32, f"{VISITOR}/.."])
def test_a_visitor_of_another_making_is_refused(tmp_path, name):
    """A name that our server did not give opens no folder."""
    with pytest.raises(ValueError, match="visitor"):
        find_space({"ALONGSIDE_HOME": str(tmp_path), "ALONGSIDE_VISITOR": name})


def test_graded_answers_lie_beside_the_learners_own_notebook_too(tmp_path):
    """In the learner's own folder, from which nbgrader sends them; not in the course's, nor for a visitor."""
    course, own = tmp_path / "course", tmp_path / "own"
    space = Space(tmp_path / "home")
    assert space.beside(own, course) == own
    assert space.beside(own, None) == own
    assert space.beside(course / "modules", course) is None
    assert Space(tmp_path / "home", Place.OPEN).beside(own, course) is None
