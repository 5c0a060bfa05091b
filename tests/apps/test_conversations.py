"""A whole conversation, by mouse and by the keyboard alone, as a person has it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from alongside.explore import explore
from tests.apps.conftest import Seen
from tests.apps.pages import CATALOG, EMPATHY, WORDS, begin, focused, open_page, press, replies, talk
from tests.apps.servers import Server

SCENARIO = CATALOG.module("empathy").scenarios["a-rough-week"]
REPORT = explore(SCENARIO)
ROLE = WORDS["roleplay"]


def reason(words: str) -> str:
    """Give the reason that the script holds for a reply."""
    return next(reply.reason for scene in SCENARIO.scenes for reply in scene.replies if reply.words == words)


def test_a_conversation_is_played_to_its_end_with_the_mouse(
    page: Page, site: Server, seen: Seen, tmp_path: Path
) -> None:
    """Each reply brings its reason and the next lines; the end has a profile by skill and a transcript to keep."""
    open_page(page, site, EMPATHY)
    region = begin(page, SCENARIO.title)
    log = region.get_by_role("log")
    expect(log).to_contain_text("It's been a rough week")
    for words in REPORT.best:
        replies(region).filter(has_text=words).click()
        expect(log).to_contain_text(words)
        expect(log).to_contain_text(reason(words))
    expect(region.get_by_role("heading", name=ROLE["end_title"])).to_be_visible()
    expect(region.get_by_role("meter")).to_have_count(len(SCENARIO.skills))
    for skill in SCENARIO.skills:
        expect(region.get_by_label(CATALOG.course.skills[skill].name, exact=True)).to_be_visible()
        expect(region.get_by_text(f"of {REPORT.totals[skill]} points").first).to_be_visible()
    with page.expect_download() as download:
        region.get_by_role("button", name=ROLE["save_transcript"]).click()
    path = tmp_path / "talk.txt"
    download.value.save_as(path)
    text = path.read_text(encoding="utf-8")
    assert all(words in text for words in REPORT.best)
    assert seen.errors == []


def test_any_turn_can_be_taken_again_and_both_tries_stand_side_by_side(page: Page, site: Server) -> None:
    """After another choice the end shows what was said before and what was said this time."""
    open_page(page, site, EMPATHY)
    region = begin(page, SCENARIO.title)
    replies(region).filter(has_text=REPORT.worst[0]).click()
    region.get_by_role("button", name=ROLE["again_name"].format(number=1)).click()
    for words in REPORT.best:
        replies(region).filter(has_text=words).click()
    expect(region.get_by_role("heading", name=ROLE["tries_title"])).to_be_visible()
    tried = region.get_by_role("group", name=ROLE["tries_turn"].format(number=1), exact=True)
    expect(tried).to_contain_text(REPORT.worst[0])
    expect(tried).to_contain_text(REPORT.best[0])


def test_a_conversation_is_played_to_its_end_with_the_keyboard_alone(page: Page, site: Server, seen: Seen) -> None:
    """Tab reaches every reply, Enter chooses it, and focus goes where the talk goes. The mouse is never used."""
    open_page(page, site, EMPATHY)
    page.evaluate("() => document.activeElement?.blur()")
    page.keyboard.press("Tab")
    assert focused(page) == WORDS["page"]["skip"]
    page.keyboard.press("Enter")
    region = talk(page, SCENARIO.title)
    over = region.get_by_role("button", name=ROLE["before_start_over"])
    if over.is_visible():
        press(page, until=lambda: focused(page) == ROLE["before_start_over"])
        page.keyboard.press("Enter")
        expect(over).to_be_hidden()
    for number, words in enumerate(REPORT.best, start=1):
        press(page, until=lambda words=words: focused(page) == words)  # type: ignore[misc]
        page.keyboard.press("Enter")
        expect(region.get_by_role("group", name=ROLE["you_group"].format(number=number), exact=True)).to_be_visible()
        in_log = page.wait_for_function("() => document.activeElement.closest('[role=log]') !== null")
        assert in_log
    expect(region.get_by_role("heading", name=ROLE["end_title"])).to_be_visible()
    assert seen.errors == []


def test_words_that_can_hurt_lead_to_that_moment_again_and_nowhere_else(page: Page, site: Server) -> None:
    """After a Harm reply there is its reason, what it did, and one way on."""
    scenario = CATALOG.module("empathy").scenarios["the-line-before-goodbye"]
    harm = next(reply for reply in scenario.start.replies if reply.rating == "Harm")
    open_page(page, site, EMPATHY)
    region = begin(page, scenario.title)
    replies(region).filter(has_text=harm.words).click()
    expect(region.get_by_role("log")).to_contain_text(harm.reason)
    expect(replies(region)).to_have_count(0)
    region.get_by_role("button", name=ROLE["harm_again"]).click()
    expect(replies(region)).to_have_count(len(scenario.start.replies))


def test_feedback_can_be_folded_away_and_asked_for(page: Page, site: Server) -> None:
    """With the switch off, a reason is behind a question that opens it."""
    scenario = CATALOG.module("what-peer-support-is").scenarios["first-hello"]
    open_page(page, site, "01-what-peer-support-is/lesson.ipynb")
    region = begin(page, scenario.title)
    region.get_by_role("checkbox", name=ROLE["always"]).uncheck()
    reply = scenario.start.replies[0]
    replies(region).filter(has_text=reply.words).click()
    why = region.get_by_text(ROLE["why_ask"])
    expect(why).to_be_visible()
    expect(region.get_by_text(reply.reason)).to_be_hidden()
    why.click()
    expect(region.get_by_text(reply.reason)).to_be_visible()


def test_a_reload_comes_back_to_the_same_turn(page: Page, site: Server) -> None:
    """What was chosen is kept, and the page says that this is where one stopped."""
    scenario = CATALOG.module("empathy").scenarios["which-part-do-you-get"]
    open_page(page, site, EMPATHY)
    region = begin(page, scenario.title)
    words = scenario.start.replies[1].words
    replies(region).filter(has_text=words).click()
    expect(region.get_by_role("log")).to_contain_text(words)
    open_page(page, site, EMPATHY)
    region = talk(page, scenario.title)
    expect(region.get_by_role("log")).to_contain_text(words)
    expect(region.get_by_text(ROLE["before"])).to_be_visible()
