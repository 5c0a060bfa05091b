"""Where each conversation stands, and what was said in it: also after a change of the course, whatever was kept."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside.catalog import Catalog
from alongside.conversations import conversations
from alongside.own_words import Typed, typed_data
from alongside.record import OWN_WORDS, RUNS, TALKS, Thing
from alongside.roleplay import Run
from alongside.talks import ended
from tests.course.generated import json_values
from tests.course.small import TYPED

NAME = "first--talk"
THINGS = st.lists(
    st.builds(
        Thing, st.sampled_from([RUNS, TALKS, OWN_WORDS]), st.sampled_from([NAME, "gone--x", "-"]),
        json_values()
        | st.fixed_dictionaries({"format": st.just(1), "talks": st.lists(json_values(), max_size=3)})
        | st.fixed_dictionaries({"format": st.just(1), "words": st.lists(json_values(), max_size=3)})
        | st.fixed_dictionaries({"format": st.just(1), "choices": json_values(), "scenario": st.just("talk")}),
        st.integers(0, 1 << 53),
    ),
    max_size=6,
)  # fmt: skip


@pytest.fixture
def talk(catalog):
    return catalog.module("first").scenarios["talk"]


def run(scenario, *choices, saved=7):
    return Thing(RUNS, NAME, Run(scenario.id, scenario.digest, choices).to_dict(), saved)


def talks(*rows):
    return Thing(TALKS, NAME, {"format": 1, "talks": list(rows)}, 9)


def row(scenario, *choices):
    return {"choices": list(choices), "digest": scenario.digest, "ended": 8}


def test_a_talk_under_way_stands_at_its_turn(catalog, talk):
    """With the way to go on."""
    (found,) = conversations(catalog, [run(talk, talk.start.replies[0].id)])
    assert (found.title, found.module, found.place) == ("A talk", "First", "01-first/lesson.ipynb#at-roleplay-talk")
    assert found.under_way
    assert len(found.under_way.choices) == 1
    assert found.talks == ()
    assert found.fits(found.under_way)


def test_a_run_that_has_ended_is_a_talk_and_stands_once(catalog, talk, words):
    """Whether or not it was kept among the talks as well."""
    end = talk.start.replies[1].id
    for things in ([run(talk, end)], [talks(row(talk, end))], [run(talk, end), talks(row(talk, end))]):
        (found,) = conversations(catalog, things)
        assert found.under_way is None
        assert [each.choices for each in found.talks] == [(end,)]
        assert ended(found.turns(found.talks[0], words))


def test_a_run_without_a_reply_is_no_conversation(catalog, talk):
    """Started over, there is nothing to show but what came to an ending."""
    assert conversations(catalog, [run(talk)]) == ()
    (found,) = conversations(catalog, [run(talk), talks(row(talk, talk.start.replies[1].id))])
    assert found.under_way is None


def test_a_talk_whose_words_were_changed_is_shown_as_far_as_it_fits(catalog, talk, words):
    """And says so."""
    (found,) = conversations(catalog, [talks(row(talk, talk.start.replies[0].id, "taken-out-since"))])
    assert len([turn for turn in found.turns(found.talks[0], words) if turn.chosen]) == 1
    assert not found.fits(found.talks[0])


def test_a_conversation_that_the_course_does_not_have_any_more_is_still_listed(catalog, words):
    """Last, under a readable name, and without the words, which only the course had."""
    (found,) = conversations(catalog, [Thing(RUNS, "old-times--a-long-talk", {"choices": ["a"]}, 7)])
    assert (found.title, found.module, found.scenario, found.place) == ("A long talk", "Old times", None, "")
    assert found.turns(found.under_way, words) == ()


def test_own_words_stand_in_the_talk_that_was_had_last_and_in_no_other(minimal_course, words):
    """Another talk says what they did, and so does this one once they are not kept any more."""
    (minimal_course / "modules/01-first/scenarios/talk.md").write_text(TYPED, encoding="utf-8")
    catalog = Catalog(minimal_course, environ={})
    talk = catalog.module("first").scenarios["talk"]
    route, other = talk.start.routes[0].id, talk.start.routes[1].id
    kept = Thing(OWN_WORDS, NAME, typed_data({0: Typed("A long week.", route)}), 7)
    (found,) = conversations(catalog, [run(talk, route), talks(row(talk, other)), kept])
    said = [found.turns(each, words)[0].chosen.words for each in found.talks]
    assert sorted(said) == ["A long week.", "In your own words (idea or advice or makes it smaller)"]
    (found,) = conversations(catalog, [run(talk, route)])
    assert found.turns(found.talks[0], words)[0].chosen.words == "In your own words (gives back or names a strength)"


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(things=THINGS)
def test_whatever_was_kept_every_talk_can_be_played(catalog, words, things):
    """What does not fit is left out, and nothing raises."""
    for found in conversations(catalog, things):
        for each in (*found.talks, *([found.under_way] if found.under_way else [])):
            assert each.id
            assert len(found.turns(each, words)) <= len(each.choices) + 1
