"""Own words in a conversation: typed on a phone, by the keyboard alone, heard, and kept where only they may be."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from alongside.own_words import previous
from alongside.record import OWN_WORDS, RUNS, Record, Space
from alongside.roleplay import play
from alongside_widgets.hearing import Ear
from tests.apps.conftest import DESK, PHONE, Seen
from tests.apps.pages import CATALOG, EMPATHY, WORDS, begin, focused, holding, open_page, press, replies, talk, until
from tests.apps.servers import Server

SCENARIO = CATALOG.module("empathy").scenarios["a-rough-week"]
NAME = f"empathy--{SCENARIO.id}"
ROLE, COACH = WORDS["roleplay"], WORDS["coach"]
LINE = previous(play(SCENARIO, [])[0])
SMALL = {"width": 320, "height": 640}
MANY = (
    "It sounds like all of it hit at once, and you are worn out.", "So it was one thing after another this week.",
    "What was the hardest part of this week?", "You are carrying a lot at once.",
    "You're pathetic. Just stop drinking.", "Just stop drinking.", "What is wrong with you? You make me sick.",
    "You must be so weak to let it get to you.", "Your boss sounds like a jerk.", "Don't be ridiculous.",
    "If you don't shape up they will take your kids.", "Tuesday there was rain on the roof and a bus.",
    "Same time next week!", "The roof is green there, mostly, near a bus and a bucket.", "Green roofs near buckets.",
)  # fmt: skip


def one(kind: str) -> str:
    """Find words that the coach hears in one way, as it is today."""
    ear = Ear(COACH, SCENARIO.person, "en")
    found = [words for words in MANY if (heard := ear.hear(words, LINE)) and heard.kind == kind]
    if not found:
        pytest.fail(f"none of the examples is {kind} to the coach")
    return found[0]


def field(region: Locator) -> Locator:
    """Open the place for own words, if it is closed, and give its field."""
    area = region.get_by_role("textbox")
    if not area.is_visible():
        region.get_by_text(ROLE["own_open"], exact=True).click()
    return area


def say(region: Locator, words: str) -> None:
    """Type words, and say them."""
    field(region).fill(words)
    region.get_by_role("button", name=ROLE["own_say"], exact=True).click()


def coach(region: Locator) -> Locator:
    """Find what the coach says before anything moves."""
    return region.get_by_role("group", name=COACH["coach"])


def test_own_words_are_typed_by_keyboard_heard_marked_and_there_again(page: Page, site: Server, seen: Seen) -> None:
    """On a phone. Enter makes a new line, the button says it, and after a reload it stands as it was."""
    words = one("heard")
    open_page(page, site, EMPATHY)
    region = begin(page, SCENARIO.title)
    press(page, until=lambda: focused(page) == ROLE["own_open"])
    page.keyboard.press("Enter")
    press(page, until=lambda: focused(page) == ROLE["own_label"].format(person="Alex"))
    page.keyboard.type(f"{words[:9]}")
    page.keyboard.press("Enter")
    page.keyboard.type(words[9:])
    expect(region.get_by_text(ROLE["own_reads_own"])).to_be_visible()
    assert field(region).input_value() == f"{words[:9]}\n{words[9:]}"
    assert region.get_by_role("group", name=ROLE["you_group"].format(number=1)).count() == 0
    field(region).fill(words)
    press(page, until=lambda: focused(page) == ROLE["own_say"])
    page.keyboard.press("Enter")
    you = region.get_by_role("group", name=ROLE["you_group"].format(number=1), exact=True)
    expect(you).to_contain_text(words)
    expect(you).to_contain_text(COACH["coach"])
    expect(you.locator("mark").first).to_be_visible()
    assert page.evaluate("() => document.activeElement.closest('[role=log]') !== null")
    before = you.inner_text()
    open_page(page, site, EMPATHY)
    you = talk(page, SCENARIO.title).get_by_role("group", name=ROLE["you_group"].format(number=1), exact=True)
    expect(you).to_contain_text(words)
    assert you.inner_text() == before
    assert seen.errors == []


def test_words_that_can_hurt_stay_in_the_field_and_nothing_moves(page: Page, site: Server, seen: Seen) -> None:
    """What could hurt is marked, with one other way; the words can be changed, and a reload keeps none of them."""
    words = one("harm")
    open_page(page, site, EMPATHY)
    region = begin(page, SCENARIO.title)
    say(region, words)
    expect(coach(region)).to_contain_text("One way:")
    assert all(COACH[f"why_{name}"] not in coach(region).inner_text() for name in ("heard", "affirms", "supports"))
    expect(field(region)).to_have_value(words)
    expect(replies(region)).to_have_count(len(SCENARIO.start.written))
    assert page.evaluate("() => document.activeElement.getAttribute('role')") == "group"
    region.get_by_role("button", name=ROLE["own_change"]).click()
    expect(field(region)).to_be_focused()
    open_page(page, site, EMPATHY)
    expect(talk(page, SCENARIO.title).get_by_role("group", name=ROLE["you_group"].format(number=1))).to_have_count(0)
    assert holding(site.home, words) == []
    assert seen.errors == []


def test_where_the_coach_is_not_sure_it_asks_and_goes_along(page: Page, site: Server) -> None:
    """What the learner says it was for is taken as it is, and is said in the log."""
    open_page(page, site, EMPATHY)
    region = begin(page, SCENARIO.title)
    say(region, one("unsure"))
    expect(coach(region)).to_contain_text(COACH["unsure"])
    coach(region).get_by_role("button", name=COACH["deed_reflects"]).click()
    you = region.get_by_role("group", name=ROLE["you_group"].format(number=1), exact=True)
    expect(you).to_contain_text(ROLE["own_meant"].format(meant=COACH["deed_reflects"]))
    expect(you).to_contain_text(SCENARIO.start.routes[0].reason)


def test_what_may_land_hard_is_read_once_more_and_can_be_said_anyway(page: Page, site: Server) -> None:
    """A moment that is taken again opens with what was said there."""
    words = one("careful")
    open_page(page, site, EMPATHY)
    region = begin(page, SCENARIO.title)
    say(region, words)
    expect(coach(region)).to_contain_text(COACH["careful"].format(person="Alex"))
    expect(region.get_by_role("group", name=ROLE["you_group"].format(number=1))).to_have_count(0)
    region.get_by_role("button", name=ROLE["own_anyway"]).click()
    expect(region.get_by_role("group", name=ROLE["you_group"].format(number=1), exact=True)).to_contain_text(words)
    region.get_by_role("button", name=ROLE["again_name"].format(number=1)).click()
    expect(region.get_by_role("textbox")).to_have_value(words)


def test_nothing_that_is_typed_is_in_a_log_an_address_or_the_browser(page: Page, site: Server, seen: Seen) -> None:
    """It is in the record alone, and it is gone from there when the talk starts over."""
    words = f"{one('heard')} Mauve kettles"
    open_page(page, site, EMPATHY)
    region = begin(page, SCENARIO.title)
    say(region, words)
    you = region.get_by_role("group", name=ROLE["you_group"].format(number=1), exact=True)
    on = coach(region).get_by_role("button").filter(has_text=re.compile(f"^({ROLE['own_anyway']}|{ROLE['own_else']})$"))
    expect(you.or_(on).first).to_be_visible()
    if on.is_visible():  # whatever the coach makes of kettles
        on.click()
    expect(you).to_contain_text("Mauve kettles")
    assert {path.name for path in holding(site.home, "Mauve kettles")} <= {"record.db", "record.db-wal"}
    assert holding(site.home, "Mauve kettles")
    assert not [url for url in seen.requests if "kettles" in url.lower()]
    stored = page.evaluate(
        "() => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href])"
    )
    assert "kettles" not in stored.lower()
    region.get_by_role("button", name=ROLE["start_over"]).last.click()
    expect(you).to_have_count(0)
    record = Record(Space(site.home))
    until(page, lambda: record.get(OWN_WORDS, NAME) == {"format": 1, "words": []})
    assert record.get(RUNS, NAME)["choices"] == []  # type: ignore[index]
    record.close()
    assert "kettles" not in site.log.read_text(encoding="utf-8", errors="replace")


def test_on_a_shared_website_the_page_says_that_own_words_are_not_kept(
    new_page: Callable[..., Page], shared_site: Server
) -> None:
    """They stand on the page; after a reload the talk goes on from there, and says what they did."""
    words = one("heard")
    page = open_page(new_page(), shared_site, EMPATHY)
    region = begin(page, SCENARIO.title)
    field(region)
    expect(region.get_by_text(ROLE["own_reads_open"])).to_be_visible()
    say(region, words)
    you = region.get_by_role("group", name=ROLE["you_group"].format(number=1), exact=True)
    expect(you).to_contain_text(words)
    open_page(page, shared_site, EMPATHY)
    expect(you).to_contain_text(ROLE["own_said"])
    expect(you).not_to_contain_text(words)
    assert holding(shared_site.home, words) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [SMALL, PHONE, DESK], ids=lambda size: str(size["width"]))
def test_axe_finds_nothing_where_own_words_are_typed_and_answered(
    new_page: Callable[..., Page], site: Server, scheme: str, size: dict[str, int]
) -> None:
    """With what can hurt, with a question, and with what was heard; nothing is wider than the page."""
    page = open_page(new_page(viewport=size, color_scheme=scheme), site, EMPATHY)
    region = begin(page, SCENARIO.title)
    for kind in ("harm", "unsure", "careful", "heard"):
        say(region, one(kind))
        if kind == "heard":
            expect(region.get_by_role("group", name=ROLE["you_group"].format(number=1), exact=True)).to_be_visible()
        else:
            expect(coach(region).get_by_role("button", name=ROLE["own_change"])).to_be_visible()
        assert Axe().run(page).response["violations"] == []
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
