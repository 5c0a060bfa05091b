"""Codes at the desk: who types one that leads somewhere is let in, and nobody can try many."""

from __future__ import annotations

import asyncio
import functools

import pytest

from alongside.record import Trouble
from alongside_web import code_pages
from alongside_web.code_pages import CodeDesk

WORDS = ["apple", "boat", "cloud", "drum", "eagle", "fern"]
RIGHT = "apple boat cloud drum"
WRONG = "fern fern fern fern"


class Clock:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> CodeDesk:
    """A desk at which working out a secret takes no time, so that only the counting is looked at."""
    monkeypatch.setattr(code_pages, "derive", lambda code: code.encode())
    return CodeDesk(WORDS, clock)


def known(secret: bytes) -> bool:
    return secret == RIGHT.encode()


def in_a_loop(test):
    """Run a test that waits for things."""

    @functools.wraps(test)
    def run(*given, **named):
        asyncio.run(test(*given, **named))

    return run


async def attempt(desk: CodeDesk, code: str, address: str = "one") -> str:
    """Type a code. Gives the secret, or the name of the sentence."""
    try:
        return (await desk.secret(code, address, known)).decode()
    except Trouble as trouble:
        return trouble.key


@in_a_loop
async def test_a_code_leads_in_however_it_is_typed(desk):
    """In capitals, with hyphens."""
    assert await attempt(desk, " APPLE-boat, cloud.  Drum ") == RIGHT


@in_a_loop
async def test_ten_codes_in_vain_are_enough_for_ten_minutes(desk, clock):
    """Then even the right one has to wait; somebody at another address does not."""
    assert [await attempt(desk, WRONG) for _ in range(10)] == ["code_nowhere"] * 10
    assert await attempt(desk, RIGHT) == "code_wait"
    assert await attempt(desk, RIGHT, "two") == RIGHT
    clock.now += 601
    assert await attempt(desk, RIGHT) == RIGHT


@in_a_loop
async def test_many_at_once_are_counted_as_well(desk):
    """Sent together they get no further than one after the other, but for those that are worked out side by side."""
    said = await asyncio.gather(*(attempt(desk, WRONG) for _ in range(50)))
    assert said.count("code_nowhere") <= 10 + desk.side_by_side
    assert set(said) == {"code_nowhere", "code_wait"}


@in_a_loop
async def test_words_that_are_not_on_the_list_count_for_nothing(desk):
    """A slip of the finger tells nobody anything, so it costs nothing."""
    assert [await attempt(desk, "aple boat cloud drum") for _ in range(30)] == ["code_word_near"] * 30
    assert await attempt(desk, RIGHT) == RIGHT


@in_a_loop
async def test_a_right_code_counts_for_nothing(desk):
    """A whole class behind one address comes in."""
    assert {await attempt(desk, RIGHT) for _ in range(60)} == {RIGHT}


@in_a_loop
async def test_a_crowd_is_told_to_come_back(desk):
    """More than the server can work out soon do not make everyone wait for ever."""
    said = await asyncio.gather(*(attempt(desk, RIGHT) for _ in range(100)))
    assert said.count(RIGHT) == 60
    assert said.count("code_busy") == 40


@in_a_loop
async def test_codes_are_given_out_with_a_limit(desk):
    """Each makes a file, so nobody can fill the disk with them."""
    made = [await desk.give("one") for _ in range(100)]
    assert len({code for code, _ in made}) > 90
    with pytest.raises(Trouble) as told:
        await desk.give("one")
    assert told.value.key == "code_wait"
    await desk.give("two")
