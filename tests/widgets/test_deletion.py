from __future__ import annotations

import pytest

from alongside.record import (
    DISPUTES,
    FINISHED,
    GRADED,
    OWN_WORDS,
    PRACTICE,
    REFLECTIONS,
    RUNS,
    SHARED,
    TALKS,
    TRIES,
    Record,
)  # fmt: skip
from alongside_widgets import my_work
from alongside_widgets.deletion import Deletion
from alongside_widgets.page import Nowhere

PLANTED = "a sentence planted to be searched for"


def fill(record):
    for name in ("first--a-time", "first--b"):
        record.put(REFLECTIONS, name, {"text": PLANTED, "other": False})
    record.set_aside(REFLECTIONS, "first--b", {"text": f"{PLANTED}, older", "other": False})
    record.put(SHARED, "first--b", {"text": PLANTED, "other": False, "shared": "2026-11-20T12:00:00+00:00"})
    record.put(RUNS, "old--talk", {"choices": [PLANTED]})
    record.put(OWN_WORDS, "old--talk", {"format": 1, "words": [{"turn": 0, "text": PLANTED}]})
    record.put(FINISHED, "old--talk", value=True)
    record.put(SHARED, "first--taken-back", None)
    record.put(REFLECTIONS, "first--emptied", {"text": " ", "other": False})
    row = {"choices": ["a", "b"], "digest": "x", "ended": 5}
    record.put(TALKS, "first--hurt", {"format": 1, "talks": [row]})
    record.put(PRACTICE, "first--one", {"best": 1})
    record.put(GRADED, "first", {"answers": {"words": PLANTED}})
    record.put(TRIES, "abcdef01", {"day": "2026-11-21", "found": {"questions": 1}})
    record.put(DISPUTES, "abcdef", {"previous": "a", "reply": PLANTED, "clause": "b", "heard": "c", "means": "none"})


def test_what_goes_is_said_in_counts_and_what_stays_too(catalog, record, words):
    """What was emptied or taken back is no piece of writing."""
    fill(record)
    view = Deletion(catalog, record).view
    assert view["goes"] == [
        "2 pieces of writing", "1 piece of writing that you shared", "2 conversations",
        "Your points for 1 practice question", "Your answers to 1 graded quiz",
        "What was counted in 1 try in the practice lab", "1 reply that you heard another way",
        words["work"]["delete_rest"],
    ]  # fmt: skip
    assert view["stays"] == [words["work"]["stays_files"], words["work"]["stays_beside"]]


def test_afterwards_no_file_holds_a_word_of_it(catalog, record, page, words):
    """Also none of the files that an earlier version kept."""
    fill(record)
    old = record.space.folder / "graded" / "first" / "responses.json"
    old.parent.mkdir(parents=True)
    old.write_text(PLANTED, encoding="utf-8")
    widget = Deletion(catalog, record)
    assert page(widget).ask(do="delete") == {"ack": 1, "deleted": True}
    root = record.space.folder.parent
    assert [path for path in root.rglob("*") if path.is_file() and PLANTED.encode() in path.read_bytes()] == []
    assert not record.space.folder.exists()
    assert widget.view["goes"] == [words["work"]["delete_whatever"]]


def test_the_rest_of_the_page_is_empty_after_it(root, page, words):
    """Each part looks again when it is told."""
    course = my_work()
    fill(course._record)
    parts = [course.journal(), course.conversations(), course.delete()]
    assert parts[0].view["chapters"]
    page(parts[2]).ask(do="delete")
    for part in parts:
        page(part).ask(do="look")
    assert (parts[0].view["chapters"], parts[1].view["rows"]) == ([], [])
    assert page(course.keep()).ask(do="save")["trouble"] == words["work"]["save_nothing"]


@pytest.mark.parametrize("spoiled", [b"torn" * 2000, b""])
def test_a_record_that_cannot_be_read_can_still_be_deleted(catalog, record, page, spoiled):
    """Whoever wants it gone does not need it to be whole."""
    fill(record)
    record.close()
    record._store.path.write_bytes(spoiled)
    widget = Deletion(catalog, Record(record.space))
    assert bool(widget.view["trouble"]) is bool(spoiled)
    assert page(widget).ask(do="delete")["deleted"]
    assert widget.view["trouble"] == ""
    assert not record._store.path.exists()


def test_what_could_not_be_deleted_is_told(catalog, record, page, words, monkeypatch):
    """And counted again, so that it is seen what is still there."""
    fill(record)

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("alongside.record.store.Store.erase", refuse)
    widget = Deletion(catalog, record)
    assert page(widget).ask(do="delete")["trouble"] == words["work"]["delete_failed"]
    assert widget.view["goes"][0] == "2 pieces of writing"


def test_twice_is_as_once(catalog, record, page):
    """The message may come again over a line that was lost; and where there is no space there is nothing to do."""
    widget = Deletion(catalog, record)
    fill(record)
    assert page(widget).ask(do="delete")["deleted"]
    assert page(widget).ask(do="delete")["deleted"]
    nowhere = Deletion(catalog, Nowhere())
    assert nowhere.view["trouble"] == catalog.words["save"]["cannot_save"]
    assert page(nowhere).ask(do="delete")["deleted"]
