"""A talk of another day stands beside a new one, turn by turn, and what was said then gives nothing away."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.course import read_course
from alongside.explore import explore
from alongside.record import FINISHED, RUNS, TALKS
from alongside.roleplay import Run, choose, play
from alongside.talks import Talk, ended, read_talks, talks_data
from alongside_widgets.beside import with_talks
from alongside_widgets.page import Nowhere
from alongside_widgets.roleplay import RolePlay, view
from tests.course.generated import read, scenario_texts
from tests.course.small import FILES
from tests.widgets.conftest import WORDS
from tests.widgets.test_roleplay import reply


@pytest.fixture
def talk(catalog):
    return catalog.module("first").scenarios["talk"]


@pytest.fixture
def opened(catalog, words, record, page, talk):
    """Open the talk's page anew, as often as asked: the widget, and what its page asks."""

    def make():
        widget = RolePlay(talk, "first", catalog.course, words, record)
        return widget, page(widget).ask

    return make


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The shared facts of the small course, read once."""
    root = tmp_path_factory.mktemp("shared")
    for name, text in FILES.items():
        if name.startswith("course/"):
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return read_course(root)


def hurried(talk):
    """The longer way to the same ending."""
    return reply(talk, "At least"), reply(talk, "I hurried you")


def kinds(widget):
    return [part["kind"] for part in widget.view["entries"]]


def test_a_talk_that_ended_is_kept_and_offered_once_a_new_one_begins(opened, record, talk):
    """Beside itself there is nothing to see, so it is not offered while it stands there."""
    widget, ask = opened()
    ask(do="choose", reply=reply(talk, "long one"))
    [kept] = read_talks(record.get(TALKS, "first--talk"))
    assert (kept.choices, kept.digest) == ((reply(talk, "long one"),), talk.digest)
    assert widget.view["talks"] == []
    ask(do="over")
    assert widget.view["talks"] == [kept.ended]
    assert opened()[0].view["talks"] == [kept.ended]


def test_each_turn_of_the_past_shows_once_the_same_one_is_chosen_and_at_the_end_all_of_it(opened, record, talk):
    record.put(TALKS, "first--talk", talks_data([Talk(hurried(talk), talk.digest, 5)]))
    widget, ask = opened()
    assert ask(do="beside", talk=5) == {"ack": 1}
    assert widget.view["beside"] == {"ended": 5, "note": ""}
    assert kinds(widget) == ["heard"]
    assert "hurried" not in json.dumps(widget.view["entries"])
    ask(do="choose", reply=reply(talk, "long one"))
    assert kinds(widget) == ["heard", "you", "past", "heard", "ended", "past", "past"]
    first, second, last = [part for part in widget.view["entries"] if part["kind"] == "past"]
    assert first["you"]["words"] == "At least it is over."
    assert (first["you"]["label"], first["you"]["reason"]) == ("Worth a rethink", "It hurries past the week.")
    assert [line["words"] for line in second["lines"]] == ["If you say so."]
    assert (last["you"], last["ended"]) == (None, WORDS["roleplay"]["ended"])


def test_a_past_that_was_shorter_ends_where_it_ended(opened, record, talk):
    record.put(TALKS, "first--talk", talks_data([Talk((reply(talk, "long one"),), talk.digest, 5)]))
    widget, ask = opened()
    ask(do="beside", talk=5)
    for choice in hurried(talk):
        ask(do="choose", reply=choice)
    assert kinds(widget) == ["heard", "you", "past", "heard", "you", "past", "heard", "ended"]


def walk(scenario, picks):
    run = Run(scenario.id, scenario.digest)
    for pick in picks:
        offered = play(scenario, run.choices)[-1].offered
        run = choose(scenario, run, offered[pick % len(offered)].id) if offered else run
    return run


PICKS = st.lists(st.integers(0, 3), max_size=8)


@settings(deadline=None)
@given(text=scenario_texts(), now=PICKS, then=PICKS)
def test_in_any_conversation_the_past_is_never_a_turn_ahead(course, text, now, then):
    """As many of its turns as were chosen, and all that it has at the end."""
    scenario = read(text, course)
    run, past = walk(scenario, now), walk(scenario, then)
    shown = view(scenario, run, course, WORDS, lambda: explore(scenario).totals)
    beside = Talk(past.choices, scenario.digest, 1)
    entries = with_talks(shown, scenario, run, [beside], beside, WORDS)["entries"]
    turns = [part["turn"] for part in entries if part["kind"] == "past"]
    over = ended(play(scenario, run.choices))
    whole = len(past.choices) + (1 if past.choices and ended(play(scenario, past.choices)) else 0)
    assert turns == list(range(whole if over and past.choices else min(whole, len(run.choices))))
    assert [part for part in entries if part["kind"] != "past"] == shown["entries"]
    assert len({part["key"] for part in entries}) == len(entries)


def test_the_wish_stays_for_another_day_and_can_be_put_away(opened, record, talk):
    """A page that goes on with a new kernel, and one that is opened tomorrow, show it again."""
    record.put(TALKS, "first--talk", talks_data([Talk(hurried(talk), talk.digest, 5)]))
    _, ask = opened()
    ask(do="beside", talk=5)
    again, ask = opened()
    assert again.view["beside"]["ended"] == 5
    ask(do="beside", talk=None)
    ask(do="beside", talk=None)
    assert again.view["beside"] is None
    assert opened()[0].view["beside"] is None


@pytest.mark.parametrize("asked", [{}, {"talk": "5"}, {"talk": True}, {"talk": [5]}, {"talk": 5.0}])
def test_what_names_no_talk_is_not_understood(opened, asked):
    widget, ask = opened()
    before = widget.view
    assert ask(do="beside", **asked) is None
    assert widget.view == before


def test_a_talk_that_is_not_there_changes_nothing(opened, record):
    widget, ask = opened()
    assert ask(do="beside", talk=7) == {"ack": 1}
    assert widget.view["beside"] is None
    assert record.get("beside", "first--talk") is None


def test_what_became_of_a_talk_whose_words_were_changed_is_told(opened, record, talk):
    """It is shown as far as it fits."""
    rows = [Talk(hurried(talk), "older", 1), Talk((hurried(talk)[0], "gone"), "older", 2), Talk(("gone",), "older", 3)]
    record.put(TALKS, "first--talk", talks_data(rows))
    widget, ask = opened()
    said = WORDS["roleplay"]
    told = []
    for row in rows:
        ask(do="beside", talk=row.ended)
        told.append(widget.view["beside"]["note"])
    assert told == [said["beside_changed"], said["beside_shorter"].replace("{turn}", "1"), said["beside_anew"]]
    ask(do="choose", reply=reply(talk, "long one"))
    assert "past" not in kinds(widget)
    ask(do="beside", talk=2)
    assert kinds(widget).count("past") == 1


def test_an_ending_from_before_talks_were_kept_is_kept_when_it_is_left(opened, record, talk):
    """With the day on which it was had, and not a second time after the talk's words were changed."""
    run = {"format": 1, "scenario": "talk", "digest": talk.digest, "choices": [reply(talk, "long one")], "earlier": []}
    record.put(RUNS, "first--talk", run)
    moment = record.stamps(RUNS)["first--talk"]
    widget, ask = opened()
    ask(do="over")
    assert widget.view["talks"] == [moment]
    record.put(RUNS, "first--talk", {**run, "digest": "older"})
    opened()[1](do="over")
    assert len(read_talks(record.get(TALKS, "first--talk"))) == 1


def test_run_talk_and_what_is_finished_are_kept_at_once_or_not_at_all(opened, record, talk, monkeypatch):
    """On a disk that fills up in the middle nothing is half kept, and this page goes on all the same."""
    from alongside.record.shelf import Shelf

    widget, ask = opened()
    keep = Shelf.keep
    monkeypatch.setattr(Shelf, "keep", lambda shelf, thing: keep(shelf, thing) if thing.kind != RUNS else full())

    def full():
        raise OSError(28, "No space left on device")

    ask(do="choose", reply=reply(talk, "long one"))
    assert widget.view["trouble"] == WORDS["save"]["cannot_save"]
    assert not any(record.names(kind) for kind in (RUNS, TALKS, FINISHED))
    ask(do="over")
    assert len(widget.view["talks"]) == 1
    monkeypatch.undo()
    ask(do="choose", reply=reply(talk, "long one"))
    assert widget.view["trouble"] == ""
    assert all(record.names(kind) == {"first--talk"} for kind in (RUNS, TALKS, FINISHED))


def test_a_list_of_talks_that_cannot_all_be_read_is_laid_aside_before_it_is_written_anew(opened, record, talk):
    newer = {"format": 2, "talks": "of a later version"}
    record.put(TALKS, "first--talk", newer)
    opened()[1](do="choose", reply=reply(talk, "long one"))
    assert len(read_talks(record.get(TALKS, "first--talk"))) == 1
    assert [each.value for each in record.aside(TALKS, "first--talk")] == [newer]


def test_where_nothing_can_be_kept_a_talk_stands_beside_the_next_one_on_the_same_page(catalog, words, page, talk):
    widget = RolePlay(talk, "first", catalog.course, words, Nowhere())
    ask = page(widget).ask
    ask(do="choose", reply=reply(talk, "long one"))
    ask(do="over")
    [moment] = widget.view["talks"]
    ask(do="beside", talk=moment)
    ask(do="choose", reply=reply(talk, "At least"))
    assert kinds(widget) == ["heard", "you", "past", "heard"]
    assert widget.view["trouble"] == words["save"]["cannot_save"]


def test_a_choice_that_comes_twice_is_one_talk(opened, record, talk):
    """A page that lost its kernel sends again what was not dealt with."""
    for _ in range(2):
        opened()[1](do="choose", reply=reply(talk, "long one"), turn=0)
    assert len(read_talks(record.get(TALKS, "first--talk"))) == 1
