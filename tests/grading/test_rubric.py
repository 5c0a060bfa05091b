"""Levels chosen by hand become points, also after the rubric was changed; names give way to codes in a fixed order."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.question import Criterion
from alongside_grading.rubrics.rubric import (
    Choice,
    HandMark,
    Move,
    codes,
    digest,
    fitting,
    open_criteria,
    points,
    settle,
    shuffled,
    unused,
)
from alongside_grading.rubrics.rubric_command import report
from alongside_grading.rubrics.rubric_desk import Rescored

FEELING = Criterion("Names the feeling", ("no", "somewhat", "yes"), 1)
ROOM = Criterion("Leaves room", ("no", "somewhat", "yes"), 2)
RUBRIC = (FEELING, ROOM)
FULL = {"Names the feeling": 2, "Leaves room": 1}
TEXT = digest("You're worn out.")
MARKED = Choice(FULL, "Well heard.", TEXT, gave=3.0)
GIVEN = HandMark(3.0, "Well heard.", waiting=False)


def test_points_are_the_sum_of_the_levels_once_each_criterion_has_one():
    assert points(RUBRIC, FULL) == 3
    assert points(RUBRIC, {"Names the feeling": 2}) is None
    assert open_criteria(RUBRIC, {"Names the feeling": 2}) == ("Leaves room",)
    assert points(RUBRIC, {"Names the feeling": 0, "Leaves room": 0}) == 0


def test_levels_that_are_reordered_or_reworded_keep_their_number():
    other = (Criterion("Leaves room", ("yes!", "no!", "in between"), 9), FEELING)
    assert points(other, FULL) == 3
    assert settle(other, MARKED, GIVEN, TEXT).move is Move.SAME


@pytest.mark.parametrize(
    "changed",
    [
        (FEELING, Criterion("Leaves them room", ROOM.levels, 2)),
        (Criterion("Names the feeling", ("no", "yes"), 1), ROOM),
        (*RUBRIC, Criterion("Says why", ("no", "yes"), 3)),
    ],
    ids=["a new name", "the chosen level is gone", "one more criterion"],
)
def test_an_answer_waits_again_for_a_criterion_that_is_new_or_lost_its_level(changed):
    step = settle(changed, MARKED, GIVEN, TEXT)
    assert (step.move, step.before, step.after) == (Move.WAIT, 3.0, 3.0)
    assert len(step.open) == 1
    assert settle(changed, MARKED, HandMark(3.0, "", waiting=True), TEXT).move is Move.OPEN


def test_a_criterion_that_is_taken_out_takes_its_points_with_it_and_its_choice_is_kept():
    step = settle((FEELING,), MARKED, GIVEN, TEXT)
    assert (step.move, step.before, step.after) == (Move.GIVE, 3.0, 2)
    assert unused((FEELING,), [MARKED, Choice({"Names the feeling": 7})]) == {"Leaves room": 1, "Names the feeling": 1}
    assert fitting((FEELING,), FULL) == {"Names the feeling": 2}
    assert points(RUBRIC, MARKED.levels) == 3


def test_a_mark_that_somebody_gave_or_took_in_formgrader_is_left():
    for there in (4.5, None):
        step = settle((FEELING,), MARKED, HandMark(there, "", waiting=False), TEXT)
        assert (step.move, step.after) == (Move.ELSEWHERE, there)


def test_an_answer_that_was_handed_in_again_is_not_marked_by_the_levels_of_the_old_one():
    assert settle(RUBRIC, MARKED, GIVEN, digest("Another answer.")).move is Move.AGAIN


def test_an_unchanged_answer_that_was_marked_again_is_settled_with_the_same_points():
    step = settle(RUBRIC, MARKED, HandMark(3.0, "Well heard.", waiting=True), TEXT)
    assert (step.move, step.before, step.after) == (Move.GIVE, 3.0, 3)


@pytest.mark.parametrize("there", [1.0, 3.0])
def test_a_choice_that_was_about_to_be_written_is_ours_before_and_after(there):
    about = Choice(FULL, "Well heard.", TEXT, gave=1.0, pending=True)
    assert settle(RUBRIC, about, HandMark(there, "", waiting=False), TEXT).move is Move.GIVE
    assert settle(RUBRIC, about, HandMark(2.0, "", waiting=False), TEXT).move is Move.ELSEWHERE


NAMES = st.sets(st.text(max_size=8), max_size=60)


@given(NAMES, st.text(max_size=8))
def test_the_order_is_the_same_each_time_and_who_comes_later_moves_nobody(names, new):
    before = shuffled("listening", "a-talk", names)
    after = shuffled("listening", "a-talk", names | {new})
    assert sorted(before) == sorted(names)
    assert [who for who in after if who in names] == list(before)


@given(NAMES, st.text(max_size=8))
def test_codes_differ_hold_no_name_and_at_most_grow_longer(names, new):
    before, after = codes("listening", "a-talk", names), codes("listening", "a-talk", names | {new})
    assert len(set(before.values())) == len(names)
    assert all(after[who].startswith(code) for who, code in before.items())


def test_the_order_has_nothing_to_do_with_names_and_differs_by_question():
    names = [f"learner-{number:03}" for number in range(100)]
    one, two = shuffled("listening", "a-talk", names), shuffled("listening", "second-try", names)
    assert one != two
    assert list(one) not in (names, names[::-1])
    assert sum(a < b for a, b in pairwise(one)) in range(35, 65)
    assert {len(code) for code in codes("listening", "a-talk", names[:5]).values()} == {2}


def test_the_report_gives_the_counts_first_and_then_whose_mark_changed_and_by_how_much():
    steps = {
        ("a-talk", "ann"): settle((FEELING,), MARKED, GIVEN, TEXT),
        ("a-talk", "bo\x1b[2J"): settle((*RUBRIC, Criterion("Why", ("0", "1"), 3)), MARKED, GIVEN, TEXT),
        ("a-talk", "cy"): settle(RUBRIC, MARKED, GIVEN, TEXT),
        ("a-talk", "di"): settle(RUBRIC, MARKED, HandMark(4.5, "", waiting=False), TEXT),
    }
    rows = list(report("listening", Rescored(steps, {("a-talk", "Leaves room"): 4})))
    assert rows[0] == (
        "listening: 1 changed, 1 stay as they were, 1 wait again for a level, "
        "1 left as somebody set them in formgrader."
    )
    assert '"Leaves room"' in rows[1]
    assert rows[2] == "ann, a-talk: 3 → 2 points (-1)."
    assert rows[3] == 'bo\N{REPLACEMENT CHARACTER}[2J, a-talk: waits for "Why"; 3 points until then.'
    assert rows[4] == "di, a-talk: 4.5 points by formgrader, left as they are."
    assert len(rows) == 5
