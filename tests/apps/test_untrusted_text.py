"""What a learner writes, and what a broken file holds, is shown as text and never acts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from alongside.question import Kind
from tests.apps.conftest import Seen
from tests.apps.pages import CATALOG, EMPATHY, QUIZ, WORDS, open_page, replies, talk
from tests.apps.servers import Server, copy_course, open_site

HOSTILE = (
    "<script>window.hurt = 1</script><img src=x onerror='window.hurt = 2'>"
    "<svg onload='window.hurt = 3'><a href='javascript:window.hurt = 4'>x</a>"
    "$\\href{javascript:window.hurt = 5}{x}$ $\\cssId{content}{y}$"
    "<button data-commandlinker-command='terminal:create-new'>z</button>"
)
BANK, _ = CATALOG.bank("empathy")
assert BANK is not None
WRITTEN = next(question for question in BANK.questions if question.kind is Kind.WRITTEN)


def unhurt(page: Page) -> bool:
    """Whether nothing that was written has acted on the page."""
    return bool(
        page.evaluate("() => window.hurt === undefined && !document.querySelector('[data-commandlinker-command]')")
    )


def test_what_is_written_in_the_quiz_is_shown_as_it_was_written(page: Page, site: Server) -> None:
    """In the field after a reload, and in the list of what will be in the file."""
    open_page(page, site, QUIZ)
    box = page.get_by_role("group", name=WRITTEN.title).get_by_role("textbox")
    box.fill(HOSTILE)
    box.blur()
    expect(page.get_by_text(WORDS["save"]["saved"]).first).to_be_visible()
    open_page(page, site, QUIZ)
    expect(page.get_by_role("group", name=WRITTEN.title).get_by_role("textbox")).to_have_value(HOSTILE)
    page.get_by_label(WORDS["handin"]["name"]).fill(HOSTILE)
    page.get_by_role("button", name=WORDS["handin"]["show"]).click()
    expect(page.get_by_text("window.hurt = 1", exact=False).last).to_be_visible()
    assert unhurt(page)


def test_what_is_written_in_a_reflection_is_shown_as_it_was_written(page: Page, site: Server) -> None:
    """After a reload the field holds the same text, and nothing has run."""
    title = next(iter(CATALOG.module("empathy").reflections.values())).title
    open_page(page, site, EMPATHY)
    box = page.get_by_role("region", name=title).get_by_role("textbox")
    box.fill(HOSTILE)
    box.blur()
    expect(page.get_by_text(WORDS["save"]["saved"]).first).to_be_visible()
    open_page(page, site, EMPATHY)
    expect(page.get_by_role("region", name=title).get_by_role("textbox")).to_have_value(HOSTILE)
    assert unhurt(page)


@pytest.fixture(scope="module")
def hurt_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A course in which one conversation is hostile and another is broken."""
    root = copy_course(tmp_path_factory.mktemp("hurt") / "course")
    talks = root / "modules" / "02-empathy" / "scenarios"
    first = talks / "a-rough-week.md"
    text = first.read_text(encoding="utf-8")
    text = text.replace("Alex has not looked up since you sat down.", HOSTILE).replace(
        "title: A rough week", f"title: {HOSTILE}"
    )
    text = text.replace("Sounds like everything landed at once.", HOSTILE)
    first.write_text(text, encoding="utf-8")
    second = talks / "which-part-do-you-get.md"
    second.write_text(second.read_text(encoding="utf-8").replace("(#terms)", "(#nowhere)", 1), encoding="utf-8")
    with open_site(tmp_path_factory.mktemp("hurt-home"), root=root) as server:
        yield server


def test_a_hostile_script_in_a_conversation_is_shown_as_text(page: Page, hurt_site: Server) -> None:
    """Title, what is seen, a reply and what was said: all of it is words."""
    open_page(page, hurt_site, EMPATHY)
    region = page.get_by_role("region").filter(has_text="work, the kids, then the letter").first
    expect(region.get_by_role("heading").first).to_contain_text("<script>")
    replies(region).filter(has_text="<script>").click()
    said = region.get_by_role("group", name=WORDS["roleplay"]["you_group"].format(number=1), exact=True)
    expect(said).to_contain_text("<img src=x")
    assert unhurt(page)


def test_a_broken_conversation_says_so_and_the_rest_of_the_lesson_works(
    page: Page, hurt_site: Server, seen: Seen
) -> None:
    """The learner reads one sentence in its place; the next conversation can be played."""
    open_page(page, hurt_site, EMPATHY)
    expect(page.get_by_text(WORDS["unavailable"]["roleplay"])).to_have_count(1)
    whole = CATALOG.module("empathy").scenarios["the-line-before-goodbye"]
    region = talk(page, whole.title)
    replies(region).filter(has_text=whole.start.replies[1].words).click()
    expect(region.get_by_role("log")).to_contain_text(whole.start.replies[1].reason)
    expect(page.get_by_role("heading", name="Take with you")).to_be_visible()
    assert seen.errors == []
