from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from alongside_widgets import home, lesson, my_work, quiz
from alongside_widgets.unavailable import Unavailable


@pytest.mark.usefixtures("root")
def test_a_lesson_shows_each_activity_by_name():
    course = lesson("first")
    shown = [course.roleplay("talk"), course.practice("one", "pairs"), course.practice(), course.reflection("a-time")]
    shown += [course.progress(), home().progress(), home().resume(), quiz("first")]
    assert not any(isinstance(widget, Unavailable) for widget in shown)
    assert [row["id"] for row in shown[1].view["questions"]] == ["one", "pairs"]
    assert len(shown[2].view["questions"]) == 5


@pytest.mark.usefixtures("root")
def test_what_a_notebook_prints_is_short_and_the_same_every_time():
    course, work = lesson("first"), my_work()
    shown = [work, work.journal(), work.conversations(), work.keep(), work.delete()]
    assert [repr(each) for each in shown] == ["<WorkPage>", "<Journal>", "<Conversations>", "<Keeping>", "<Deletion>"]
    shown = [course, home(), course.roleplay("talk"), course.practice(), course.reflection("a-time"), quiz("first")]
    assert [repr(each) for each in shown] == [
        "<LessonPage>", "<HomePage>", "<RolePlay>", "<Practice>", "<Writing>", "<GradedQuiz>",
    ]  # fmt: skip


@pytest.mark.usefixtures("root")
def test_what_is_missing_becomes_a_note_and_nothing_raises(words):
    course = lesson("first")
    said = words["unavailable"]
    for widget, kind in (
        (course.roleplay("nope"), "roleplay"),
        (course.practice("one", "nope"), "practice"),
        (course.reflection("nope"), "reflection"),
        (lesson("nope").roleplay("talk"), "roleplay"),
        (lesson("nope").progress(), "progress"),
        (quiz("nope"), "quiz"),
    ):
        assert widget.view["sentence"] == said[kind]
        assert repr(widget) == "<Unavailable>"


def test_a_broken_conversation_is_a_note_and_the_rest_of_the_lesson_works(root):
    (root / "modules" / "01-first" / "scenarios" / "talk.md").write_text(
        "## Start\n\n- **You:** nowhere", encoding="utf-8"
    )
    course = lesson("first")
    assert course.roleplay("talk").view["sentence"] == "This conversation is not available right now."
    assert not isinstance(course.roleplay("hurt"), Unavailable)
    assert not isinstance(course.practice(), Unavailable)


@pytest.mark.parametrize("broken", ["course/course.yaml", "course/sources.toml", "course/words/en.toml"])
def test_a_course_that_cannot_be_opened_still_says_so_in_words(root, broken):
    (root / broken).write_text("]]]", encoding="utf-8")
    assert lesson("first").roleplay("talk").view["sentence"] == "This conversation is not available right now."
    assert home().progress().view["sentence"]
    assert home().resume().view["sentence"]
    assert my_work().journal().view["sentence"] == "Your journal is not available right now."
    assert quiz("first").view["sentence"]


def test_a_folder_that_is_no_course_still_says_so_in_words(root, monkeypatch):
    monkeypatch.setenv("ALONGSIDE_ROOT", str(root / "nowhere"))
    assert lesson("first").practice().view["sentence"] == "These questions are not available right now."


@pytest.mark.usefixtures("root")
def test_a_visitor_of_no_known_name_keeps_nothing_and_meets_nobody(monkeypatch, words, page):
    """Without a name there is no space, and falling back to a shared one would mix two learners' answers."""
    monkeypatch.setenv("ALONGSIDE_VISITOR", "../../etc")
    before = set(Path.cwd().rglob("*"))
    widget = quiz("first")
    assert widget.view["trouble"] == words["save"]["cannot_save"]
    assert page(widget).ask(do="answer", question="words", answer="mine")["trouble"] == words["save"]["not_saved"]
    assert lesson("first").reflection("a-time").view["keeps"] is False
    assert home().resume().view["here"] is None
    assert set(Path.cwd().rglob("*")) == before


@pytest.mark.usefixtures("root")
def test_two_visitors_never_see_each_others_answers(monkeypatch, page):
    for visitor, text in (("a" * 32, "from a"), ("b" * 32, "from b")):
        monkeypatch.setenv("ALONGSIDE_VISITOR", visitor)
        widget = quiz("first")
        assert widget.now["answers"] == {}
        assert page(widget).ask(do="answer", question="words", answer=text)["saved"]
    monkeypatch.setenv("ALONGSIDE_VISITOR", "a" * 32)
    assert quiz("first").now["answers"] == {"words": "from a"}


def test_importing_the_package_loads_no_widget_library():
    """A page waits for what it imports, so widgets are loaded when the first one is shown."""
    heavy = "[name for name in ('anywidget', 'ipywidgets', 'yaml') if name in sys.modules]"
    code = f"import sys, json, alongside_widgets; print(json.dumps({heavy}))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(run.stdout) == []


def test_what_notebooks_import_is_still_there_once_every_widget_was_loaded():
    """A module of the same name would take a function's place, and a cell that is run again would fail."""
    code = (
        "import importlib, pkgutil, alongside_widgets\n"
        "for each in pkgutil.iter_modules(alongside_widgets.__path__):\n"
        "    importlib.import_module('alongside_widgets.' + each.name)\n"
        "print(all(callable(getattr(alongside_widgets, name)) for name in alongside_widgets.__all__))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"
