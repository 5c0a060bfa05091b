"""What was typed takes the first way that is for one of its deeds, is kept beside its run, and is shown as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.own_words import (
    LONGEST,
    Typed,
    asked,
    previous,
    read_typed,
    route,
    route_meant,
    spoken,
    still,
    typed_data,
)
from alongside.roleplay import play
from tests.course.generated import json_values, read
from tests.course.small import TYPED


@pytest.fixture
def talk(course):
    return read(TYPED, course)


@pytest.mark.parametrize(
    ("deeds", "place"),
    [({"reflects"}, 0), ({"advises", "affirms"}, 0), ({"minimises", "chats"}, 1), ({"chats"}, 2), (set(), 2)],
)
def test_the_first_way_in_the_authors_order_is_taken(talk, deeds, place):
    """What fits none goes with anything else."""
    assert route(talk.start.routes, deeds) is talk.start.routes[place]


@pytest.mark.parametrize(("deed", "place"), [("reflects", 0), ("advises", 2), ("shares", 2)])
def test_what_the_coach_could_not_tell_counts_against_nobody(talk, deed, place):
    """What the learner says they meant goes its way, but for one that is told as a misstep."""
    assert route_meant(talk.start.routes, deed) is talk.start.routes[place]
    assert not route_meant(talk.start.routes, deed).counts_against


def test_those_deeds_can_be_chosen_that_have_a_way(talk, course):
    """In the coach's order; a question is one, whatever kind its way is for."""
    assert asked(talk.start.routes, ("shares", "affirms", "reflects", "asks")) == ("affirms", "reflects")
    open_alone = read(TYPED.replace("(reflects, affirms)", "(asks-open)"), course).start.routes
    assert asked(open_alone, ("affirms", "asks")) == ("asks",)
    assert route_meant(open_alone, "asks") is open_alone[0]


def test_the_last_thing_that_was_said_is_what_is_answered(course):
    """All lines of the person who spoke last, without what was seen or thought; nothing where nobody spoke."""
    text = TYPED.replace(
        "**Alex:** It has been a week.",
        "**Alex:** Before.\n**Kim:** Hm.\n**Alex:** It has been a week.\n\nA door.\n\n**Alex:** And the bus.",
    )
    assert previous(play(read(text, course), [])[0]) == "It has been a week. And the bus."
    silent = TYPED.replace("**Alex:** It has been a week.", "Nobody speaks.")
    assert previous(play(read(silent, course), [])[0]) == ""


@given(
    typed=st.dictionaries(
        st.integers(0, 5),
        st.builds(Typed, st.text(min_size=1, max_size=80), st.sampled_from("abc"), st.text(max_size=9)),
    )
)
def test_what_was_typed_comes_back_as_it_was(typed):
    """As far as the run still has those replies; a turn that is taken again has lost it."""
    choices = [typed[turn].route if turn in typed else "a" for turn in range(6)]
    assert read_typed(typed_data(typed), choices) == typed
    assert still(typed, choices[:2]) == {turn: each for turn, each in typed.items() if turn < 2}
    assert still(typed, ["x"] * 6) == {}


@given(data=json_values() | st.fixed_dictionaries({"format": st.just(1), "words": json_values()}))
def test_whatever_was_kept_nothing_raises(data):
    """What cannot be used is left out."""
    assert all(each.route == "a" for each in read_typed(data, ["a"] * 3).values())


@pytest.mark.parametrize(
    "row",
    [
        "x", {}, {"turn": True, "text": "x", "route": "a", "meant": ""},
        {"turn": -1, "text": "x", "route": "a", "meant": ""},
        {"turn": 0, "text": "", "route": "a", "meant": ""}, {"turn": 0, "text": "x", "route": "a"},
        {"turn": 0, "text": "x" * (LONGEST + 1), "route": "a", "meant": ""},
    ],
)  # fmt: skip
def test_a_row_that_is_not_whole_is_left_out(row):
    """Each for a reason of its own."""
    assert read_typed({"format": 1, "words": [row]}, ["a"]) == {}


def test_a_run_plays_without_its_words_and_says_what_they_did(talk, words):
    """The same turns, whether the words are there, are of another reply, or are gone."""
    taken, other = talk.start.routes[0].id, talk.start.routes[2].id
    turns = play(talk, [taken])
    assert spoken(turns, {0: Typed("A long one.", taken)}, words)[0].chosen.words == "A long one."
    for typed in ({}, {0: Typed("A long one.", other)}):
        assert spoken(turns, typed, words)[0].chosen.words == "In your own words (gives back or names a strength)"
    assert spoken(play(talk, [other]), {}, words)[0].chosen.words == "In your own words"
    assert [each.state for each in spoken(turns, {}, words)] == [each.state for each in turns]
