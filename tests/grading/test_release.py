"""`alongside release` gives out a quiz without its key, or says in plain words why not and what to do."""

from __future__ import annotations

import json
import os

import pytest

from alongside.catalog import Catalog
from alongside_grading.release.leaks import leaks
from alongside_grading.release.release_command import release
from tests.grading.folder import ROOT, UNIT, make_course

REAL = sorted(path.stem for path in (ROOT / "assessments" / "questions").glob("*.md"))


@pytest.fixture
def ready(course, monkeypatch):
    """A course to release from, with its own bank."""
    monkeypatch.setenv("ALONGSIDE_ROOT", str(course.root))
    monkeypatch.chdir(course.root)
    return course


def edit(course, old, new):
    path = course.assessments / "questions" / f"{UNIT}.md"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def said(capsys):
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return out + err


def test_a_quiz_is_made_ready_and_the_next_steps_are_said(ready, capsys):
    assert release([UNIT]) == 0
    text = said(capsys)
    assert "assessments/release/listening/listening.ipynb is ready to give out" in text
    assert "alongside mark listening" in text
    assert leaks(ready.assessments / "release", ready.bank) == ()
    assert (ready.assessments / "gradebook.db").is_file()


@pytest.mark.usefixtures("ready")
def test_a_unit_that_is_not_there_is_told_with_those_that_are(capsys):
    assert release(["nowhere"]) == 1
    assert 'There is no graded quiz called "nowhere". There are: listening.' in said(capsys)


def test_faults_in_the_bank_are_told_with_file_and_line(ready, capsys):
    edit(ready, "points: 2", "points: many")
    assert release([UNIT]) == 1
    assert "assessments/questions/listening.md:7: " in said(capsys)
    assert not (ready.assessments / "release").exists()


@pytest.mark.usefixtures("ready")
def test_without_nbgrader_it_is_said_what_to_install(capsys, monkeypatch):
    monkeypatch.setattr("alongside_grading.release.release_command.find_spec", lambda _: None)
    assert release([UNIT]) == 1
    assert 'pip install "alongside-course[grade]"' in said(capsys)


def test_a_question_that_gives_a_reason_away_is_not_given_out(ready, capsys):
    edit(ready, "Put a first talk in order.", "Put it in order. A clear end makes a next time easier.")
    assert release([UNIT]) == 1
    assert 'the reason of an answer to "in-order"' in said(capsys)
    assert not (ready.assessments / "release" / UNIT).exists()


def test_a_copy_that_someone_changed_is_not_overwritten(ready, capsys):
    assert release([UNIT]) == 0
    source = ready.assessments / "source" / UNIT / f"{UNIT}.ipynb"
    book = json.loads(source.read_bytes())
    book["cells"][1]["source"] = ["my own words"]
    source.write_text(json.dumps(book), encoding="utf-8")
    assert release([UNIT]) == 1
    assert "was changed by hand" in said(capsys)
    assert "my own words" in source.read_text(encoding="utf-8")


def test_once_work_is_marked_words_may_change_and_questions_may_not(ready, capsys):
    from nbgrader.api import Gradebook

    assert release([UNIT]) == 0
    address = f"sqlite:///{ready.assessments / 'gradebook.db'}"
    with Gradebook(address) as gradebook:
        gradebook.add_student("ada")
        gradebook.add_submission(UNIT, "ada")
        grade = gradebook.find_grade("a-talk", UNIT, UNIT, "ada")
        grade.manual_score = 4.5
        gradebook.db.commit()
    edit(ready, "Waiting while they think.", "Waiting for them.")
    assert release([UNIT]) == 0
    with Gradebook(address) as gradebook:
        assert gradebook.find_grade("a-talk", UNIT, UNIT, "ada").manual_score == 4.5
    edit(ready, "{#in-order}", "{#in-another-order}")
    said(capsys)
    assert release([UNIT]) == 1
    text = said(capsys)
    assert "new: in-another-order; gone: in-order" in text
    assert (ready.assessments / "release" / UNIT / f"{UNIT}.ipynb").is_file()
    with Gradebook(address) as gradebook:
        assert gradebook.find_grade("a-talk", UNIT, UNIT, "ada").manual_score == 4.5


def test_a_private_bank_never_comes_into_the_courses_folder(ready, tmp_path, capsys, monkeypatch):
    private = tmp_path / "private"
    private.mkdir()
    text = (ready.assessments / "questions" / f"{UNIT}.md").read_text(encoding="utf-8")
    (private / f"{UNIT}.md").write_text(text.replace("My sister was the same.", "PRIVATE WORDS"), encoding="utf-8")
    monkeypatch.setenv("ALONGSIDE_BANK", str(private))
    before = sorted(ready.root.rglob("*"))
    assert release([UNIT]) == 0
    said(capsys)
    assert sorted(ready.root.rglob("*")) == before
    assert {"source", "release", "gradebook.db", "nbgrader_config.py"} <= {path.name for path in private.iterdir()}
    assert "PRIVATE WORDS" in (private / "release" / UNIT / f"{UNIT}.ipynb").read_text(encoding="utf-8")


def test_in_a_private_banks_folder_nbgrader_needs_no_more_telling(tmp_path, monkeypatch):
    from traitlets.config import Config

    from alongside_grading.release.release_command import _CONFIG

    monkeypatch.delenv("ALONGSIDE_BANK", raising=False)
    config = Config()
    exec(_CONFIG, {"__file__": str(tmp_path / "nbgrader_config.py"), "get_config": lambda: config})  # noqa: S102
    assert os.environ.pop("ALONGSIDE_BANK") == str(tmp_path)
    assert config.CourseDirectory.root == str(tmp_path)


def test_a_private_bank_inside_the_course_is_refused(ready, capsys, monkeypatch):
    monkeypatch.setenv("ALONGSIDE_BANK", str(ready.assessments / "questions"))
    assert release([UNIT]) == 1
    assert "Move it to a folder outside" in said(capsys)
    assert not (ready.assessments / "questions" / "source").exists()


def test_a_new_gradebook_is_made_although_no_tool_is_on_the_path(ready):
    done = ready.run("alongside", "release", UNIT, PATH="/nowhere")
    assert (done.code, "is ready to give out" in done.out) == (0, True), done.out


@pytest.mark.parametrize("unit", REAL)
def test_the_real_quizzes_are_given_out_without_their_keys(tmp_path, monkeypatch, unit):
    course = make_course(tmp_path / "course")
    bank = ROOT / "assessments" / "questions" / f"{unit}.md"
    (course.assessments / "questions" / f"{unit}.md").write_bytes(bank.read_bytes())
    monkeypatch.setenv("ALONGSIDE_ROOT", str(course.root))
    assert release([unit]) == 0
    real, _ = Catalog(course.root, environ={}).bank(unit)
    assert real is not None
    assert leaks(course.assessments / "release", real) == ()
    assert leaks(course.assessments / "source", real) != ()
