"""What was heard another way is kept by choice, can be taken away for good, and becomes a voice that training reads."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from alongside.coding.deeds import DEEDS
from alongside.coding.voices import read_voice
from alongside.disputes import (
    NONE,
    Dispute,
    data_of,
    dispute_in_words,
    label_of,
    name_of,
    read_dispute,
    read_disputes,
    voice,
)
from alongside.record import DISPUTES, Place, Record, Space
from alongside.record.bundle import merge, read_bundle, save

PLANTED = "a planted sentence that nobody else writes"
ONE = Dispute("They cut my hours.", f"You're tired. {PLANTED}?", f"{PLANTED}?", "asks-closed", "reflects")
texts = st.text(min_size=1, max_size=80).filter(str.strip)
found = st.builds(Dispute, texts, texts, texts, texts, st.sampled_from([*DEEDS, NONE, "no such deed"]))


def holding(folder, words: str) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and words.encode() in path.read_bytes()]


@given(dispute=found)
def test_what_is_kept_is_read_again(dispute):
    """Every part of it."""
    assert read_dispute(data_of(dispute)) == dispute


@given(value=st.recursive(st.none() | st.text() | st.integers(), st.lists, max_leaves=5))
def test_anything_else_is_no_dispute(value):
    """A file that somebody brings may hold anything."""
    assert read_dispute(value) is None
    assert read_dispute({**data_of(ONE), "clause": value}) is None or (isinstance(value, str) and value.strip())


@given(disputes=st.lists(found, max_size=6))
def test_a_voice_reads_without_a_fault(disputes):
    """Whatever was typed, and each clause that is a deed is an example with one of the deed's codes."""
    examples, faults = read_voice(voice(disputes), "heard.txt", "heard")
    assert faults == ()
    coded = [each for each in disputes if each.means in DEEDS]
    assert len(examples) == len(coded)
    for example, dispute in zip(examples, coded, strict=True):
        assert example.codes <= set(DEEDS[dispute.means])
        assert len(example.clauses) == 1


def test_a_voice_holds_the_line_and_the_clause_alone():
    """Of the rest of the reply nobody has said what it does; it stands beside as a note."""
    text = voice([ONE])
    (example,), _ = read_voice(text, "heard.txt", "heard")
    assert (example.previous, example.text, example.codes) == (ONE.previous, ONE.clause, {"reflection-simple"})
    assert "# Or one of these codes: reflection-complex" in text
    assert "# Heard as asks-closed. To the learner: reflects." in text
    assert f"# The whole reply: {ONE.reply}" in text


def test_what_is_none_of_the_deeds_is_a_note():
    """It has no code that could be learned from."""
    text = voice([Dispute("A line.", "A reply.", "A reply.", "advises", NONE)])
    assert read_voice(text, "heard.txt", "heard") == ((), ())
    assert "# The clause: A reply." in text


def test_a_second_thought_takes_the_place_of_the_first(tmp_path):
    """A clause is to a learner one thing at a time."""
    record = Record(Space(tmp_path))
    for means in ("reflects", "supports"):
        dispute = Dispute(ONE.previous, ONE.reply, ONE.clause, ONE.heard, means)
        record.put(DISPUTES, name_of(dispute), data_of(dispute))
    assert [each.means for _, each in read_disputes(record)] == ["supports"]


def test_one_is_deleted_for_good_and_the_others_stay(tmp_path):
    """Its words are on the disk no more, in no file."""
    record = Record(Space(tmp_path))
    other = Dispute("Another line.", "Another reply.", "Another reply.", "advises", NONE)
    for dispute in (ONE, other):
        record.put(DISPUTES, name_of(dispute), data_of(dispute))
    assert holding(tmp_path, PLANTED)
    record.drop(DISPUTES, name_of(ONE))
    assert [each for _, each in read_disputes(record)] == [other]
    assert holding(tmp_path, PLANTED) == []
    record.drop(DISPUTES, name_of(ONE))  # twice is once


def test_they_go_along_with_saved_work_and_come_back(tmp_path):
    """But not to an open website, which keeps no words."""
    here, there = Record(Space(tmp_path / "here")), Record(Space(tmp_path / "there"))
    here.put(DISPUTES, name_of(ONE), data_of(ONE))
    work = read_bundle(save(here))
    assert merge(there, work).added == 1
    assert read_disputes(there) == read_disputes(here)
    assert merge(Record(Space(tmp_path / "open", Place.OPEN)), work).left == 1


def test_they_are_locked_where_there_is_a_key(tmp_path):
    """On a website with a return code, no word of them is on its disk."""
    record = Record(Space(tmp_path, Place.CODE), bytes(32))
    record.put(DISPUTES, name_of(ONE), data_of(ONE))
    assert holding(tmp_path, PLANTED) == []
    assert [each for _, each in read_disputes(record)] == [ONE]
    record.drop(DISPUTES, name_of(ONE))
    assert read_disputes(record) == ()


def test_a_dispute_is_told_in_words(words):
    """The part is told only where it is not all of the reply, and a name that nobody knows as it is."""
    assert dispute_in_words(ONE, words) == (
        "The line: “They cut my hours.”",
        f"The reply: “{ONE.reply}”",
        f"This part: “{PLANTED}?”",
        "The coach heard: closed question",
        "You hear: gives back",
    )
    assert len(dispute_in_words(Dispute("A line.", "A reply.", "A reply.", "advises", NONE), words)) == 4
    assert label_of("harm-threat", words) == "may sound like a threat"
    assert label_of("what is this", words) == "what is this"
    assert label_of(NONE, words) == "none of these"
