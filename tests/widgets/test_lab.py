"""The practice lab: what is typed is heard and forgotten, counted without words, and kept only by choice."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from alongside.coding import listening
from alongside.coding.model import NoModel
from alongside.coding.voices import read_voice
from alongside.disputes import read_disputes
from alongside.record import DISPUTES, TRIES, Place, Record, Space
from alongside.tries import LEAST, Try, read_tries
from alongside_widgets import practice_lab
from alongside_widgets.counts import counts_view
from alongside_widgets.lab import Lab
from alongside_widgets.page import Nowhere
from tests.widgets.conftest import ROOT

LINE = "They cut my hours again. I told my kids we'd figure it out."
PROMPTS = f"""\
---
format: 1
title: Lines
---

# Reflecting {{#reflecting}}

Give back what you heard.

## Cut hours {{#cut-hours}}

Dana stocks shelves.

**Dana:** {LINE}

- That is a lot.

## A hint {{#a-hint}}

Omar sits down.

**Omar:** They'd all be better off without me.

- Are you thinking about suicide?
"""
LAB = "---\nformat: 1\ntitle: Practice lab\nminutes: 0\n---\n\nTry a line.\n\n{{ lab }}\n"
PLANTED = "a planted sentence that nobody else writes"
OPEN, CLOSED = "What was that like for you?", "Did you call the food bank?"


@pytest.fixture
def laid(root):
    """The small course with a lab."""
    (root / "modules" / "practice-lab-prompts.md").write_text(PROMPTS, encoding="utf-8")
    (root / "modules" / "practice-lab.md").write_text(LAB, encoding="utf-8")
    return root


@pytest.fixture
def lab(laid, catalog, record):
    return Lab(catalog.prompts[0], catalog, record)


def hear(widget, text, *, name="abcdef01", prompt="cut-hours"):
    answer = widget.handle("hear", {"prompt": prompt, "text": text, "try": name})
    return answer and answer.data


def holding(record, words):
    files = (path for path in record.space.folder.rglob("*") if path.is_file())
    return [path.name for path in files if words.encode() in path.read_bytes()]


def test_the_lines_stand_under_their_skills(lab):
    """Each with who speaks, and how people answered."""
    (skill,) = lab.view["skills"]
    assert (skill["name"], skill["prompts"]) == ("Reflecting", ["cut-hours", "a-hint"])
    assert lab.view["prompts"]["cut-hours"] == {
        "title": "Cut hours", "context": ["Dana stocks shelves."], "person": "Dana", "words": LINE,
        "ways": ["That is a lot."],
    }  # fmt: skip


def test_a_reply_is_heard_and_counted_without_its_words(lab, record):
    """Its day and its counts are on the disk, and nothing that was typed."""
    text = f"{OPEN} {PLANTED.capitalize()}."
    told = hear(lab, text)
    assert told["heard"]["kind"] == "heard"
    assert "".join(part["words"] for part in told["heard"]["parts"]) == text
    (kept,) = read_tries(record)
    assert kept.counts["questions"] == 1
    assert holding(record, PLANTED) == []
    assert holding(record, "What was") == []


def test_a_second_try_counts_too_and_a_try_that_comes_twice_counts_once(lab, record):
    """A page that lost its line sends again what was not answered."""
    for name in ("abcdef01", "abcdef01", "abcdef02"):
        hear(lab, OPEN, name=name)
    assert len(read_tries(record)) == 2


@pytest.mark.parametrize(
    ("prompt", "text", "kind"),
    [
        ("cut-hours", "   ", "odd"),
        ("cut-hours", LINE, "odd"),
        ("cut-hours", "Just stop worrying or I'll call your case manager.", "harm"),
        ("a-hint", "What's for lunch today?", "harm"),
    ],
)
def test_what_could_hurt_and_what_is_no_reply_is_not_counted(lab, record, prompt, text, kind):
    """And nothing good is said of it."""
    assert hear(lab, text, prompt=prompt)["heard"]["kind"] == kind
    assert read_tries(record) == ()


def test_where_the_coach_is_not_sure_it_asks(lab, record, monkeypatch):
    """The try is one that it was not sure of, and nothing else is made of it."""
    real = listening.listen("Well, the table is blue I suppose.", LINE)
    unsure = listening.Listened(real.text, coded=real.coded)
    monkeypatch.setattr(listening, "listen", lambda *_: unsure)
    told = hear(lab, real.text)["heard"]
    assert told["kind"] == "unsure"
    assert {"name": "reflects", "label": "Give back what I heard"} in told["options"]
    assert [dict(each.counts) for each in read_tries(record)] == [{"unsure": 1}]


def test_counts_are_said_from_the_fifth_try_on(lab):
    """With a picture that says in words what it shows, and a table."""
    for number in range(LEAST):
        counts = hear(lab, OPEN if number else CLOSED, name=f"abcdef0{number}")["counts"]
        assert bool(counts["picture"]) is (number == LEAST - 1)
    assert counts["said"][1:3] == [
        "You asked 5 questions and did not give back yet.",
        "Of your 5 questions, 4 were open.",
    ]
    assert counts["picture"]["name"] == "Gave back: 0. Asked: 5."
    assert [bar["part"] for bar in counts["picture"]["bars"]] == [0, 1]
    assert counts["table"]["rows"][0][1:] == [5, 0, 5, 4, 0, 0]


def test_only_the_last_ten_are_put_into_words_and_all_stand_in_the_table(words):
    """So that what one did long ago does not hide what one does now."""
    tries = [Try(date(2026, 11, 1), {"questions": 9})] * 5 + [Try(date(2026, 11, 2), {"reflections": 1})] * 10
    view = counts_view(tries, words, ["", "A note."])
    assert "You gave back 10 times and asked no questions." in view["said"]
    assert [row[1] for row in view["table"]["rows"]] == [10, 5]
    assert view["notes"] == ["A note."]
    assert counts_view([], words, [])["table"] is None


def test_a_part_that_is_heard_another_way_is_kept_by_choice(lab, record):
    """The line, the reply, the part, what was heard, and what it is to the learner."""
    text = f"{OPEN} {CLOSED}"
    part = hear(lab, text)["heard"]["parts"][-1]
    asked = {"prompt": "cut-hours", "text": text, "start": part["start"], "means": "reflects"}
    assert read_disputes(record) == ()
    answer = lab.handle("dispute", asked).data
    assert answer == {"kept": "Kept. You hear it as: gives back.", "count": 1}
    ((name, dispute),) = read_disputes(record)
    assert (dispute.previous, dispute.reply, dispute.clause) == (LINE, text, CLOSED)
    assert (dispute.heard, dispute.means) == ("asks-closed", "reflects")
    (row,) = lab.handle("disputes", {}).data["disputes"]
    assert (row["name"], row["lines"][-1]) == (name, "You hear: gives back")
    file = lab.handle("file", {}).data["file"]
    examples, faults = read_voice(file["text"], file["name"], "heard")
    assert (len(examples), faults) == (1, ())
    assert lab.handle("forget", {"name": name}).data["disputes"] == []
    assert holding(record, "food bank") == []


def test_a_part_that_was_heard_as_one_that_hurts_can_be_heard_another_way(lab, record):
    """The coach makes mistakes there, too."""
    text = "Just stop worrying or I'll call your case manager."
    part = next(each for each in hear(lab, text)["heard"]["parts"] if each.get("label"))
    lab.handle("dispute", {"prompt": "cut-hours", "text": text, "start": part["start"], "means": "none"})
    ((_, dispute),) = read_disputes(record)
    assert dispute.heard.startswith("harm-")
    assert dispute.means == "none"


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"prompt": "nope", "text": OPEN, "try": "abcdef01", "start": 0, "means": "reflects"},
        {"prompt": ["cut-hours"], "text": OPEN, "try": "abcdef01", "start": 0, "means": "reflects"},
        {"prompt": "cut-hours", "text": 5, "try": "abcdef01", "start": 0, "means": "reflects"},
        {"prompt": "cut-hours", "text": "x" * 60_001, "try": "abcdef01", "start": 0, "means": "reflects"},
        {"prompt": "cut-hours", "text": OPEN, "try": "../../x", "start": 5, "means": "reflects"},
        {"prompt": "cut-hours", "text": OPEN, "start": "0", "means": "reflects"},
        {"prompt": "cut-hours", "text": OPEN, "start": 0, "means": "no such deed"},
        {"prompt": "cut-hours", "text": OPEN, "start": 0, "means": ["reflects"]},
    ],
)
def test_a_message_that_is_not_understood_changes_nothing(lab, record, message):
    """Nothing is kept, and nothing raises."""
    for do in ("hear", "dispute", "forget", "unknown"):
        assert lab.handle(do, message) is None
    assert (record.names(TRIES), record.names(DISPUTES)) == (frozenset(), frozenset())


def test_on_an_open_website_counts_last_as_long_as_the_page_and_no_words_are_kept(laid, catalog, tmp_path, words):
    """And each is said before it is pressed."""
    record = Record(Space(tmp_path / "open", Place.OPEN))
    widget = Lab(catalog.prompts[0], catalog, record)
    assert widget.view["dispute"]["keeps"] is False
    counts = hear(widget, OPEN)["counts"]
    assert counts["table"]["rows"][0][1] == 1
    assert counts["notes"] == [words["lab"]["counts_open_site"]]
    asked = {"prompt": "cut-hours", "text": OPEN, "start": 0, "means": "reflects"}
    assert widget.handle("dispute", asked).data["trouble"] == words["dispute"]["keeps_not"]
    assert not (tmp_path / "open").exists()
    assert Lab(catalog.prompts[0], catalog, record).view["counts"]["table"] is None


def test_where_nothing_can_be_kept_it_still_listens_and_says_so(laid, catalog, words, record, monkeypatch):
    """The count lasts as long as the page."""

    def full(*_args, **_more):
        raise OSError(28, "full")

    widget = Lab(catalog.prompts[0], catalog, record)
    monkeypatch.setattr(Record, "put", full)
    told = hear(widget, OPEN)
    assert told["heard"]["kind"] == "heard"
    assert words["lab"]["counts_unsaved"] in told["counts"]["notes"]
    assert told["counts"]["table"]["rows"][0][1] == 1
    asked = {"prompt": "cut-hours", "text": OPEN, "start": 0, "means": "reflects"}
    assert widget.handle("dispute", asked).data["trouble"] == words["dispute"]["not_kept"]
    assert hear(Lab(catalog.prompts[0], catalog, Nowhere()), OPEN)["heard"]["kind"] == "heard"


def test_without_its_weights_the_lab_says_so(lab, monkeypatch, words):
    """The lines, and how people answered them, can still be read."""

    def none(*_args):
        raise NoModel

    monkeypatch.setattr(listening, "listen", none)
    assert hear(lab, OPEN) == {"trouble": words["lab"]["no_coach"]}


def test_the_page_opens_the_lab_or_says_that_there_is_none(laid):
    """A course without lines has a note in its place."""
    assert repr(practice_lab()) == "<LabPage>"
    assert repr(practice_lab().lab()) == "<Lab>"
    (laid / "modules" / "practice-lab-prompts.md").unlink()
    assert practice_lab().lab().view["sentence"] == "The practice lab is not available right now."
    assert practice_lab().dated_facts() is None


LATE = """
import sys
from alongside_widgets import practice_lab
lab = practice_lab().lab()
assert repr(lab) == "<Lab>"
print(sorted(name for name in sys.modules if name in ("alongside.coding.model", "alongside.coding.listening")))
"""


def test_showing_the_lab_does_not_load_the_coder(tmp_path):
    """Its weights are read when the first reply is heard."""
    environ = {"ALONGSIDE_ROOT": str(ROOT), "ALONGSIDE_HOME": str(tmp_path), "PATH": ""}
    done = subprocess.run([sys.executable, "-c", LATE], capture_output=True, text=True, check=False, env=environ)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
