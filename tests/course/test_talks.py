"""What was said on other days is kept, each talk once and the newest ten, and nothing that a record holds breaks it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.roleplay import How, play
from alongside.talks import MOST, Talk, add, is_whole, read_talks, replay, talks_data, unite
from tests.course.generated import json_values, read
from tests.course.small import SCENARIO

TALKS = st.lists(
    st.builds(
        Talk,
        st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=3).map(tuple),
        st.sampled_from(["x", "y"]),
        st.integers(0, 9),
    ),
    max_size=24,
)


def talk(name: str, ended: int = 1, digest: str = "d") -> Talk:
    return Talk((name,), digest, ended)


@given(talks=TALKS)
def test_what_is_written_is_read(talks):
    """Through JSON, in the order of time, each once and no more than ten."""
    kept = unite(talks)
    assert read_talks(json.loads(json.dumps(talks_data(kept)))) == kept
    assert is_whole(talks_data(kept))
    assert len(kept) <= MOST
    assert [each.ended for each in kept] == sorted(each.ended for each in kept)
    assert len({(each.choices, each.digest) for each in kept}) == len(kept)


@given(one=TALKS, two=TALKS)
def test_two_lists_become_one_whichever_comes_first_and_however_often(one, two):
    """Bringing work back twice, or the other way round, gives the same talks."""
    both = unite(one, two)
    assert both == unite(two, one) == unite(both, two) == unite(both, one)


@given(data=st.one_of(json_values(), st.fixed_dictionaries({"format": st.just(1), "talks": json_values()})))
def test_anything_at_all_can_be_read(data):
    """What is no talk is left out, and then it is told that the list is not whole."""
    found = read_talks(data)
    assert read_talks(talks_data(found)) == found
    if is_whole(data):
        assert len(data["talks"]) >= len(found)


@pytest.mark.parametrize(
    "row",
    [
        {"choices": []}, {"choices": "ab"}, {"choices": [1]}, {"choices": ["x" * 201]}, {"choices": ["a"] * 501},
        {"digest": 3}, {"digest": "x" * 201}, {"ended": True}, {"ended": -1}, {"ended": 1.5}, {"ended": 1 << 60},
    ],
)  # fmt: skip
def test_a_talk_that_is_not_whole_is_left_out_and_the_others_stay(row):
    whole = {"choices": ["a"], "digest": "d", "ended": 1}
    data = {"format": 1, "talks": [whole, {**whole, **row}]}
    assert read_talks(data) == (talk("a"),)
    assert not is_whole(data)


def test_a_list_of_a_later_version_is_not_read_and_not_said_to_be_whole():
    data = {**talks_data([talk("a")]), "format": 2}
    assert read_talks(data) == ()
    assert not is_whole(data)


def test_the_same_talk_again_only_moves_to_the_end():
    """With the day on which it was had last; in changed words it is another talk."""
    kept = add((talk("a", 1), talk("b", 2)), talk("a", 3))
    assert kept == (talk("b", 2), talk("a", 3))
    assert len(add(kept, talk("a", 4, "other"))) == 3


def test_the_oldest_of_too_many_makes_way():
    kept = ()
    for number in range(MOST + 3):
        kept = add(kept, talk(str(number), number))
    assert [each.ended for each in kept] == list(range(3, MOST + 3))


def test_a_talk_is_replayed_as_far_as_it_fits_and_that_is_told(course):
    """Its words are today's; what is no longer there is left out."""
    scenario = read(SCENARIO, course)
    first = scenario.start.replies[0].id
    second = scenario.by_id["shut"].replies[0].id
    for choices, digest, how, left in (
        ((first, second), scenario.digest, How.SAME, 2),
        ((first, second), "older", How.CHANGED, 2),
        ((first, "gone"), "older", How.SHORTER, 1),
        (("gone",), "older", How.ANEW, 0),
    ):
        found = replay(scenario, Talk(choices, digest, 1))
        assert (found.how, len(found.run.choices)) == (how, left)
        assert len(play(scenario, found.run.choices)) == left + 1
