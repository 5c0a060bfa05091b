"""The cookie of a return code: only this server can make one, and it counts for a day."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.record import Place, find_key, find_space
from alongside_web.visitors import Seal, Visitor

SECRET = bytes(range(32))


class Clock:
    """A clock that is set by hand."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_cookie_gives_its_secret_back_also_after_the_server_was_started_again(tmp_path, clock):
    """With how old it is. The secret itself does not stand in it, and the server's key is its owner's alone."""
    path = tmp_path / "server.key"
    cookie = Seal(path, clock).lock(SECRET)
    clock.now += 90
    assert Seal(path, clock).open(cookie) == (SECRET, 90)
    assert SECRET.hex() not in cookie
    assert path.stat().st_mode & 0o077 == 0


def test_a_cookie_counts_for_a_day(tmp_path, clock):
    """Then the code has to be typed again."""
    seal = Seal(tmp_path / "server.key", clock)
    cookie = seal.lock(SECRET)
    clock.now += 86_399
    assert seal.open(cookie)
    clock.now += 1
    assert seal.open(cookie) is None


def test_a_cookie_of_another_server_opens_nothing(tmp_path, clock):
    """So nobody who can work out a code's secret can try it without asking, past the limit on guesses."""
    other = Seal(tmp_path / "other.key", clock).lock(SECRET)
    assert Seal(tmp_path / "server.key", clock).open(other) is None


@given(cookie=st.text(max_size=120))
def test_no_other_text_opens_anything(cookie, tmp_path_factory):
    """Whatever a browser sends."""
    assert Seal(tmp_path_factory.getbasetemp() / "any.key").open(cookie) is None


@given(place=st.integers(min_value=0, max_value=79))
def test_a_changed_cookie_opens_nothing(place, tmp_path_factory):
    """Not one letter may differ."""
    seal = Seal(tmp_path_factory.getbasetemp() / "changed.key")
    cookie = seal.lock(SECRET)
    other = "A" if cookie[place] != "A" else "B"
    opened = seal.open(cookie[:place] + other + cookie[place + 1 :])
    # The last letter of base64 holds bits that count for nothing.
    assert opened is None or place == len(cookie) - 1


def test_a_visitor_tells_a_kernel_whose_space_it_may_use(tmp_path):
    """With a code the space keeps what one writes for oneself, without one it does not; both have their key."""
    for coded, place in ((True, Place.CODE), (False, Place.OPEN)):
        visitor = Visitor("ab" * 32, SECRET, coded=coded)
        environ = {"ALONGSIDE_HOME": str(tmp_path), **visitor.environ()}
        assert find_space(environ).place is place
        assert find_space(environ).folder.name == visitor.name
        assert find_key(environ) == SECRET
