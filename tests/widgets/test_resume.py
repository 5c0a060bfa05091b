"""The way back leads to the very place, in one link, and tells nobody what was written."""

from __future__ import annotations

import json

import pytest

from alongside.page_notebook import lesson_notebook
from alongside.record import GRADED, HANDED, PRACTICE, REFLECTIONS, RUNS
from alongside.roleplay import Run
from alongside_widgets.resume import Resume, view
from tests.widgets.test_roleplay import reply


@pytest.fixture
def run(catalog):
    talk = catalog.module("first").scenarios["talk"]
    return Run(talk.id, talk.digest, (reply(talk, "At least"),)).to_dict()


def test_with_nothing_begun_nothing_is_said(catalog, record):
    assert view(catalog, record)["here"] is None


@pytest.mark.parametrize(
    ("kept", "here"),
    [
        (
            (RUNS, "first--talk", None),
            ("lesson.ipynb#at-roleplay-talk", "Go on: A talk",
             "A conversation with Alex. You are at your turn 2. In the lesson First."),
        ),
        (
            (REFLECTIONS, "first--a-time", {"text": "My worst year."}),
            ("lesson.ipynb#at-reflection-a-time", "Go on: A time", "A place to write. In the lesson First."),
        ),
        (
            (GRADED, "first", {"answers": {"words": "My worst year."}}),
            ("quiz.ipynb#at-quiz", "Go on: Graded quiz: First", "1 of 6 answered. Not handed in yet."),
        ),
    ],
)  # fmt: skip
def test_it_names_what_was_begun_and_leads_there(catalog, record, run, kept, here):
    (kind, name, value), (href, words, about) = kept, here
    record.put(kind, name, value or run)
    shown = view(catalog, record)
    assert shown["here"] == {"href": f"01-first/{href}", "words": words, "about": about}
    assert "worst" not in json.dumps(shown)


def test_a_quiz_that_was_changed_since_its_file_was_made_says_so(catalog, record):
    record.put(GRADED, "first", {"answers": {"words": "x"}})
    record.put(HANDED, "first", {"at": 5, "digest": "older"})
    assert view(catalog, record)["here"]["about"] == "Changed since you made the file."


def test_practice_is_named_by_its_lesson(catalog, record, root):
    path = root / "modules" / "01-first" / "lesson.md"
    path.write_text(path.read_text(encoding="utf-8").replace("practice heard", "practice one pairs"), encoding="utf-8")
    record.put(PRACTICE, "first--pairs", {"best": 0})
    assert view(type(catalog)(root, environ={}), record)["here"] == {
        "href": "01-first/lesson.ipynb#at-practice-one-pairs",
        "words": "Go on: Practice questions: First",
        "about": "1 of 2 tried.",
    }


def test_it_leads_to_a_cell_that_the_lesson_has(catalog):
    """The page gives each activity's place the id of its cell."""
    module = catalog.modules[0]
    cells = {cell["id"] for cell in lesson_notebook(module.lesson, module, catalog)["cells"]}
    assert {each.cell for each in module.lesson.activities} <= cells


def test_it_looks_again_when_the_learner_comes_back(catalog, record, run, page):
    widget = Resume(catalog, record)
    record.put(RUNS, "first--talk", run)
    assert page(widget).ask(do="look") == {"ack": 1}
    assert widget.view["here"]["words"] == "Go on: A talk"
    assert page(widget).ask(do="else") is None
