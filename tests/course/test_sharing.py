"""What a learner shows to their instructor is read with distrust, and only of the module's own reflections."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.reflection import Reflection
from alongside.sharing import Snapshot, chosen, read_snapshot
from tests.course.generated import json_values

NOW = datetime(2026, 11, 21, 10, 15, tzinfo=UTC)
PROMPTS = {f"first--{name}": Reflection(name, name.title(), ("Why?",), (), (), 1) for name in ("one", "two", "three")}
moments = st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(st.text(min_size=1).filter(str.strip), st.booleans(), moments, st.none() | moments)
def test_what_was_shared_comes_back_as_it_was(text, other, shared, handed):
    """Words, whom they are about, the day, and when a file with them was made."""
    snapshot = Snapshot(text, other, shared, handed)
    assert read_snapshot(snapshot.as_data()) == snapshot


@given(json_values())
def test_anything_else_is_nothing_shared(value):
    """A record of any shape shows nothing that was not chosen."""
    assert read_snapshot(value) is None


@pytest.mark.parametrize("changed", [{"text": "  "}, {"text": 3}, {"text": "x" * 60_001}, {"shared": None}])
def test_a_snapshot_that_is_not_whole_is_none(changed):
    """Without words or without a day nothing goes out."""
    assert read_snapshot({**Snapshot("words", other=False, shared=NOW).as_data(), **changed}) is None


def test_only_what_is_shared_of_the_modules_own_reflections_is_chosen():
    """In the order of the module; what was taken back is kept as nothing, and goes nowhere."""
    mine = Snapshot("words", other=True, shared=NOW)
    kept = {
        "first--two": mine.as_data(),
        "first--one": None,
        "other--one": mine.as_data(),
        "first--gone": mine.as_data(),
    }
    found = chosen(PROMPTS, kept.get)
    ((name, (shown, snapshot)),) = found.items()
    assert (name, shown.id, shown.title, shown.text, shown.other) == ("first--two", "two", "Two", "words", True)
    assert snapshot == mine


def test_a_file_that_was_made_is_noted_and_nothing_else_changes():
    """The words stay those of the day on which they were shared."""
    later = Snapshot("words", other=False, shared=NOW).in_file(NOW + timedelta(days=2))
    assert later == Snapshot("words", other=False, shared=NOW, handed=NOW + timedelta(days=2))
