"""The lab's lines as they are: many, varied, and answered by people in ways that the coach would not warn of."""

from __future__ import annotations

from pathlib import Path

import pytest

from alongside.blocks import parse
from alongside.cast import read_cast
from alongside.catalog import Catalog
from alongside.coding.listening import listen
from alongside.coding.safety import hinted
from alongside.prompts import read_prompts

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(ROOT.glob("modules/practice-lab-prompts*.md"))
FOUND, _ = Catalog(ROOT, environ={}).prompts
assert FOUND is not None
PROMPTS = list(FOUND.prompts.values())
SKILLS = {
    "reflecting", "asking-openly", "affirming", "asking-first", "supporting-choice", "staying-with-distress",
    "sharing-briefly", "talking-about-use",
}  # fmt: skip


def test_there_are_lines_to_answer():
    """A glob that finds nothing would pass everything."""
    assert FILES
    assert len(PROMPTS) >= 48
    assert len(PROMPTS) == sum(section.level == 2 for section in parse(FILES[0].read_text("utf-8"), "").sections)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_of_lines_is_read_without_fault(path):
    """In every language that there is one in."""
    found, faults = read_prompts(path.read_text(encoding="utf-8"), path.name)
    assert faults == ()
    assert found is not None


def test_every_skill_has_six_lines_of_its_own():
    """So that a learner meets a new one for a while."""
    assert set(FOUND.skills) == SKILLS
    counts = {skill: sum(prompt.skills[0] == skill for prompt in PROMPTS) for skill in FOUND.skills}
    assert {skill: count for skill, count in counts.items() if count < 6} == {}


def test_nobody_here_is_somebody_of_a_conversation():
    """Who has a life in the cast sheet is not made to say something else here."""
    people, _ = read_cast((ROOT / "course" / "cast.md").read_text(encoding="utf-8"), "cast.md")
    assert {prompt.person for prompt in PROMPTS} & set(people) == set()


@pytest.mark.parametrize("prompt", PROMPTS, ids=lambda prompt: prompt.id)
def test_no_way_to_answer_could_hurt_or_is_no_reply(prompt):
    """What stands as an example is never what the coach warns of."""
    for way in prompt.ways:
        heard = listen(way, prompt.words)
        assert (heard.oddity, heard.harms) == ("", ()), way


def test_a_hint_of_suicide_is_answered_by_asking_about_it():
    """In plain words, in every way to answer; and there are at least five lines with such a hint."""
    hints = [
        prompt
        for prompt in PROMPTS
        if prompt.skills[0] == "staying-with-distress" and "does not hint" not in " ".join(prompt.context)
    ]
    assert len(hints) >= 5
    asks = ("thinking about suicide", "killing yourself", "ending your life")
    assert [way for prompt in hints for way in prompt.ways if not any(each in way for each in asks)] == []


def test_no_hint_of_suicide_stands_where_another_skill_is_practised():
    """There, a learner would be taught to pass over it."""
    elsewhere = [prompt.id for prompt in PROMPTS if prompt.skills[0] != "staying-with-distress"]
    assert [name for name in elsewhere if hinted(FOUND.prompts[name].words)] == []
