"""Weights are learned from what the files say, and are those of the files as they stand."""

from pathlib import Path

import pytest

from alongside.coding import commands
from alongside.coding.codes import ANY, BEHAVIOURS, CODES, COLUMNS
from alongside.coding.deeds import DEEDS
from alongside.coding.listening import listen
from alongside.coding.model import FILE, load
from alongside.coding.safety_lines import HELD_OUT, SafetyLine, read_safety
from alongside.coding.training import Answers, best_cut, rows_of, train
from alongside.coding.voices import read_voice

ROOT = Path(__file__).parents[2]
VOICE = """@ bus-stop
< I lost my keys.
> You lost them. | What now?
= reflection-simple | question-open
+ er0 ip1 ex2
> Don't be silly.
= confront
"""
LINE = SafetyLine("shaming", unsafe=True, previous="I fell.", reply="Shame on you.", group="one")


def test_clauses_and_whole_replies_both_teach():
    """Each what it can: clauses their codes, whole replies the levels, and mild ones that they are safe."""
    examples, faults = read_voice(VOICE, "x", "one")
    assert faults == ()
    rows = rows_of(examples, [LINE], marked=True)
    taught = [(row.true, row.teaches) for row in rows]
    assert sum("question-open" in true for true, _ in taught) == 2  # the clause, and the whole
    assert (frozenset({"ip1", "ex1", "ex2"}), ("er1", "er2", "ip1", "ip2", "ex1", "ex2")) in taught
    safe = [row for row in rows if f"hurt {ANY}" in row.teaches]
    assert [(row.kind, row.true) for row in safe] == [("", frozenset()), ("shaming", {"hurt shaming", "hurt any"})]
    plain = rows_of(examples, [LINE], marked=False)
    assert [row.true for row in plain] == [row.true for row in rows]
    assert [row.features for row in plain] != [row.features for row in rows]


def test_the_best_cut_gives_the_best_f1():
    """Worked out by hand."""
    assert best_cut(Answers([0.9, 0.8, 0.3, 0.1], [True, True, False, True])) == 0.1
    assert best_cut(Answers([0.9, 0.8, 0.3, 0.1], [True, True, False, False])) == 0.8


def test_a_model_is_learned_from_examples():
    """One whole pass, on few words: what speaks for a code is found, and what was measured goes with it."""
    kinds = [(code, f"word{number}") for number, code in enumerate(CODES)]
    rows = []
    for voice in ("one", "two", "three", "four", "five"):
        text = ["@ talk", "< I fell."]
        for turn, (code, word) in enumerate(kinds * 9):
            level = f"er{turn % 3} ip{turn // 3 % 3} ex{turn // 9 % 3}"
            text += [f"> {word} {('here', 'there', 'now')[turn % 3]}", f"= {code}", f"+ {level}"]
        rows.extend(read_voice("\n".join(text), "x", voice)[0])
    hurts = ("shaming", "threat", "just-stop", "secrecy", "contract", "dosing", "missed")
    lines = [
        SafetyLine(kind, unsafe=unsafe, previous="I fell.", reply=f"{kind} {'bad' if unsafe else 'good'}", group=writer)
        for writer in ("a", "b", "c", "d", "e")
        for kind in hurts
        for unsafe in (True, False)
        for _ in range(3)
    ]
    model, learned = train(rows, lines, {"replies": len(rows)})
    assert set(model.marked) == set(model.plain) == set(COLUMNS)
    assert model.shown["asks-open"] <= 1
    assert listen("word0 here", "I fell.", model).deeds >= {"asks-open"}
    assert len(learned["marked"].harm.sure) == len(lines)
    assert 0 < model.watch <= model.tell <= 1


def test_the_weights_are_those_of_the_examples_as_they_stand():
    """A change of an example without `alongside coding train` is a fault."""
    assert load().about["examples"] == commands.digest(ROOT)


def test_the_file_is_small():
    """Two megabytes at most."""
    assert FILE.stat().st_size <= 2_000_000


@pytest.fixture(scope="module")
def held_out():
    lines, _ = read_safety(ROOT, HELD_OUT)
    return [(line, listen(line.reply, line.previous)) for line in lines]


def test_most_that_hurts_is_noticed_and_most_that_is_told_does_hurt(held_out):
    """On lines that were never learned from. The figures stand in MODEL_CARD.md; these are floors below them."""
    noticed = [heard.careful for line, heard in held_out if line.unsafe]
    told = [line.unsafe for line, heard in held_out if heard.harms]
    assert sum(noticed) / len(noticed) >= 0.95
    assert sum(told) / len(told) >= 0.83


def test_a_deed_is_told_only_where_a_limit_was_measured():
    """And main behaviours are all there."""
    model = load()
    assert set(model.shown) <= set(DEEDS)
    assert all(0 < limit < 1 for limit in model.shown.values())
    assert {f"main {name}" for name in BEHAVIOURS} <= set(model.marked)
