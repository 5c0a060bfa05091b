"""Conditions mean what they say, and nothing else is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.condition import ALWAYS, NotACondition, holds, read_condition
from alongside.condition import Test as Part


@given(st.text())
def test_any_text_is_a_condition_or_is_told_to_be_none(text):
    """Reading gives tests, or says what to write; it never fails in another way."""
    told, tests = "", ()
    try:
        tests = read_condition(text)
    except NotACondition as error:
        told = str(error)
    assert tests or "Write" in told


@pytest.mark.parametrize(
    "text", ["", "or", "a or b", "trust >= ", "trust >= x", "trust == 1", "not not a", "A, b", "1 < 2"]
)
def test_what_is_not_a_condition_is_told(text):
    """There is no other programming."""
    with pytest.raises(NotACondition, match="is not a condition"):
        read_condition(text)


def test_parts_are_joined_with_and():
    """Case and spaces do not matter, and a name may hold the word."""
    assert read_condition("  Made-Light and not android AND trust>=+1 ") == (
        Part("made-light", "is"), Part("android", "not"), Part("trust", ">=", 1),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("trust >= 1", {1, 2}), ("trust > 1", {2}), ("trust <= -1", {-2, -1}), ("trust < 0", {-2, -1}),
        ("trust = 0", {0}),
    ],
)  # fmt: skip
def test_meters_are_compared(text, values):
    """Each sign compares as in school."""
    assert {value for value in range(-2, 3) if holds(read_condition(text), {"trust": value}, frozenset())} == values


def test_memory_is_asked():
    """A word holds when it is remembered, and `not` turns it round. All parts must hold."""
    both = read_condition("late and not early")
    assert holds(both, {}, frozenset({"late"}))
    assert not holds(both, {}, frozenset({"late", "early"}))
    assert not holds(both, {}, frozenset())
    assert holds(ALWAYS, {}, frozenset())
    assert holds(read_condition("hope = 0"), {}, frozenset()), "a meter that was never moved stands at 0"
