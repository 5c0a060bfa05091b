"""The coverage page counts what the modules hold, shares minutes out whole, and lists what is not covered."""

import pytest

from alongside.catalog import Catalog
from alongside.cli import main
from alongside.coverage import coverage, page
from alongside.objective import DOMAINS, SAMHSA
from tests.course.small import DESIGN

SECOND = """\
### Share it again {#share-again}

*samhsa: I*

- taught: The talk
- practiced: heard
- assessed: cut-off

## Out"""


def test_minutes_are_shared_out_whole(minimal_course):
    """What two objectives share is counted once, and the parts add up to the same minutes as before."""
    before = coverage(Catalog(minimal_course, environ={}))
    (minimal_course / "modules/01-first/design.md").write_text(DESIGN.replace("## Out", SECOND), encoding="utf-8")
    after = coverage(Catalog(minimal_course, environ={}))
    assert len(after.rows) == len(before.rows) + 1
    assert sum(row.minutes for row in after.rows) == pytest.approx(sum(row.minutes for row in before.rows))
    # a talk of 3 minutes, 2 questions of 1.5, a reflection of 6, and 9 words at 150 a minute
    assert before.minutes["01-first"] == pytest.approx(3 + 1.5 + 1.5 + 6 + 9 / 150, abs=0.03)


def test_every_minute_belongs_to_a_category(catalog):
    """The minutes of the categories add up to those of the course."""
    found = coverage(catalog)
    assert sum(map(found.category_minutes, SAMHSA)) == pytest.approx(sum(found.minutes.values()))


def test_what_is_not_covered_is_listed(catalog):
    """A category or a domain without an objective is named, and so is what a module leaves out."""
    found = coverage(catalog)
    assert found.categories_without == tuple(name for name in SAMHSA if name not in {"I", "IX"})
    assert found.domains_without == tuple(name for name in DOMAINS if name != "mentoring-education")
    made = page(found)
    assert "- No objective serves SAMHSA's category VIII, Helps peers to manage crises." in made
    assert "- No objective serves IC&RC's domain Advocacy." in made
    assert "  - Everything else." in made


def test_the_command_prints_the_page(minimal_course, monkeypatch, capsys):
    """`alongside coverage` prints what `course/COVERAGE.md` shows."""
    monkeypatch.setenv("ALONGSIDE_ROOT", str(minimal_course))
    assert main(["coverage"]) == 0
    assert capsys.readouterr().out == page(coverage(Catalog(minimal_course, environ={})))
