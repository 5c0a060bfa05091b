"""A new module, scenario or question is valid and playable as it stands."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from alongside.build import build
from alongside.catalog import Catalog
from alongside.checks import check_course
from alongside.cli import main
from alongside.explore import explore
from alongside.paths import course_root

ROOT = course_root(Path(__file__))


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the course to which a test may add, with the working directory in it."""
    for part in ("course", "modules", "assessments"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_new_module_gets_the_next_number_and_passes_every_check(course: Path) -> None:
    """It can be built and played at once."""
    assert main(["new", "module", "listening"]) == 0
    catalog = Catalog(course)
    module = catalog.module("listening")
    assert module.number == max(each.number for each in catalog.modules)
    assert [str(fault) for fault in check_course(catalog)] == []
    assert explore(module.scenarios["a-first-hello"]).faults == ()
    assert build(catalog)[1] == ()
    assert main(["new", "scenario", "listening", "on-the-bus"]) == 0
    assert main(["new", "question", "listening", "what-she-meant"]) == 0
    assert [str(fault) for fault in check_course(Catalog(course))] == []


def test_a_new_scenario_is_placed_in_its_lesson_and_passes_every_check(course: Path) -> None:
    """The author changes words from here, and never meets a broken page."""
    assert main(["new", "scenario", "02-empathy", "at-the-bus-stop"]) == 0
    catalog = Catalog(course)
    assert "at-the-bus-stop" in catalog.module("empathy").scenarios
    assert [str(fault) for fault in check_course(catalog)] == []


def test_a_new_question_is_placed_in_its_lesson_and_passes_every_check(course: Path) -> None:
    """It stands at the end of the practice file with the id that was asked for."""
    assert main(["new", "question", "empathy", "on-the-stairs"]) == 0
    catalog = Catalog(course)
    assert "on-the-stairs" in catalog.module("empathy").questions
    assert [str(fault) for fault in check_course(catalog)] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["module", "empathy"], "There is a module called empathy already"),
        (["module", "No Spaces!"], '"No Spaces!" cannot be a name here'),
        (["scenario", "nowhere", "a-talk"], "There is no module called nowhere"),
        (["scenario", "empathy", "a-rough-week"], "is there already"),
    ],
)
def test_what_cannot_be_made_is_said_and_nothing_changes(
    course: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    """The command ends with 1 and a sentence."""
    before = sorted(course.rglob("*"))
    assert main(["new", *arguments]) == 1
    assert said in capsys.readouterr().err
    assert sorted(course.rglob("*")) == before
