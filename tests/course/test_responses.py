"""Answers that are handed in are read as if by a stranger."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside.responses import LIMIT, read_responses, write_responses
from tests.course.generated import json_values

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
