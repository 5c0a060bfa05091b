from __future__ import annotations

import pytest

from alongside.record import RUNS, TALKS
from alongside.roleplay import Run
from alongside_widgets.conversations import Conversations
from alongside_widgets.page import Nowhere

NAME = "first--talk"


@pytest.fixture
def talk(catalog):
    return catalog.module("first").scenarios["talk"]


def under_way(record, talk):
    record.put(RUNS, NAME, Run(talk.id, talk.digest, (talk.start.replies[0].id,)).to_dict())


def ended(record, talk, moment=1_795_262_400_000):
    row = {"choices": [talk.start.replies[1].id], "digest": talk.digest, "ended": moment}
    record.put(TALKS, NAME, {"format": 1, "talks": [row]})


def test_each_says_with_whom_where_it_stands_and_how_to_go_on(catalog, record, talk):
    """A talk under way and one that has ended."""
    under_way(record, talk)
    ended(record, talk)
    (row,) = Conversations(catalog, record).view["rows"]
    assert (row["title"], row["about"]) == ("A talk", "First · With Alex")
    assert row["where"] == ["Under way. You are at turn 2.", "Ended on November 21, 2026"]
    assert row["link"] == {"href": "01-first/lesson.ipynb#at-roleplay-talk", "words": "Go on with this talk: A talk"}
    assert [each["words"] for each in row["talks"]] == [
        "Read what was said so far",
        "Read the talk of November 21, 2026",
    ]


def test_what_was_said_comes_when_it_is_asked_for(catalog, record, talk, page):
    """The words of one talk, to read and to keep as a file."""
    under_way(record, talk)
    ended(record, talk)
    widget = Conversations(catalog, record)
    now, then = (each["id"] for each in widget.view["rows"][0]["talks"])
    told = page(widget).ask(do="read", name=NAME, talk=then)
    assert told["text"].endswith("The conversation ends here.\n")
    assert (told["note"], told["filename"]) == ("", "talk.txt")
    assert "At least it is over." in page(widget).ask(do="read", name=NAME, talk=now)["text"]
    assert "At least it is over." not in str(widget.get_state())


def test_a_talk_that_is_not_there_any_more_is_told(catalog, record, page, words):
    """It was deleted in another window, or the message was made up."""
    widget = Conversations(catalog, record)
    for message in ({"name": NAME, "talk": "x"}, {}, {"name": 3, "talk": []}):
        assert page(widget).ask(do="read", **message)["trouble"] == words["work"]["not_read"]


def test_with_none_there_is_a_sentence(catalog, record, talk, page, words):
    """And looking again finds one, or that all is gone."""
    widget = Conversations(catalog, record)
    assert widget.view["nothing"] == words["work"]["conversations_empty"]
    ended(record, talk)
    page(widget).ask(do="look")
    assert widget.view["nothing"] == ""
    assert widget.view["rows"][0]["link"]["words"] == "Try this talk again: A talk"
    record.delete_everything()
    page(widget).ask(do="look")
    assert widget.view["rows"] == []
    assert Conversations(catalog, Nowhere()).view["nothing"] == words["save"]["cannot_save"]


def test_a_conversation_without_its_scenario_is_listed_without_words(catalog, record, words):
    """The words were the course's, and went with it."""
    record.put(RUNS, "old--talk", {"choices": ["a"]})
    (row,) = Conversations(catalog, record).view["rows"]
    assert (row["note"], row["where"], row["talks"], row["link"]) == (words["work"]["talk_gone"], [], [], None)


def test_a_moment_that_is_none_is_not_said(catalog, record, talk):
    """A record brought back from a file may hold anything."""
    ended(record, talk, moment=(1 << 53) - 1)
    (row,) = Conversations(catalog, record).view["rows"]
    assert row["where"] == ["Ended"]
    assert [each["words"] for each in row["talks"]] == ["Read the talk"]


def test_a_record_that_cannot_be_read_is_told(catalog, record, talk, page, words):
    """In its own sentence."""
    ended(record, talk)
    widget = Conversations(catalog, record)
    record.close()
    record._store.path.write_bytes(b"torn" * 2000)
    page(widget).ask(do="look")
    assert widget.view["trouble"] == words["record"]["damaged_file"]
    assert page(widget).ask(do="read", name=NAME, talk="x")["trouble"] == words["record"]["damaged_file"]
