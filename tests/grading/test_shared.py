"""What learners chose to share reaches the instructor as text, and nobody and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.course import read_words
from alongside.handin import hand_in
from alongside.quiz_notebook import learner_notebook
from alongside.reflection import Reflection
from alongside.responses import Shown
from alongside_grading.release.release_command import release
from alongside_grading.results.shared_command import FOLDER, shared
from alongside_grading.results.shared_page import as_html, as_text, shared_page
from tests.grading.folder import ROOT, UNIT, make_course
from tests.grading.hand_ins import ATTACKS, HOSTILE_TEXT, START, perfect
from tests.grading.test_feedback_page import FETCHES, Html

WORDS = read_words(ROOT)
SAY = WORDS["shared"]
NOW = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
PROMPT = Reflection("a-time", "A time", ("Think of a time.", "Write a few lines."), (), (), 1)


def shown(text, **other):
    return Shown(**{"id": "a-time", "title": "Mine", "text": text, "other": False, "shared": NOW, **other})


def sound(text):
    """Read a page; no script, handler, request or link may be in it, and its headings stand in order."""
    page = Html(text)
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "iframe", "object", "embed", "link", "img", "svg", "form", "base", "a"}
    assert page.open == []
    assert page.named("html")[0]["lang"] == "en"
    assert len(page.named("title")) == len(page.named("main")) == len(page.named("h1")) == 1
    for _, attrs in page.elements:
        assert not any(name.startswith("on") or name in FETCHES for name in attrs)
    policy = [attrs["content"] for attrs in page.named("meta") if attrs.get("http-equiv") == "Content-Security-Policy"]
    assert policy[0].startswith("default-src 'none'")
    return page


def test_the_page_says_who_what_was_asked_the_day_and_the_words():
    """In the course's own words for what was asked, whatever came with the file."""
    work = {"ada": [shown("One.\n\nTwo.", other=True)], "bob": [], "zoë": [shown("Words.", id="gone", title="Old one")]}
    page = shared_page("Listening", "en", work, {"a-time": PROMPT})
    assert [each.name for each in page.learners] == ["ada", "zoë"]
    assert page.learners[0].texts[0].day == date(2026, 11, 21)
    read, text = sound(as_html(page, WORDS)), as_text(page, WORDS)
    assert read.kept == ["One.\n\nTwo.", "Words."]
    for said in ("Shared with you: Listening", SAY["intro"], "A time", "Think of a time.", "Write a few lines.", "ada",
                 "Shared on November 21, 2026.", SAY["other"], "Old one", SAY["gone"]):  # fmt: skip
        assert said in read.text
        assert said in text
    assert "Mine" not in read.text + text
    assert "  | One.\n  |\n  | Two.\n" in text


@given(name=st.text(), title=st.text(max_size=300), text=st.text(min_size=1).filter(str.strip))
@settings(deadline=None)
def test_no_text_of_a_learner_is_more_than_text(name, title, text):
    """Neither in the name, the title nor the words; in the text file each of their lines is marked."""
    page = shared_page("Listening", "en", {name: [shown(text, id="x", title=title)]}, {})
    read = sound(as_html(page, WORDS))
    assert len(read.kept) == 1
    own = as_text(page, WORDS).split(f"{SAY['gone']}\n\n")[-1]
    assert all(row.startswith("  |") for row in own.splitlines())
    assert not {"\x1b", "\0"} & set(own)


@pytest.mark.parametrize("attack", [*ATTACKS, HOSTILE_TEXT])
def test_an_attack_is_shown_as_the_words_it_is(attack):
    """Word for word, to the instructor who has to read it."""
    page = shared_page("Listening", "en", {attack: [shown(attack, id="x", title=attack)]}, {})
    read = sound(as_html(page, WORDS))
    assert " ".join(read.kept[0].split()) == " ".join(attack.split())


@pytest.fixture
def ready(tmp_path, monkeypatch):
    course = make_course(tmp_path / "course")
    folder = course.root / "modules" / f"01-{UNIT}"
    folder.mkdir(parents=True)
    text = "## A time {#a-time}\n\nThink of a time.\n"
    (folder / "reflections.md").write_text(text, encoding="utf-8")
    monkeypatch.setenv("ALONGSIDE_ROOT", str(course.root))
    monkeypatch.delenv("ALONGSIDE_BANK", raising=False)
    return course


def send(course, who, parts, minutes=0):
    """Put one hand-in, with what its learner shared, where an instructor puts what came in."""
    book = learner_notebook(course.bank, course.catalog.words["lesson"])
    made = hand_in(book, UNIT, perfect(course.bank), who, START + timedelta(minutes=minutes), parts)
    archive = course.assessments / "downloaded" / UNIT / "archive"
    archive.mkdir(parents=True, exist_ok=True)
    (archive / made.filename).write_bytes(made.data)


def lay(course, who, data):
    folder = course.assessments / "submitted" / who / UNIT
    folder.mkdir(parents=True)
    (folder / "responses.json").write_bytes(data)
    return folder


def said(capsys):
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return out + err


def test_what_is_missing_is_told(ready, capsys):
    """A unit that is not there, and one for which nothing came in."""
    assert shared(["nowhere"]) == 1
    assert f'There is no graded quiz called "nowhere". There are: {UNIT}.' in said(capsys)
    assert shared([UNIT]) == 1
    assert "Collect it first" in said(capsys)


def test_nobody_shared_is_said_and_a_page_of_before_goes(ready, capsys):
    """A learner may have taken it back, and sent a new file."""
    data = {"format": 1, "unit": UNIT, "answers": {}}
    file = lay(ready, "ada", json.dumps(data).encode()) / "responses.json"
    folder = ready.assessments / FOLDER
    row = {"id": "a-time", "title": "x", "text": "words", "other": False, "shared": NOW.isoformat()}
    file.write_text(json.dumps({**data, "shared": [row]}), encoding="utf-8")
    assert shared([UNIT]) == 0
    assert {path.name for path in folder.iterdir()} == {f"{UNIT}.html", f"{UNIT}.txt"}
    file.write_text(json.dumps(data), encoding="utf-8")
    assert shared([UNIT]) == 0
    assert f"Nobody shared anything with their work on {UNIT}. Looked at: 1." in said(capsys)
    assert list(folder.iterdir()) == []


def test_from_the_files_that_came_in_to_the_page_with_nbgraders_own_steps_between(ready, capsys):
    """Marks are as without it; the words lie with the hand-in and on the page, and in nothing that is given out."""
    assert release([UNIT]) == 0
    send(ready, "Ada", [shown("The first words.", id="gone")])
    send(ready, "Ada", [shown("chosen words <b>here</b>")], 1)
    send(ready, "Bob", [])
    for step in ("zip_collect", "autograde", "generate_feedback"):
        run = ready.run("nbgrader", step, UNIT)
        assert run.code == 0, run.out
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{ready.assessments / 'gradebook.db'}") as gradebook:
        scores = {each.student.id: each.score for each in gradebook.assignment_submissions(UNIT)}
    assert scores["ada"] == scores["bob"] > 0
    assert shared([UNIT]) == 0
    out = said(capsys)
    folder = ready.assessments / FOLDER
    assert "Learners who shared something: 1 of 2. Texts: 1." in out
    assert str(folder / f"{UNIT}.html") in out
    assert "chosen words" not in out
    page = sound((folder / f"{UNIT}.html").read_text(encoding="utf-8"))
    assert page.kept == ["chosen words <b>here</b>"]
    assert "Think of a time." in page.text
    assert "The first words." not in page.text, "only the newest hand-in counts"
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in folder.iterdir())
    holding = {
        path.relative_to(ready.assessments).as_posix()
        for path in ready.assessments.rglob("*")
        if path.is_file() and path.suffix != ".zip" and b"chosen words" in path.read_bytes()
    }
    steps = {f"{step}/ada/{UNIT}/responses.json" for step in ("submitted", "autograded", "feedback")}
    came_in = {name for name in holding if name.startswith("downloaded/")}
    assert holding - came_in <= {*steps, f"{FOLDER}/{UNIT}.html", f"{FOLDER}/{UNIT}.txt"}


def test_a_hostile_hand_in_is_passed_over_and_the_others_are_read(ready, capsys, tmp_path):
    """A link, a pipe, a torn, a huge and a misshapen file cost no other learner their words."""
    row = {"id": "a-time", "title": "x", "text": "good words", "other": False, "shared": NOW.isoformat()}
    good = json.dumps({"format": 1, "unit": UNIT, "answers": {}, "shared": [row]}).encode()
    lay(ready, "ada", good)
    lay(ready, "torn", good[:50])
    lay(ready, "huge", b"[" * 2_000_000)
    lay(ready, "foreign", good.replace(UNIT.encode(), b"empathy"))
    lay(ready, "shapes", json.dumps({"format": 1, "unit": UNIT, "answers": {}, "shared": {"a": [row]}}).encode())
    (tmp_path / "secret.json").write_bytes(good)
    link = lay(ready, "link", b"") / "responses.json"
    link.unlink()
    link.symlink_to(tmp_path / "secret.json")
    pipe = lay(ready, "pipe", b"") / "responses.json"
    pipe.unlink()
    os.mkfifo(pipe)
    assert shared([UNIT]) == 0
    assert "Learners who shared something: 1 of 7. Texts: 1." in said(capsys)


def test_with_a_private_bank_the_page_lies_in_its_folder(ready, tmp_path, monkeypatch, capsys):
    """Outside of the public copy of the course."""
    private = tmp_path / "private"
    private.mkdir()
    (ready.assessments / "questions" / f"{UNIT}.md").rename(private / f"{UNIT}.md")
    monkeypatch.setenv("ALONGSIDE_BANK", str(private))
    row = {"id": "a-time", "title": "x", "text": "words", "other": False, "shared": NOW.isoformat()}
    folder = private / "submitted" / "ada" / UNIT
    folder.mkdir(parents=True)
    data = {"format": 1, "unit": UNIT, "answers": {}, "shared": [row]}
    (folder / "responses.json").write_text(json.dumps(data), encoding="utf-8")
    assert shared([UNIT]) == 0
    assert (private / FOLDER / f"{UNIT}.html").is_file()
    assert not (ready.assessments / FOLDER).exists()
    assert str(private / FOLDER) in said(capsys)


def test_git_passes_the_pages_by():
    """So that nobody publishes them by mistake."""
    path = f"assessments/{FOLDER}/empathy.html"
    assert subprocess.run(["git", "check-ignore", "-q", path], cwd=ROOT, check=False).returncode == 0
