from __future__ import annotations

import pytest

from alongside.record import REFLECTIONS, Place, Record, Space
from alongside_widgets.reflection import Writing


@pytest.fixture
def prompt(catalog):
    return catalog.module("first").reflections["a-time"]


def test_words_are_kept_and_come_back_with_the_choice_of_whom_they_are_about(prompt, words, record, page):
    told = page(Writing(prompt, "first", words, record, "en"))
    assert told.ask(do="write", text="It was <i>her</i>.", other=True) == {"ack": 1, "saved": True, "seen": 1}
    back = Writing(prompt, "first", words, record, "en").view
    assert (back["text"], back["about_other"]) == ("It was <i>her</i>.", True)
    assert back["who_reads"] == words["reflection"]["who_reads_own"]


def test_on_a_shared_website_nothing_is_taken_and_nothing_is_written(prompt, words, tmp_path, page):
    record = Record(Space(tmp_path / "shared", Place.OPEN))
    widget = Writing(prompt, "first", words, record, "en")
    assert page(widget).ask(do="write", text="secret", other=False) is None
    assert widget.view["who_reads"] == words["reflection"]["who_reads_open"]
    assert widget.view["keeps"] is False
    assert "secret" not in str(widget.get_state())
    assert not (tmp_path / "shared").exists()


@pytest.mark.usefixtures("no_disk")
def test_a_store_that_fails_is_told_before_anything_is_typed_and_the_words_stay(prompt, words, record, page):
    widget = Writing(prompt, "first", words, record, "en")
    assert widget.view["trouble"] == words["save"]["cannot_save"]
    told = page(widget).ask(do="write", text="still here", other=False)
    assert told["trouble"] == words["save"]["not_saved"]
    assert widget.view["text"] == "still here"


@pytest.mark.parametrize("kept", [None, [], {"text": 3}, {"other": True}, "x"])
def test_a_kept_file_of_any_shape_opens_empty(kept, prompt, words, record):
    record.put(REFLECTIONS, "first--a-time", kept)
    assert Writing(prompt, "first", words, record, "en").view["text"] == ""


def test_what_was_written_is_never_logged_or_printed(prompt, words, record, page, caplog, capfd):
    widget = Writing(prompt, "first", words, record, "en")
    page(widget).ask(do="write", text="nobody else", other=False)
    out, err = capfd.readouterr()
    assert "nobody else" not in out + err + caplog.text + repr(widget)


def test_of_two_open_pages_neither_overwrites_the_others_words(prompt, words, record, page):
    one, two = (Writing(prompt, "first", words, Record(record.space), "en") for _ in range(2))
    assert page(one).ask(do="write", text="in one", other=False)["saved"]
    told = page(two).ask(do="write", text="in two", other=False)
    assert told["trouble"] == words["record"]["newer_text"]
    assert two.view["text"] == "in two"
    assert record.get(REFLECTIONS, "first--a-time")["text"] == "in one"
    assert [each.value["text"] for each in record.aside(REFLECTIONS, "first--a-time")] == ["in two"]


def test_a_page_with_a_new_kernel_does_not_overwrite_what_another_page_wrote_meanwhile(prompt, words, record, page):
    """The new kernel has read the other page's words; what the page has not seen it cannot have meant to replace."""
    one = Writing(prompt, "first", words, Record(record.space), "en")
    seen = page(one).ask(do="write", text="mine", other=False, seen=one.view["changed"])["seen"]
    other = Writing(prompt, "first", words, Record(record.space), "en")
    page(other).ask(do="write", text="theirs", other=False, seen=other.view["changed"])
    again = Writing(prompt, "first", words, Record(record.space), "en")
    told = page(again).ask(do="write", text="mine, and more", other=False, seen=seen)
    assert told["trouble"] == words["record"]["newer_text"]
    assert record.get(REFLECTIONS, "first--a-time")["text"] == "theirs"
    assert [each.value["text"] for each in record.aside(REFLECTIONS, "first--a-time")] == ["mine, and more"]


def test_a_page_with_a_new_kernel_goes_on_where_nobody_else_wrote(prompt, words, record, page):
    """Also when what it had sent was kept and only the answer was lost."""
    one = Writing(prompt, "first", words, Record(record.space), "en")
    seen = page(one).ask(do="write", text="a", other=False, seen=one.view["changed"])["seen"]
    page(one).ask(do="write", text="a b", other=False, seen=seen)  # the answer to this one never came
    again = page(Writing(prompt, "first", words, Record(record.space), "en"))
    assert again.ask(do="write", text="a b", other=False, seen=seen)["saved"]
    assert again.ask(do="write", text="a b c", other=False, seen=seen)["saved"]
    assert record.get(REFLECTIONS, "first--a-time")["text"] == "a b c"


def test_words_that_were_deleted_elsewhere_do_not_come_back_from_an_open_page(prompt, words, record, page):
    widget = Writing(prompt, "first", words, Record(record.space), "en")
    page(widget).ask(do="write", text="mine", other=False)
    record.delete_everything()
    told = page(widget).ask(do="write", text="mine and more", other=False)
    assert told["trouble"] == words["record"]["deleted_text"]
    assert record.names(REFLECTIONS) == frozenset()


def test_words_that_cannot_be_read_any_more_are_told(prompt, words, record, page):
    record.put(REFLECTIONS, "first--a-time", {"text": "x"})
    with record._store.writing() as connection:
        connection.execute("UPDATE things SET value = '{'")
    widget = Writing(prompt, "first", words, record, "en")
    assert widget.view["trouble"] == words["record"]["damaged"]
    assert page(widget).ask(do="write", text="again", other=False)["saved"]
