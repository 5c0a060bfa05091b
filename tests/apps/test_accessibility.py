"""No serious fault that axe can find, on any page, in light and dark, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from alongside.explore import explore
from tests.apps.pages import CATALOG, EMPATHY, GLOSSARY, LESSONS, QUIZ, WORDS, begin, open_page, replies
from tests.apps.servers import Server

PAGES = ["", GLOSSARY, QUIZ, *LESSONS]
SERIOUS = {"serious", "critical"}


def serious(page: Page) -> list[str]:
    """Run axe and give its serious findings in a line each."""
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {each['help']}: {node['html'][:160]}"
        for each in found
        if each["impact"] in SERIOUS
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious_on_a_page(new_page: Callable[..., Page], site: Server, path: str) -> None:
    """In light at 390 px, and in dark at 1280 px."""
    for scheme, width in (("light", 390), ("dark", 1280)):
        page = open_page(new_page(color_scheme=scheme, viewport={"width": width, "height": 900}), site, path)
        assert serious(page) == []


def test_axe_finds_nothing_serious_after_a_talk_a_check_and_a_look_at_the_file(
    new_page: Callable[..., Page], site: Server
) -> None:
    """What appears only once something was done is held to the same rule, in both schemes."""
    scenario = CATALOG.module("empathy").scenarios["which-part-do-you-get"]
    for scheme in ("light", "dark"):
        page = open_page(new_page(color_scheme=scheme), site, EMPATHY)
        region = begin(page, scenario.title)
        for words in explore(scenario).worst:
            replies(region).filter(has_text=words).click()
        expect(region.get_by_role("heading", name=WORDS["roleplay"]["end_title"])).to_be_visible()
        page.get_by_role("radio").first.check()
        page.get_by_role("button", name=WORDS["quiz"]["check"]).first.click()
        assert serious(page) == []
        open_page(page, site, QUIZ)
        page.get_by_role("button", name=WORDS["handin"]["show"]).click()
        expect(page.get_by_role("heading", name=WORDS["handin"]["list_title"])).to_be_visible()
        assert serious(page) == []


def test_every_control_is_large_enough_for_a_thumb(page: Page, site: Server) -> None:
    """Each button and field is at least 24 px high and wide (WCAG 2.2, 2.5.8); replies are at least 44 px."""
    open_page(page, site, EMPATHY)
    small = page.evaluate(
        """() => [...document.querySelectorAll('main button, main select, main textarea, main input')]
            .filter((e) => e.offsetParent && !(e.type === 'checkbox' || e.type === 'radio'))
            .map((e) => [e.innerText || e.name, e.getBoundingClientRect()])
            .filter(([, box]) => box.height < 24 || box.width < 24).map(([name]) => name)"""
    )
    assert small == []
    region = begin(page, CATALOG.module("empathy").scenarios["a-rough-week"].title)
    heights = [reply.bounding_box()["height"] for reply in replies(region).all()]  # type: ignore[index]
    assert heights
    assert min(heights) >= 44


def test_each_new_line_of_a_talk_is_added_once_to_a_log_that_was_there_before(page: Page, site: Server) -> None:
    """A screen reader is told of what is new and of nothing else: old lines are never drawn again."""
    scenario = CATALOG.module("empathy").scenarios["the-line-before-goodbye"]
    open_page(page, site, EMPATHY)
    region = begin(page, scenario.title)
    log = region.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    log.evaluate(
        """(log) => { window.added = []; window.gone = 0;
            new MutationObserver((all) => all.forEach((one) => {
              one.addedNodes.forEach((node) => window.added.push(node.innerText));
              window.gone += one.removedNodes.length;
            })).observe(log, { childList: true }); }"""
    )
    words = scenario.start.replies[1].words
    replies(region).filter(has_text=words).click()
    expect(log).to_contain_text(words)
    added = page.evaluate("() => window.added")
    assert page.evaluate("() => window.gone") == 0
    assert sum(words in text for text in added) == 1


def test_motion_is_left_out_for_those_who_ask(new_page: Callable[..., Page], site: Server) -> None:
    """With reduced motion nothing on the page moves by itself."""
    page = open_page(new_page(reduced_motion="reduce"), site, EMPATHY)
    assert page.evaluate("() => document.getAnimations().length") == 0
