"""On the day of a release nothing is stale, every fact is used, every category served, and everything built."""

from datetime import date, timedelta

import pytest

from alongside.catalog import Catalog
from alongside.checks import check_course, check_for_release
from alongside.cli import main
from tests.course.small import DATED, DESIGN, TODAY


@pytest.fixture
def told(minimal_course):
    """Give what stands in the way of a release on a day."""
    return lambda day: [str(fault) for fault in check_for_release(Catalog(minimal_course, environ={}), day)]


@pytest.fixture(autouse=True)
def _built_nothing(monkeypatch):
    """Building is shown in test_build; the smallest course has no words for its buttons."""
    monkeypatch.setattr("alongside.checks.release.out_of_date", lambda _: ((), ()))


def test_a_stale_fact_stops_a_release_and_nothing_else(minimal_course, told):
    """The day before it is due it stops nothing. From that day on it stops a release, and never the daily check."""
    due = date(2027, 11, 21)
    line = "course/facts.yaml:1: line was last checked on 2026-11-21 and was due again on 2027-11-21. "
    assert not any(fault.startswith("course/facts.yaml") for fault in told(due - timedelta(days=1)))
    assert any(fault.startswith(line) for fault in told(due))
    assert not any("due again" in str(fault) for fault in check_course(Catalog(minimal_course, environ={}), due))


def test_a_fact_that_no_page_shows_is_told(minimal_course, told):
    """A claim that nobody reads is kept up for nothing."""
    other = DATED.replace("line:\n", "other:\n").replace("  title: A line\n  how: Call 999\n", "")
    (minimal_course / "course/facts.yaml").write_text(DATED + other, encoding="utf-8")
    assert "course/facts.yaml:9: other stands in no lesson. Place it with [=other], or take it out." in told(TODAY)


def test_a_category_without_an_objective_is_told(told):
    """What the course says it covers, it covers."""
    found = told(TODAY)
    assert any("category VI, Links to resources" in fault for fault in found)
    assert any("IC&RC's domain Harm reduction" in fault for fault in found)


def test_an_objective_without_a_graded_question_is_told(minimal_course, told):
    """The daily check lets a module grow its bank later; a release does not."""
    (minimal_course / "modules/01-first/design.md").write_text(
        DESIGN.replace("- assessed: cut-off\n", ""), encoding="utf-8"
    )
    assert any(
        fault.startswith("modules/01-first/design.md:5: This objective is not assessed anywhere.")
        for fault in told(TODAY)
    )


def test_what_serves_no_objective_is_told(minimal_course, told):
    """A conversation or a graded question that no objective names is in the way, or an objective is missing."""
    design = DESIGN.replace("talk, heard, a-time", "heard").replace("assessed: cut-off", "assessed: cut-up")
    (minimal_course / "modules/01-first/design.md").write_text(design, encoding="utf-8")
    found = told(TODAY)
    where = "modules/01-first/design.md:1: No objective is"
    assert f"{where} practiced in the conversation talk. Add it under one." in found
    assert f"{where} assessed by the graded question cut-off. Add it under one." in found


@pytest.mark.parametrize(
    ("sheet", "fault"),
    [
        ("", "1: Alex speaks in talk. Say so under `## Alex`, and keep to who they are."),
        ("## Alex\n\n*in: walk*\n", "1: Alex does not speak in walk. Take it out, or check the name."),
        ("## Alex\n\nTall.\n", "1: Say which conversations Alex is in: `*in: a-rough-week, the-last-cup*`."),
        ("## Alex\n\n*in: talk*\n\n## Alex\n\n*in: talk*\n", "5: Alex is in the cast twice. Put the two together."),
    ],
)
def test_the_cast_sheet_holds_everyone_who_speaks_and_nobody_else(minimal_course, told, sheet, fault):
    """A trainer who writes a new conversation finds everyone that there is, and where they have been."""
    (minimal_course / "course/cast.md").write_text(sheet, encoding="utf-8")
    assert f"course/cast.md:{fault}" in told(TODAY)


def test_a_whole_cast_sheet_is_in_nobodys_way(minimal_course, told):
    """When everyone stands in it, the cast sheet is not spoken of."""
    sheet = "# Cast\n\n## Alex\n\n*in: talk*\n\nTired.\n"
    (minimal_course / "course/cast.md").write_text(sheet, encoding="utf-8")
    assert not any(fault.startswith("course/cast.md") for fault in told(TODAY))


def test_a_lesson_that_takes_much_longer_than_it_says_is_told(told):
    """A trainee who sets an hour aside is not kept for two. The smallest lesson says 5 minutes."""
    assert "modules/01-first/lesson.md:1: This lesson says 5 minutes, and its parts add up to about 11." in told(TODAY)


def test_a_lesson_without_a_summary_or_with_a_long_one_is_told(minimal_course, told):
    """Something to put on the wall has to fit on a sheet."""
    where = "modules/01-first/lesson.md"
    assert f"{where}:1: This lesson has no summary to print. Write one under `## On one page`." in told(TODAY)
    lesson = minimal_course / where
    text = lesson.read_text(encoding="utf-8")
    for count, fault in ((220, False), (221, True)):
        summary = "## On one page\n\n" + "word " * count + "\n\n## Take"
        lesson.write_text(text.replace("## Take", summary), encoding="utf-8")
        long = f"{where}:23: The summary has {count} words; 220 fit on one page. Leave some out."
        assert (long in told(TODAY)) is fault


def test_what_is_not_built_is_told(told, monkeypatch):
    """A page that the text has left behind does not go out."""
    monkeypatch.setattr("alongside.checks.release.out_of_date", lambda _: (("modules/home.ipynb",), ()))
    assert "modules/home.ipynb:1: This is out of date. Run `alongside build` and commit what it writes." in told(TODAY)


def test_the_command_ends_with_one_when_something_is_in_the_way(minimal_course, monkeypatch, capsys):
    """`alongside check` is content where `alongside check --release` is not."""
    monkeypatch.setenv("ALONGSIDE_ROOT", str(minimal_course))
    assert main(["check"]) == 0
    assert main(["check", "--release"]) == 1
    assert "to mend." in capsys.readouterr().out
