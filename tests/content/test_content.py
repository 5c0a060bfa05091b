"""The course as it is written: whole, and every conversation walked to its end."""

from pathlib import Path

import pytest

from alongside.catalog import Catalog
from alongside.checks import check_course, check_for_release
from alongside.coding.model import load
from alongside.explore import explore
from alongside.question import Kind
from alongside.roleplay import play
from alongside.scenario import ANYTHING, Rating

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


@pytest.mark.parametrize("module", CATALOG.modules, ids=lambda module: module.id)
def test_a_module_holds_what_the_course_promises(module):
    """Talks long enough to go wrong and be mended, writing that asks nothing private, enough to practise and mark."""
    assert len(module.scenarios) >= 3
    for scenario in module.scenarios.values():
        assert len(scenario.scenes) >= 8, scenario.id
        assert explore(scenario).longest >= 6, scenario.id
    assert len(module.reflections) >= 3
    assert all(reflection.other for reflection in module.reflections.values())
    kinds = [question.kind for question in module.questions.values()]
    assert len(kinds) >= 15
    assert {Kind.ORDER, Kind.MATCH} & set(kinds)
    bank, _ = CATALOG.bank(module.id)
    written = [question for question in bank.questions if question.kind is Kind.WRITTEN]
    assert len(written) >= 2
    assert len(bank.questions) - len(written) >= 12
    assert 45 <= module.lesson.minutes <= 90
    assert module.lesson.note


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.id)
def test_what_a_conversation_remembers_comes_back(scenario):
    """Something that was said is remembered, and heard of again in another scene."""
    said = {(word, scene.id) for scene in scenario.scenes for reply in scene.replies for word in reply.effects.remember}
    asked = {(test.name, scene.id) for scene in scenario.scenes for heard in scene.heard for test in heard.when}
    assert any(word == name and where != scene for word, where in said for name, scene in asked)


@pytest.mark.parametrize("module", CATALOG.modules, ids=lambda module: module.id)
def test_a_module_has_a_moment_for_own_words(module):
    """In one conversation or more, with ways that the coach can tell apart."""
    routes = [route for each in module.scenarios.values() for scene in each.scenes for route in scene.routes]
    told = load().shown
    assert routes
    assert all(route.own == (ANYTHING,) or told.keys() & set(route.own) for route in routes)
    assert any(route.rating is Rating.STRONG for route in routes)


def test_the_course_is_ready_for_a_release_but_for_the_day():
    """All that a release asks holds on the day that the facts were last looked up; later days are for a person."""
    day = max(fact.checked for fact in CATALOG.course.facts.values())
    assert [str(fault) for fault in check_for_release(Catalog(ROOT, environ={}), day)] == []
