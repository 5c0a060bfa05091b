"""Servers and browsers for the tests of what a person sees. Each worker starts a server once, when first asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, WebSocket, expect, sync_playwright

from tests.apps.browser import ARGUMENTS, NONE, find_browser
from tests.apps.servers import Server, copy_course, open_lab, open_site

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
WAIT = 60_000  # milliseconds: a kernel starts in about 5 seconds, and two workers share two cores
_FOREIGN = re.compile(r"^(?:https?|wss?)://(?!(?:127\.0\.0\.1|localhost)[:/])")


@dataclass
class Seen:
    """What the pages of one test asked for and complained about."""

    requests: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium, one for each file: Playwright holds its thread's event loop, which kernels' clients need too."""
    path = find_browser()
    if path is None:
        pytest.fail(NONE)
    expect.set_options(timeout=WAIT)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def seen() -> Iterator[Seen]:
    """Collects what the test's pages do. The test fails if any of them asks another host for anything."""
    found = Seen()
    yield found
    assert found.foreign == [], "the page asked another host"


@pytest.fixture
def new_page(browser: Browser, seen: Seen) -> Iterator[Callable[..., Page]]:
    """Gives a page of a new visitor each time. Takes Playwright's options, such as `viewport` or `color_scheme`."""
    contexts: list[BrowserContext] = []

    def note(asked: Request | WebSocket) -> None:
        seen.requests.append(asked.url)
        if _FOREIGN.match(asked.url):
            seen.foreign.append(asked.url)

    def make(**options: Any) -> Page:
        context = browser.new_context(**{"viewport": PHONE, "accept_downloads": True, **options})
        contexts.append(context)
        context.set_default_timeout(WAIT)
        context.set_default_navigation_timeout(WAIT)
        context.route(_FOREIGN, lambda route: route.abort())
        page = context.new_page()
        page.on("request", note)
        page.on("websocket", note)
        page.on("console", lambda said: seen.errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: seen.errors.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """One page, as wide as a phone."""
    return new_page()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The course as `make open` opens it: one learner's own computer."""
    with open_site(tmp_path_factory.mktemp("site")) as server:
        yield server


@pytest.fixture(scope="session")
def shared_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The course as a website that several people share."""
    with open_site(tmp_path_factory.mktemp("shared"), "--shared") as server:
        yield server


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """JupyterLab on a copy of the course, so that nothing that a test does there changes the checkout."""
    folder = tmp_path_factory.mktemp("lab")
    with open_lab(folder / "home", copy_course(folder / "course")) as server:
        yield server
