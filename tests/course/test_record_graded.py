"""Answers to a graded quiz: whatever pages do, in whatever order, none is lost."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside.record import GRADED, GradedAnswers, Newer, Place, Record, Space
from alongside.responses import as_data, read_responses

NOW = datetime(2026, 11, 21, 10, 15, tzinfo=UTC)
KEY = bytes(range(32))
QUESTIONS = st.sampled_from("abc")
ANSWERS = st.none() | st.text(min_size=1, max_size=3)


def anything(_name, _value):
    return True


@given(changes=st.lists(st.tuples(st.integers(0, 2), QUESTIONS, ANSWERS), max_size=12))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_of_each_question_the_last_answer_of_any_page_stands(tmp_path_factory, changes):
    """Three open pages; the record, the file beside the notebook and what the last page was told are the same."""
    folder = tmp_path_factory.mktemp("space")
    records = [Record(Space(folder / "home")) for _ in range(3)]
    pages = [GradedAnswers(record, "first", folder) for record in records]
    expected, told = {}, {}
    for page, question, answer in changes:
        told = pages[page].change({question: answer}, anything)
        expected[question] = answer
    expected = {question: answer for question, answer in expected.items() if answer is not None}
    assert pages[0].read() == told == expected
    assert read_responses(folder / "responses.json", "first").answers == expected
    for record in records:
        record.close()


@given(
    here=st.none() | st.dictionaries(QUESTIONS, st.text(max_size=2)),
    there=st.dictionaries(QUESTIONS, st.text(max_size=2)),
    hours=st.integers(-1, 1),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_answer_of_a_file_and_of_the_record_can_be_found(tmp_path_factory, here, there, hours):
    """Taken in or lying beside; and doing it again changes nothing."""
    folder = tmp_path_factory.mktemp("space")
    record = Record(Space(folder / "home"))
    if here is not None:
        record.put(GRADED, "first", as_data("first", here, NOW))
    data = as_data("first", there, NOW + timedelta(hours=hours))
    (folder / "responses.json").write_text(json.dumps(data), encoding="utf-8")
    answers = GradedAnswers(record, "first", folder)
    answers.take_in()
    once = (answers.read(), record.aside(GRADED, "first"))
    found = [answers.read(), *(each.value for each in record.aside(GRADED, "first"))]
    for name, answer in [*(here or {}).items(), *there.items()]:
        assert any(each.get(name) == answer for each in found)
    if here is None or hours == 1:
        assert there.items() <= answers.read().items()
    else:
        assert answers.read() == here
    answers.take_in()
    assert (answers.read(), record.aside(GRADED, "first")) == once
    record.close()


def test_what_no_longer_fits_lies_beside(tmp_path):
    """An author changed the question; the answer of before is not thrown away."""
    record = Record(Space(tmp_path))
    record.put(GRADED, "first", as_data("first", {"a": "old", "b": "x"}, NOW))
    assert GradedAnswers(record, "first").change({"c": "y"}, lambda name, _: name != "a") == {"b": "x", "c": "y"}
    assert [each.value for each in record.aside(GRADED, "first")] == [{"a": "old"}]


def test_with_a_key_no_answer_is_in_the_file(tmp_path):
    """Nor which quiz it is."""
    answers = GradedAnswers(Record(Space(tmp_path, Place.CODE), KEY), "listening")
    answers.change({"a": "secret words"}, anything)
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"secret" not in raw
    assert b"listening" not in raw
    assert answers.read() == {"a": "secret words"}


def test_what_was_deleted_does_not_come_back(tmp_path):
    """A page that had read answers says so; one that starts anew keeps its first."""
    record = Record(Space(tmp_path / "home"))
    answers = GradedAnswers(record, "first")
    answers.change({"a": "mine"}, anything)
    Record(record.space).delete_everything()
    with pytest.raises(Newer) as told:
        answers.change({"b": "more"}, anything)
    assert told.value.key == "deleted_text"
    with pytest.raises(Newer):
        answers.read()
    assert GradedAnswers(record, "first").change({"b": "new"}, anything) == {"b": "new"}
