"""The course as it is written: whole, and every conversation walked to its end."""

from pathlib import Path

import pytest

from alongside.catalog import Catalog
from alongside.checks import check_course
from alongside.explore import explore
from alongside.roleplay import play
from alongside.scenario import Rating

ROOT = Path(__file__).parents[2]
CATALOG = Catalog(ROOT, environ={})
SCENARIOS = [scenario for module in CATALOG.modules for scenario in module.scenarios.values()]
FILES = [path for path in ROOT.glob("modules/[0-9]*/scenarios/*.md") if not path.name.endswith(".walk.md")]


def test_the_course_has_no_fault():
    """Every rule holds for every file; if not, all the faults stand here."""
    found = check_course(Catalog(ROOT, environ={}))
    assert not found, "\n" + "\n".join(map(str, found))


def test_there_is_something_to_check():
    """Content was found, and as many conversations read as there are files, so a check of nothing cannot pass."""
    assert len(CATALOG.modules) > 0
    assert len(SCENARIOS) == len(FILES) > 0
    assert sum(len(module.questions) for module in CATALOG.modules) > 0
    assert sum(len(bank.questions) for unit in CATALOG.bank_paths if (bank := CATALOG.bank(unit)[0])) > 0


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.id)
def test_a_conversation_is_walked_to_every_end(scenario):
    """Every scene, reply and ending is reached; the best path can be played and earns what it says."""
    report = explore(scenario)
    assert report.faults == ()
    assert report.scenes == set(scenario.by_id)
    assert report.replies == {reply.id for scene in scenario.scenes for reply in scene.replies}
    assert set(report.endings) == {scene.id for scene in scenario.scenes if scene.is_ending}
    assert all(report.totals[skill] > 0 for skill in scenario.skills)
    choices = []
    for words in report.best:
        choices.append(next(reply.id for reply in play(scenario, choices)[-1].offered if reply.words == words))
    assert play(scenario, choices)[-1].state.scene in report.endings


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.id)
def test_a_conversation_has_a_walk(scenario):
    """A conversation is played as a test, on at least one path that someone wrote down."""
    walk = (ROOT / scenario.path).with_suffix(".walk.md")
    assert walk.is_file()
    ratings = {reply.rating for scene in scenario.scenes for reply in scene.replies}
    assert {Rating.STRONG, Rating.RETHINK} <= ratings
