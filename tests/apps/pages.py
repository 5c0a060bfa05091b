"""What tests do on the course's pages, as a person does: by what is seen and said, never by ids or classes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from alongside.catalog import Catalog
from alongside.paths import course_root
from alongside.record import GRADED, Record, Space
from alongside.responses import responses_in
from tests.apps.servers import Server

CATALOG = Catalog(course_root(Path(__file__)))
WORDS: Mapping[str, Mapping[str, str]] = CATALOG.words
EMPATHY = "02-empathy/lesson.ipynb"
QUIZ = "02-empathy/quiz.ipynb"
GLOSSARY = "glossary.ipynb"
MY_WORK = "my-work.ipynb"
PRACTICE_LAB = "practice-lab.ipynb"
LESSONS = [f"{module.folder.name}/lesson.ipynb" for module in CATALOG.modules]
_MOST_TABS = 400
_LOOK, _MOST_LOOKS = 50, 400  # milliseconds, and how often: 20 seconds in all


def open_page(page: Page, site: Server, path: str = "") -> Page:
    """Open a page of the course and wait until its text and its last activity are there."""
    page.goto(f"{site.url}/voila/render/{path}" if path else f"{site.url}/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("button", name=WORDS["page"]["away"])).to_be_visible()  # its own script has run
    if path != GLOSSARY:  # which is words alone
        expect(page.locator("main .alongside-activity [lang]").last).to_be_visible()
    return page


def talk(page: Page, title: str) -> Locator:
    """Find a conversation by its title."""
    return page.get_by_role("region", name=title, exact=True)


def begin(page: Page, title: str) -> Locator:
    """Find a conversation and start it over, if another test on this server has been in it."""
    region = talk(page, title)
    expect(region.get_by_role("log")).to_be_visible()
    over = region.get_by_role("button", name=WORDS["roleplay"]["start_over"]).last
    if over.is_visible():
        over.click()
        expect(over).to_be_hidden()
    return region


def replies(region: Locator) -> Locator:
    """Find the replies that are offered now."""
    return region.get_by_role("group", name=WORDS["roleplay"]["replies"]).get_by_role("button")


def graded(site: Server, unit: str) -> Mapping[str, object]:
    """Give the answers to a graded quiz that are on the disk of a learner's own computer."""
    record = Record(Space(site.home))
    try:
        return responses_in(record.get(GRADED, unit), unit).answers
    finally:
        record.close()


def press(page: Page, *, until: Callable[[], bool], key: str = "Tab") -> None:
    """Press a key until something holds, as a person does who uses the keyboard alone."""
    for _ in range(_MOST_TABS):
        if until():
            return
        page.keyboard.press(key)
    message = f"{key} was pressed {_MOST_TABS} times and it never came."
    raise AssertionError(message)


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait until something outside the page holds, such as what stands in a file."""
    for _ in range(_MOST_LOOKS):
        if holds():
            return
        page.wait_for_timeout(_LOOK)
    message = "It did not come about in time."
    raise AssertionError(message)


def focused(page: Page) -> str:
    """Say what has the keyboard: its accessible text."""
    said: str = page.evaluate(
        "() => { const e = document.activeElement; return e && e !== document.body"
        " ? (e.getAttribute('aria-label') || e.innerText || e.labels?.[0]?.innerText || '') : '' }"
    )
    return " ".join(said.split())


def holding(folder: Path, words: str) -> list[Path]:
    """Find the files under a folder that hold some words, as text or as UTF-16."""
    forms = (words.encode(), words.encode("utf-16-le"))
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    return [path for path in files if any(form in path.read_bytes() for form in forms)]
