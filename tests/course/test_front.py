"""The facts at the top are read by kind; what is off is told, and a harmless value stands in."""

import pytest

from alongside.blocks import parse
from alongside.front import Front


def front(text):
    """Read facts of which any name is known."""
    return Front(parse(f"---\n{text}\n---\n", "a.md"), known=("title", "minutes", "skills", "format"))


@pytest.mark.parametrize(("text", "value"), [("minutes: 1", 1), ("minutes: 10", 10)])
def test_a_number_inside_its_limits_is_taken(text, value):
    """The limits themselves are allowed."""
    read = front(text)
    assert read.number("minutes", 1, 10) == value
    assert read.faults == []


@pytest.mark.parametrize("value", ["0", "11", "-1", "1.5", "ten", "", "²", "٣", "9" * 5000])
def test_a_number_that_is_none_or_outside_is_told(value):
    """Digits of other kinds and numbers of any length are told too, and nothing fails."""
    read = front(f"minutes: {value}")
    assert read.number("minutes", 1, 10) == 1
    assert [fault.line for fault in read.faults] == [2]


def test_a_missing_fact_is_told_on_the_first_line():
    """There is no line to point to, so the top of the file is named."""
    read = front("title: a")
    assert read.text("format") == ""
    assert [fault.line for fault in read.faults] == [1]
    assert read.text("minutes", needed=False) == ""
    assert len(read.faults) == 1


def test_names_may_stand_in_brackets_or_not():
    """Both ways of writing a list mean the same."""
    for text in ("skills: [a, b]", "skills: a,b"):
        read = front(text)
        assert read.names("skills", {"a": 1, "b": 2}, "course.yaml") == ("a", "b")
        assert read.faults == []


def test_a_value_must_be_one_of_a_few():
    """Any other value is told, with the one to write."""
    read = front("format: 9")
    assert read.one("format", ("1",)) == "1"
    assert "`format: 1`" in read.faults[0].message


def test_an_unknown_fact_is_told():
    """A misspelled name would otherwise be left out in silence."""
    assert ["tilte" in fault.message for fault in front("tilte: a").faults] == [True]
