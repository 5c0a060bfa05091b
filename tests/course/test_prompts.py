"""The lab's lines are read from plain text, each under the skill that it is for."""

from __future__ import annotations

from hypothesis import given

from alongside.prompts import read_prompts
from tests.course.generated import pages

HEAD = "---\nformat: 1\ntitle: Lines\n---\n"
PAGE = f"""{HEAD}
# Reflecting {{#reflecting}}

Give back what you heard.

## Cut hours

*also: asking*

Dana stocks shelves.

**Dana:** They cut my hours. "Again", they said.

- "You heard *again*, and it stung."
- Again: that word hurts.

# Asking {{#asking}}

Ask one thing.

## The bus

Omar drives.

**Omar:** I was late.

- What happened?
"""


def test_a_prompt_has_what_its_author_wrote():
    """Who speaks, what they say, what it is for, and how people answered, without the marks around it."""
    found, faults = read_prompts(PAGE, "prompts.md")
    assert faults == ()
    prompt = found.prompts["cut-hours"]
    assert (prompt.title, prompt.person, prompt.context) == ("Cut hours", "Dana", ("Dana stocks shelves.",))
    assert prompt.words == 'They cut my hours. "Again", they said.'
    assert prompt.skills == ("reflecting", "asking")
    assert prompt.ways == ("You heard *again*, and it stung.", "Again: that word hurts.")
    assert found.skills["asking"].means == "Ask one thing."


def test_a_skill_gives_its_own_lines_before_those_that_are_also_for_it():
    """So that a learner first meets what was written for it."""
    found, _ = read_prompts(PAGE, "prompts.md")
    assert [prompt.id for prompt in found.under("asking")] == ["the-bus", "cut-hours"]
    assert [prompt.id for prompt in found.under("reflecting")] == ["cut-hours"]


@given(text=pages())
def test_any_text_gives_prompts_or_faults(text):
    """Whatever an author types, they get prompts or are told what is wrong, and never both or neither."""
    for page in (text, HEAD + text, PAGE + text):
        found, faults = read_prompts(page, "prompts.md")
        assert (found is None) == bool(faults)
