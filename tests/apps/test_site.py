"""The web app: what a person sees first, and what nobody gets."""

from __future__ import annotations

import http.client
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.apps.conftest import Seen
from tests.apps.pages import CATALOG, EMPATHY, GLOSSARY, LESSONS, MY_WORK, PRACTICE_LAB, WORDS, open_page
from tests.apps.servers import Server


def ask(
    site: Server, path: str, method: str = "GET", headers: dict[str, str] | None = None
) -> tuple[int, str, dict[str, str]]:
    """Ask the server for a path as it stands, which a browser would tidy first."""
    connection = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=60)
    try:
        connection.request(method, path, headers=headers or {})
        reply = connection.getresponse()
        return reply.status, reply.read().decode("utf-8", "replace"), {k.lower(): v for k, v in reply.getheaders()}
    finally:
        connection.close()


def test_the_home_page_shows_every_module_with_minutes_and_progress(page: Page, site: Server, seen: Seen) -> None:
    """Each module is a link with its minutes and a progress bar that has a name, and no code is in sight."""
    open_page(page, site)
    for module in CATALOG.modules:
        assert module.lesson is not None
        expect(page.get_by_role("link", name=module.lesson.title, exact=True)).to_be_visible()
        expect(page.get_by_text(f"About {module.lesson.minutes} minutes").first).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_count(len(CATALOG.modules))
    expect(page.get_by_text("import", exact=False)).to_have_count(0)
    expect(page.locator(".jp-InputArea-editor")).to_have_count(0)
    assert seen.errors == []


def test_a_lesson_opens_from_home_and_leads_back(page: Page, site: Server, seen: Seen) -> None:
    """One click each way; the page has a language, a title, one main part, and nothing that spins for ever."""
    open_page(page, site)
    page.get_by_role("link", name="Empathy", exact=True).click()
    expect(page).to_have_title("Empathy")
    expect(page.get_by_role("heading", level=1, name="Empathy")).to_be_visible()
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_text(WORDS["page"]["opening"])).to_have_count(0)
    expect(page.get_by_text(WORDS["lesson"]["lab_button"])).to_have_count(0)
    page.get_by_role("link", name=WORDS["page"]["home"]).click()
    expect(page.get_by_role("heading", level=1, name=CATALOG.course.title)).to_be_visible()
    assert seen.errors == []


@pytest.mark.parametrize("path", ["", MY_WORK, PRACTICE_LAB, GLOSSARY, *LESSONS])
def test_a_phone_never_scrolls_sideways(page: Page, site: Server, path: str) -> None:
    """At 320 px, with letters at 200 %, nothing is wider than the screen, and no activity than its place."""
    page.set_viewport_size({"width": 320, "height": 700})
    open_page(page, site, path)
    wide = """() => Math.max(
        ...[document.documentElement, ...document.querySelectorAll('.alongside-activity, .al')]
            .map((each) => each.scrollWidth - each.clientWidth))"""
    assert page.evaluate(wide) <= 0
    page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    assert page.evaluate(wide) <= 0


def test_without_javascript_the_lesson_can_be_read(new_page: object, site: Server) -> None:
    """The text stands in the page itself, and a line says what is missing."""
    page: Page = new_page(java_script_enabled=False)  # type: ignore[operator]
    page.goto(f"{site.url}/voila/render/{EMPATHY}")
    expect(page.get_by_text(WORDS["page"]["no_script"])).to_be_visible()
    expect(page.get_by_role("heading", name="Say it back, as a guess")).to_be_visible()


@pytest.mark.parametrize(
    "path",
    [
        "/voila/render/_template/lesson.ipynb",
        "/voila/render/../assessments/source/empathy/empathy.ipynb",
        "/voila/render/..%2Fassessments%2Fsource%2Fempathy%2Fempathy.ipynb",
        "/voila/render/02-empathy/lesson.md",
        "/voila/render/02-empathy/none.ipynb",
        "/voila/render//etc/passwd",
        "/voila/files/02-empathy/quiz.ipynb",
        "/voila/files/02-empathy/practice.md",
        "/voila/files/../assessments/questions/empathy.md",
        "/voila/static/../../../../../../etc/passwd",
        "/static/etc/passwd",
        "/voila/tree",
        "/voila/api/contents",
        "/api/contents",
        "/lab",
        "/nothing",
    ],
)
def test_nothing_but_the_courses_pages_is_served(site: Server, path: str) -> None:
    """Answers, sources, other files and other notebooks are refused, in words without a traceback."""
    status, text, _ = ask(site, path)
    assert status in {400, 403, 404}
    assert "root:" not in text
    assert "[x]" not in text
    assert "Traceback" not in text


def test_a_page_that_is_not_there_says_so_and_leads_home(page: Page, site: Server) -> None:
    """The words are plain, and the way home works."""
    page.goto(f"{site.url}/voila/render/02-empathy/lesson.ipynbb")
    expect(page.get_by_role("heading", name="This page is not here")).to_be_visible()
    page.get_by_role("link", name="Go to the first page of the course").click()
    expect(page.get_by_role("heading", level=1, name=CATALOG.course.title)).to_be_visible()


def test_every_answer_carries_a_policy_that_lets_nothing_in_from_elsewhere(site: Server) -> None:
    """Pages, what they load, and the page for what is not there. A page's own scripts are named by a fresh number."""
    _, text, headers = ask(site, "/voila/render/home.ipynb")
    named = re.findall(r"'nonce-([\w-]+)'", headers["content-security-policy"])
    assert len(set(named)) == 1
    assert f'<script nonce="{named[0]}">' in text
    assert named[0] not in ask(site, "/voila/render/home.ipynb")[1]
    front = re.search(r'src="(/voila/front/[^"]+)"', text)
    assert front
    for path in ("/voila/render/home.ipynb", front[1], "/nothing", "/voila/kernel/none"):
        _, _, headers = ask(site, path)
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; ")
        assert "unsafe" not in policy
        assert "*" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/voila/render/home.ipynb", "/api/kernels/00000000-0000-0000-0000-000000000000"])
def test_another_sites_name_for_this_computer_is_refused(site: Server, path: str) -> None:
    """A page elsewhere cannot read a learner's work by pointing its own name at their computer."""
    status, text, _ = ask(site, path, headers={"Host": "elsewhere.example"})
    assert status == 403
    assert "What peer support is" not in text


def test_a_template_cannot_be_chosen_from_the_address(site: Server) -> None:
    """`?template=` is ignored: another one would bring in another host's stylesheets."""
    _, text, _ = ask(site, "/voila/render/home.ipynb?template=lab&theme=dark")
    assert "jsdelivr" not in text
    assert 'class="alongside-skip"' in text
