from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside.catalog import Catalog
from alongside.coding.coach import Coached, Mark
from alongside.coding.model import NoModel
from alongside.disputes import read_disputes
from alongside.explore import explore
from alongside.record import OWN_WORDS, Place, Record, Space
from alongside.record.bundle import merge, read_bundle, save
from alongside.roleplay import Run, again, choose, play
from alongside.scenario import Scenario
from alongside_widgets.coaching import coached_view
from alongside_widgets.hearing import Ear, Heard
from alongside_widgets.roleplay import FINISHED, RolePlay, view
from tests.course.generated import json_values
from tests.course.small import TYPED
from tests.widgets.conftest import Page


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


def hear(_ear: Ear, text: str, _previous: str) -> Heard:
    """Hear what the first word of a text says: its kind, or a deed."""
    first = text.split(maxsplit=1)[0] if text.split() else "odd"
    kind = first if first in {"odd", "harm", "careful", "unsure"} else "heard"
    options = ("reflects", "asks", "advises") if kind == "unsure" else ()
    marks = () if kind == "odd" else (Mark(0, len(first), "MARK", harm=kind == "harm"),)
    coached = Coached(kind, (f"SAID {kind}",), marks, "OTHER", options)
    deeds = frozenset(text.split()[:2]) - {kind}
    return Heard(kind, coached_view(coached, text), deeds, options)


@pytest.fixture
def typed(root, monkeypatch):
    """Give the talk with ways for own words, and a coach that does as it is told."""
    monkeypatch.setattr(Ear, "hear", hear)
    (root / "modules/01-first/scenarios/talk.md").write_text(TYPED, encoding="utf-8")
    return Catalog(root, environ={}).module("first").scenarios["talk"]


@pytest.fixture
def opened(typed, catalog, words, record):
    """Open the talk, again and again as a learner does."""
    return lambda where=record: RolePlay(typed, "first", catalog.course, words, where)


SAID = "reflects: such a long week"


def test_own_words_are_asked_for_where_there_are_ways_for_them(opened, words, page):
    """Beside the written replies, with who can read them, and nothing of what a way is worth or where it leads."""
    widget = opened()
    assert widget.view["own"] == {"label": "What would you say to Alex?", "reads": words["roleplay"]["own_reads_own"]}
    assert len(widget.view["replies"]) == 2
    assert "came early" not in json.dumps(widget.view)
    page(widget).ask(do="choose", reply=widget.view["replies"][0]["id"])
    assert widget.view["own"] is None


def test_own_words_go_along_their_way_and_stand_in_the_log_with_what_was_heard(opened, typed, record, page):
    """They come back on another day, in the transcript too, and the run itself is a list of replies."""
    widget = opened()
    assert page(widget).ask(do="own", text="reflects a long week", turn=0) == {"ack": 1}
    for each in (widget, opened()):
        you = each.view["entries"][1]
        assert (you["words"], you["label"], you["reason"]) == (
            "reflects a long week", "Strong", "It stays with what was said.",
        )  # fmt: skip
        assert (you["coached"]["said"], you["coached"]["parts"][0]["label"]) == (["SAID heard"], "MARK")
        assert "You: reflects a long week" in each.view["end"]["transcript"]
        assert each.view["end"]["skills"][0]["points"] == 2
    assert record.get("runs", "first--talk")["choices"] == [typed.start.routes[0].id]


@pytest.mark.parametrize("text", ["odd", "", "harm reflects", "harm"])
def test_what_is_odd_or_can_hurt_moves_nothing_and_is_not_kept(opened, record, page, text):
    """Asked for anyway, too."""
    widget = opened()
    before = widget.view
    for more in ({}, {"anyway": True}, {"meant": "reflects"}):
        told = page(widget).ask(do="own", text=text, turn=0, **more)
        assert told["heard"]["kind"] == (text.split() or ["odd"])[0]
    assert widget.view == before
    assert record.names(OWN_WORDS) == frozenset()


def test_what_may_land_hard_is_asked_to_be_read_once_more(opened, page):
    """Said anyway, it goes along the way of what it does."""
    widget = opened()
    assert page(widget).ask(do="own", text="careful advises", turn=0)["heard"]["said"] == ["SAID careful"]
    assert len(widget.view["entries"]) == 1
    page(widget).ask(do="own", text="careful advises", turn=0, anyway=True)
    assert widget.view["entries"][1]["reason"] == "It came early."


@pytest.mark.parametrize(
    ("meant", "reason", "said"),
    [
        ("reflects", "It stays", "What you were going for: Give back what I heard."),
        ("advises", "It keeps", "What you were going for: Offer an idea."),
        ("anything", "It keeps", "The coach was not sure what this does."),
    ],
)
def test_where_the_coach_is_not_sure_it_asks_and_holds_nothing_against_anybody(opened, page, meant, reason, said):
    """The choices are what the ways here are for, and something else."""
    widget = opened()
    told = page(widget).ask(do="own", text="unsure", turn=0)
    assert [each["deed"] for each in told["options"]] == ["reflects", "advises", "anything"]
    for wrong in ("asks", "unknown", 3):
        assert "options" in page(widget).ask(do="own", text="unsure", turn=0, meant=wrong)
    page(widget).ask(do="own", text="unsure", turn=0, meant=meant)
    for each in (widget, opened()):
        you = each.view["entries"][1]
        assert reason in you["reason"]
        assert said in you["coached"]["said"][0]
        assert you["rating"] != "rethink"


def test_a_turn_taken_again_loses_its_words_and_so_does_starting_over(opened, record, page):
    """What was tried before says what it did. Nothing that was typed is on the disk any more."""
    widget = opened()
    page(widget).ask(do="own", text="advises PLANTED", turn=0)
    page(widget).ask(do="again", turn=0)
    assert record.get(OWN_WORDS, "first--talk") == {"format": 1, "words": []}
    page(widget).ask(do="own", text=SAID.replace(":", ""), turn=0)
    tried = widget.view["end"]["tries"][0]
    assert tried["before"]["words"] == "In your own words (idea or advice or makes it smaller)"
    assert tried["now"]["words"] == "reflects such a long week"
    page(widget).ask(do="over")
    assert record.get(OWN_WORDS, "first--talk") == {"format": 1, "words": []}
    assert b"PLANTED" not in (record.space.folder / "record.db").read_bytes()


def test_sent_twice_over_a_lost_line_own_words_count_once(opened, page):
    """And a way cannot be chosen as a reply is, without words."""
    widget = opened()
    page(widget).ask(do="choose", reply=widget._scenario.start.routes[0].id)
    assert len(widget.view["entries"]) == 1
    for _ in range(2):
        assert page(widget).ask(do="own", text="advises", turn=0) == {"ack": 1}
    assert len([each for each in widget.view["entries"] if each["kind"] == "you"]) == 1
    assert page(widget).ask(do="own", text=3, turn=0) is None
    assert page(widget).ask(do="own", text="reflects") is None


def test_on_an_open_website_own_words_are_not_kept(opened, words, page, tmp_path):
    """They stand on the page; on another day the log says what they did, and the page says so beforehand."""
    shared = Record(Space(tmp_path / "open", Place.OPEN))
    widget = opened(shared)
    assert widget.view["own"]["reads"] == words["roleplay"]["own_reads_open"]
    page(widget).ask(do="own", text="reflects PLANTED", turn=0)
    assert widget.view["entries"][1]["words"] == "reflects PLANTED"
    back = opened(shared).view["entries"][1]
    assert (back["words"], back["coached"]) == ("In your own words (gives back or names a strength)", None)
    assert back["label"] == "Strong"
    assert all(b"PLANTED" not in path.read_bytes() for path in (tmp_path / "open").rglob("*") if path.is_file())


def test_under_a_code_own_words_are_locked(opened, page, tmp_path):
    """Neither they nor what they belong to can be read without the key."""
    locked = Record(Space(tmp_path / "code", Place.CODE), bytes(32))
    page(opened(locked)).ask(do="own", text="reflects PLANTED", turn=0)
    assert opened(locked).view["entries"][1]["words"] == "reflects PLANTED"
    data = b"".join(path.read_bytes() for path in (tmp_path / "code").rglob("*") if path.is_file())
    assert b"PLANTED" not in data
    assert b"own-words" not in data


def test_own_words_are_in_saved_work_and_come_back_with_their_run(opened, record, page, tmp_path):
    """What is newer there takes the place of both."""
    elsewhere = Record(Space(tmp_path / "there"))
    page(opened(elsewhere)).ask(do="own", text="advises of before", turn=0)
    page(opened(record)).ask(do="own", text="reflects of now", turn=0)
    merge(elsewhere, read_bundle(save(record)))
    assert opened(elsewhere).view["entries"][1]["words"] == "reflects of now"


@pytest.mark.usefixtures("no_disk")
def test_where_nothing_can_be_kept_own_words_go_on_all_the_same(opened, words, page):
    """The page says so."""
    widget = opened()
    page(widget).ask(do="own", text="reflects", turn=0)
    assert widget.view["entries"][1]["words"] == "reflects"
    assert widget.view["trouble"] == words["save"]["cannot_save"]


def test_without_weights_own_words_are_not_asked_for_and_kept_ones_still_stand(opened, page, monkeypatch):
    """A talk goes on without the coach."""
    widget = opened()
    page(widget).ask(do="own", text="advises", turn=0)
    monkeypatch.undo()

    def missing() -> None:
        raise NoModel

    monkeypatch.setattr("alongside.coding.model.load", missing)
    back = opened()
    assert (back.view["entries"][1]["words"], back.view["entries"][1]["coached"]) == ("advises", None)
    page(back).ask(do="over")
    assert back.view["own"] is None
    assert page(back).ask(do="own", text="reflects", turn=0) == {"ack": 1}
    assert len(back.view["entries"]) == 1


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(message=st.fixed_dictionaries({}, optional=dict.fromkeys(("text", "turn", "meant", "anyway"), json_values())))
def test_whatever_the_page_sends_the_talk_stays_whole(opened, message):
    """Nothing raises, and nothing is said that was not heard."""
    widget = opened()
    Page(widget).ask(do="own", **message)
    assert len(widget.view["entries"]) in {1, 3, 4}


def test_a_part_that_was_marked_can_be_heard_another_way(opened, words, record, page):
    """In the turn that it was typed in, and by nothing else that is sent."""
    text = "What was the worst of it?"
    widget = opened()
    assert widget.view["dispute"] is None
    page(widget).ask(do="own", text=f"reflects. {text}", turn=0)
    assert widget.view["dispute"]["words"] == words["dispute"]
    start = len("reflects. ")
    for wrong in ({"turn": 1}, {"turn": "0"}, {"turn": 0, "start": 3}, {"turn": 0, "means": "nothing"}):
        asked = {"turn": 0, "start": start, "means": "affirms", **wrong}
        assert page(widget).ask(do="dispute", **asked) is None
    assert read_disputes(record) == ()
    told = page(widget).ask(do="dispute", turn=0, start=start, means="affirms")
    assert told["kept"] == words["dispute"]["kept"].replace("{label}", words["coach"]["mark_affirms"])
    ((_, found),) = read_disputes(record)
    assert (found.clause, found.heard, found.means) == (text, "asks-open", "affirms")
