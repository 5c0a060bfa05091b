"""A dated fact is a claim with a source and two days, and says by itself when it is due."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.facts import read_facts, stale
from tests.course.small import DATED

SOURCES = {"book-2020"}


def test_a_fact_is_read_with_its_days():
    """What stands in the file is what the fact holds, days as days."""
    facts, faults = read_facts(DATED, "facts.yaml", SOURCES)
    assert faults == ()
    fact = facts["line"]
    assert (fact.claim, fact.how, fact.line) == ("You can call 999 at any hour.", "Call 999", 1)
    assert (fact.checked, fact.stale) == (date(2026, 11, 21), date(2027, 11, 21))
    assert fact.anywhere


@pytest.mark.parametrize(("day", "due"), [(date(2027, 11, 20), 0), (date(2027, 11, 21), 1), (date(2030, 1, 1), 1)])
def test_a_fact_goes_stale_on_the_day_that_it_names(day, due):
    """The day before it is good; from that day on it is due."""
    facts, _ = read_facts(DATED, "facts.yaml", SOURCES)
    assert len(stale(facts.values(), day)) == due


@pytest.mark.parametrize("word", ["no", "yes", "null", "1.50", "2027", "0o17", "~x"])
def test_a_claim_is_the_text_that_stands_there(word):
    """YAML would make something else of these; a claim never turns into it."""
    facts, faults = read_facts(DATED.replace("You can call 999 at any hour.", word), "facts.yaml", SOURCES)
    assert faults == ()
    assert facts["line"].claim == word


@given(text=st.text(max_size=200))
def test_any_text_gives_facts_or_faults(text):
    """Whatever stands in the file, nothing is raised, and a file without a fact says so."""
    facts, faults = read_facts(text, "facts.yaml", SOURCES)
    assert facts or faults
