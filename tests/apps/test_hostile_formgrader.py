"""What attacks handed in, opened by an instructor in formgrader: every page opens, and nothing on it acts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page

from alongside.quiz_notebook import learner_notebook
from tests.apps.conftest import DESK, Seen
from tests.apps.servers import TOKEN, Server, clean_environ, free_port, running
from tests.grading.folder import UNIT, CourseFolder, make_course
from tests.grading.hand_ins import ATTACKS, partly, perfect
from tests.grading.hostile import Bench, cases, lay

ACTED = """() => ({
    set: Object.keys(window).filter((name) => /^(hacked|hurt|pwned)/.test(name)),
    scripts: document.querySelectorAll(
        "pre.mathjax_ignore *, .mathjax_ignore script, [data-commandlinker-command]").length,
    frames: document.querySelectorAll("iframe, object, embed").length,
    links: [...document.querySelectorAll("a")].filter((link) => /^\\s*(javascript|data):/i.test(link.href)).length,
})"""
NOTHING = {"set": [], "scripts": 0, "frames": 0, "links": 0}


@dataclass(frozen=True)
class Room:
    """A course in which every attack was handed in and marked, and formgrader open on it."""

    course: CourseFolder
    laid: tuple[str, ...]
    trace: Path
    url: str

    def pages(self) -> dict[str, str]:
        """The address of each learner's work in formgrader."""
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.course.assessments / 'gradebook.db'}", "alongside") as gradebook:
            return {
                one.student_id: f"{self.url}/formgrader/submissions/{book.id}/"
                for one in gradebook.assignment_submissions(UNIT)
                for book in one.notebooks
            }


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """Released, laid into `submitted/`, marked by our own command, and a Jupyter server with formgrader."""
    home = tmp_path_factory.mktemp("hostile-home")
    course = make_course(tmp_path_factory.mktemp("hostile-room") / "course")
    assert course.run("alongside", "release", UNIT).code == 0
    book = learner_notebook(course.bank, course.catalog.words["lesson"])
    trace, port = home / "trace.txt", free_port()
    bench = Bench(book, perfect(course.bank), partly(course.bank), trace, port, course.root)
    (home / "secret.json").write_bytes(bench.answers(perfect(course.bank)))
    laid = cases(bench)
    for name, case in laid.items():
        lay(case, course.assessments / "submitted" / name / UNIT)
    marked = course.run("alongside", "mark", UNIT)
    assert f"{UNIT}: " in marked.out, marked.out
    environ = clean_environ(home, {"JUPYTER_TOKEN": TOKEN, "ALONGSIDE_ROOT": str(course.root)})
    server = Server(f"http://127.0.0.1:{port}", home, course.root, home / "server.log")
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}"]
    with running(command, f"{server.url}/lab?token={TOKEN}", server.log, environ=environ, folder=course.assessments):
        yield Room(course, tuple(laid), trace, server.url)


@pytest.mark.parametrize(
    "attack", [each for each in ATTACKS if any(sign in each for sign in ("<script>", "='javascript:", "<svg"))]
)
def test_a_page_that_acts_is_seen(new_page: Callable[..., Page], attack: str) -> None:
    """Otherwise the next test would show nothing."""
    page = new_page(viewport=DESK)
    page.set_content(f"<body>{attack}</body>")
    assert page.evaluate(ACTED) != NOTHING


def test_every_attack_opens_in_formgrader_and_none_acts(room: Room, new_page: Callable[..., Page], seen: Seen) -> None:
    """Each page shows the learner's work, sets nothing, frames nothing, asks no other host, and ran nothing here."""
    page: Page = new_page(viewport=DESK)
    page.on("dialog", lambda dialog: pytest.fail(f"a page opened a dialog: {dialog.message}"))
    page.goto(f"{room.url}/lab?token={TOKEN}")
    pages = room.pages()
    assert len(pages) >= 60
    wrong = {}
    for who, address in pages.items():
        answer = page.goto(address, wait_until="load")
        acted = page.evaluate(ACTED)
        shown = page.locator(".nbgrader_cell, .nbgrader-highlight, .jp-Cell").count()
        if answer is None or answer.status != 200 or acted != NOTHING or not shown:
            wrong[who] = (answer.status if answer else None, acted, shown)
    assert wrong == {}
    assert not room.trace.exists()
    assert seen.foreign == []


def test_the_list_of_the_class_opens_whoever_handed_in(room: Room, new_page: Callable[..., Page]) -> None:
    """One learner's impossible clock or name keeps nobody else's row away."""
    page: Page = new_page(viewport=DESK)
    page.goto(f"{room.url}/lab?token={TOKEN}")
    page.goto(f"{room.url}/formgrader/manage_submissions/{UNIT}")
    rows = page.locator("tbody tr")
    rows.nth(59).wait_for()
    assert rows.count() >= 60
