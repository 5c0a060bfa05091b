from __future__ import annotations

from datetime import UTC, datetime

from alongside.record import GRADED, PRACTICE, REFLECTIONS, Place, Record, Space
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
