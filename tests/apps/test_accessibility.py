"""Nothing that axe can find, on any page, in light and dark, on phones and desks, with letters at twice their size."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from alongside.explore import explore
from tests.apps.pages import (
    CATALOG,
    EMPATHY,
    GLOSSARY,
    LESSONS,
    MY_WORK,
    PRACTICE_LAB,
    QUIZ,
    WORDS,
    begin,
    open_page,
    replies,
)
from tests.apps.servers import ROOT, Server

QUIZZES = sorted(str(path.relative_to(ROOT / "modules")) for path in Path(ROOT, "modules").glob("[0-9]*/quiz.ipynb"))
PAGES = ["", MY_WORK, PRACTICE_LAB, GLOSSARY, *QUIZZES, *LESSONS]
SCHEMES = ("light", "dark")
WIDTHS = (320, 390, 1280)
SIZES = ("100%", "200%")


def found(page: Page) -> list[str]:
    """Run axe and give what it finds, of whatever weight, in a line each."""
    violations = Axe().run(page).response["violations"]
    return [
        f"{each['impact']}: {each['id']}: {each['help']}: {node['html'][:160]}"
        for each in violations
        for node in each["nodes"]
    ]


def looks(page: Page) -> Iterator[str]:
    """Show a page in each width and with each size of letters, and give their names."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for size in SIZES:
            page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", size)
            yield f"{width} px, {size}"


def every_finding(page: Page) -> dict[str, list[str]]:
    """Run axe in each width and size. Gives what it finds by where it finds it, where it finds anything."""
    all_of_them = {name: found(page) for name in looks(page)}
    return {name: findings for name, findings in all_of_them.items() if findings}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_on_a_page(new_page: Callable[..., Page], site: Server, path: str, scheme: str) -> None:
    """Whatever the impact, at 320, 390 and 1280 px, with letters as they are and at 200 %."""
    page = open_page(new_page(color_scheme=scheme), site, path)
    assert every_finding(page) == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_on_the_page_of_the_return_code(
    new_page: Callable[..., Page], shared_site: Server, scheme: str
) -> None:
    """Before one has a code, when a word is mistyped, when a new one is shown, and with it."""
    said = WORDS["code"]
    page = new_page(color_scheme=scheme)
    page.goto(f"{shared_site.url}/voila/code")
    assert every_finding(page) == {}
    page.get_by_label(said["enter_label"]).fill("aple boat")
    page.get_by_role("button", name=said["enter"]).click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert every_finding(page) == {}
    page.get_by_role("button", name=said["take"]).click()
    expect(page.get_by_role("heading", level=1, name=said["new_title"])).to_be_visible()
    assert every_finding(page) == {}
    page.get_by_role("button", name=said["written"]).click()
    expect(page.get_by_role("heading", level=1, name=said["new_title"])).to_be_hidden()
    page.goto(f"{shared_site.url}/voila/code")
    expect(page.get_by_role("button", name=said["leave"])).to_be_visible()
    assert every_finding(page) == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_while_one_has_stepped_away(new_page: Callable[..., Page], site: Server, scheme: str) -> None:
    """The calm page over the lesson is held to the same rule in the same widths and sizes."""
    page = open_page(new_page(color_scheme=scheme), site, EMPATHY)
    page.get_by_role("button", name=WORDS["page"]["away"]).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert every_finding(page) == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_where_text_and_colors_are_chosen(
    new_page: Callable[..., Page], site: Server, scheme: str
) -> None:
    """The choices of the page's head and its outline, opened; and a choice that is not the device's."""
    page = open_page(new_page(color_scheme=scheme), site, EMPATHY)
    page.locator("summary", has_text=WORDS["page"]["look"]).click()
    page.locator("summary", has_text=WORDS["page"]["outline"]).click()
    page.get_by_label(WORDS["page"]["theme_light" if scheme == "dark" else "theme_dark"], exact=True).check()
    assert every_finding(page) == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_on_the_page_for_what_is_not_there(
    new_page: Callable[..., Page], site: Server, scheme: str
) -> None:
    """The page in plain words, in the same widths and sizes."""
    page = new_page(color_scheme=scheme)
    page.goto(f"{site.url}/nothing")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert every_finding(page) == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_after_a_talk_a_check_and_a_look_at_the_file(
    new_page: Callable[..., Page], site: Server, scheme: str
) -> None:
    """What appears only once something was done is held to the same rule."""
    scenario = CATALOG.module("empathy").scenarios["which-part-do-you-get"]
    page = open_page(new_page(color_scheme=scheme), site, EMPATHY)
    region = begin(page, scenario.title)
    for words in explore(scenario).worst:
        replies(region).filter(has_text=words).click()
    expect(region.get_by_role("heading", name=WORDS["roleplay"]["end_title"])).to_be_visible()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name=WORDS["quiz"]["check"]).first.click()
    assert every_finding(page) == {}
    open_page(page, site, QUIZ)
    page.get_by_role("button", name=WORDS["handin"]["show"]).click()
    expect(page.get_by_role("heading", name=WORDS["handin"]["list_title"])).to_be_visible()
    assert every_finding(page) == {}


@pytest.mark.parametrize("path", PAGES)
def test_headings_are_in_order(page: Page, site: Server, path: str) -> None:
    """One first-level heading comes first, and no level is left out on the way down; none is empty."""
    open_page(page, site, path)
    headings = page.get_by_role("heading").evaluate_all(
        "(all) => all.map((e) => [Number(e.getAttribute('aria-level') || e.tagName[1]), e.innerText.trim()])"
    )
    levels = [level for level, _ in headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), headings
    assert all(words for _, words in headings)


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
