from __future__ import annotations

import pytest

from alongside.record import REFLECTIONS, SHARED, Place, Record, Space
from alongside_widgets.journal import Journal
from alongside_widgets.page import Nowhere

NAME = "first--a-time"


@pytest.fixture
def said(words):
    return words["work"]


def written(record, text="MYWORDS", name=NAME, **more):
    record.put(REFLECTIONS, name, {"text": text, "other": False, **more})


def test_the_page_has_how_much_was_written_and_no_word_of_it(catalog, record):
    """Words come when a part is opened, so that nobody sees them over a shoulder, and a long journal opens fast."""
    written(record)
    widget = Journal(catalog, record)
    assert widget.view["chapters"] == [{"module": "first", "title": "First", "count": "1 piece of writing"}]
    assert "MYWORDS" not in str(widget.get_state())


def test_opening_a_module_gives_its_entries(catalog, record, page, said):
    """With the prompt, the day, and the way to where it was written."""
    written(record, other=True)
    (chapter,) = page(Journal(catalog, record)).ask(do="open", module="first")["chapters"]
    (entry,) = chapter["entries"]
    assert (entry["title"], entry["text"], entry["notes"]) == ("A time", "MYWORDS", [])
    assert entry["facts"][0].startswith("Last saved on ")
    assert entry["facts"][1] == said["about_other"]
    assert entry["link"] == {
        "href": "01-first/lesson.ipynb#at-reflection-a-time", "words": "Go to where you wrote this: A time",
    }  # fmt: skip


def test_older_words_and_what_is_shared_stand_with_an_entry(catalog, record, page):
    """The shared words stand there where they are others than those of today."""
    written(record)
    record.set_aside(REFLECTIONS, NAME, {"text": "BEFORE", "other": False})
    shared = {"text": "MYWORDS", "other": False, "shared": "2026-11-20T12:00:00+00:00", "handed": None}
    record.put(SHARED, NAME, shared)
    asked = page(Journal(catalog, record))
    (entry,) = asked.ask(do="all")["chapters"][0]["entries"]
    assert [older["text"] for older in entry["older"]] == ["BEFORE"]
    assert entry["shared"] == {"facts": ["Shared with your instructor on November 20, 2026"], "text": ""}
    record.put(SHARED, NAME, {**shared, "text": "THEN", "handed": "2026-11-21T12:00:00+00:00"})
    (entry,) = asked.ask(do="all")["chapters"][0]["entries"]
    assert entry["shared"]["text"] == "THEN"
    assert entry["shared"]["facts"][1] == "In the file you made on November 21, 2026"


def test_a_prompt_that_is_gone_and_words_that_cannot_be_read_are_told(catalog, record, page, words):
    """Each in a sentence, in the entry's place."""
    written(record, name="gone--one")
    written(record, name="first--a-time")
    with record._store.writing() as connection:
        connection.execute("UPDATE things SET value = '{' WHERE name = 'first--a-time'")
    torn, gone = (each["entries"][0] for each in page(Journal(catalog, record)).ask(do="all")["chapters"])
    assert (torn["text"], torn["notes"]) == ("", [words["record"]["damaged"]])
    assert (gone["text"], gone["notes"], gone["link"]) == ("MYWORDS", [words["work"]["prompt_gone"]], None)


def test_looking_again_finds_what_was_written_or_deleted_meanwhile(catalog, record, page, said):
    """In another window, or on this page."""
    widget = Journal(catalog, record)
    assert widget.view["nothing"] == said["journal_empty"]
    written(Record(record.space))
    assert page(widget).ask(do="look") == {"ack": 1}
    assert widget.view["nothing"] == ""
    record.delete_everything()
    page(widget).ask(do="look")
    assert (widget.view["chapters"], widget.view["nothing"]) == ([], said["journal_empty"])


def test_where_nothing_is_kept_it_says_so(catalog, tmp_path, words):
    """On a shared website without a code, and where nobody knows whose space this is."""
    shared = Journal(catalog, Record(Space(tmp_path / "shared", Place.OPEN)))
    assert shared.view["nothing"] == words["work"]["journal_not_kept"]
    assert Journal(catalog, Nowhere()).view["nothing"] == words["save"]["cannot_save"]


def test_a_record_that_cannot_be_read_is_told_in_its_own_sentence(catalog, record, page, words):
    """When the page opens and when a part is opened."""
    written(record)
    record.close()
    record._store.path.write_bytes(b"torn" * 2000)
    widget = Journal(catalog, Record(record.space))
    assert widget.view["trouble"] == words["record"]["damaged_file"]
    assert widget.view["nothing"] == ""
    assert page(widget).ask(do="all")["trouble"] == words["record"]["damaged_file"]


def test_a_very_long_journal_opens_with_a_small_view(catalog, record, page):
    """500 pieces of 2,000 words: the view holds none of them, and a module gives its own alone."""
    text = "word " * 2000
    with record.changing() as shelf:
        for number in range(500):
            thing = record._thing(REFLECTIONS, f"module-{number % 8}--piece-{number}", {"text": text, "other": False})
            shelf.keep(thing)
    widget = Journal(catalog, record)
    assert len(str(widget.view)) < 10_000 + len(str(widget.view["words"]))
    (chapter,) = page(widget).ask(do="open", module="module-3")["chapters"]
    assert len(chapter["entries"]) in {62, 63}
