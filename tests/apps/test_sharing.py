"""A reflection shown to the instructor when its writer chooses so, and never before; and one text in two windows."""

from __future__ import annotations

import json
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.apps.pages import CATALOG, EMPATHY, QUIZ, WORDS, open_page
from tests.apps.servers import Server
from tests.apps.test_accessibility import SCHEMES, every_finding

REFLECTION = next(iter(CATALOG.module("empathy").reflections.values()))
SHARE, WRITE, HAND = WORDS["share"], WORDS["reflection"], WORDS["handin"]


def place(page: Page) -> Locator:
    return page.get_by_role("region", name=REFLECTION.title, exact=True)


def field(page: Page) -> Locator:
    return place(page).get_by_label(WRITE["label"])


def press(page: Page, name: str) -> None:
    place(page).get_by_role("button", name=name, exact=True).click()


def write(page: Page, text: str) -> None:
    field(page).fill(text)
    expect(place(page).get_by_text(WORDS["save"]["saved"])).to_be_visible()


def hand_in(page: Page, path: Path) -> tuple[dict[str, object], bytes]:
    """Make the file. Gives what `responses.json` holds, and everything in the file as it is read."""
    page.get_by_label(HAND["name"]).fill("Ann Lee")
    with page.expect_download() as download:
        page.get_by_role("button", name=HAND["save"]).click()
    download.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
        return json.loads(archive.read("responses.json")), everything


def show_list(page: Page) -> None:
    page.get_by_role("button", name=HAND["show"]).click()
    expect(page.get_by_role("heading", name=HAND["list_title"])).to_be_focused()


def taken_back(page: Page) -> None:
    """Begin with nothing shared, whatever another test on this server has left."""
    back = place(page).get_by_role("button", name=SHARE["take_back"], exact=True)
    if back.is_visible():
        back.click()
        expect(place(page).get_by_text(SHARE["taken_back"])).to_be_visible()


def test_words_go_out_with_the_file_only_after_they_were_shown_and_shared(
    new_page: Callable[..., Page], site: Server, tmp_path: Path
) -> None:
    """Before, none of them is in the file. Then what will be seen, the day, the list, the file; and taken back."""
    secret, more = f"words {uuid.uuid4().hex}", f"more {uuid.uuid4().hex}"
    page = open_page(new_page(), site, EMPATHY)
    taken_back(page)
    write(page, secret)
    quiz = open_page(page.context.new_page(), site, QUIZ)
    show_list(quiz)
    expect(quiz.get_by_text(HAND["shared_none"])).to_be_visible()
    assert secret.encode() not in hand_in(quiz, tmp_path / "before.zip")[1]

    press(page, SHARE["ask"])
    heading = place(page).get_by_role("heading", name=SHARE["title"])
    expect(heading).to_be_focused()
    part = place(page).get_by_role("region", name=SHARE["title"])
    expect(part).to_contain_text(SHARE["who"])
    expect(part).to_contain_text(secret)
    press(page, SHARE["no"])
    expect(place(page).get_by_role("button", name=SHARE["ask"], exact=True)).to_be_focused()
    show_list(quiz)
    expect(quiz.get_by_text(HAND["shared_none"])).to_be_visible()

    press(page, SHARE["ask"])
    press(page, SHARE["yes"])
    said = place(page).get_by_text("Shared on ")
    expect(said).to_be_focused()
    write(page, f"{secret} {more}")
    expect(place(page).get_by_text(SHARE["changed"])).to_be_visible()
    press(page, SHARE["show"])
    expect(place(page).locator(f"#{shown_id(page)}")).to_contain_text(secret)
    expect(place(page).locator(f"#{shown_id(page)}")).not_to_contain_text(more)

    show_list(quiz)
    expect(quiz.get_by_role("heading", name=HAND["shared_title"])).to_be_visible()
    expect(quiz.get_by_text(HAND["shared_rest"])).to_be_visible()
    expect(quiz.get_by_text(secret, exact=True)).to_be_visible()
    saved, everything = hand_in(quiz, tmp_path / "with.zip")
    assert [(each["id"], each["text"]) for each in saved["shared"]] == [(REFLECTION.id, secret)]  # type: ignore[attr-defined]
    assert everything.count(secret.encode()) == 1
    assert more.encode() not in everything

    page.evaluate("() => window.dispatchEvent(new Event('focus'))")
    expect(place(page).get_by_text("These words were in the file you made on ")).to_be_visible()
    press(page, SHARE["take_back"])
    expect(place(page).get_by_text(SHARE["taken_back"])).to_be_visible()
    expect(place(page).get_by_role("button", name=SHARE["ask"], exact=True)).to_be_focused()
    assert "shared" not in hand_in(quiz, tmp_path / "after.zip")[0]


def shown_id(page: Page) -> str:
    return str(place(page).get_by_role("button", name=SHARE["show"]).get_attribute("aria-controls"))


def test_what_is_shared_is_there_after_a_reload_and_nothing_cannot_be_shared(
    new_page: Callable[..., Page], site: Server
) -> None:
    """An empty field is told in a sentence."""
    page = open_page(new_page(), site, EMPATHY)
    taken_back(page)
    field(page).fill("")
    press(page, SHARE["ask"])
    expect(place(page).get_by_text(SHARE["empty"])).to_be_visible()
    write(page, "For you to read.")
    press(page, SHARE["ask"])
    press(page, SHARE["yes"])
    expect(place(page).get_by_text("Shared on ")).to_be_visible()
    open_page(page, site, EMPATHY)
    expect(place(page).get_by_text("Shared on ")).to_be_visible()
    expect(place(page).get_by_text(SHARE["waits"])).to_be_visible()
    expect(place(page).get_by_role("button", name=SHARE["again"])).to_be_hidden()
    taken_back(page)


def test_the_older_of_two_windows_takes_in_the_newer_text(new_page: Callable[..., Page], site: Server) -> None:
    """When it is looked at again and nothing here would be lost; and what is then written goes on from it."""
    one = open_page(new_page(), site, EMPATHY)
    write(one, "Written first.")
    two = open_page(one.context.new_page(), site, EMPATHY)
    expect(field(two)).to_have_value("Written first.")
    write(two, "Written first, and more.")
    one.evaluate("() => window.dispatchEvent(new Event('focus'))")
    expect(field(one)).to_have_value("Written first, and more.")
    expect(place(one).get_by_text(WRITE["newer_here"])).to_be_visible()
    write(one, "Written first, and more, and on.")
    two.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    expect(field(two)).to_have_value("Written first, and more, and on.")


def test_words_that_are_not_saved_stay_and_the_newer_ones_stand_beside(
    new_page: Callable[..., Page], site: Server
) -> None:
    """Nothing is taken from the writer: they choose when to use the newer words, and go on from those."""
    one = open_page(new_page(), site, EMPATHY)
    write(one, "Where both begin.")
    two = open_page(one.context.new_page(), site, EMPATHY)
    expect(field(two)).to_have_value("Where both begin.")
    write(two, "From the other window.")
    field(one).press_sequentially("Mine. ")
    beside = place(one).get_by_role("region", name=WRITE["newer_title"])
    expect(beside).to_contain_text("From the other window.")
    expect(place(one).get_by_text(WORDS["record"]["newer_text"])).to_be_visible()
    assert "Mine." in field(one).input_value()
    press(one, WRITE["newer_use"])
    expect(field(one)).to_have_value("From the other window.")
    expect(field(one)).to_be_focused()
    expect(beside).to_be_hidden()
    expect(place(one).get_by_text(WORDS["record"]["newer_text"])).to_be_hidden()
    write(one, "From the other window, and on.")
    open_page(two, site, EMPATHY)
    expect(field(two)).to_have_value("From the other window, and on.")


def test_on_a_shared_website_a_sentence_says_why_nothing_can_be_shared(
    new_page: Callable[..., Page], shared_site: Server
) -> None:
    """Where words are not kept."""
    page = open_page(new_page(), shared_site, EMPATHY)
    expect(place(page).get_by_text(SHARE["open"])).to_be_visible()
    expect(place(page).get_by_role("button", name=SHARE["ask"])).to_be_hidden()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_while_one_shares_and_once_it_is_shared(
    new_page: Callable[..., Page], site: Server, scheme: str
) -> None:
    """Nor does anything stand outside of a phone's narrow page."""
    page = open_page(new_page(color_scheme=scheme), site, EMPATHY)
    taken_back(page)
    write(page, f"For you to read. {'long' * 40}")
    press(page, SHARE["ask"])
    assert every_finding(page) == {}
    press(page, SHARE["yes"])
    write(page, "Changed since.")
    press(page, SHARE["show"])
    assert every_finding(page) == {}
    page.set_viewport_size({"width": 320, "height": 844})
    page.evaluate("() => { document.documentElement.style.fontSize = ''; }")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 320
    two = open_page(page.context.new_page(), site, EMPATHY)
    write(two, "From the other window.")
    field(page).press_sequentially("Mine. ")
    expect(place(page).get_by_role("region", name=WRITE["newer_title"])).to_be_visible()
    assert every_finding(page) == {}
    taken_back(two)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_in_the_list_of_what_is_handed_in(
    new_page: Callable[..., Page], site: Server, scheme: str
) -> None:
    """With what is shared in it."""
    page = open_page(new_page(color_scheme=scheme), site, EMPATHY)
    taken_back(page)
    write(page, "For you to read.")
    press(page, SHARE["ask"])
    press(page, SHARE["yes"])
    expect(place(page).get_by_text("Shared on ")).to_be_visible()
    quiz = open_page(page.context.new_page(), site, QUIZ)
    show_list(quiz)
    expect(quiz.get_by_role("heading", name=HAND["shared_title"])).to_be_visible()
    assert every_finding(quiz) == {}
    taken_back(page)
