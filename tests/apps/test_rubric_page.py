"""An instructor marks written answers on the page that `alongside rubric` opens; formgrader's book has them."""

from __future__ import annotations

import os
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from alongside.handin import hand_in
from alongside.quiz_notebook import learner_notebook
from alongside_grading.marking.mark_command import mark
from tests.apps.conftest import DESK, PHONE
from tests.apps.pages import WORDS, press, until
from tests.apps.servers import clean_environ, free_port, running
from tests.apps.test_accessibility import found
from tests.apps.test_return import kernels_of
from tests.apps.test_untrusted_text import HOSTILE, unhurt
from tests.grading.folder import UNIT, WRITTEN, CourseFolder, make_course

TEXTS = {"ann-lee": "You're worn out.", "bo-díaz": f"{HOSTILE}\n\nA second paragraph.", "zoë": "שלום Sam."}
SAID = WORDS["rubric"]
COMMAND = "import sys; from alongside_grading.rubrics.rubric_command import rubric; sys.exit(rubric(sys.argv[1:]))"


@dataclass(frozen=True)
class Desk:
    """A course in which three learners' work is marked, and the page on it: its address with the token, and without."""

    course: CourseFolder
    address: str
    bare: str
    log: Path
    pid: int

    def stands(self, who: str) -> tuple[float | None, bool, str | None]:
        """Points, whether they wait, and the comment, as formgrader has them."""
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.course.assessments / 'gradebook.db'}") as gradebook:
            grade = gradebook.find_grade(WRITTEN, UNIT, UNIT, who)
            comment = gradebook.find_comment(WRITTEN, UNIT, UNIT, who)
            return grade.manual_score, grade.needs_manual_grade, comment.manual_comment


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Release, hand in, mark, and open the page, each by its own command."""
    home = tmp_path_factory.mktemp("instructor")
    course = make_course(tmp_path_factory.mktemp("rubric") / "course")
    assert course.run("alongside", "release", UNIT).code == 0
    archive = course.assessments / "downloaded" / UNIT / "archive"
    archive.mkdir(parents=True)
    book = learner_notebook(course.bank, course.catalog.words["lesson"])
    for who, text in TEXTS.items():
        made = hand_in(book, UNIT, {WRITTEN: text, "second-try": "Again."}, who, datetime.now(UTC))
        (archive / made.filename).write_bytes(made.data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ALONGSIDE_ROOT", str(course.root))
        patch.delenv("ALONGSIDE_BANK", raising=False)
        assert mark([UNIT]) == 0
    port, log = free_port(), home / "server.log"
    environ = clean_environ(home, {"ALONGSIDE_ROOT": str(course.root)})
    command = [sys.executable, "-c", COMMAND, UNIT, "--no-browser", "--port", str(port)]
    with running(command, f"http://127.0.0.1:{port}/login", log, environ=environ, folder=course.assessments) as process:
        found = re.search(r"http://127\.0\.0\.1:\S+", log.read_text(encoding="utf-8"))
        assert found, log.read_text(encoding="utf-8")
        yield Desk(course, found[0], f"http://127.0.0.1:{port}", log, process.pid)


def opened(page: Page, desk: Desk) -> Page:
    """Open the page as the command gives it, and wait for the first answer."""
    page.goto(desk.address)
    expect(heading(page)).to_be_visible()
    return page


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", name=re.compile(r"^Answer [A-Z0-9]+"))


def whose(page: Page) -> str:
    """Whose answer is on the page, told by its text alone."""
    shown = page.locator("[dir=auto]").inner_text()
    return next(who for who, text in TEXTS.items() if text.split("\n")[0][:8] in shown)


def test_two_answers_are_marked_by_keyboard_and_stand_in_formgraders_book(
    new_page: Callable[..., Page], desk: Desk
) -> None:
    """Digits choose levels, a comment takes digits and letters as text, and Enter and N go on."""
    page = opened(new_page(viewport=PHONE), desk)
    expect(heading(page)).to_contain_text("(1 of 3)")
    first = whose(page)
    for key in "212":
        page.keyboard.press(key)
    until(page, lambda: desk.stands(first) == (5.0, False, None))
    expect(page.get_by_role("status").filter(has_text=SAID["saved"])).to_be_visible()
    expect(page.get_by_text("5 of 6 points")).to_be_visible()
    comment = page.get_by_label(SAID["comment"])
    press(page, until=lambda: comment.evaluate("field => field === document.activeElement"))
    page.keyboard.type("Well heard: 0 and no P, 2 n.")
    page.keyboard.press("Tab")
    until(page, lambda: desk.stands(first) == (5.0, False, "Well heard: 0 and no P, 2 n."))
    keep = page.get_by_role("button", name=SAID["keep"])
    press(page, until=lambda: keep.evaluate("each => each === document.activeElement"))
    page.keyboard.press("Enter")
    expect(page.get_by_label(SAID["saved_comments"]).get_by_role("option")).to_have_count(2)
    page.keyboard.press("n")
    expect(heading(page)).to_contain_text("(2 of 3)")
    second = whose(page)
    assert second != first
    expect(heading(page)).to_be_focused()
    expect(comment).to_have_value("")
    for key in "002":
        page.keyboard.press(key)
    until(page, lambda: desk.stands(second) == (2.0, False, None))
    expect(page.get_by_role("radio", checked=True)).to_have_count(3)
    picks = page.get_by_label(SAID["saved_comments"])
    picks.select_option(index=1)
    page.get_by_role("button", name=SAID["insert"]).press("Enter")
    until(page, lambda: desk.stands(second) == (2.0, False, "Well heard: 0 and no P, 2 n."))
    page.get_by_role("button", name=SAID["next"]).press("Enter")
    expect(heading(page)).to_contain_text("(3 of 3)")
    page.keyboard.press("p")
    expect(heading(page)).to_contain_text("(2 of 3)")
    expect(page.get_by_role("radio", checked=True)).to_have_count(3)
    expect(page.get_by_text(SAID["done_count"].format(done=2, total=3))).to_be_visible()
    third = next(who for who in TEXTS if who not in {first, second})
    assert desk.stands(third) == (None, True, None)
    again = opened(new_page(viewport=DESK), desk)
    expect(heading(again)).to_contain_text("(3 of 3)")
    assert whose(again) == third


def test_answers_are_text_and_no_name_is_on_the_page_or_on_its_way(new_page: Callable[..., Page], desk: Desk) -> None:
    """Hostile text shows as it is, and what comes from the server names nobody."""
    page = new_page(viewport=PHONE)
    sent: list[str] = []

    def hear(frame: str | bytes) -> None:
        sent.append(frame if isinstance(frame, str) else frame.decode("utf-8", "replace"))

    page.on("websocket", lambda socket: socket.on("framereceived", hear))
    opened(page, desk)
    page.get_by_role("heading", name=SAID["asked"]).click()
    first = next(place for place in (1, 2, 3) if f"({place} of 3)" in heading(page).inner_text())
    for place in range(first - 1, 0, -1):
        page.keyboard.press("p")
        expect(heading(page)).to_contain_text(f"({place} of 3)")
    seen = {whose(page)}
    for place in (2, 3):
        page.keyboard.press("n")
        expect(heading(page)).to_contain_text(f"({place} of 3)")
        seen.add(whose(page))
        assert unhurt(page)
    assert seen == set(TEXTS)
    assert page.locator("[dir=auto] *").count() == 0
    everything = page.content() + "".join(sent)
    assert sent
    assert not [who for who in ("ann-lee", "bo-d", "zoë", "zo\\u00eb") if who in everything]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_axe_finds_nothing_serious_in_light_on_a_phone_and_in_dark_on_a_desk(
    new_page: Callable[..., Page], desk: Desk
) -> None:
    """With the keys unfolded too."""
    for scheme, size in (("light", PHONE), ("dark", DESK)):
        page = opened(new_page(color_scheme=scheme, viewport=size), desk)
        page.get_by_text(SAID["keys"], exact=True).click()
        expect(page.get_by_label(SAID["keys_on"])).to_be_visible()
        assert found(page) == []
        assert page.get_by_role("group").count() >= 3


def test_a_mark_from_formgrader_is_told_and_stays_until_one_says_otherwise(
    new_page: Callable[..., Page], desk: Desk
) -> None:
    """The page says what is there, and a button writes the levels over it."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{desk.course.assessments / 'gradebook.db'}") as gradebook:
        grade = gradebook.find_grade("second-try", UNIT, UNIT, "zoë")
        grade.manual_score, grade.needs_manual_grade = 0.5, False
        gradebook.db.commit()

    def stands() -> float | None:
        with Gradebook(f"sqlite:///{desk.course.assessments / 'gradebook.db'}") as gradebook:
            points: float | None = gradebook.find_grade("second-try", UNIT, UNIT, "zoë").manual_score
            return points

    page = opened(new_page(viewport=PHONE), desk)
    page.get_by_label(SAID["which"]).select_option(label="A second try")
    expect(page.get_by_text(SAID["done_count"].format(done=1, total=3))).to_be_visible()
    notice = page.get_by_text(SAID["elsewhere"].format(points="0.5", most=3))
    for _ in range(2):
        page.keyboard.press("p")
    for _ in range(3):
        if notice.is_visible():
            break
        page.get_by_role("button", name=SAID["next"]).click()
    expect(notice).to_be_visible()
    page.get_by_role("heading", name=SAID["asked"]).click()
    for key in "111":
        page.keyboard.press(key)
    over = page.get_by_role("button", name=SAID["over"])
    expect(over).to_be_visible()
    assert stands() == 0.5
    over.click()
    until(page, lambda: stands() == 3.0)
    expect(notice).to_be_hidden()


def test_a_page_whose_kernel_dies_goes_on_with_another_and_saves_what_is_chosen(
    new_page: Callable[..., Page], desk: Desk
) -> None:
    """Nobody has to load it again."""
    page = opened(new_page(viewport=DESK), desk)
    who = whose(page)
    for kernel in kernels_of(desk.pid):
        kernel.kill()
    for key in "222":
        page.keyboard.press(key)
    until(page, lambda: desk.stands(who)[:2] == (6.0, False))
    expect(page.get_by_role("status").filter(has_text=SAID["saved"])).to_be_visible()
    assert not page.get_by_role("alert").is_visible()


@pytest.mark.parametrize("path", ["/", "/rubric", "/api/kernels", "/voila/kernel/x", "/voila/files/rubric.ipynb"])
def test_without_the_token_nothing_is_shown_and_no_file_is_listed(desk: Desk, path: str) -> None:
    """Neither the page, nor a kernel, nor the folder."""
    try:
        with urllib.request.urlopen(desk.bare + path) as reply:
            shown, led = reply.read().decode(), reply.url.partition("?")[0]
    except urllib.error.HTTPError as error:
        shown, led = "", error.code
    assert led in {404, f"{desk.bare}/login"}
    assert "alongside-part" not in shown
    refused = urllib.request.Request(desk.address, headers={"Host": "elsewhere.example"})
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(refused)
    if os.name == "posix":
        assert "Traceback" not in desk.log.read_text(encoding="utf-8")
