from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from alongside.explore import explore
from alongside.roleplay import Run, again, choose, play
from alongside.scenario import Scenario
from alongside_widgets.roleplay import FINISHED, RolePlay, view


def reply(scenario: Scenario, words: str) -> str:
    return next(each.id for scene in scenario.scenes for each in scene.replies if words in each.words)


def see(scenario: Scenario, run: Run, catalog: Any, words: Any) -> Mapping[str, Any]:
    return view(scenario, run, catalog.course, words, lambda: explore(scenario).totals)


def test_what_a_reply_is_worth_is_not_in_the_page_before_it_is_chosen(catalog, words):
    talk = catalog.module("first").scenarios["talk"]
    shown = see(talk, Run(talk.id, talk.digest), catalog, words)
    data = json.dumps({name: value for name, value in shown.items() if name != "words"})
    assert [each["words"] for each in shown["replies"]] == [each.words for each in talk.start.replies]
    assert "It hurries" not in data
    assert "rethink" not in data.lower()
    assert "Leaves" not in data


def test_a_choice_adds_to_the_log_and_changes_nothing_that_was_in_it(catalog, words):
    """The page adds what is new by key, so the keys before a choice stay as they were."""
    talk = catalog.module("first").scenarios["talk"]
    run = Run(talk.id, talk.digest)
    before = see(talk, run, catalog, words)["entries"]
    after = see(talk, choose(talk, run, reply(talk, "At least")), catalog, words)["entries"]
    assert after[: len(before)] == before
    assert [part["kind"] for part in after[len(before) :]] == ["you", "heard"]
    assert after[1]["label"] == words["roleplay"]["rethink"]
    assert after[1]["reason"] == "It hurries past the week."


def test_after_a_harm_reply_the_reason_and_what_it_did_are_shown_and_no_reply_is_offered(catalog, words):
    hurt = catalog.module("first").scenarios["hurt"]
    shown = see(hurt, choose(hurt, Run(hurt.id, hurt.digest), reply(hurt, "Pull")), catalog, words)
    assert shown["halted"]
    assert shown["replies"] == []
    assert shown["end"] is None
    assert shown["entries"][1]["reason"] == "HARMREASON it shames."
    assert shown["entries"][2]["lines"][0]["words"] == "Right. Never mind."


def test_the_end_gives_each_skill_in_words_and_never_one_number(catalog, words):
    talk = catalog.module("first").scenarios["talk"]
    run = choose(talk, Run(talk.id, talk.digest), reply(talk, "long one"))
    end = see(talk, run, catalog, words)["end"]
    assert [each["said"] for each in end["skills"]] == ["2 of 2 points", "0 of 2 points"]
    assert set(end) == {"skills", "thoughts_title", "thoughts", "tries", "filename", "transcript"}
    assert end["thoughts"] == [{"when": "Before your turn 1", "lines": ["say nothing clever."]}]
    assert "You: It sounds like a long one." in end["transcript"]


def test_a_moment_taken_again_stands_beside_the_earlier_try(catalog, words):
    talk = catalog.module("first").scenarios["talk"]
    run = choose(talk, Run(talk.id, talk.digest), reply(talk, "At least"))
    run = choose(talk, again(run, 0), reply(talk, "long one"))
    tries = see(talk, run, catalog, words)["end"]["tries"]
    assert [(row["turn"], row["before"]["words"], row["now"]["words"]) for row in tries] == [
        ("Turn 1", "At least it is over.", "It sounds like a long one.")
    ]


def test_a_talk_is_kept_after_every_choice_and_comes_back(catalog, words, record, page):
    talk = catalog.module("first").scenarios["talk"]
    widget = RolePlay(talk, "first", catalog.course, words, record)
    assert page(widget).ask(do="choose", reply=reply(talk, "At least")) == {"ack": 1}
    kept = record.get("runs", "first--talk")
    assert kept["choices"] == [reply(talk, "At least")]
    back = RolePlay(talk, "first", catalog.course, words, record)
    assert back.view["before"]
    assert back.view["entries"] == widget.view["entries"]
    page(back).ask(do="over")
    assert not back.view["before"]
    assert record.get("runs", "first--talk")["choices"] == []


def test_a_talk_that_ended_stays_done_after_starting_over(catalog, words, record, page):
    talk = catalog.module("first").scenarios["talk"]
    told = page(RolePlay(talk, "first", catalog.course, words, record))
    told.ask(do="choose", reply=reply(talk, "long one"))
    told.ask(do="over")
    assert record.names(FINISHED) == {"first--talk"}


def test_harm_is_not_an_ending(catalog, words, record, page):
    hurt = catalog.module("first").scenarios["hurt"]
    page(RolePlay(hurt, "first", catalog.course, words, record)).ask(do="choose", reply=reply(hurt, "Pull"))
    assert record.names(FINISHED) == frozenset()


@pytest.mark.usefixtures("no_disk")
def test_a_store_that_fails_is_told_and_the_talk_goes_on(catalog, words, record, page):
    talk = catalog.module("first").scenarios["talk"]
    widget = RolePlay(talk, "first", catalog.course, words, record)
    assert widget.view["trouble"] == words["save"]["cannot_save"]
    page(widget).ask(do="choose", reply=reply(talk, "At least"))
    assert widget.view["entries"][1]["words"] == "At least it is over."
    assert widget.view["trouble"] == words["save"]["cannot_save"]


def test_the_wish_for_feedback_is_kept(catalog, words, record, page):
    talk = catalog.module("first").scenarios["talk"]
    page(RolePlay(talk, "first", catalog.course, words, record)).ask(do="feedback", on=False)
    assert not RolePlay(talk, "first", catalog.course, words, record).view["always"]


def test_a_kept_run_of_any_shape_starts_a_new_talk(catalog, words, record):
    talk = catalog.module("first").scenarios["talk"]
    for kept in (None, [], {"format": 1}, {"format": 1, "scenario": "talk", "choices": [3]}, "x"):
        record.put("runs", "first--talk", kept)
        assert len(RolePlay(talk, "first", catalog.course, words, record).view["entries"]) == 1


def test_a_reply_that_is_not_offered_changes_nothing(catalog, words, record, page):
    talk = catalog.module("first").scenarios["talk"]
    widget = RolePlay(talk, "first", catalog.course, words, record)
    before = widget.view
    page(widget).ask(do="choose", reply=reply(talk, "Cheer up"))
    assert widget.view == before
    assert len(play(talk, widget._run.choices)) == 1


def test_after_a_change_of_the_talk_the_learner_is_told_and_nothing_is_lost(catalog, words, record, page):
    """It is said in a sentence where one goes on, and what no longer fits is kept aside."""
    talk = catalog.module("first").scenarios["talk"]
    hurried = reply(talk, "At least")
    for choices, said in (
        ([hurried], words["record"]["talk_changed"]),
        ([hurried, "gone"], words["record"]["talk_shorter"].replace("{turn}", "2")),
        (["gone"], words["record"]["talk_anew"]),
    ):
        kept = {"format": 1, "scenario": "talk", "digest": "older", "choices": choices, "earlier": []}
        record.put("runs", "first--talk", kept)
        widget = RolePlay(talk, "first", catalog.course, words, record)
        assert widget.view["before"] == said
        assert (kept in [each.value for each in record.aside("runs", "first--talk")]) is ("gone" in choices)
    page(widget).ask(do="choose", reply=hurried)
    assert widget.view["before"] == ""
    assert RolePlay(talk, "first", catalog.course, words, record).view["before"] == words["roleplay"]["before"]
