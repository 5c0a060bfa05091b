from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from alongside.due import answers_digest
from alongside.record import GRADED, HANDED, PRACTICE, REFLECTIONS, Place, Record, Space
from alongside.responses import as_data
from alongside_widgets.progress import view
from alongside_widgets.roleplay import FINISHED


def test_a_lesson_not_opened_yet_says_so_and_has_links_beside_the_home_page(catalog, record):
    row = view(catalog, record)["modules"][0]
    assert (row["said"], row["done"], row["total"]) == ("Not started yet", 0, 4)
    assert row["href"] == "01-first/lesson.ipynb"
    assert row["quiz"]["href"] == "01-first/quiz.ipynb"


def test_each_thing_done_counts_once_and_all_of_them_is_all(catalog, record):
    steps = [
        lambda: record.put(FINISHED, "first--talk", value=True),
        lambda: record.put(REFLECTIONS, "first--a-time", {"text": "Words", "other": False}),
        lambda: record.put(GRADED, "first", as_data("first", {"one": "x"}, datetime.now(UTC))),
    ]
    for number, step in enumerate(steps, start=1):
        step()
        assert view(catalog, record)["modules"][0]["done"] == number
    assert view(catalog, record)["modules"][0]["said"] == "3 of 4 done"


def test_an_empty_reflection_and_a_lesson_of_another_name_do_not_count(catalog, record):
    record.put(REFLECTIONS, "first--a-time", {"text": "  ", "other": False})
    record.put(PRACTICE, "other--heard", {"best": 1})
    assert view(catalog, record)["modules"][0]["done"] == 0


def test_on_a_shared_website_writing_is_not_counted_and_that_is_said(catalog, tmp_path):
    shared = view(catalog, Record(Space(tmp_path / "s", Place.OPEN)))
    assert shared["modules"][0]["total"] == 3
    assert shared["note"] == catalog.words["progress"]["not_kept"]


def test_a_lesson_that_cannot_be_read_is_listed_and_the_others_stay(root, record):
    from alongside.catalog import Catalog

    (root / "modules" / "02-broken-one").mkdir()
    (root / "modules" / "02-broken-one" / "lesson.md").write_text("{{ nonsense }}", encoding="utf-8")
    rows = view(Catalog(root, environ={}), record)["modules"]
    assert rows[0]["title"] == "First"
    assert rows[1] == {"title": "Broken one", "broken": "This lesson is not available right now."}


def test_inside_a_lesson_the_links_lead_out_of_its_folder(catalog, record):
    row = view(catalog, record, only=catalog.module("first"))["modules"][0]
    assert row["href"] == "../01-first/lesson.ipynb"


ANSWERS = {"words": "Mine.", "several": "x", "minutes": 45}


@pytest.mark.parametrize(
    ("answers", "handed", "said"),
    [
        (None, None, ""),
        ({}, None, ""),
        ({"words": "Mine."}, None, "1 of 6 answered."),
        (ANSWERS, {"at": 5, "digest": answers_digest(ANSWERS)}, "File made on {day}."),
        (ANSWERS, {"at": 5, "digest": "other"}, "Changed since you made the file on {day}."),
        ("x", "x", ""),
    ],
)
def test_a_graded_quiz_says_how_far_it_is_on_its_way(catalog, record, answers, handed, said):
    """The page puts in the day, by the learner's own clock."""
    for kind, value in ((GRADED, answers and {"answers": answers}), (HANDED, handed)):
        if value is not None:
            record.put(kind, "first", value)
    quiz = view(catalog, record)["modules"][0]["quiz"]
    assert (quiz["said"], quiz["made"]) == (said, 5 if "{day}" in said else 0)
    assert "Mine" not in json.dumps(view(catalog, record))
