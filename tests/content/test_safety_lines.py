"""The lines that could hurt, and those that look like them: enough of each kind, and none on both sides."""

from collections import Counter
from pathlib import Path

import pytest

from alongside.coding.codes import HURTS
from alongside.coding.features import words_in
from alongside.coding.safety_lines import HELD_OUT, read_safety

ROOT = Path(__file__).parents[2]
ALIKE = 0.6


@pytest.fixture(scope="module")
def learned():
    lines, faults = read_safety(ROOT)
    assert faults == ()
    return lines


@pytest.fixture(scope="module")
def held_out():
    lines, faults = read_safety(ROOT, HELD_OUT)
    assert faults == ()
    return lines


def test_there_are_lines_of_every_kind_that_hurt_and_that_do_not(learned, held_out):
    """At least 25 of each held out, and 200 to learn from; 300 of both held out in all."""
    for lines, least in ((learned, 200), (held_out, 25)):
        found = Counter((line.kind, line.unsafe) for line in lines)
        assert all(found[kind, unsafe] >= least for kind in HURTS for unsafe in (True, False))
    assert sum(line.unsafe for line in held_out) >= 300
    assert sum(not line.unsafe for line in held_out) >= 300


def test_no_line_that_is_held_out_was_learned_from(learned, held_out):
    """Nor one like it."""
    runs = [(_runs(line.reply), line.reply) for line in learned]
    twins = [
        (line.reply, other)
        for line in held_out
        for held in [_runs(line.reply)]
        for run, other in runs
        if len(held) > 2 and len(held & run) / len(held | run) > ALIKE
    ]
    assert twins == []


def _runs(text):
    words = words_in(text)
    return {tuple(words[at : at + 3]) for at in range(len(words) - 2)}
