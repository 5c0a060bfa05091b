"""What a word means opens where it stands, the glossary leads on, and a fact that is too old says so."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.apps.conftest import Seen
from tests.apps.pages import CATALOG, LESSONS, WORDS, focused, open_page, press
from tests.apps.servers import Server, copy_course, open_site

HARM = "05-harm-reduction/lesson.ipynb"
FOUND, _ = CATALOG.glossary
assert FOUND is not None
TERM = FOUND.terms["abstinence"]


def test_a_term_opens_under_its_paragraph_with_the_keyboard_alone(page: Page, site: Server, seen: Seen) -> None:
    """Tab to the line that asks what it means, Enter, and its meaning is there; the next Tab leads to the glossary."""
    open_page(page, site, HARM)
    asked = WORDS["glossary"]["what_is"].format(term=TERM.name)
    meaning = page.get_by_text(TERM.meaning)
    expect(meaning).to_be_hidden()
    press(page, until=lambda: focused(page) == asked)
    page.keyboard.press("Enter")
    expect(meaning).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=FOUND.title)).to_be_visible()
    expect(page.get_by_role("heading", level=2, name=TERM.name, exact=True)).to_be_in_viewport()
    assert seen.errors == []


def test_the_glossary_is_one_link_away_and_leads_back_to_a_lesson(page: Page, site: Server, seen: Seen) -> None:
    """From a lesson's head to the glossary, by the index to a term, and from there to where it is taught."""
    open_page(page, site, HARM)
    page.get_by_role("link", name=WORDS["page"]["glossary"]).click()
    expect(page.get_by_role("heading", level=2)).to_have_count(len(FOUND.terms) + 1)  # and the foot's own
    page.get_by_role("link", name=TERM.name, exact=True).first.click()
    heading = page.get_by_role("heading", level=2, name=TERM.name, exact=True)
    expect(heading).to_be_in_viewport()
    title = CATALOG.module(TERM.taught).lesson.title
    taught = page.get_by_role("paragraph").filter(has_text=WORDS["glossary"]["taught"])
    taught.get_by_role("link", name=title, exact=True).first.click()
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    assert seen.errors == []


@pytest.mark.parametrize("path", LESSONS)
def test_the_summary_of_a_lesson_prints_on_one_page(page: Page, site: Server, path: str) -> None:
    """The button prints the summary with the lesson's name and nothing else, and it fits on a sheet."""
    page.add_init_script("window.print = () => {}")
    open_page(page, site, path)
    page.get_by_role("button", name=WORDS["page"]["print_one"]).click()
    page.emulate_media(media="print")
    lesson = next(module.lesson for module in CATALOG.modules if path.startswith(module.folder.name))
    expect(page.get_by_role("heading", name=WORDS["lesson"]["one_page"])).to_be_visible()
    expect(page.get_by_text(f"{CATALOG.course.title}: {lesson.title}")).to_be_visible()
    expect(page.get_by_role("heading", level=2)).to_have_count(1)
    sheet = page.pdf(format="A4", margin=dict.fromkeys(("top", "right", "bottom", "left"), "15mm"))
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1


@pytest.fixture(scope="module")
def old_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The course as it would be if nobody had looked a fact up for years."""
    root = copy_course(tmp_path_factory.mktemp("old") / "course")
    facts = root / "course" / "facts.yaml"
    text = facts.read_text(encoding="utf-8")
    text = re.sub(r"checked: \S+", "checked: 2020-01-05", text)
    facts.write_text(re.sub(r"stale: \S+", "stale: 2021-01-05", text), encoding="utf-8")
    with open_site(tmp_path_factory.mktemp("old-home"), root=root) as server:
        yield server


def test_a_fact_that_is_too_old_is_shown_with_its_day(page: Page, old_site: Server) -> None:
    """Above the lesson stands a note with each such claim and the day on which it was last looked up."""
    open_page(page, old_site, HARM)
    note = page.get_by_role("note").filter(has_text=WORDS["fact"]["stale_title"])
    expect(note).to_be_visible()
    expect(note.get_by_role("listitem")).to_have_count(len(CATALOG.module("harm-reduction").lesson.facts))
    expect(note).to_contain_text("Last checked January 5, 2020")


def test_no_note_stands_where_nothing_is_too_old(page: Page, site: Server) -> None:
    """While every fact is good, the page is as quiet as one without facts."""
    open_page(page, site, HARM)
    expect(page.get_by_text(WORDS["fact"]["stale_title"])).to_have_count(0)
