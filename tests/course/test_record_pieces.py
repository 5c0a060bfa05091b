"""A file that came in pieces is the file, also over a line that was lost; what is no saved work is not sent whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.record import pieces
from alongside.record.bundle import NotBrought
from alongside.record.pieces import Pieces


@given(st.binary(max_size=60), st.lists(st.integers(1, 9), min_size=1), st.lists(st.integers(0, 60)))
def test_pieces_make_the_file_whatever_came_twice(data, sizes, again):
    """Each is asked for by where the file ends so far, so that a piece out of its place changes nothing."""
    data, taken, end = b"{" + data, Pieces(), 0
    for number in range(len(data) + 1):
        if end == len(data):
            break
        end = taken.add("a", end, data[end : end + sizes[number % len(sizes)]])
        for start in again:
            if start != end:
                taken.add("a", start, b"{other")
    assert taken.whole() == data
    assert taken.size("a") == len(data)
    assert taken.size("b") == 0


@pytest.mark.parametrize("data", [b"\xff\xd8\xff\xe0", b"PK\x03\x04", b"<html>", b"[1]", b"", b"  "])
def test_what_cannot_be_saved_work_is_refused_at_its_first_piece(data):
    """A film that was chosen by mistake is not sent over a phone's plan."""
    taken = Pieces()
    with pytest.raises(NotBrought) as told:
        taken.add("a", 0, data)
    assert told.value.key == "bundle_foreign"
    assert taken.size("a") == 0


def test_more_than_the_most_is_refused_and_let_go_of(monkeypatch):
    """The page says so before; this does not rely on it."""
    monkeypatch.setattr(pieces, "LIMIT", 5)
    taken = Pieces()
    assert taken.add("a", 0, b"{1234") == 5
    with pytest.raises(NotBrought) as told:
        taken.add("a", 5, b"6")
    assert told.value.key == "bundle_large"
    assert taken.whole() == b""


def test_another_file_takes_the_place_of_the_first():
    """Whoever chooses another one has changed their mind."""
    taken = Pieces()
    taken.add("a", 0, b"{1")
    assert taken.add("b", 0, b"{2") == 2
    assert taken.whole() == b"{2"
