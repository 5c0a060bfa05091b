"""The voices as they are: all of them read, varied, without twins, and with every reply that the course offers."""

import re
from collections import Counter
from pathlib import Path

import pytest

from alongside.catalog import Catalog
from alongside.coding.codes import CODES
from alongside.coding.voices import FOLDER, read_voice, read_voices

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / FOLDER).glob("*.txt"))
ALIKE = 0.6  # of runs of four words that two replies may share


def words_in(text):
    return re.findall(r"[a-z0-9']+", text.lower().replace("\u2019", "'"))


@pytest.fixture(scope="module")
def examples():
    return read_voices(ROOT)[0]


def test_there_are_voices():
    """A glob that finds nothing would pass everything."""
    assert len(FILES) >= 8


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_voice_is_read_without_fault(path):
    """Each row is in its place, and each code is one that there is."""
    found, faults = read_voice(path.read_text(encoding="utf-8"), path.name, path.stem)
    assert faults == ()
    assert len(found) > 300


def test_every_code_has_many_examples_and_there_are_four_thousand_replies(examples):
    """Short, middling and long ones."""
    assert len(examples) >= 4000
    counts = Counter(code for example in examples for clause in example.clauses for code in clause.codes)
    assert {code: counts[code] for code in CODES if counts[code] < 100} == {}
    sizes = Counter(min(len(example.text.split()) // 8, 3) for example in examples)
    assert min(sizes.values()) > len(examples) / 20


def test_every_reply_of_the_course_is_among_them(examples):
    """Word for word, so that what the course says of a reply and what the coder says can be held together."""
    known = {" ".join(words_in(example.text)) for example in examples}
    missing = [
        reply.words
        for module in Catalog(ROOT, environ={}).modules
        for scenario in module.scenarios.values()
        for scene in scenario.scenes
        for reply in scene.written
        if " ".join(words_in(reply.words)) not in known
    ]
    assert missing == []


def test_no_two_replies_are_twins(examples):
    """But for those of the course, which returns to the same moment in its scenes."""
    seen = {}
    twins = []
    for example in examples:
        words = words_in(example.text)
        if example.voice.startswith("course") or len(words) < 6:
            continue
        runs = {tuple(words[at : at + 4]) for at in range(len(words) - 3)}
        for run in runs:
            for other, held in seen.get(run, ()):
                if len(runs & held) / len(runs | held) > ALIKE:
                    twins.append((example.voice, example.line, other))
            seen.setdefault(run, []).append(((example.voice, example.line), runs))
    assert twins == []
