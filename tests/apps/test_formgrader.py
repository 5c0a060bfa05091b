"""The instructor's path: collect, mark, read and mark written answers in formgrader, send feedback. Stock nbgrader."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from alongside.handin import hand_in
from alongside.marking import key
from alongside.question import Kind
from alongside.quiz_notebook import learner_notebook
from tests.apps.conftest import DESK
from tests.apps.pages import CATALOG
from tests.apps.servers import TOKEN, Server, clean_environ, copy_course, free_port, running
from tests.apps.test_untrusted_text import HOSTILE, unhurt

BANK, _ = CATALOG.bank("empathy")
assert BANK is not None
WRITTEN = [question for question in BANK.questions if question.kind is Kind.WRITTEN]
MARKED = [question for question in BANK.questions if question.kind is not Kind.WRITTEN]


@dataclass(frozen=True)
class Classroom:
    """An instructor's folder in which three learners' work was collected and marked, and JupyterLab open on it."""

    folder: Path
    server: Server
    environ: dict[str, str]

    def run(self, *command: str) -> str:
        """Run a command as an instructor does, in the folder."""
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr


def right_answers() -> dict[str, Any]:
    """Every answer as the bank has it; written ones are hostile."""
    answers: dict[str, Any] = {question.id: f"{HOSTILE}\n\nA second paragraph." for question in WRITTEN}
    for question in MARKED:
        right = key(question)["right"]
        answers[question.id] = right[0] if question.kind is Kind.SINGLE else right
    return answers


@pytest.fixture(scope="module")
def classroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Classroom]:
    """Release, three hand-ins in nbgrader's place for them, zip_collect and autograde, by their own commands."""
    home, root = tmp_path_factory.mktemp("instructor"), copy_course(tmp_path_factory.mktemp("class") / "course")
    folder, port = root / "assessments", free_port()
    server = Server(f"http://127.0.0.1:{port}", home, root, home / "server.log")
    room = Classroom(folder, server, clean_environ(home, {"JUPYTER_TOKEN": TOKEN}))
    room.run("alongside", "release", "empathy")
    archive = folder / "downloaded" / "empathy" / "archive"
    archive.mkdir(parents=True)
    book, answers = learner_notebook(BANK, CATALOG.words["lesson"]), right_answers()
    half = {question.id: answers[question.id] for question in MARKED[::2]}
    for name, given in (("Ann Lee", answers), ("Bo Díaz", half), ("Cy", {})):
        made = hand_in(book, "empathy", given, name, datetime.now(UTC))
        (archive / made.filename).write_bytes(made.data)
    room.run("nbgrader", "zip_collect", "empathy")
    room.run("nbgrader", "autograde", "empathy")
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}"]
    with running(command, f"{server.url}/lab?token={TOKEN}", server.log, environ=room.environ, folder=folder):
        yield room


@pytest.fixture
def desk(new_page: Callable[..., Page], classroom: Classroom) -> Page:
    """An instructor's screen, signed in: JupyterLab's own page takes the token and gives the cookie."""
    page = new_page(viewport=DESK)
    page.goto(f"{classroom.server.url}/lab?token={TOKEN}")
    return page


def open_submission(page: Page, room: Classroom, learner: str) -> None:
    """Open one learner's work in formgrader, from its list."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{room.folder / 'gradebook.db'}") as gradebook:
        found = gradebook.find_submission_notebook("empathy", "empathy", learner).id
    page.goto(f"{room.server.url}/formgrader/submissions/{found}/")
    expect(page.get_by_text(WRITTEN[0].title).first).to_be_visible()


def test_every_mark_stands_in_the_gradebook(classroom: Classroom) -> None:
    """Full marks, half of the questions, and none; written answers wait for a person where there are any."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{classroom.folder / 'gradebook.db'}") as gradebook:
        marks = {each.student.id: each.notebooks[0].score for each in gradebook.assignment_submissions("empathy")}
        waiting = {each.student.id: each.needs_manual_grade for each in gradebook.assignment_submissions("empathy")}
    assert marks == {
        "ann-lee": sum(question.points for question in MARKED),
        "bo-díaz": sum(question.points for question in MARKED[::2]),
        "cy": 0,
    }
    assert waiting == {"ann-lee": True, "bo-díaz": False, "cy": False}


def test_written_answers_are_read_and_marked_in_formgrader(classroom: Classroom, desk: Page) -> None:
    """The text stands in its cell as text, the mark that is typed is kept, and feedback carries it back."""
    open_submission(desk, classroom, "ann-lee")
    answers = desk.locator("pre.mathjax_ignore")
    expect(answers).to_have_count(len(WRITTEN))
    expect(answers.first).to_contain_text("<script>window.hurt = 1</script>")
    expect(answers.first).to_contain_text("A second paragraph.")
    assert unhurt(desk)
    assert desk.locator("pre.mathjax_ignore *").count() == 0
    for question in WRITTEN:
        score = desk.locator(f"input.score[id='{question.id}']")
        score.fill(str(question.points - 2))
        with desk.expect_response(re.compile("/formgrader/api/grade/")):
            score.blur()
    comment = desk.get_by_placeholder(re.compile("Type any comments here")).first
    comment.fill("Well heard.")
    with desk.expect_response(re.compile("/formgrader/api/comment/")):
        comment.blur()
    classroom.run("nbgrader", "generate_feedback", "empathy")
    page = classroom.folder / "feedback" / "ann-lee" / "empathy" / "empathy.html"
    desk.goto(page.as_uri())
    total = sum(question.points for question in MARKED) + sum(question.points - 2 for question in WRITTEN)
    most = sum(question.points for question in BANK.questions)
    expect(desk.get_by_text(re.compile(rf"Score:\s*{total}(\.0)?\s*/\s*{most}(\.0)?")).first).to_be_visible()
    expect(desk.get_by_text("Well heard.")).to_be_visible()
    expect(desk.get_by_text("A second paragraph.").first).to_be_visible()
    expect(desk.get_by_text(MARKED[0].options[0].reason)).to_be_visible()
    assert unhurt(desk)
    assert "HIDDEN TESTS" not in page.read_text(encoding="utf-8")


def test_someone_who_answered_nothing_is_shown_as_such(classroom: Classroom, desk: Page) -> None:
    """The instructor reads how many questions were answered, and sees no error."""
    open_submission(desk, classroom, "cy")
    expect(desk.get_by_text(f"0 of {len(BANK.questions)} answered.")).to_be_visible()
    expect(desk.get_by_text("Traceback")).to_have_count(0)
