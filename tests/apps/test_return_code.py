"""A website that people share: one comes back to one's work by four words, and nobody else can read it."""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.apps.conftest import DESK, PHONE
from tests.apps.pages import CATALOG, EMPATHY, QUIZ, WORDS, holding, open_page, replies, talk, until
from tests.apps.servers import Server, open_site

SAID, CODE = WORDS["page"], WORDS["code"]
SCENARIO = CATALOG.module("empathy").scenarios["a-rough-week"]
REFLECTION = next(iter(CATALOG.module("empathy").reflections.values()))


@pytest.fixture(scope="module")
def coded_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A shared website of its own: guesses are counted by address, and here every browser has the same one."""
    with open_site(tmp_path_factory.mktemp("coded"), "--shared") as server:
        yield server


@pytest.fixture(scope="module")
def proxied_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A shared website that believes the proxy in front of it."""
    with open_site(tmp_path_factory.mktemp("proxied"), "--shared", "--proxy") as server:
        yield server


def open_code_page(page: Page, site: Server) -> None:
    """Go to the page of the return code by the link that stands on every page."""
    page.goto(site.url)
    page.get_by_role("navigation", name=SAID["nav"]).get_by_role("link", name=SAID["code"]).click()
    expect(page.get_by_role("heading", level=1, name=CODE["title"])).to_be_visible()


def take_code(page: Page, site: Server) -> str:
    """Take a code, and go on with it."""
    open_code_page(page, site)
    page.get_by_role("button", name=CODE["take"]).click()
    code = shown(page)
    page.get_by_role("button", name=CODE["written"]).click()
    at_home(page)
    return code


def shown(page: Page) -> str:
    """Read the code from the page that shows it."""
    expect(page.get_by_role("heading", level=1, name=CODE["new_title"])).to_be_visible()
    words = re.search(r"^[a-z]+ [a-z]+ [a-z]+ [a-z]+$", page.get_by_role("main").inner_text(), re.MULTILINE)
    assert words
    return words[0]


def type_code(page: Page, site: Server, code: str) -> None:
    """Come back with a code."""
    open_code_page(page, site)
    page.get_by_label(CODE["enter_label"]).fill(code)
    page.get_by_role("button", name=CODE["enter"]).click()


def at_home(page: Page) -> None:
    expect(page.get_by_role("link", name="Empathy", exact=True)).to_be_visible()


def field(page: Page):
    return page.get_by_role("region", name=REFLECTION.title).get_by_role("textbox")


def write(page: Page, site: Server, text: str) -> None:
    """Write a reflection, and wait until it is saved."""
    open_page(page, site, EMPATHY)
    field(page).fill(text)
    expect(page.get_by_role("region", name=REFLECTION.title).get_by_text(WORDS["save"]["saved"])).to_be_visible()


def cookie(context: BrowserContext, name: str) -> dict[str, object] | None:
    return next((dict(each) for each in context.cookies() if each["name"] == name), None)


def test_a_talk_begun_on_a_phone_goes_on_at_a_desk_by_the_code(
    new_page: Callable[..., Page], coded_site: Server
) -> None:
    """It is left in the middle of a turn, with a reflection beside it; the other browser stands at that very turn."""
    phone = new_page(viewport=PHONE)
    open_page(phone, coded_site, EMPATHY)
    first = SCENARIO.start.replies[0].words
    replies(talk(phone, SCENARIO.title)).filter(has_text=first).click()
    expect(talk(phone, SCENARIO.title).get_by_role("log")).to_contain_text(first)
    code = take_code(phone, coded_site)  # what was done before comes along
    planted = f"Planted {uuid.uuid4().hex}"
    write(phone, coded_site, planted)
    expect(phone.get_by_role("region", name=REFLECTION.title)).to_contain_text(WORDS["reflection"]["who_reads_code"])
    expect(talk(phone, SCENARIO.title).get_by_role("log")).to_contain_text(first)
    phone.context.close()
    desk = new_page(viewport=DESK)
    type_code(desk, coded_site, code.upper().replace(" ", "-"))
    at_home(desk)
    open_page(desk, coded_site, EMPATHY)
    region = talk(desk, SCENARIO.title)
    expect(region.get_by_role("log")).to_contain_text(first)
    expect(region.get_by_text(WORDS["roleplay"]["before"])).to_be_visible()
    expect(field(desk)).to_have_value(planted)
    second = replies(region).first.inner_text()
    replies(region).first.click()
    expect(region.get_by_role("log")).to_contain_text(second)


def test_no_private_sentence_is_on_the_servers_disk_in_its_log_or_in_the_browser(
    new_page: Callable[..., Page], coded_site: Server
) -> None:
    """Nor is the code, nor anything that the browser asked for by address; it goes through the socket alone."""
    page = new_page()
    asked: list[str] = []
    page.on("request", lambda each: asked.append(each.url + (each.post_data or "")))
    code = take_code(page, coded_site)
    planted = f"Planted {uuid.uuid4().hex}"
    write(page, coded_site, planted)
    files = [path for path in coded_site.home.rglob("*.db*") if path.is_file()]
    assert files
    for words in (planted, code, code.replace(" ", "+"), "reflections"):
        assert holding(coded_site.home, words) == []
    stored = page.evaluate("() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])")
    assert planted not in stored
    assert code not in stored
    assert not any(planted in each for each in asked)
    # The code itself is sent once, in the body of the form, when it is used.
    assert sum(code.replace(" ", "+") in each for each in asked) == 1
    assert not any(code.split()[0] in each.partition("\n")[0].partition("?")[2] for each in asked)


def test_the_cookie_ends_with_the_browser_and_no_script_can_read_it(
    new_page: Callable[..., Page], coded_site: Server
) -> None:
    """On a computer that others use, closing the browser is enough; leaving by its button is too."""
    page = new_page()
    code = take_code(page, coded_site)
    found = cookie(page.context, "alongside-code")
    assert found is not None
    assert found["expires"] == -1
    assert found["httpOnly"]
    assert found["sameSite"] == "Lax"
    write(page, coded_site, "Planted for leaving.")
    open_code_page(page, coded_site)
    page.get_by_role("button", name=CODE["leave"]).click()
    at_home(page)
    assert cookie(page.context, "alongside-code") is None
    open_page(page, coded_site, EMPATHY)
    expect(field(page)).to_have_value("")
    type_code(page, coded_site, code)
    at_home(page)
    open_page(page, coded_site, EMPATHY)
    expect(field(page)).to_have_value("Planted for leaving.")


def test_a_lost_code_can_be_changed_while_one_is_here(new_page: Callable[..., Page], coded_site: Server) -> None:
    """All work moves to the new code, and the old one leads nowhere."""
    page = new_page()
    old = take_code(page, coded_site)
    write(page, coded_site, "Planted before the change.")
    open_code_page(page, coded_site)
    page.get_by_role("button", name=CODE["again"]).click()
    new = shown(page)
    page.get_by_role("button", name=CODE["written"]).click()
    at_home(page)
    open_page(page, coded_site, EMPATHY)
    expect(field(page)).to_have_value("Planted before the change.")
    other = new_page()
    type_code(other, coded_site, old)
    expect(other.get_by_role("alert")).to_have_text(WORDS["record"]["code_nowhere"])
    type_code(other, coded_site, new)
    at_home(other)


def test_what_was_done_without_a_code_comes_along_where_one_wishes(
    new_page: Callable[..., Page], coded_site: Server
) -> None:
    """And only then: somebody else may have sat here before."""
    code = take_code(new_page(), coded_site)
    first = SCENARIO.start.replies[0].words
    for wished in (False, True):
        page = new_page()
        open_page(page, coded_site, EMPATHY)
        replies(talk(page, SCENARIO.title)).filter(has_text=first).click()
        expect(talk(page, SCENARIO.title).get_by_role("log")).to_contain_text(first)
        open_code_page(page, coded_site)
        page.get_by_label(CODE["enter_label"]).fill(code)
        page.get_by_label(CODE["bring"]).set_checked(wished)
        page.get_by_role("button", name=CODE["enter"]).click()
        at_home(page)
        open_page(page, coded_site, EMPATHY)
        log = talk(page, SCENARIO.title).get_by_role("log")
        expect(log).to_contain_text(first) if wished else expect(log).not_to_contain_text(first)


def test_a_page_that_was_open_meanwhile_goes_on_with_the_code(
    new_page: Callable[..., Page], coded_site: Server
) -> None:
    """What is done in it after that is in the record of the code."""
    page = new_page()
    open_page(page, coded_site, EMPATHY)
    other = page.context.new_page()
    take_code(other, coded_site)
    other.close()
    first = SCENARIO.start.replies[0].words
    replies(talk(page, SCENARIO.title)).filter(has_text=first).click()
    expect(talk(page, SCENARIO.title).get_by_role("log")).to_contain_text(first)
    open_page(page, coded_site, EMPATHY)
    expect(talk(page, SCENARIO.title).get_by_role("log")).to_contain_text(first)


def test_words_typed_before_a_code_was_taken_are_kept_once_it_is(
    new_page: Callable[..., Page], coded_site: Server
) -> None:
    """In the window where they were typed, and beside those that another window wrote meanwhile."""
    page = new_page()
    open_page(page, coded_site, EMPATHY)
    planted = f"Planted {uuid.uuid4().hex}"
    field(page).fill(planted)
    region = page.get_by_role("region", name=REFLECTION.title)
    expect(region).to_contain_text(WORDS["reflection"]["who_reads_open"])
    other = page.context.new_page()
    take_code(other, coded_site)
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")  # as when one comes back to it
    expect(region).to_contain_text(WORDS["reflection"]["who_reads_code"])
    expect(region.get_by_text(WORDS["save"]["saved"])).to_be_visible()
    open_page(other, coded_site, EMPATHY)
    expect(field(other)).to_have_value(planted)


def test_without_javascript_a_code_can_be_taken_and_used(new_page: Callable[..., Page], coded_site: Server) -> None:
    """They are plain forms, and the button that prints is not there."""
    page = new_page(java_script_enabled=False)
    page.goto(f"{coded_site.url}/voila/code")
    page.get_by_role("button", name=CODE["take"]).click()
    code = shown(page)
    expect(page.get_by_role("button", name=CODE["print"])).to_be_hidden()
    page.goto(f"{coded_site.url}/voila/code")
    page.get_by_label(CODE["enter_label"]).fill(code)
    page.get_by_role("button", name=CODE["enter"]).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert cookie(page.context, "alongside-code")


def test_all_work_comes_as_a_file_at_one_press_and_nobody_elses(
    new_page: Callable[..., Page], coded_site: Server
) -> None:
    """From the foot of any page."""
    page, other = new_page(), new_page()
    take_code(page, coded_site)
    planted = f"Planted {uuid.uuid4().hex}"
    write(page, coded_site, planted)
    open_page(other, coded_site, EMPATHY)
    for each, holds in ((page, True), (other, False)):
        with each.expect_download() as started:
            each.get_by_role("navigation", name=SAID["my_work"]).get_by_role("link", name=SAID["work_save"]).click()
        assert re.fullmatch(r"alongside-work-\d{4}-\d\d-\d\d\.json", started.value.suggested_filename)
        assert (planted in Path(started.value.path()).read_text(encoding="utf-8")) is holds


def test_deleting_everything_from_any_page_leaves_nothing_of_one_here(
    new_page: Callable[..., Page], coded_site: Server
) -> None:
    """Two presses: the link at a page's foot, and the button it leads to. Then the code leads nowhere either."""
    page = new_page()
    code = take_code(page, coded_site)
    write(page, coded_site, "Planted to be deleted.")
    folders = set((coded_site.home / "visitors").iterdir())
    open_page(page, coded_site, QUIZ)
    page.get_by_role("navigation", name=SAID["my_work"]).get_by_role("link", name=SAID["work_delete"]).click()
    page.get_by_role("button", name=WORDS["work"]["delete_button"]).click()
    expect(page.get_by_text(WORDS["work"]["delete_done"])).to_be_visible()
    until(page, lambda: cookie(page.context, "alongside-code") is None)
    assert cookie(page.context, "alongside-visitor") is None
    left = set((coded_site.home / "visitors").iterdir())
    assert len(folders - left) == 1
    other = new_page()
    type_code(other, coded_site, code)
    expect(other.get_by_role("alert")).to_have_text(WORDS["record"]["code_nowhere"])


@pytest.mark.parametrize("path", ["new", "enter", "leave"])
def test_another_website_can_ask_for_nothing_here(new_page: Callable[..., Page], coded_site: Server, path: str) -> None:
    """A form that comes without this website's own mark is refused."""
    page = new_page()
    answer = page.request.post(f"{coded_site.url}/voila/code/{path}", form={"code": "apple boat cloud drum"})
    assert answer.status == 403
    assert page.request.post(f"{coded_site.url}/voila/work/deleted").status == 403


@pytest.mark.parametrize(
    ("headers", "safe"),
    [({}, True), ({"Host": "course.example"}, False), ({"Host": "course.example", "X-Forwarded-Proto": "https"}, True)],
)
def test_a_website_without_https_says_so_before_a_code_is_typed(
    new_page: Callable[..., Page], proxied_site: Server, headers: dict[str, str], *, safe: bool
) -> None:
    """A proxy in front is believed, and then the cookies travel by https alone."""
    answer = new_page().request.get(f"{proxied_site.url}/voila/code", headers=headers)
    assert (html.escape(CODE["not_safe"]) not in answer.text()) is safe
    given = [each["value"] for each in answer.headers_array if each["name"].lower() == "set-cookie"]
    assert given
    assert all(("secure" in each.lower()) is ("X-Forwarded-Proto" in headers) for each in given if "visitor" in each)


def test_on_ones_own_computer_there_is_no_code(new_page: Callable[..., Page], site: Server) -> None:
    """There is nothing to come back to from elsewhere, so no page and no link speaks of it."""
    page = open_page(new_page(), site)
    expect(page.get_by_role("link", name=SAID["code"])).to_have_count(0)
    assert page.request.get(f"{site.url}/voila/code").status == 404


def test_guesses_run_out(new_page: Callable[..., Page], coded_site: Server) -> None:
    """It comes last here: afterwards nobody from this address gets in for ten minutes. What is open stays open."""
    page = new_page()
    code = take_code(page, coded_site)
    inside = page.context.new_page()
    guesser = new_page()
    wrong = " ".join(reversed(code.split()))
    for _ in range(10):
        type_code(guesser, coded_site, wrong)
        expect(guesser.get_by_role("alert")).to_be_visible()
    type_code(guesser, coded_site, code)
    expect(guesser.get_by_role("alert")).to_contain_text(WORDS["record"]["code_wait"].partition("{")[0])
    open_page(inside, coded_site, EMPATHY)
    until(inside, lambda: field(inside).is_editable())
