"""A page tells the reader which of its facts were due for a new check, by the reader's own day."""

import re
from datetime import date
from pathlib import Path

import pytest

from alongside.catalog import Catalog
from alongside_widgets import dated, glossary, home, lesson
from tests.course.small import HOME

DATED = """\
old:
  claim: A law stands.
  where: anywhere
  source: {source}
  checked: 2026-01-05
  stale: 2026-06-01
new:
  claim: Another law stands.
  where: anywhere
  source: {source}
  checked: 2026-01-05
  stale: 2036-06-01
"""


GLOSSARY = "---\nformat: 1\ntitle: Words\n---\n\n## Law {#law}\n\n*taught: first*\n\nA rule.\n\n- [=old]\n"


def hold(path: Path, text: str) -> None:
    """Put a text at the end of a page, in place of any dated fact that it held."""
    kept = re.sub(r"\[=[a-z-]+\]", "", path.read_text(encoding="utf-8")) if path.is_file() else HOME
    path.write_text(f"{kept}\n{text}\n", encoding="utf-8")


@pytest.fixture
def facts(root, monkeypatch):
    """Give the course two facts, and the reader a day between the two."""
    source = next(iter(Catalog(root, environ={}).course.sources))
    (root / "course" / "facts.yaml").write_text(DATED.format(source=source), encoding="utf-8")
    shared = root / "course" / "course.yaml"
    shared.write_text(re.sub(r"crisis: .*", "crisis: []", shared.read_text(encoding="utf-8")), encoding="utf-8")
    hold(root / "modules" / "01-first" / "lesson.md", "[=old] [=new]")
    hold(root / "modules" / "home.md", "[=old] [=new]")
    (root / "modules" / "glossary.md").write_text(GLOSSARY, encoding="utf-8")
    monkeypatch.setattr(dated, "today", lambda: date(2026, 12, 24))
    from alongside.course import read_course

    read_course.cache_clear()
    return root


@pytest.mark.usefixtures("facts")
def test_a_stale_fact_is_shown_with_the_day_it_was_last_checked():
    """The note holds what is due and nothing else: on a lesson, on the home page, in the glossary."""
    for course in (lesson("first"), home(), glossary()):
        note = course.dated_facts()
        assert note.view["rows"] == ["Last checked January 5, 2026: A law stands."]


def test_nothing_is_shown_while_nothing_is_stale(facts):
    """A page whose facts are all good shows no note, and neither does one that cannot be read."""
    hold(facts / "modules" / "01-first" / "lesson.md", "[=new]")
    assert lesson("first").dated_facts() is None
    assert lesson("nobody").dated_facts() is None


@pytest.mark.usefixtures("root")
def test_a_course_that_cannot_be_opened_shows_no_note(root):
    """The text itself shows the day of every check, so the page goes on without the note."""
    (root / "course" / "course.yaml").write_text("]]]", encoding="utf-8")
    assert lesson("first").dated_facts() is None
