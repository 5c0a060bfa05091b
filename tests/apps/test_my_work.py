"""My work: all that was done is found again, saved, deleted and brought back, on the web and in JupyterLab."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from alongside.record import REFLECTIONS, Record, Space, bundle
from tests.apps.conftest import DESK, Seen
from tests.apps.pages import CATALOG, EMPATHY, MY_WORK, WORDS, begin, focused, holding, open_page, press, replies, talk
from tests.apps.servers import TOKEN, Server, open_site
from tests.apps.test_lab import run_all

SAID = WORDS["work"]
SCENARIO = CATALOG.module("empathy").scenarios["a-rough-week"]
REFLECTION = CATALOG.module("empathy").reflections["what-made-room"]
PLANTED = "A sentence that was planted here"
LOCK = "four plain little words"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Server]:
    """A learner's own computer, on which nothing was done yet."""
    with open_site(tmp_path / "own") as server:
        yield server


def practise(page: Page, site: Server) -> None:
    """Write a reflection and answer once in a conversation."""
    open_page(page, site, EMPATHY)
    region = page.get_by_role("region", name=REFLECTION.title)
    region.get_by_role("textbox").fill(PLANTED)
    expect(region).to_contain_text(WORDS["save"]["saved"])
    region = begin(page, SCENARIO.title)
    replies(region).first.click()
    expect(region.locator(".al-said")).to_have_count(1)


def open_journal(page: Page) -> Locator:
    """Open the part of the module that was written in."""
    journal = page.get_by_role("region", name=SAID["journal_title"])
    journal.get_by_text(CATALOG.module("empathy").lesson.title, exact=True).click()  # type: ignore[union-attr]
    return journal


def save(page: Page, path: Path, name: str = SAID["save_button"]) -> Path:
    """Press what saves a file, and give the file."""
    with page.expect_download() as download:
        page.get_by_role("button", name=name, exact=True).click()
    download.value.save_as(path)
    return path


def bring(page: Page, path: Path) -> Locator:
    """Choose a file and bring it back. Gives the part of the page that says what came of it."""
    part = page.get_by_role("region", name=SAID["bring_title"])
    part.get_by_label(SAID["bring_file"]).set_input_files(path)
    part.get_by_role("button", name=SAID["bring_button"]).click()
    return part


def delete(page: Page) -> None:
    """Delete everything, in two presses."""
    page.locator("summary", has_text=SAID["delete_title"]).click()
    page.get_by_role("button", name=SAID["delete_button"]).click()
    expect(page.get_by_text(SAID["delete_done"])).to_be_visible()


def empty(page: Page) -> None:
    """Expect that nothing is left to see."""
    expect(page.get_by_text(SAID["journal_empty"])).to_be_visible()
    expect(page.get_by_text(SAID["conversations_empty"])).to_be_visible()
    expect(page.get_by_text(PLANTED)).to_have_count(0)


def test_saved_deleted_and_brought_back(page: Page, own: Server, seen: Seen, tmp_path: Path) -> None:
    """Every word and turn is there, then nowhere on the disk, then there again, each in a press or two."""
    practise(page, own)
    page.get_by_role("link", name=WORDS["page"]["my_work"], exact=True).click()
    expect(page.get_by_role("link", name=WORDS["page"]["my_work"], exact=True)).to_have_attribute(
        "aria-current", "page"
    )
    journal = open_journal(page)
    expect(journal.get_by_text(PLANTED)).to_be_visible()
    talks = page.get_by_role("region", name=SAID["conversations_title"])
    expect(talks).to_contain_text(SAID["under_way"].format(turn=2))
    talks.get_by_text(SAID["read_so_far"]).click()
    expect(talks).to_contain_text(SCENARIO.start.replies[0].reason)
    file = save(page, tmp_path / "work.json")
    page.evaluate("() => document.addEventListener('alongside-deleted', () => { window.told = true; })")
    assert holding(own.home, PLANTED)
    page.locator("summary", has_text=SAID["lock_title"]).click()
    page.get_by_label(SAID["lock_words"]).fill(LOCK)
    delete(page)
    empty(page)
    expect(page.get_by_label(SAID["lock_words"])).to_have_value("")
    assert page.evaluate("() => window.told")
    assert focused(page) == SAID["delete_done"]
    assert holding(own.home, PLANTED) == []
    expect(bring(page, file)).to_contain_text(SAID["bring_done"])
    expect(open_journal(page).get_by_text(PLANTED)).to_be_visible()
    talks.get_by_role("link", name=SAID["go_on"].format(title=SCENARIO.title)).click()
    expect(page.get_by_role("region", name=SCENARIO.title).locator(".al-said")).to_have_count(1)
    expect(page.get_by_role("region", name=SCENARIO.title)).to_be_in_viewport()
    assert seen.errors == []


def test_a_talk_that_was_left_goes_on_in_another_browser_by_the_file(
    new_page: Callable[..., Page], shared_site: Server, tmp_path: Path
) -> None:
    """It was closed in the middle of a turn; the home page of the other leads to that very turn."""
    page = open_page(new_page(), shared_site, EMPATHY)
    said = replies(talk(page, SCENARIO.title)).first.inner_text()
    replies(talk(page, SCENARIO.title)).first.click()
    expect(talk(page, SCENARIO.title).get_by_role("log")).to_contain_text(said)
    open_page(page, shared_site, MY_WORK)
    file = save(page, tmp_path / "work.json")
    page.context.close()
    other = open_page(new_page(viewport=DESK), shared_site, MY_WORK)
    expect(bring(other, file)).to_contain_text(SAID["bring_done"])
    open_page(other, shared_site)
    other.get_by_role("link", name=SCENARIO.title).click()
    region = talk(other, SCENARIO.title)
    expect(region.get_by_role("log")).to_contain_text(said)
    second = replies(region).last.inner_text()
    replies(region).last.click()
    expect(region.get_by_role("log")).to_contain_text(second)


def test_from_the_web_to_jupyterlab(
    new_page: Callable[..., Page], own: Server, lab: Server, seen: Seen, tmp_path: Path
) -> None:
    """A locked file brings the words to the other, where they are read, printed and deleted as well."""
    page = new_page()
    practise(page, own)
    open_page(page, own, MY_WORK)
    page.get_by_text(SAID["lock_title"]).click()
    page.get_by_label(SAID["lock_words"]).fill(LOCK)
    page.get_by_label(SAID["lock_show"]).first.check()
    file = save(page, tmp_path / "work.json")
    assert PLANTED.encode() not in file.read_bytes()

    desk = new_page(viewport=DESK)
    desk.add_init_script(PRINTED)
    run_all(desk, lab, f"modules/{MY_WORK}")
    expect(desk.get_by_text(SAID["journal_empty"])).to_be_visible()
    part = bring(desk, file)
    expect(part.get_by_text(WORDS["record"]["bundle_locked"])).to_be_visible()
    part.get_by_label(SAID["bring_words"]).fill("other words")
    desk.keyboard.press("Enter")
    expect(part.get_by_text(WORDS["record"]["bundle_passphrase"])).to_be_visible()
    expect(desk.get_by_text(SAID["journal_empty"])).to_be_visible()
    part.get_by_label(SAID["bring_words"]).fill(LOCK)
    desk.keyboard.press("Enter")
    expect(part).to_contain_text(SAID["bring_done"])
    journal = open_journal(desk)
    expect(journal.get_by_text(PLANTED)).to_be_visible()
    journal.get_by_role("button", name=SAID["print_journal"]).click()
    desk.wait_for_function("() => window.top.printed !== undefined")
    assert PLANTED in desk.evaluate("() => window.top.printed")
    link = journal.get_by_role("link", name=SAID["write_more"].format(title=REFLECTION.title))
    with desk.context.expect_page() as opened:
        link.click()
    expect(opened.value.get_by_role("heading", name="Empathy", exact=True)).to_be_visible()
    opened.value.close()
    save(desk, tmp_path / "again.json")
    delete(desk)
    empty(desk)
    assert holding(lab.home, PLANTED) == []


# Keeps the words of what is printed, in place of the browser's dialog.
PRINTED = """
  window.print = function () { window.top.printed = document.body.innerText; };
"""


def test_in_jupyterlab_a_page_leads_to_my_work(new_page: Callable[..., Page], lab: Server) -> None:
    """By the link in its first line."""
    desk = new_page(viewport=DESK)
    desk.goto(f"{lab.url}/lab/tree/modules/{EMPATHY}?reset&token={TOKEN}")
    first = desk.locator(".jp-Notebook .jp-Cell").first
    first.get_by_role("link", name=WORDS["page"]["my_work"], exact=True).click()
    expect(desk.locator(".jp-NotebookPanel:visible").get_by_role("heading", name=SAID["journal_title"])).to_be_visible()


def test_the_journal_prints_alone(page: Page, own: Server, seen: Seen) -> None:
    """The words under their titles, and nothing of the page around them."""
    page.add_init_script(PRINTED)
    practise(page, own)
    open_page(page, own, MY_WORK)
    page.get_by_role("button", name=SAID["print_journal"]).click()
    page.wait_for_function("() => window.printed !== undefined")
    printed = page.evaluate("() => window.printed")
    assert printed.startswith(SAID["journal_title"])
    for words in (REFLECTION.title, PLANTED):
        assert words in printed
    assert SAID["delete_title"] not in printed
    assert SCENARIO.title not in printed
    assert seen.errors == []


def test_pages_to_read_open_without_the_course(new_page: Callable[..., Page], own: Server, tmp_path: Path) -> None:
    """With no script, offline, and axe finds nothing in them."""
    page = new_page()
    practise(page, own)
    open_page(page, own, MY_WORK)
    html = save(page, tmp_path / "pages.html", SAID["export_page"])
    text = save(page, tmp_path / "pages.txt", SAID["export_text"]).read_text(encoding="utf-8")
    assert PLANTED in text
    assert SCENARIO.start.replies[0].reason in text
    alone = new_page(offline=True)
    alone.goto(html.as_uri())
    expect(alone.get_by_role("heading", level=1, name=WORDS["page"]["my_work"])).to_be_visible()
    expect(alone.get_by_text(PLANTED)).to_be_visible()
    for width in (320, 1280):
        alone.set_viewport_size({"width": width, "height": 800})
        assert alone.evaluate("() => document.documentElement.scrollWidth") <= width
    assert Axe().run(alone).response["violations"] == []


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda data: data.replace(PLANTED.encode(), b"Other words"), "bundle_damaged"),
        (lambda data: data.replace(b'"format": 1', b'"format": 9', 1), "bundle_newer"),
        (lambda _: b"\x89PNG\r\n\x1a\n" + b"\0" * 2_000_000, "bundle_foreign"),
    ],
    ids=["damaged", "newer", "foreign"],
)
def test_a_file_that_cannot_be_brought_back_changes_nothing(
    page: Page, own: Server, tmp_path: Path, spoil: Callable[[bytes], bytes], sentence: str
) -> None:
    """A sentence says why, and the words that are here stay."""
    practise(page, own)
    open_page(page, own, MY_WORK)
    file = save(page, tmp_path / "work.json")
    file.write_bytes(spoil(file.read_bytes()))
    expect(bring(page, file).get_by_text(WORDS["record"][sentence])).to_be_visible()
    expect(open_journal(page).get_by_text(PLANTED)).to_be_visible()


def test_a_large_file_is_brought_back_in_pieces(page: Page, own: Server, tmp_path: Path, seen: Seen) -> None:
    """Far above what one message may hold, and with how far it is."""
    record = Record(Space(tmp_path / "large"))
    with record.changing() as shelf:
        for number in range(300):
            value: Any = {"text": f"{PLANTED} {number} " + "word " * 2000, "other": False}
            shelf.keep(record._thing(REFLECTIONS, f"empathy--piece-{number}", value))
    file = tmp_path / "large.json"
    file.write_bytes(bundle.save(record))
    assert file.stat().st_size > 3_000_000
    open_page(page, own, MY_WORK)
    part = bring(page, file)
    expect(part.get_by_text(re.compile("percent"))).to_be_visible()
    expect(part).to_contain_text(WORDS["record"]["found_added"].format(count=300))
    expect(open_journal(page).locator("article")).to_have_count(300)
    save(page, tmp_path / "again.json")
    assert (tmp_path / "again.json").stat().st_size > 3_000_000
    assert seen.errors == []


def test_an_address_leads_to_deleting_in_one_press(page: Page, own: Server) -> None:
    """From any page a link is the first press, and the button the second."""
    practise(page, own)
    page.goto(f"{own.url}/voila/render/{MY_WORK}#at-delete")
    page.get_by_role("button", name=SAID["delete_button"]).click()
    expect(page.get_by_text(SAID["delete_done"])).to_be_visible()
    empty(page)
    assert holding(own.home, PLANTED) == []


def test_all_of_it_works_with_the_keyboard_alone(page: Page, own: Server, tmp_path: Path) -> None:
    """To open the journal, to save, and to delete."""
    practise(page, own)
    open_page(page, own, MY_WORK)
    press(page, until=lambda: focused(page).startswith(CATALOG.module("empathy").lesson.title))  # type: ignore[union-attr]
    page.keyboard.press("Enter")
    expect(page.get_by_text(PLANTED)).to_be_visible()
    press(page, until=lambda: focused(page) == SAID["save_button"])
    with page.expect_download():
        page.keyboard.press("Enter")
    press(page, until=lambda: focused(page) == SAID["delete_title"])
    page.keyboard.press("Enter")
    press(page, until=lambda: focused(page) == SAID["delete_button"])
    page.keyboard.press("Enter")
    expect(page.get_by_text(SAID["delete_done"])).to_be_visible()
    empty(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_when_all_of_it_is_open(
    new_page: Callable[..., Page], own: Server, tmp_path: Path, scheme: str
) -> None:
    """Every part opened, with what was saved and refused, at each width, with letters at twice their size."""
    page = new_page(color_scheme=scheme)
    practise(page, own)
    open_page(page, own, MY_WORK)
    open_journal(page)
    page.get_by_text(SAID["read_so_far"]).click()
    page.get_by_text(SAID["lock_title"]).click()
    page.get_by_role("button", name=SAID["save_button"], exact=True).click()
    expect(page.get_by_text(SAID["lock_empty"])).to_be_visible()
    page.get_by_label(SAID["lock_words"]).fill(LOCK)
    page.get_by_label(SAID["lock_again"]).fill(LOCK)
    file = save(page, tmp_path / "work.json")
    expect(bring(page, file).get_by_label(SAID["bring_words"])).to_be_visible()
    page.locator("summary", has_text=SAID["delete_title"]).click()
    expect(page.get_by_text(PLANTED)).to_be_visible()
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for size in ("100%", "200%"):
            page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", size)
            assert page.evaluate("() => document.documentElement.scrollWidth") <= width
            assert [each["id"] for each in Axe().run(page).response["violations"]] == []


def test_on_a_shared_website_it_says_that_writing_is_not_kept(page: Page, shared_site: Server) -> None:
    """And a conversation that was practiced there is listed."""
    open_page(page, shared_site, EMPATHY)
    region = begin(page, SCENARIO.title)
    replies(region).first.click()
    expect(region.locator(".al-said")).to_have_count(1)
    open_page(page, shared_site, MY_WORK)
    expect(page.get_by_text(SAID["journal_not_kept"])).to_be_visible()
    expect(page.get_by_role("region", name=SAID["conversations_title"])).to_contain_text(SCENARIO.title)
    delete(page)
    expect(page.get_by_text(SAID["conversations_empty"])).to_be_visible()
