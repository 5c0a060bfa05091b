"""A reflection means what its page says."""

from hypothesis import given

from alongside.reflection import read_reflections
from tests.course.awkward import AWKWARD
from tests.course.generated import pages
from tests.course.small import REFLECTIONS


@given(text=pages())
def test_any_text_gives_reflections_or_faults(course, text):
    """Whatever an author types, they get a reflection or are told what is wrong."""
    found, faults = read_reflections(text, "a.md", course)
    assert found or faults


def test_prompt_guide_and_other_case_are_read(course):
    """The prompt, its short questions and the made-up case each have their place."""
    (found,), faults = read_reflections(REFLECTIONS, "a.md", course)
    assert faults == ()
    assert (found.id, found.title, found.line) == ("a-time", "A time", 1)
    assert found.prompt == ("Think of a time when someone heard you. Write a few lines.",)
    assert found.guide == ("What did they do?",)
    assert found.other[0].startswith("Read about Dana first.")


def test_awkward_lines_survive(course):
    """The short questions of a guide come through word for word."""
    text = "## A {#a}\n\nThink.\n\n" + "\n".join(f"- {line}" for line in AWKWARD)
    (found,), _ = read_reflections(text, "a.md", course)
    assert found.guide == AWKWARD


def test_a_broken_reflection_does_not_hide_the_others(course):
    """The ones that are whole are still given."""
    found, faults = read_reflections(f"{REFLECTIONS}\n# Wrong\n\n## B {{#b}}\n\nThink.\n", "a.md", course)
    assert [each.id for each in found] == ["a-time", "b"]
    assert len(faults) == 1
