"""Practice with feedback, the graded quiz without, saving as one goes, and handing in one file."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from alongside.handin import from_cell
from alongside.marking import key, score
from alongside.question import Kind, Question
from tests.apps.conftest import Seen
from tests.apps.pages import CATALOG, EMPATHY, QUIZ, WORDS, graded, open_page, until
from tests.apps.servers import Server

PRACTICE = CATALOG.module("empathy").questions
BANK, _ = CATALOG.bank("empathy")
assert BANK is not None
HAND = WORDS["handin"]


def ask(page: Page, question: Question) -> Locator:
    """Find a question by its title."""
    return page.get_by_role("group", name=re.compile(re.escape(question.title))).first


def answer_right(group: Locator, question: Question) -> None:
    """Answer as the bank has it, with what the question offers."""
    if question.kind in {Kind.SINGLE, Kind.SEVERAL}:
        for option in question.options:
            if option.right:
                group.get_by_label(option.text, exact=True).check()
    elif question.kind is Kind.MATCH:
        for option in question.options:
            group.get_by_label(option.text, exact=True).select_option(option.other)
    elif question.kind is Kind.ORDER:
        put_in_order(group, [option.text for option in question.options])
    elif question.kind is Kind.WRITTEN:
        group.get_by_role("textbox").fill(f"My answer to {question.title}.\n\nIt has two paragraphs.")


def put_in_order(group: Locator, wanted: list[str]) -> None:
    """Move each step up until it stands in its place, with the buttons."""
    name = WORDS["quiz"]["move_up_name"]
    for place, text in enumerate(wanted):
        for _ in wanted:
            shown = [row.inner_text() for row in group.get_by_role("listitem").all()]
            if text in shown[place]:
                break
            group.get_by_role("button", name=name.format(words=text), exact=True).click()
            expect(group.get_by_role("listitem").filter(has_text=text)).to_be_visible()


@pytest.mark.parametrize("kind", [Kind.SINGLE, Kind.SEVERAL, Kind.ORDER, Kind.MATCH])
def test_practice_gives_a_reason_for_every_option_once_it_is_checked(page: Page, site: Server, kind: Kind) -> None:
    """Before, no reason stands in the page; after, all do, with the points in words and the source."""
    question = next(each for each in PRACTICE.values() if each.kind is kind)
    open_page(page, site, EMPATHY)
    group = ask(page, question)
    expect(group.get_by_role("button", name=WORDS["quiz"]["check"])).to_be_visible()
    assert question.options[0].reason not in page.content()
    answer_right(group, question)
    group.get_by_role("button", name=WORDS["quiz"]["check"]).click()
    for option in question.options:
        expect(group.get_by_text(option.reason)).to_be_visible()
    expect(group.get_by_text(CATALOG.course.sources[question.source].short).first).to_be_visible()
    expect(
        group.get_by_text(re.compile(rf"{question.points} of {question.points}|{question.points} of 1")).first
    ).to_be_visible()


def test_an_empty_answer_is_not_counted(page: Page, site: Server) -> None:
    """The page asks for an answer first, and gives nothing away."""
    question = [each for each in PRACTICE.values() if each.kind is Kind.SINGLE][1]
    open_page(page, site, EMPATHY)
    group = ask(page, question)
    group.get_by_role("button", name=WORDS["quiz"]["check"]).click()
    expect(group.get_by_text(WORDS["quiz"]["empty"])).to_be_visible()
    expect(group.get_by_text(question.options[0].reason)).to_have_count(0)


def test_the_graded_quiz_is_answered_kept_and_handed_in_as_one_file(
    page: Page, site: Server, seen: Seen, tmp_path: Path
) -> None:
    """Every kind of question is answered and survives a reload. The file holds what the page said it would."""
    open_page(page, site, QUIZ)
    for question in BANK.questions:
        answer_right(ask(page, question), question)
    done = WORDS["graded"]["progress"].format(done=len(BANK.questions), total=len(BANK.questions))
    expect(page.get_by_text(done)).to_be_visible()
    expect(page.get_by_text(WORDS["save"]["saved"]).first).to_be_visible()
    for question in BANK.questions:
        for option in question.options:
            assert option.reason not in page.content()

    open_page(page, site, QUIZ)
    expect(page.get_by_text(done)).to_be_visible()
    written = next(question for question in BANK.questions if question.kind is Kind.WRITTEN)
    expect(ask(page, written).get_by_role("textbox")).to_have_value(re.compile("two paragraphs"))

    page.get_by_role("button", name=HAND["save"]).click()
    expect(page.get_by_text(HAND["name_trouble"])).to_be_visible()
    page.get_by_label(HAND["name"]).fill("Ann Lee")
    page.get_by_role("button", name=HAND["show"]).click()
    expect(page.get_by_role("heading", name=HAND["list_title"])).to_be_focused()
    expect(page.get_by_text(HAND["all_answered"])).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name=HAND["save"]).click()
    expect(page.get_by_text(HAND["listed"].format(name="ann-lee"))).to_be_visible()
    assert re.fullmatch(r"empathy--ann-lee--\d{8}T\d{6}Z\.zip", download.value.suggested_filename)
    path = tmp_path / "handed-in.zip"
    download.value.save_as(path)
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        saved = json.loads(archive.read("responses.json"))["answers"]
        book = json.loads(archive.read("empathy.ipynb"))
    assert all(
        score(key(question), saved[question.id]) == question.points
        for question in BANK.questions
        if question.kind is not Kind.WRITTEN
    )
    cells = {cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["source"]) for cell in book["cells"]}
    assert "two paragraphs" in (from_cell(cells[written.id]) or "")
    assert seen.errors == []


def test_each_key_is_saved_as_it_is_typed(page: Page, site: Server) -> None:
    """Nothing is pressed and no field is left: what was typed is on disk, and a second page does not undo it."""
    written = [question for question in BANK.questions if question.kind is Kind.WRITTEN]
    other = page.context.new_page()
    open_page(page, site, QUIZ)
    open_page(other, site, QUIZ)
    for tab, question in ((page, written[0]), (other, written[1]), (page, written[0])):
        box = ask(tab, question).get_by_role("textbox")
        box.focus()
        box.press_sequentially(" Key by key.")
        wanted = box.input_value()
        until(tab, lambda name=question.id, text=wanted: graded(site, "empathy").get(name) == text)  # type: ignore[misc]
    kept = graded(site, "empathy")
    assert str(kept[written[0].id]).endswith(" Key by key. Key by key.")
    assert str(kept[written[1].id]).endswith(" Key by key.")


def test_two_visitors_of_a_shared_website_never_meet(new_page: Callable[..., Page], shared_site: Server) -> None:
    """Each browser has answers of its own, at the same time, and finds them again after a reload."""
    first, second = new_page(), new_page()
    question = next(each for each in BANK.questions if each.kind is Kind.SINGLE)
    one, two = question.options[0].text, question.options[1].text
    open_page(first, shared_site, QUIZ)
    open_page(second, shared_site, QUIZ)
    ask(first, question).get_by_label(one, exact=True).check()
    ask(second, question).get_by_label(two, exact=True).check()
    for page in (first, second):
        expect(page.get_by_text(WORDS["save"]["saved"]).first).to_be_visible()
    open_page(first, shared_site, QUIZ)
    open_page(second, shared_site, QUIZ)
    expect(ask(first, question).get_by_label(one, exact=True)).to_be_checked()
    expect(ask(second, question).get_by_label(two, exact=True)).to_be_checked()


def test_a_visitor_cannot_take_a_space_by_naming_it(new_page: Callable[..., Page], shared_site: Server) -> None:
    """A header that the browser makes up is not believed: the visitor gets a space of their own."""
    forged = "a" * 64
    page = new_page(extra_http_headers={"X-Alongside-Visitor": forged})
    open_page(page, shared_site, QUIZ)
    question = next(each for each in BANK.questions if each.kind is Kind.SINGLE)
    ask(page, question).get_by_label(question.options[2].text, exact=True).check()
    expect(page.get_by_text(WORDS["save"]["saved"]).first).to_be_visible()
    assert not (shared_site.home / "visitors" / forged).exists()


def test_a_reflection_is_kept_on_ones_own_computer_and_not_on_a_shared_website(
    new_page: Callable[..., Page], site: Server, shared_site: Server
) -> None:
    """At home it is there after a reload. A shared website says that it is not kept, and no disk holds it."""
    sentence = "A planted sentence about the hardest winter."
    title = next(iter(CATALOG.module("empathy").reflections.values())).title
    for server, kept in ((site, True), (shared_site, False)):
        page = new_page()
        open_page(page, server, EMPATHY)
        box = page.get_by_role("region", name=title).get_by_role("textbox")
        box.fill(sentence)
        box.blur()
        words = WORDS["reflection"]["who_reads_own" if kept else "who_reads_open"]
        expect(page.get_by_text(words).first).to_be_visible()
        if kept:
            expect(page.get_by_text(WORDS["save"]["saved"]).first).to_be_visible()
        open_page(page, server, EMPATHY)
        expect(page.get_by_role("region", name=title).get_by_role("textbox")).to_have_value(sentence if kept else "")
        found = [path for path in server.home.rglob("*") if path.is_file() and sentence.encode() in path.read_bytes()]
        assert bool(found) is kept
        assert sentence not in server.log.read_text(encoding="utf-8", errors="replace")


def test_where_nothing_can_be_kept_the_page_says_so_first_and_keeps_the_words(
    new_page: Callable[..., Page], tmp_path: Path
) -> None:
    """A store that cannot be written is told before anything is typed, and what is typed stays on the page."""
    from tests.apps.servers import open_site

    home = tmp_path / "home"
    home.mkdir()
    (home / "graded").write_text("in the way", encoding="utf-8")
    (home / ".writable").mkdir()
    with open_site(home) as server:
        page = new_page()
        open_page(page, server, QUIZ)
        expect(page.get_by_text(WORDS["save"]["cannot_save"])).to_be_visible()
        question = next(each for each in BANK.questions if each.kind is Kind.WRITTEN)
        box = ask(page, question).get_by_role("textbox")
        box.fill("Still here.")
        box.blur()
        expect(page.get_by_text(WORDS["save"]["saved"])).to_have_count(0)
        expect(box).to_have_value("Still here.")
