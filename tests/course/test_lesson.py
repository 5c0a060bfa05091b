"""A lesson is text with places in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.lesson import Activity, Prose, read_lesson
from tests.course.generated import pages
from tests.course.small import LESSON

HEAD = "---\nformat: 1\ntitle: A\nminutes: 1\n---\n"


@given(text=pages())
def test_any_text_gives_a_lesson_or_faults(course, text):
    """Whatever an author types, they get a lesson or are told what is wrong, and never both or neither."""
    for page in (text, HEAD + text):
        lesson, faults = read_lesson(page, "a.md", course)
        assert (lesson is None) == bool(faults)


@given(rows=st.lists(st.text(st.characters(codec="utf-8", exclude_characters="{}[]@\n\r"), max_size=20), max_size=8))
def test_prose_is_kept_as_it_was_written(course, rows):
    """No row of text is lost or changed, but for spaces at its end and empty rows around it."""
    lesson, _ = read_lesson(HEAD + "\n".join(rows), "a.md", course)
    assert "\n".join(prose.text for prose in lesson.prose) == "\n".join(row.rstrip() for row in rows).strip(
        "\n"
    ) or not any(row.strip() for row in rows)


def test_activities_stand_between_prose(course):
    """The parts come in the order of the page, with their lines."""
    lesson, faults = read_lesson(LESSON, "a.md", course)
    assert faults == ()
    kinds = [part.kind if isinstance(part, Activity) else "prose" for part in lesson.parts]
    assert kinds == ["prose", "roleplay", "practice", "reflection", "graded-quiz", "prose"]
    assert [(each.names, each.line) for each in lesson.activities][:2] == [(("talk",), 15), (("heard",), 17)]
    assert isinstance(lesson.parts[0], Prose)
    assert lesson.parts[0].line == 7
    assert LESSON.split("\n")[lesson.prose[-1].line - 1] == "## Take with you"


@pytest.mark.parametrize("text", ["{{ roleplay }}", "{{ practice }}{{ x }}", "{{}}", "{{ graded-quiz now }}"])
def test_a_place_that_is_not_one_is_a_fault(course, text):
    """A misspelled place never becomes text that a learner sees."""
    lesson, faults = read_lesson(HEAD + text, "a.md", course)
    assert lesson is None
    assert [fault.line for fault in faults] == [6]
