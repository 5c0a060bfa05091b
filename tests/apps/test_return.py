"""Loss and return: the line is cut, the kernel dies, the server starts again, and nobody loses a word or a turn."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import Page, expect

from alongside.explore import explore
from tests.apps.pages import CATALOG, EMPATHY, QUIZ, WORDS, begin, open_page, replies
from tests.apps.servers import ROOT, Server, clean_environ, free_port, running

SCENARIO = CATALOG.module("empathy").scenarios["a-rough-week"]
REFLECTION = CATALOG.module("empathy").reflections["what-made-room"]
# Keeps the page's sockets at hand, so that a test can cut them, and can hold new ones back.
SOCKETS = """
  window.cut = () => window.lines.forEach((line) => line.close());
  window.lines = [];
  window.offline = false;
  const Real = window.WebSocket;
  window.WebSocket = class extends Real {
    constructor(...all) { super(...all); window.lines.push(this); }
    send(data) { if (!window.offline) super.send(data); }
  };
  const ask = window.fetch;
  window.fetch = (...all) => (window.offline ? Promise.reject(new TypeError("no network")) : ask(...all));
"""


class Restarted:
    """A server that can be ended, in whatever way, and started again at the same address."""

    def __init__(self, home: Path, *arguments: str) -> None:
        self.home, self.port = home, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._command = [
            *(sys.executable, "-m", "alongside", "open", "--no-browser", "--port", str(self.port), *arguments),
        ]
        self._running: Any = None
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        log = self.home / "server.log"
        self._running = running(self._command, f"{self.url}/", log, environ=clean_environ(self.home), folder=ROOT)
        self.process = self._running.__enter__()

    def stop(self) -> None:
        self._running.__exit__(None, None, None)

    def kill(self) -> None:
        """End it as a power cut does."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.stop()

    def kill_kernels(self) -> None:
        """End every kernel of this server, and nothing else of it."""
        assert self.process is not None
        for kernel in kernels_of(self.process.pid):
            kernel.kill()

    @property
    def server(self) -> Server:
        return Server(self.url, self.home, ROOT, self.home / "server.log")


def kernels_of(pid: int) -> list[psutil.Process]:
    """Find the processes that a server's kernels run in: each leads a group of its own."""
    family = psutil.Process(pid).children(recursive=True)
    return [each for each in family if os.getpgid(each.pid) == each.pid and each.pid != pid]


@contextmanager
def restarted(home: Path, *arguments: str) -> Iterator[Restarted]:
    site = Restarted(home, *arguments)
    site.start()
    try:
        yield site
    finally:
        site.stop()


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Restarted]:
    """One learner's own computer."""
    with restarted(tmp_path_factory.mktemp("own")) as site:
        yield site


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Restarted]:
    """A website that several people share, where reflections stay in the page."""
    with restarted(tmp_path_factory.mktemp("many"), "--shared") as site:
        yield site


def cut_line(page: Page, site: Restarted) -> None:
    """Cut the socket."""
    page.evaluate("() => window.cut()")


def kill_kernel(page: Page, site: Restarted) -> None:
    """End the kernel, as a machine without memory does."""
    site.kill_kernels()


def start_again(page: Page, site: Restarted) -> None:
    """End the server without a word, and start it again."""
    site.kill()
    page.wait_for_timeout(1500)
    site.start()


LOSSES = [cut_line, kill_kernel, start_again]


def open_watched(new_page: Callable[..., Page], site: Restarted, path: str) -> Page:
    """Open a page whose sockets can be cut."""
    page = new_page()
    page.add_init_script(SOCKETS)
    return open_page(page, site.server, path)


@pytest.mark.parametrize("lose", LOSSES)
def test_a_conversation_goes_on_at_the_same_turn(
    new_page: Callable[..., Page], own: Restarted, lose: Callable[..., None]
) -> None:
    """What was said stands there, and the next reply leads on, pressed while the line is down or once it is back."""
    page = open_watched(new_page, own, EMPATHY)
    region = begin(page, SCENARIO.title)
    first = SCENARIO.start.replies[0].words
    replies(region).filter(has_text=first).click()
    expect(region.get_by_role("log")).to_contain_text(first)
    offered = replies(region).all_inner_texts()
    lose(page, own)
    replies(region).filter(has_text=offered[0]).click()
    expect(region.get_by_role("log")).to_contain_text(offered[0])
    expect(region.get_by_role("log").get_by_text(first)).to_have_count(1)
    assert region.locator(".al-said").count() == 2
    open_page(page, own.server, EMPATHY)
    expect(begin_log(page)).to_contain_text(offered[0])


@pytest.mark.parametrize("lose", LOSSES)
def test_own_words_stay_in_their_field_and_are_said_once(
    new_page: Callable[..., Page], own: Restarted, lose: Callable[..., None]
) -> None:
    """What is typed while the line is lost is not lost, and the coach answers when it is back."""
    said = WORDS["roleplay"]
    page = open_watched(new_page, own, EMPATHY)
    region = begin(page, SCENARIO.title)
    region.get_by_text(said["own_open"], exact=True).click()
    area = region.get_by_role("textbox")
    area.fill("It sounds like all of it hit at once, ")
    lose(page, own)
    area.press_sequentially("and you are worn out.")
    region.get_by_role("button", name=said["own_say"], exact=True).click()
    on = region.get_by_role("button", name=re.compile(f"^({said['own_anyway']}|{said['own_else']})$"))
    expect(region.locator(".al-said").or_(on).first).to_be_visible()
    if on.is_visible():  # whatever the coach makes of it
        expect(area).to_have_value("It sounds like all of it hit at once, and you are worn out.")
        on.click()
    expect(region.locator(".al-said")).to_have_count(1)
    expect(region.get_by_role("log")).to_contain_text("It sounds like all of it hit at once, and you are worn out.")
    open_page(page, own.server, EMPATHY)
    expect(begin_log(page)).to_contain_text("and you are worn out.")


@pytest.mark.parametrize("lose", LOSSES)
def test_a_talk_of_another_day_stays_beside_the_new_one(
    new_page: Callable[..., Page], own: Restarted, lose: Callable[..., None]
) -> None:
    """Its next turn shows with the next choice, as if nothing had been, and no turn of it shows twice."""
    scenario = CATALOG.module("empathy").scenarios["which-part-do-you-get"]
    said, best = WORDS["roleplay"], explore(scenario).best
    page = open_watched(new_page, own, EMPATHY)
    region = begin(page, scenario.title)
    away = region.get_by_role("button", name=said["beside_away"])
    if not away.is_visible():
        for words in best:
            replies(region).filter(has_text=words).click()
        region.get_by_role("button", name=said["start_over"], exact=True).click()
        region.get_by_role("button", name=said["beside_show"].partition("{")[0]).click()
    expect(away).to_be_visible()
    replies(region).filter(has_text=best[0]).click()
    expect(region.locator(".al-past")).to_have_count(1)
    lose(page, own)
    replies(region).filter(has_text=best[1]).click()
    expect(region.locator(".al-past")).to_have_count(2)
    expect(region.locator(".al-you")).to_have_count(2)
    expect(region.locator(".al-past").last).to_contain_text(best[1])


def begin_log(page: Page) -> Any:
    """Find the log of the conversation, as it stands."""
    return page.get_by_role("region", name=SCENARIO.title, exact=True).get_by_role("log")


@pytest.mark.parametrize("lose", LOSSES)
def test_a_reflection_keeps_every_word(
    new_page: Callable[..., Page], own: Restarted, lose: Callable[..., None]
) -> None:
    """Typed before, during and after the loss, and still there on another day."""
    page = open_watched(new_page, own, EMPATHY)
    area = page.get_by_role("region", name=REFLECTION.title).get_by_role("textbox")
    area.fill("Before. ")
    lose(page, own)
    area.press_sequentially("During. ")
    page.wait_for_timeout(300)
    area.press_sequentially(lose.__name__)
    said = f"Before. During. {lose.__name__}"
    expect(area).to_have_value(said)
    expect(page.get_by_role("region", name=REFLECTION.title)).to_contain_text(WORDS["save"]["saved"])
    expect(area).to_have_value(said)
    again = open_page(page, own.server, EMPATHY).get_by_role("region", name=REFLECTION.title).get_by_role("textbox")
    expect(again).to_have_value(said)


@pytest.mark.parametrize("lose", LOSSES)
def test_a_quiz_keeps_every_answer(new_page: Callable[..., Page], own: Restarted, lose: Callable[..., None]) -> None:
    """A choice and a written answer, given before and during the loss."""
    page = open_watched(new_page, own, QUIZ)
    page.get_by_role("radio").nth(1).check()
    words = page.get_by_role("textbox", name=WORDS["quiz"]["your_answer"]).first
    lose(page, own)
    words.fill(f"Answered during the loss: {lose.__name__}")
    page.get_by_role("radio").nth(6).check()
    expect(page.get_by_text(WORDS["save"]["saved"]).first).to_be_visible()
    open_page(page, own.server, QUIZ)
    expect(page.get_by_role("radio").nth(1)).to_be_checked()
    expect(page.get_by_role("radio").nth(6)).to_be_checked()
    expect(page.get_by_role("textbox", name=WORDS["quiz"]["your_answer"]).first).to_have_value(
        f"Answered during the loss: {lose.__name__}"
    )


@pytest.mark.parametrize("lose", LOSSES)
def test_on_a_shared_website_what_was_written_stays_in_the_page(
    new_page: Callable[..., Page], many: Restarted, lose: Callable[..., None]
) -> None:
    """It is kept nowhere else, so a new kernel must not empty the field."""
    page = open_watched(new_page, many, EMPATHY)
    region = begin(page, SCENARIO.title)
    area = page.get_by_role("region", name=REFLECTION.title).get_by_role("textbox")
    area.fill("Only here.")
    lose(page, many)
    replies(region).first.click()
    expect(region.locator(".al-said")).to_have_count(1)
    expect(area).to_have_value("Only here.")


def test_a_long_loss_is_said_quietly_and_its_end_too(new_page: Callable[..., Page], own: Restarted) -> None:
    """In a status that a screen reader says by itself, and the page can still be read and written on."""
    page = open_watched(new_page, own, EMPATHY)
    page.wait_for_function("() => window.lines.length > 0 && window.lines[0].readyState === 1")
    page.evaluate("() => { window.offline = true; window.cut(); }")
    expect(page.get_by_role("status").filter(has_text=WORDS["page"]["reconnecting"])).to_be_visible()
    page.evaluate("() => { window.offline = false; window.dispatchEvent(new Event('online')); }")
    expect(page.get_by_text(WORDS["page"]["line_back"])).to_be_visible()
    expect(page.get_by_text(WORDS["page"]["line_back"])).to_be_hidden()


def test_a_dead_line_is_noticed_though_it_looks_open(new_page: Callable[..., Page], own: Restarted) -> None:
    """After a sleep a socket can be dead without a sign. What was pressed then still arrives."""
    page = open_watched(new_page, own, EMPATHY)
    region = begin(page, SCENARIO.title)
    page.wait_for_function("() => window.lines.length > 0 && window.lines[0].readyState === 1")
    page.evaluate("() => { window.offline = true; }")
    replies(region).first.click()
    expect(page.get_by_role("status").filter(has_text=WORDS["page"]["reconnecting"])).to_be_visible()
    page.evaluate("() => { window.offline = false; window.dispatchEvent(new Event('online')); }")
    expect(region.locator(".al-said")).to_have_count(1)
