"""The engine keeps its promises in any conversation, whatever is chosen."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.explore import explore
from alongside.roleplay import How, Restored, Run, again, available, choose, earned, play, profile, restore, start
from alongside.scenario import Rating
from tests.course.generated import json_values, read, scenario_texts
from tests.course.small import SCENARIO


def chosen(scenario, picks):
    """Choose by number, as far as the conversation goes."""
    run = Run(scenario.id, scenario.digest)
    for pick in picks:
        offered = play(scenario, run.choices)[-1].offered
        if offered:
            run = choose(scenario, run, offered[pick % len(offered)].id)
    return run


PICKS = st.lists(st.integers(0, 5), max_size=12)


@given(text=scenario_texts(), picks=PICKS)
@settings(deadline=None)
def test_no_path_earns_more_than_the_total(course, text, picks):
    """A score is out of the most that any path can earn: no run of any length goes beyond it, nor below 0."""
    scenario = read(text, course)
    report = explore(scenario)
    run = chosen(scenario, picks)
    points = earned(scenario, run.choices)
    assert set(points) == set(scenario.skills) == set(report.totals)
    assert all(0 <= points[skill] <= report.totals[skill] for skill in points)
    found = profile(scenario, run, report.totals)
    assert [(skill, most) for skill, _, most in found.points] == [
        (skill, report.totals[skill]) for skill in scenario.skills
    ]
    assert sum(count for _, count in found.ratings) == len(run.choices)


@given(text=scenario_texts(), picks=PICKS, turns=st.lists(st.integers(-2, 14), max_size=3), more=PICKS)
@settings(deadline=None)
def test_any_run_comes_back_as_it_was_saved(course, text, picks, turns, more):
    """Saved as JSON and read again, a run is the same, with the tries that were taken back."""
    scenario = read(text, course)
    run = chosen(scenario, picks)
    for turn in turns:
        run = again(run, turn)
        for pick in more:
            offered = play(scenario, run.choices)[-1].offered
            run = choose(scenario, run, offered[pick % len(offered)].id) if offered else run
    assert restore(scenario, json.loads(json.dumps(run.to_dict()))) == Restored(run, How.SAME)


@given(text=scenario_texts(), choices=st.lists(st.text(max_size=8)), picks=PICKS, at=st.integers(0, 12))
@settings(deadline=None)
def test_play_takes_any_choices(course, text, choices, picks, at):
    """Ids that are not offered stop the play and never break it; the last turn is always the one to answer."""
    scenario = read(text, course)
    known = list(chosen(scenario, picks).choices)
    for mixed in (choices, [*known[:at], *choices, *known[at:]], [*known, *known]):
        turns = play(scenario, mixed)
        assert turns[-1].chosen is None
        assert all(turn.chosen in turn.offered for turn in turns[:-1])
        assert turns[-1].halted or turns[-1].offered == available(scenario, turns[-1].state)


@given(text=scenario_texts(), picks=PICKS)
@settings(deadline=None)
def test_meters_stay_inside_their_limits(course, text, picks):
    """However often a meter is moved, it keeps to what course.yaml declares."""
    scenario = read(text, course)
    limits = {meter.name: meter for meter in scenario.meters}
    for turn in play(scenario, chosen(scenario, picks).choices):
        assert all(limits[name].lowest <= value <= limits[name].highest for name, value in turn.state.meters)


@given(data=json_values())
def test_anything_saved_can_be_read(course, data):
    """A file of any content gives a run: a new one where nothing can be used."""
    scenario = read(SCENARIO, course)
    fresh = Run("talk", scenario.digest)
    found = restore(scenario, data)
    assert found.run == fresh
    assert found.left_out is (data is not None)
    wrapped = {"format": 1, "scenario": "talk", "choices": data, "earlier": data}
    assert restore(scenario, wrapped).run.choices == ()


def test_the_person_remembers(course):
    """A word remembered is heard later, and a meter moved; on the other path neither is."""
    scenario = read(SCENARIO, course)
    hurried, heard = scenario.start.replies
    sorry = scenario.by_id["shut"].replies[0]
    after = play(scenario, [hurried.id, sorry.id])[-1]
    assert [line.words for line in after.heard] == ["You came back to it.", "It was the letter."]
    assert dict(after.state.meters) == {"trust": -1}
    assert [line.words for line in play(scenario, [heard.id])[-1].heard] == ["It was the letter."]


def test_harm_stops_the_talk_until_it_is_taken_again(course):
    """After a Harm reply the scene is shown and nothing is offered; going back a turn offers the replies again."""
    scenario = read(SCENARIO.replace("**Rethink.** It asks for a smile.", "**Harm.** It asks for a smile."), course)
    harm = scenario.by_id["shut"].replies[1]
    run = choose(scenario, choose(scenario, Run("talk", "d"), scenario.start.replies[0].id), harm.id)
    last = play(scenario, run.choices)[-1]
    assert (last.halted, last.offered, last.state.scene) == (True, (), "leaves")
    assert choose(scenario, run, scenario.start.replies[0].id) == run
    back = again(run, 1)
    assert play(scenario, back.choices)[-1].offered == scenario.by_id["shut"].replies
    assert back.earlier == (run.choices,)
    assert dict(profile(scenario, run, {}).ratings)[Rating.HARM] == 1


def test_a_target_reads_what_was_before_the_reply(course):
    """A reply's own effect does not change where it leads: its author saw the meters as they stood."""
    text = SCENARIO.replace(
        "→ [Open](#open)\n  > **Strong.** It says",
        "→ [Open](#open) if trust >= 1, else [Shut](#shut)\n  > **Strong.** It says",
    )
    scenario = read(text, course)
    assert play(scenario, [scenario.start.replies[1].id])[-1].state.scene == "shut"


def test_a_loop_earns_once(course):
    """Coming back to a reply by a loop, and giving it again, earns nothing more."""
    scenario = read(
        SCENARIO.replace("→ [Open](#open)\n  > **Strong.** It says", "→ [Start](#start)\n  > **Strong.** It says"),
        course,
    )
    said = scenario.start.replies[1].id
    assert len(play(scenario, [said, said, said])) == 4
    assert earned(scenario, [said, said, said]) == {"reflecting": 2, "repairing": 0}
    assert explore(scenario).totals["reflecting"] == 2


SORRY = "I hurried you. I am sorry."


@pytest.mark.parametrize(
    ("words", "other", "kept", "how"),
    [
        ("Cheer up", "Cheer up", 2, How.SAME),
        ("title: ", "title: New ", 2, How.CHANGED),
        (SORRY, "Sorry, I hurried.", 1, How.SHORTER),
        ("At least it is over.", "It is over now.", 0, How.ANEW),
    ],
)
def test_a_run_outlives_a_change_of_words_and_says_what_became_of_it(course, words, other, kept, how):
    """What no longer fits is left out of the run, and said to be; the rest goes on."""
    run = chosen(read(SCENARIO, course), [0, 0])
    assert words in SCENARIO
    new = read(SCENARIO.replace(words, other), course)
    found = restore(new, run.to_dict())
    assert (found.run.choices, found.how) == (run.choices[:kept], how)
    assert found.run.digest == new.digest
    assert found.left_out is (kept < 2)


def test_an_earlier_try_that_no_longer_fits_is_not_lost_without_a_word(course):
    """The talk goes on where it was, and what was left out of an earlier try is to be kept."""
    run = again(chosen(read(SCENARIO, course), [0, 0]), 1)
    found = restore(read(SCENARIO.replace(SORRY, "Sorry."), course), run.to_dict())
    assert (found.how, found.left_out) == (How.CHANGED, True)


@pytest.mark.parametrize("change", [{"format": 2}, {"scenario": "other"}, {"choices": "x"}, {"earlier": {}}])
def test_a_run_of_another_kind_is_not_used(course, change):
    """A newer form, another conversation or a torn list starts a new run."""
    scenario = read(SCENARIO, course)
    data = {**Run("talk", "d", ()).to_dict(), **change}
    assert restore(scenario, data) == Restored(Run("talk", scenario.digest), How.UNREAD, left_out=True)


def test_a_talk_starts_with_nothing(course):
    """All meters at 0, nothing remembered."""
    state = start(read(SCENARIO, course))
    assert (state.scene, state.meters, state.memory) == ("start", (("trust", 0),), frozenset())
