"""Begun, closed, gone on with from the home page, finished, and tried again beside what was said before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

import pytest
from playwright.sync_api import Locator, Page, expect

from alongside.due import answers_digest
from alongside.explore import explore
from alongside.record import GRADED, HANDED, PRACTICE, Record, Space
from alongside.scenario import Scenario
from tests.apps.conftest import DESK, PHONE
from tests.apps.pages import CATALOG, EMPATHY, WORDS, focused, open_page, press, replies, talk, until
from tests.apps.servers import Server, open_site
from tests.apps.test_accessibility import every_finding

SAID = WORDS["roleplay"]
MODULE = CATALOG.module("empathy")
TOTAL = len(CATALOG.bank("empathy")[0].questions)  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The computer of someone who has done nothing yet."""
    with open_site(tmp_path_factory.mktemp("mine")) as server:
        yield server


def say(region: Locator, *words: str) -> None:
    """Choose replies by their words, each once the one before is answered."""
    for each in words:
        before = region.locator(".al-you").count()
        replies(region).filter(has_text=each).click()
        expect(region.locator(".al-you")).to_have_count(before + 1)


def today() -> str:
    now = datetime.now().astimezone()
    return f"{now:%B} {now.day}"


def past(region: Locator) -> Locator:
    """Find the turns of the talk of another day."""
    return region.get_by_role("group", name=SAID["beside_then"].partition("{")[0])


def go_on(page: Page) -> Locator:
    return page.get_by_role("link", name=WORDS["resume"]["go_on"].partition("{")[0])


def sideways(page: Page) -> bool:
    return bool(page.evaluate("() => document.documentElement.scrollWidth > innerWidth"))


def test_at_first_the_home_page_says_nothing_of_it(page: Page, mine: Server) -> None:
    """No empty box, and no heading over nothing."""
    open_page(page, mine)
    expect(page.get_by_role("heading", name=WORDS["resume"]["title"])).to_have_count(0)
    expect(go_on(page)).to_have_count(0)
    assert page.locator("#at-resume").bounding_box()["height"] == 0  # type: ignore[index]


@pytest.mark.parametrize(("size", "name"), [(PHONE, "a-rough-week"), (DESK, "which-part-do-you-get")])
def test_begun_gone_on_with_finished_and_tried_again(
    new_page: Callable[..., Page], mine: Server, size: Mapping[str, int], name: str
) -> None:
    """One press leads to the turn, with the keyboard; and each turn of the past shows once its own is chosen."""
    scenario = MODULE.scenarios[name]
    best = explore(scenario).best
    first = open_page(new_page(viewport=size), mine, EMPATHY)
    say(talk(first, scenario.title), *best[:2])
    first.context.close()

    page = open_page(new_page(viewport=size), mine)
    expect(page.get_by_role("heading", name=WORDS["resume"]["title"])).to_be_visible()
    turn = WORDS["resume"]["roleplay"].format(person=scenario.person, turn=3)
    expect(page.get_by_text(turn)).to_be_visible()
    assert every_finding(page) == {}
    page.set_viewport_size(dict(size))  # type: ignore[arg-type]
    go_on(page).click()
    region = stands_at_turn(page, scenario, turn=3)
    press(page, until=lambda: focused(page) == best[2])
    page.keyboard.press("Enter")
    expect(region.locator(".al-you")).to_have_count(3)
    say(region, *best[3:])
    expect(region.get_by_role("heading", name=SAID["end_title"])).to_be_visible()
    expect(region.get_by_role("button", name=SAID["beside_show"].partition("{")[0])).to_have_count(0)

    again_beside(page, region, explore(scenario).worst, best, wide=size is DESK)
    assert every_finding(page) == {}
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert not sideways(page)
    region.get_by_role("button", name=SAID["beside_away"]).click()
    expect(past(region)).to_have_count(0)
    expect(region.get_by_role("status").filter(has_text=SAID["beside_off"])).to_be_visible()
    page.wait_for_function("() => document.activeElement && document.activeElement.matches('.al-earlier button')")


def stands_at_turn(page: Page, scenario: Scenario, turn: int) -> Locator:
    """Show that the page stands at a turn of a conversation, below all that was drawn above it."""
    region = talk(page, scenario.title)
    heard = region.get_by_role("group", name=SAID["heard_group"].replace("{number}", str(turn)))
    expect(heard).to_be_focused()
    page.wait_for_timeout(1000)  # what still comes in above must not move it away
    expect(heard).to_be_focused()
    expect(heard).to_be_in_viewport(ratio=0.9)
    expect(replies(region).first).to_be_in_viewport()
    return region


def again_beside(page: Page, region: Locator, choices: tuple[str, ...], before: tuple[str, ...], *, wide: bool) -> None:
    """Start over with the talk that just ended beside the new one, and go to the end of that."""
    region.get_by_role("button", name=SAID["start_over"], exact=True).click()
    show = region.get_by_role("button", name=SAID["beside_show"].replace("{day}", today()))
    press(page, until=lambda: focused(page) == show.inner_text())
    page.keyboard.press("Enter")
    expect(region.get_by_role("status").filter(has_text=SAID["beside_how"])).to_be_visible()
    until(page, lambda: focused(page) == SAID["beside_away"])
    expect(past(region)).to_have_count(0)
    for count, words in enumerate(choices[: len(before)], start=1):
        say(region, words)
        over = count == len(choices)
        expect(past(region)).to_have_count(len(before) + 1 if over else count)
        expect(past(region).nth(count - 1)).to_contain_text(before[count - 1])
        if not over:
            assert before[count] not in past(region).last.inner_text()
    say(region, *choices[len(before) :])
    expect(past(region)).to_have_count(len(before) + 1)
    expect(past(region).first.get_by_role("heading")).to_contain_text(today())
    beside, under = region.evaluate(
        """(region) => {
            const box = (part) => region.querySelector(part).getBoundingClientRect();
            const [now, then] = [box(".al-you"), box(".al-past")];
            return [then.left >= now.right, then.top >= now.bottom];
        }"""
    )
    assert (beside, under) == (wide, not wide)


def test_each_new_turn_is_added_to_the_log_once_with_that_of_the_past(page: Page, mine: Server) -> None:
    """A screen reader is told of what is new alone, also with a talk of another day beside it."""
    scenario = MODULE.scenarios["the-line-before-goodbye"]
    open_page(page, mine, EMPATHY)
    region = talk(page, scenario.title)
    say(region, *explore(scenario).best)
    region.get_by_role("button", name=SAID["start_over"], exact=True).click()
    region.get_by_role("button", name=SAID["beside_show"].partition("{")[0]).click()
    log = region.get_by_role("log")
    expect(region.get_by_role("button", name=SAID["beside_away"])).to_be_focused()
    expect(log).to_have_attribute("aria-live", "polite")
    log.evaluate(
        """(log) => { window.added = 0; window.gone = 0;
            new MutationObserver((all) => all.forEach((one) => {
              window.added += one.addedNodes.length; window.gone += one.removedNodes.length;
            })).observe(log, { childList: true }); }"""
    )
    say(region, explore(scenario).best[0])
    assert page.evaluate("() => [window.added, window.gone]") == [3, 0]


def test_practice_is_gone_on_with_where_it_stands(page: Page, mine: Server) -> None:
    """An activity that marks no place in itself is led to as a whole, below all that is drawn above it."""
    placed = next(each for each in MODULE.lesson.activities if each.kind == "practice" and len(each.names) > 1)  # type: ignore[union-attr]
    Record(Space(mine.home)).put(PRACTICE, f"empathy--{placed.names[0]}", {"format": 1, "best": 1})
    open_page(page, mine)
    go_on(page).click()
    place = page.locator(f"#at-{placed.cell}")
    expect(place).to_be_focused()
    page.wait_for_timeout(1000)
    expect(place).to_be_focused()
    assert abs(place.bounding_box()["y"]) < 60  # type: ignore[index]


def test_how_far_a_graded_quiz_is_stands_in_the_list_of_lessons(page: Page, mine: Server) -> None:
    """Answers, then a file of them, by the learner's own day."""
    record, answers = Record(Space(mine.home)), {}
    question = next(each for each in CATALOG.bank("empathy")[0].questions if each.kind.value == "single")  # type: ignore[union-attr]
    answers[question.id] = question.options[0].id
    record.put(GRADED, "empathy", {"answers": answers})
    said = WORDS["progress"]
    open_page(page, mine)
    expect(page.get_by_role("listitem").get_by_text(said["due_begun"].format(done=1, total=TOTAL))).to_be_visible()
    expect(go_on(page)).to_have_attribute("href", "02-empathy/quiz.ipynb#at-quiz")
    now = datetime.now().astimezone()
    record.put(HANDED, "empathy", {"at": int(now.timestamp() * 1000), "digest": answers_digest(answers)})
    open_page(page, mine)
    day = f"{today()}, {now.year}"
    expect(page.get_by_text(said["due_made"].replace("{day}", day))).to_be_visible()
    record.put(GRADED, "empathy", {"answers": {**answers, "more": "x"}})
    open_page(page, mine)
    expect(page.get_by_text(said["due_changed"].replace("{day}", day))).to_be_visible()
