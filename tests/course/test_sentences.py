from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.sentences import day_of, fill
from tests.course.generated import json_values

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@given(st.text(), st.text())
def test_a_value_stands_as_it_is_whatever_it_holds(one, two):
    """Also braces and backslashes: a value is put in once and never read again."""
    assert fill("{one}, {two}, {three}", one=one, two=two) == f"{one}, {two}, {{three}}"


@pytest.mark.parametrize("moment", [int(NOON.timestamp() * 1000), NOON])
def test_a_moment_is_said_as_a_day(words, moment):
    """In milliseconds as the record has it, or as one of Python's own."""
    assert day_of(moment, words) == "November 21, 2026"


@given(json_values())
def test_what_is_no_moment_is_no_day_and_never_raises(words, value):
    """What is read from a record was perhaps written by something else."""
    assert isinstance(day_of(value, words), str)


@pytest.mark.parametrize("value", [None, True, 1e9, "yesterday", NOON.isoformat(), [], 1 << 53, -(1 << 60)])
def test_of_no_moment_nothing_is_said(words, value):
    """Neither a wrong day nor a fault."""
    assert day_of(value, words) == ""
