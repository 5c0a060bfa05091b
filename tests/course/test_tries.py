"""What one's replies did is counted without a word of them, and said without a score."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.coding.coach import coach
from alongside.coding.listening import listen
from alongside.record import TRIES, Place, Record, Space, Thing
from alongside.tries import (
    COUNTED,
    LEAST,
    MOST_DAYS,
    Try,
    add_up,
    by_day,
    data_of,
    found_in,
    in_sentences,
    is_token,
    read_tries,
    read_try,
    tries_in,
    when,
)

DAY = date(2026, 11, 21)
LINE = "They cut my hours again. I told my kids we'd figure it out."
counts = st.dictionaries(st.sampled_from(COUNTED), st.integers(1, 20))
tries = st.lists(st.builds(Try, st.dates(date(2024, 1, 1), date(2027, 1, 1)), counts))


def tried(*found: dict[str, int], days: int = 0) -> list[Try]:
    return [Try(DAY - timedelta(days=n * days), each) for n, each in enumerate(found)]


def said(words, *found: dict[str, int]) -> str:
    return " ".join(in_sentences(add_up(tried(*found)), words["lab"]))


def test_a_reply_is_counted_by_what_it_does():
    """A clause that asks is one question, whichever kinds of question it may be."""
    assert found_in(listen("What was that like for you?", LINE)) == {"questions": 1, "open": 1}
    assert found_in(listen("Did you call the food bank?", LINE)) == {"questions": 1, "closed": 1}
    assert found_in(listen("You should apply for food stamps.", LINE)) == {"advice": 1}


def test_what_the_coach_is_not_sure_of_counts_as_not_sure():
    """And as nothing else."""
    heard = listen("It is your call what you do with it.", LINE)
    if not heard.finds:  # else a better coach is sure
        assert found_in(heard) == {"unsure": 1}
        assert coach(heard, "Dana", {"unsure": "", "they": "", "careful": ""}).kind in {"unsure", "careful"}


@given(day=st.dates(date(1970, 1, 2), date(2200, 1, 1)), found=counts)
def test_a_try_that_is_kept_is_read_again(day, found):
    """Its day and its counts, and nothing more is in it."""
    kept = data_of(day, found)
    assert read_try(kept) == Try(day, found)
    assert set(kept) == {"format", "day", "found"}


@given(value=st.recursive(st.none() | st.text() | st.integers() | st.floats(), st.lists, max_leaves=5))
def test_anything_else_is_no_try(value):
    """A file that somebody brings may hold anything."""
    assert read_try(value) is None
    found = read_try({"day": "2026-11-21", "found": {"questions": value, "open": 2, "points": 5}})
    assert found is not None
    assert set(found.counts) <= {"questions", "open"}
    assert read_try({"day": value, "found": {}}) is None or isinstance(value, str)


@given(some=tries)
def test_the_days_add_up_to_all(some):
    """No try is lost or told twice, whether days or weeks are shown, and the newest stand first."""
    spans = by_day(some)
    assert sum(span.tries for span in spans) == len(some)
    for name in COUNTED:
        assert sum(span[name] for span in spans) == sum(each.counts.get(name, 0) for each in some)
    assert [span.first for span in spans] == sorted((span.first for span in spans), reverse=True)
    assert all((span.last - span.first).days < 7 for span in spans)


def test_many_days_are_shown_by_week(words):
    """So that the table stays short."""
    few, many = tried(*[{}] * MOST_DAYS, days=1), tried(*[{}] * (MOST_DAYS + 1), days=1)
    assert len(by_day(few)) == MOST_DAYS
    assert len(by_day(many)) == 3
    assert when(by_day(few)[0], words) == "November 21, 2026"
    assert when(by_day(many)[0], words) == "November 16, 2026 to November 21, 2026"


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        ([{"reflections": 2, "questions": 1}] * 5, "For every question, you gave back 2 times."),
        ([{"reflections": 1, "questions": 1}] * 5, "For every question, you gave back once."),
        ([{"reflections": 1, "questions": 2}] * 5, "For each time you gave back, you asked 2 questions."),
        ([{"reflections": 1}] * 5, "You gave back 5 times and asked no questions."),
        ([{"questions": 1}, *[{}] * 4], "You asked 1 question and did not give back yet."),
        ([{}] * 5, "The coach heard no question, and nothing given back."),
        ([{"questions": 1, "open": 1}] * 5, "Of your 5 questions, 5 were open."),
        ([{"questions": 1, "open": 1}, {"questions": 1, "closed": 1}, *[{}] * 3], "Of your 2 questions, 1 was open."),
        ([{"questions": 1, "closed": 1}, *[{}] * 4], "Your one question was closed."),
        ([{"advice": 1}, *[{}] * 4], "about 2 times in 10 tries"),
        ([{"advice": 1}, *[{}] * 9], "about once in 10 tries"),
        ([{}] * 5, "You gave no ideas that nobody had asked for."),
        ([{"unsure": 1}] * 5, "Tries that the coach was not sure of: 5."),
        ([{"affirmations": 1}] * 5, "Times you named a strength: 5."),
    ],
)
def test_what_tries_come_to_is_said_in_words(words, found, sentence):
    """Each is a count of what was done, and none is a mark."""
    assert sentence in said(words, *found)


def test_with_too_few_tries_it_says_so(words):
    """And nothing is made of them."""
    assert said(words, *[{"questions": 1}] * (LEAST - 1)) == "There are too few tries to say much: 4 of 5 so far."
    assert in_sentences(None, words["lab"]) == ["There are no tries here yet. After 5 there is something to see."]


@given(some=tries)
def test_no_sentence_has_a_gap(words, some):
    """Whatever was found, each sentence is whole, and none shows more digits than one after the point."""
    for sentence in in_sentences(add_up(some), words["lab"], whole=True):
        assert "{" not in sentence
        assert sentence.endswith((".", ":"))


def test_tries_stay_in_the_order_they_were_made_in(tmp_path):
    """Whatever their names are, and what is none among them is passed over."""
    record = Record(Space(tmp_path))
    with record.changing() as shelf:
        for saved, name in ((3, "aaaaaaaa"), (1, "zzzzzzzz"), (2, "mmmmmmmm")):
            shelf.keep(Thing(TRIES, name, data_of(DAY, {"questions": saved}), saved))
        shelf.keep(Thing(TRIES, "broken", ["no"], 4))
    assert [each.counts["questions"] for each in read_tries(record)] == [1, 2, 3]
    assert len(tries_in(record.everything()[0])) == 3


def test_counts_are_kept_where_reflections_are(tmp_path):
    """On an open website there is no place for them."""
    assert not Record(Space(tmp_path, Place.OPEN)).keeps(TRIES)
    assert Record(Space(tmp_path)).keeps(TRIES)


def test_counts_are_locked_where_there_is_a_key(tmp_path):
    """On a website with a return code they are on its disk, and tell nothing without the code."""
    record = Record(Space(tmp_path, Place.CODE), bytes(32))
    record.put(TRIES, "abcdef01", data_of(DAY, {"affirmations": 3}))
    assert [each.counts for each in read_tries(record)] == [{"affirmations": 3}]
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(b"affirmations" in data or b"abcdef01" in data for data in files)


@pytest.mark.parametrize(("name", "fits"), [("abcdef0123456789", True), ("", False), ("../a", False), (3, False)])
def test_a_page_names_a_try_by_letters_and_digits(name, fits):
    """Anything else is no name."""
    assert is_token(name) is fits
