"""Answers that are handed in are read as if by a stranger."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside.responses import LIMIT, Shown, as_data, read_responses, responses_in, write_responses
from tests.course.generated import json_values

NOW = datetime(2026, 11, 21, 10, 15, tzinfo=UTC)
SHOWN = Shown("a-time", "A time", "Words <b>as</b> they are.", other=True, shared=NOW)
ANSWERS = {"a": "text", "b": 4.5, "c": ["x", "y"], "d": {"l": "r"}}


def test_answers_come_back(tmp_path):
    """What was saved is what is marked, with nothing to note."""
    path = tmp_path / "responses.json"
    write_responses(path, "first", ANSWERS)
    read = read_responses(path, "first")
    assert (read.answers, read.note) == (ANSWERS, "")


@given(raw=st.one_of(st.binary(), json_values().map(lambda value: json.dumps(value).encode())))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_file_is_read(tmp_path, raw):
    """No content makes the reading fail: it counts as unanswered, and a note says why."""
    path = tmp_path / "responses.json"
    path.write_bytes(raw)
    read = read_responses(path, "first")
    assert (read.answers, bool(read.note)) == ({}, True)


@given(answers=st.dictionaries(st.text(max_size=5), json_values(), max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_answers_of_no_use_are_left_out_and_counted(tmp_path, answers):
    """Each answer that is kept has a shape that can be marked; the rest are told by their number."""
    path = tmp_path / "responses.json"
    path.write_text(json.dumps({"format": 1, "unit": "first", "answers": answers}), encoding="utf-8")
    read = read_responses(path, "first")
    assert all(
        isinstance(value, str | int | float | list | dict) and not isinstance(value, bool)
        for value in read.answers.values()
    )
    left_out = len(answers) - len(read.answers)
    assert (f"{left_out} of the answers" in read.note) if left_out else read.note == ""


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "There is no"), ("{", "torn"), (" " * (LIMIT + 1), "larger"), ("[]", "not one of ours"),
        ('{"format": 1, "unit": "other", "answers": {}}', "another quiz"),
        ('{"format": 2, "unit": "first", "answers": {}}', "not one of ours"),
    ],
    ids=["missing", "torn", "oversized", "foreign", "of another unit", "newer"],
)  # fmt: skip
def test_the_note_says_what_is_wrong(tmp_path, content, why):
    """The instructor reads a plain sentence, and every question counts as unanswered."""
    path = tmp_path / "responses.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    read = read_responses(path, "first")
    assert why in read.note
    assert "Traceback" not in read.note
    assert read.answers == {}


def test_a_folder_in_its_place_is_told(tmp_path):
    """Even what is no file at all is only a note."""
    (tmp_path / "responses.json").mkdir()
    assert "could not be opened" in read_responses(tmp_path / "responses.json", "first").note


def test_a_record_is_read_as_a_file_is(tmp_path):
    """The same data gives the same answers, note and moment, wherever it was kept."""
    data = as_data("first", {**ANSWERS, "e": None}, NOW.astimezone(timezone(timedelta(hours=5))), [SHOWN])
    (tmp_path / "responses.json").write_text(json.dumps(data), encoding="utf-8")
    read = responses_in(data, "first")
    assert read == read_responses(tmp_path / "responses.json", "first")
    assert (read.answers, read.saved, read.shown) == (ANSWERS, NOW, (SHOWN,))
    assert "1 of the answers" in read.note


def test_where_nothing_is_shown_the_file_does_not_speak_of_it():
    """What the record keeps is the answers alone."""
    assert set(as_data("first", ANSWERS, NOW)) == {"format", "unit", "saved", "answers"}


@given(shared=json_values(), saved=json_values())
@settings(deadline=None)
def test_whatever_stands_in_the_place_of_shown_words_costs_no_answer(shared, saved):
    """Nothing there makes the reading fail, and what is taken is text within its limits."""
    read = responses_in({"format": 1, "unit": "first", "answers": ANSWERS, "shared": shared, "saved": saved}, "first")
    assert (read.answers, read.note) == (ANSWERS, "")
    assert all(isinstance(each.text, str) and isinstance(each.title, str) for each in read.shown)


GOOD = {"id": "a", "title": "A", "text": "words", "other": False, "shared": "2026-11-21T10:15:00+00:00"}


@pytest.mark.parametrize(
    "changed",
    [
        {"id": "../a"}, {"id": 3}, {"id": "a" * 101}, {"title": None}, {"title": "x" * 301}, {"text": "x" * 60_001},
        {"text": "  "}, {"text": ["x"]}, {"shared": None}, {"shared": "soon"}, {"shared": "0001-01-01T00:00:00+14:00"},
        {"shared": "9999-12-31T23:59:59-14:00"}, {"shared": "x" * 1000},
    ],
)  # fmt: skip
def test_a_part_that_is_not_whole_is_left_out_and_the_others_stay(changed):
    """Each is judged alone."""
    data = {"format": 1, "unit": "first", "answers": {}, "shared": [{**GOOD, **changed}, 3, {**GOOD, "id": "b"}]}
    assert [each.id for each in responses_in(data, "first").shown] == ["b"]


def test_there_are_only_so_many_and_each_once():
    """A file of thousands costs no more than one of fifty."""
    rows = [GOOD, {**GOOD, "text": "again"}, *({**GOOD, "id": f"n{number}"} for number in range(5000))]
    shown = responses_in({"format": 1, "unit": "first", "answers": {}, "shared": rows}, "first").shown
    assert len(shown) == 49
    assert shown[0].text == "words"
