"""The reading grade agrees with the usual library, and needs neither it nor the internet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.checks.reading import grade, reading_available, syllables

# What textstat 0.7.13 gives for these passages with the CMU Pronouncing Dictionary in its hands.
EASY = """Sit with the person for a while. You can ask what the day was like. You can also say nothing.
If they want to stop, stop. They can come back on any day, and so can you."""
PLAIN = """Peer support workers listen before they offer anything. They say back what they heard, as a guess, so that
the other person can correct it. An honest answer is better than a clever one, even when it is short."""
HARDER = """Trials of peer support show small gains in hope and in personal recovery. Most of them show no reliable
effect on symptoms or on time in hospital. A fair summary says both, and it says which people were studied, because a
result in one service may not hold in another."""
REFERENCE = [(EASY, 0.37), (PLAIN, 5.82), (HARDER, 7.90)]


@pytest.mark.parametrize(("text", "expected"), REFERENCE, ids=["easy", "plain", "harder"])
def test_a_grade_is_within_half_a_year_of_the_usual_one(text, expected):
    """Counting syllables by rule costs less than half a school year."""
    assert grade([text]) == pytest.approx(expected, abs=0.5)


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("the", 1), ("listened", 2), ("wanted", 2), ("called", 1), ("tangled", 2), ("changes", 2), ("makes", 1),
        ("table", 2), ("something", 2), ("careful", 2), ("recovery", 4), ("peer", 1), ("stories", 2), ("easier", 3),
        ("quiet", 2), ("don't", 1), ("doesn’t", 2), ("peer-led", 2), ("988", 1), ("idea", 3), ("situation", 4),
    ],
)  # fmt: skip
def test_syllables_are_counted_as_they_are_said(word, count):
    """Silent letters are not counted, and vowels that are heard apart are."""
    assert syllables(word) == count


@given(st.text())
def test_any_word_has_a_syllable(word):
    """Nothing that can be typed breaks the count."""
    assert syllables(word) >= 1
    assert isinstance(grade([word]), float)


def test_each_passage_ends_its_sentence():
    """Items of a list without full stops are not read as one long sentence."""
    assert grade(["the cat sat"] * 9) == pytest.approx(grade(["the cat sat"]))
    assert grade([]) == 0.0


def test_only_english_has_a_grade():
    """The formula was made for English."""
    assert reading_available()
    assert reading_available("en-US")
    assert not reading_available("es")
