"""A page tells the reader which of its facts were due for a new check, by the reader's own day."""

from datetime import date

import pytest

from alongside.catalog import Catalog
from alongside_widgets import dated, home, lesson

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


@pytest.fixture
def facts(root, monkeypatch):
    """Give the course two facts, and the reader a day between the two."""
    source = next(iter(Catalog(root, environ={}).course.sources))
    (root / "course" / "facts.yaml").write_text(DATED.format(source=source), encoding="utf-8")
    monkeypatch.setattr(dated, "today", lambda: date(2026, 12, 24))
    from alongside.course import read_course

    read_course.cache_clear()
    return root


@pytest.mark.usefixtures("facts")
def test_a_stale_fact_is_shown_with_the_day_it_was_last_checked():
    """The note holds what is due and nothing else, on a lesson and on a page without one."""
    for course in (lesson("first"), home()):
        note = course.dated_facts("old", "new")
        assert note.view["rows"] == ["Last checked January 5, 2026: A law stands."]


@pytest.mark.usefixtures("facts")
def test_nothing_is_shown_while_nothing_is_stale():
    """A page whose facts are all good shows no note, and an unknown name is no trouble."""
    assert lesson("first").dated_facts("new", "nobody") is None


@pytest.mark.usefixtures("root")
def test_a_course_that_cannot_be_opened_shows_no_note(root):
    """The text itself shows the day of every check, so the page goes on without the note."""
    (root / "course" / "course.yaml").write_text("]]]", encoding="utf-8")
    assert lesson("first").dated_facts("old") is None
