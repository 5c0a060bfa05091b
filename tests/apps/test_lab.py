"""The same lesson and the same quiz in JupyterLab: one button to press, code folded away."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from alongside.question import Kind
from tests.apps.conftest import DESK
from tests.apps.pages import CATALOG, WORDS, graded, replies, talk
from tests.apps.servers import TOKEN, Server

BANK, _ = CATALOG.bank("empathy")
assert BANK is not None


@pytest.fixture
def desk(new_page: Callable[..., Page]) -> Page:
    """A page as wide as a desk's screen."""
    return new_page(viewport=DESK)


def run_all(page: Page, lab: Server, path: str) -> None:
    """Open a notebook, and press the one button that its first line names."""
    page.goto(f"{lab.url}/lab/tree/{path}?reset&token={TOKEN}")
    first = page.locator(".jp-Notebook .jp-Cell").first
    expect(first).to_contain_text("Press the double arrow")
    expect(page.get_by_text("| Idle")).to_be_visible()
    page.locator(".jp-NotebookPanel-toolbar").get_by_role("button", name="Restart the kernel and run all cells").click()
    page.get_by_role("button", name="Confirm Kernel Restart").click()


def test_a_lesson_in_jupyterlab_behaves_as_on_the_web(desk: Page, lab: Server) -> None:
    """Code is folded to a line; after the one button a conversation can be had and leads on."""
    run_all(desk, lab, "modules/01-what-peer-support-is/lesson.ipynb")
    scenario = CATALOG.module("what-peer-support-is").scenarios["first-hello"]
    region = talk(desk, scenario.title)
    reply = scenario.start.replies[0]
    replies(region).filter(has_text=reply.words).click()
    expect(region.get_by_role("log")).to_contain_text(reply.reason)
    expect(desk.locator(".jp-CodeCell .jp-InputArea-editor:visible")).to_have_count(0)
    assert desk.get_by_text("Would you like to get notified").count() == 0


def test_the_home_page_in_jupyterlab_leads_to_a_lesson(desk: Page, lab: Server) -> None:
    """Its links open the lessons, though JupyterLab has pages of its own."""
    run_all(desk, lab, "modules/home.ipynb")
    link = desk.get_by_role("link", name=re.compile("^Empathy"))
    expect(link).to_be_visible()
    with desk.context.expect_page() as opened:
        link.click()
    expect(opened.value.locator(".jp-Notebook .jp-Cell").first).to_contain_text("Press the double arrow")
    expect(opened.value.get_by_role("heading", name="Empathy", exact=True)).to_be_visible()


def test_a_released_quiz_in_ones_own_folder_saves_beside_itself(desk: Page, lab: Server) -> None:
    """`responses.json` appears beside the notebook, and what is there for marking stays out of the way."""
    own = lab.root / "my-work" / "empathy"
    own.mkdir(parents=True, exist_ok=True)
    learner = (lab.root / "modules" / "02-empathy" / "quiz.ipynb").read_bytes()
    (own / "empathy.ipynb").write_bytes(learner)
    run_all(desk, lab, "my-work/empathy/empathy.ipynb")
    question = next(each for each in BANK.questions if each.kind is Kind.SINGLE)
    expect(desk.get_by_role("heading", name=WORDS["lesson"]["marking_title"])).to_be_visible()
    assert desk.locator(".jp-InputPlaceholder:visible").count() == 1  # the cells for marking are folded under a heading
    box = desk.get_by_label(question.options[1].text, exact=True)
    box.check()
    expect(desk.get_by_text(WORDS["save"]["saved"]).first).to_be_visible()
    saved = json.loads((own / "responses.json").read_text(encoding="utf-8"))
    assert saved["answers"] == graded(lab, "empathy") == {question.id: question.options[1].id}


def test_a_reflection_is_shared_and_taken_back(desk: Page, lab: Server) -> None:
    """As on the web page: what will be seen comes first, and the keyboard is led along."""
    said = WORDS["share"]
    run_all(desk, lab, "modules/02-empathy/lesson.ipynb")
    place = desk.get_by_role("region", name="What made room", exact=True)
    place.get_by_label(WORDS["reflection"]["label"]).fill("Words for you.")
    place.get_by_role("button", name=said["ask"], exact=True).click()
    expect(place.get_by_role("heading", name=said["title"])).to_be_focused()
    place.get_by_role("button", name=said["yes"], exact=True).click()
    expect(place.get_by_text("Shared on ")).to_be_focused()
    expect(place.get_by_text(said["waits"])).to_be_visible()
    place.get_by_role("button", name=said["take_back"], exact=True).click()
    expect(place.get_by_text(said["taken_back"])).to_be_visible()
