"""The practice lab in a real browser: a try, a second try, what they come to, and what is heard another way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from alongside.coding.voices import read_voice
from alongside.record import DISPUTES, TRIES, Record, Space
from tests.apps.conftest import DESK, Seen
from tests.apps.pages import CATALOG, MY_WORK, PRACTICE_LAB, WORDS, focused, holding, open_page, press, until
from tests.apps.servers import Server, copy_course, open_site
from tests.apps.test_lab import run_all

SAID, DOUBT, COACH = WORDS["lab"], WORDS["dispute"], WORDS["coach"]
PROMPTS, _ = CATALOG.prompts
assert PROMPTS is not None
SKILL, OTHER = list(PROMPTS.skills.values())[:2]
FIRST, SECOND = PROMPTS.under(SKILL.id)[:2]
PLANTED = "the zebra curtains"
CLOSED, OPEN = f"Did you call about {PLANTED}?", f"What was it like with {PLANTED}?"
HARM = "Just stop it or I'll call your boss."


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Server]:
    """A learner's own computer, on which nothing was done yet."""
    with open_site(tmp_path / "own") as server:
        yield server


def lab(page: Page) -> Locator:
    """Find the lab."""
    return page.get_by_role("region", name=SAID["title"], exact=True)


def say(page: Page, words: str) -> None:
    """Type a reply and have it heard."""
    lab(page).get_by_label(SAID["answer"]).fill(words)
    lab(page).get_by_role("button", name=SAID["hear"]).click()
    expect(lab(page).get_by_text(COACH["coach"])).to_be_visible()


def trainers(page: Page) -> Locator:
    """Open the part for trainers."""
    lab(page).locator("summary", has_text=SAID["trainers"].partition(" (")[0]).click()
    return lab(page)


def tries(site: Server) -> int:
    """Say how many tries are on the disk."""
    record = Record(Space(site.home))
    try:
        return len(record.names(TRIES))
    finally:
        record.close()


def test_a_line_is_answered_twice_by_keyboard_and_a_dispute_takes_two_presses(
    page: Page, own: Server, seen: Seen, tmp_path: Path
) -> None:
    """On a phone. What was typed is in no file, log or address until it is kept by choice, and a reload shows none."""
    open_page(page, own)
    page.get_by_role("link", name=WORDS["page"]["practice_lab"], exact=True).click()
    expect(lab(page).get_by_label(SAID["answer"])).to_be_visible()
    press(page, until=lambda: focused(page).startswith(SAID["answer"]))
    page.keyboard.type(CLOSED)
    press(page, until=lambda: focused(page) == SAID["hear"])
    page.keyboard.press("Enter")
    marked = lab(page).locator("mark")
    expect(marked).to_have_text(CLOSED)
    expect(lab(page).get_by_text(f"[{COACH['mark_asks-closed']}]").first).to_be_visible()
    assert COACH["coach"] in focused(page)

    press(page, until=lambda: focused(page) == SAID["again"])
    page.keyboard.press("Enter")
    expect(lab(page).get_by_label(SAID["answer"])).to_be_focused()
    expect(lab(page).get_by_label(SAID["answer"])).to_have_value(CLOSED)  # the words are there to be changed
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(OPEN)
    press(page, until=lambda: focused(page) == SAID["hear"])
    page.keyboard.press("Enter")
    expect(marked).to_have_text(OPEN)
    until(page, lambda: tries(own) == 2)
    assert holding(own.home, PLANTED) == []

    press(page, until=lambda: focused(page) == DOUBT["other_name"].format(words=OPEN))
    page.keyboard.press("Enter")
    expect(lab(page).get_by_text(DOUBT["keeps"])).to_be_visible()
    assert holding(own.home, PLANTED) == []
    press(page, until=lambda: focused(page) == COACH["mark_reflects"])
    page.keyboard.press("Enter")
    expect(lab(page).get_by_text(DOUBT["kept"].format(label=COACH["mark_reflects"]))).to_be_visible()
    assert focused(page) == DOUBT["other_name"].format(words=OPEN)

    page.reload()
    expect(lab(page).get_by_label(SAID["answer"])).to_have_value("")
    expect(page.get_by_text(PLANTED)).to_have_count(0)
    part = trainers(page)
    expect(part.get_by_text(SAID["trainers_reply"].format(words=OPEN))).to_be_visible()
    with page.expect_download() as download:
        part.get_by_role("button", name=SAID["trainers_save"]).click()
    file = tmp_path / "heard.txt"
    download.value.save_as(file)
    (example,), faults = read_voice(file.read_text(encoding="utf-8"), file.name, "heard")
    assert faults == ()
    assert (example.previous, example.text, example.codes) == (FIRST.words, OPEN, {"reflection-simple"})

    part.get_by_role("button", name=SAID["trainers_delete_name"].format(words=OPEN)).click()
    expect(part.get_by_text(SAID["trainers_gone"])).to_be_visible()
    expect(part.get_by_text(SAID["trainers_none"])).to_be_visible()
    assert holding(own.home, PLANTED) == []
    assert PLANTED not in own.log.read_text(encoding="utf-8", errors="replace")
    kept = page.evaluate("() => JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert [each for each in (*seen.requests, kept) if "zebra" in each] == []


def test_after_some_tries_it_says_what_they_come_to(page: Page, own: Server, seen: Seen) -> None:
    """In words, in a picture with a name, and in a table; words that could hurt are not counted."""
    open_page(page, own, PRACTICE_LAB)
    expect(lab(page).get_by_text(SAID["counts_none"].format(count=5))).to_be_visible()
    for words in (CLOSED, OPEN, "What happened then?", "How did that feel for you?"):
        say(page, words)
    expect(lab(page).get_by_text(SAID["counts_few"].format(tries=4, count=5))).to_be_visible()
    say(page, HARM)
    expect(lab(page).get_by_text(COACH["mark_harm_threat"]).first).to_be_visible()
    expect(lab(page).get_by_label(SAID["answer"])).to_have_value(HARM)
    expect(lab(page).get_by_text(SAID["counts_few"].format(tries=4, count=5))).to_be_visible()
    say(page, "What do you want?")
    expect(lab(page).get_by_text(SAID["ratio_no_reflections"].format(questions=5))).to_be_visible()
    expect(lab(page).get_by_role("img", name=SAID["picture"].format(reflections=0, questions=5))).to_be_visible()
    lab(page).get_by_text(SAID["table_title"]).click()
    row = lab(page).get_by_role("table").get_by_role("row").last
    expect(row.get_by_role("cell").first).to_have_text("5")
    lab(page).get_by_role("button", name=SAID["hear"]).click()  # the same words again are the same try
    page.wait_for_timeout(500)
    assert tries(own) == 5
    open_page(page, own, PRACTICE_LAB)
    expect(lab(page).get_by_text(SAID["ratio_no_reflections"].format(questions=5))).to_be_visible()
    assert seen.errors == []


def test_lines_follow_each_other_and_others_answers_come_after_the_first_try(page: Page, site: Server) -> None:
    """A skill has its own lines; what other people said is folded."""
    open_page(page, site, PRACTICE_LAB)
    expect(lab(page).get_by_text(FIRST.words)).to_be_visible()
    expect(lab(page).get_by_text(SAID["ways"])).to_have_count(0)
    say(page, OPEN)
    expect(lab(page).get_by_text(FIRST.ways[0])).to_be_hidden()
    lab(page).get_by_text(SAID["ways"]).click()
    expect(lab(page).get_by_text(FIRST.ways[0])).to_be_visible()
    lab(page).get_by_role("button", name=SAID["next"]).click()
    expect(lab(page).get_by_text(SECOND.words)).to_be_visible()
    expect(lab(page).get_by_label(SAID["answer"])).to_have_value("")
    lab(page).get_by_label(SAID["skill"]).select_option(OTHER.name)
    expect(lab(page).get_by_text(PROMPTS.under(OTHER.id)[0].words)).to_be_visible()
    lab(page).get_by_role("button", name=SAID["hear"]).click()
    expect(lab(page).get_by_text(COACH["odd_empty"])).to_be_visible()


def test_what_was_counted_and_kept_goes_with_all_work_and_is_deleted_with_it(
    page: Page, own: Server, tmp_path: Path
) -> None:
    """It is in the pages to read, and in what is deleted."""
    open_page(page, own, PRACTICE_LAB)
    say(page, OPEN)
    lab(page).get_by_role("button", name=DOUBT["other"]).click()
    lab(page).get_by_role("button", name=DOUBT["none"], exact=True).click()
    expect(lab(page).get_by_text(DOUBT["kept"].format(label=DOUBT["none"]))).to_be_visible()
    open_page(page, own, MY_WORK)
    with page.expect_download() as download:
        page.get_by_role("button", name=WORDS["work"]["export_text"]).click()
    download.value.save_as(tmp_path / "pages.txt")
    text = (tmp_path / "pages.txt").read_text(encoding="utf-8")
    assert SAID["trainers_reply"].format(words=OPEN) in text
    page.locator("summary", has_text=WORDS["work"]["delete_title"]).click()
    expect(page.get_by_text(WORDS["work"]["count_disputes_one"])).to_be_visible()
    page.get_by_role("button", name=WORDS["work"]["delete_button"]).click()
    expect(page.get_by_text(WORDS["work"]["delete_done"])).to_be_visible()
    assert holding(own.home, PLANTED) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_when_all_of_it_is_open(new_page: Callable[..., Page], own: Server, scheme: str) -> None:
    """What was heard, the deeds to choose from, the table and what was kept, at each width, with large letters."""
    page = new_page(color_scheme=scheme)
    open_page(page, own, PRACTICE_LAB)
    for words in (
        OPEN,
        CLOSED,
        "What happened then?",
        "How did that feel for you?",
        f"{OPEN} {HARM}",
        CLOSED + " " + OPEN,
    ):
        say(page, words)
        # The answer before stands there until this one comes.
        expect(lab(page).locator(".al-marked")).to_contain_text(words[:12])
    first = lab(page).get_by_role("button", name=DOUBT["other"]).first
    first.click()
    lab(page).get_by_role("button", name=COACH["mark_reflects"]).click()
    expect(lab(page).get_by_text(DOUBT["kept"].format(label=COACH["mark_reflects"]))).to_be_visible()
    first.click()
    lab(page).get_by_text(SAID["ways"]).click()
    lab(page).get_by_text(SAID["table_title"]).click()
    expect(trainers(page).get_by_role("button", name=SAID["trainers_save"])).to_be_visible()
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for size in ("100%", "200%"):
            page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", size)
            assert page.evaluate("() => document.documentElement.scrollWidth") <= width
            assert [each["id"] for each in Axe().run(page).response["violations"]] == []


def test_on_a_shared_website_no_words_are_kept_and_it_says_so(page: Page, shared_site: Server) -> None:
    """Neither the counts, which last as long as the page, nor what is heard another way."""
    open_page(page, shared_site, PRACTICE_LAB)
    expect(lab(page).get_by_text(SAID["counts_open_site"])).to_be_visible()
    say(page, OPEN)
    lab(page).get_by_role("button", name=DOUBT["other"]).click()
    expect(lab(page).get_by_text(DOUBT["keeps_not"])).to_be_visible()
    assert holding(shared_site.home, PLANTED) == []
    assert PLANTED not in shared_site.log.read_text(encoding="utf-8", errors="replace")


def test_in_jupyterlab_it_is_the_same(new_page: Callable[..., Page], lab_course: Server) -> None:
    """A try, and what is heard in it."""
    desk = new_page(viewport=DESK)
    run_all(desk, lab_course, f"modules/{PRACTICE_LAB}")
    say(desk, OPEN)
    expect(lab(desk).get_by_text(f"[{COACH['mark_asks-open']}]").first).to_be_visible()


@pytest.fixture
def lab_course(request: pytest.FixtureRequest) -> Server:
    """JupyterLab, under a name that is not the practice lab's."""
    server: Server = request.getfixturevalue("lab")
    return server


def test_a_course_without_a_lab_has_no_link_to_one(page: Page, tmp_path: Path, seen: Seen) -> None:
    """And its pages work as before."""
    root = copy_course(tmp_path / "course")
    for name in ("practice-lab.md", "practice-lab.ipynb", "practice-lab-prompts.md"):
        (root / "modules" / name).unlink()
    with open_site(tmp_path / "home", root=root) as server:
        open_page(page, server, MY_WORK)
        expect(page.get_by_role("link", name=WORDS["page"]["practice_lab"], exact=True)).to_have_count(0)
        record = Record(Space(server.home))
        assert record.names(DISPUTES) == frozenset()
    assert seen.errors == []
