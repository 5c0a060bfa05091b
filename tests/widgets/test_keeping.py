from __future__ import annotations

import base64
import json
from datetime import datetime

import pytest

from alongside.record import GRADED, REFLECTIONS, RUNS, Place, Record, Space
from alongside.record.bundle import Found, read_bundle
from alongside_widgets.keeping import Keeping, found_in_words
from alongside_widgets.page import Nowhere

NAME = "first--a-time"
PIECE = 300


@pytest.fixture
def there(tmp_path):
    """Another device, with nothing on it."""
    return Record(Space(tmp_path / "there"))


def written(record, text="MYWORDS"):
    record.put(REFLECTIONS, NAME, {"text": text, "other": False})


def made(asked, **message):
    """Press save, and give the file with what was said."""
    told = asked.ask(do="save", **message)
    return told["file"], asked.heard[0][1][0]


def bring(asked, data, words="", name="f"):
    """Do what the page does: ask, and send what is missing, until there is an answer."""
    told = asked.ask(do="bring", file=name, at=len(data), words=words)
    while "next" in told:
        start = told["next"]
        if start >= len(data):
            told = asked.ask(do="bring", file=name, at=len(data), words=words)
            continue
        piece = base64.b64encode(data[start : start + PIECE]).decode()
        told = asked.ask(do="piece", file=name, at=start, data=piece)
    return told


def test_saved_in_one_press_and_brought_back_on_another_device(catalog, record, there, page, words):
    """The file is named for the day, and the same again brings nothing new."""
    written(record)
    file, data = made(page(Keeping(catalog, record)))
    assert file["name"] == f"alongside-work-{datetime.now().astimezone():%Y-%m-%d}.json"
    assert file["said"] == [f"The file is in your downloads: {file['name']}", words["work"]["save_keep"]]
    asked = page(Keeping(catalog, there))
    assert bring(asked, data)["found"] == ["Your work is back.", "Brought back: 1"]
    assert there.get(REFLECTIONS, NAME)["text"] == "MYWORDS"
    assert bring(asked, data)["found"] == [words["work"]["bring_same"]]


def test_a_locked_file_needs_its_words_and_keeps_asking(catalog, record, there, page, words):
    """Nothing is changed by wrong ones, and the file is not sent again."""
    written(record)
    file, data = made(page(Keeping(catalog, record)), words=" four plain little words ")
    assert file["said"][1] == words["work"]["lock_done"]
    assert b"MYWORDS" not in data
    asked = page(Keeping(catalog, there))
    for said, sentence in (("", "bundle_locked"), ("other words", "bundle_passphrase")):
        told = bring(asked, data, said)
        assert (told["trouble"], told["locked"]) == (words["record"][sentence], True)
        assert there.everything() == ((), ())
    assert (
        asked.ask(do="bring", file="f", at=len(data), words="four plain little words")["found"][0]
        == "Your work is back."
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda data: data.replace(b"MYWORDS", b"YOURWORDS"), "bundle_damaged"),
        (lambda data: data[:-30], "bundle_damaged"),
        (lambda data: data.replace(b'"format": 1', b'"format": 2'), "bundle_newer"),
        (lambda _: json.dumps({"cells": []}).encode(), "bundle_foreign"),
        (lambda _: b"\x89PNG\r\n", "bundle_foreign"),
        (lambda _: b"", "bundle_foreign"),
    ],
)
def test_a_file_that_cannot_be_brought_back_changes_nothing(catalog, record, there, page, change, sentence):
    """It is refused in a sentence, and what is here stays as it was."""
    written(record)
    written(there, "THEIRS")
    before = there.everything()
    _, data = made(page(Keeping(catalog, record)))
    told = bring(page(Keeping(catalog, there)), change(data))
    assert told["trouble"] == catalog.words["record"][sentence]
    assert there.everything() == before


def test_pieces_go_on_with_a_new_kernel_from_the_start(catalog, record, there, page):
    """A page whose kernel was lost on the way is told where to begin again."""
    written(record)
    _, data = made(page(Keeping(catalog, record)))
    first = page(Keeping(catalog, there))
    first.ask(do="piece", file="f", at=0, data=base64.b64encode(data[:PIECE]).decode())
    second = page(Keeping(catalog, there))
    told = second.ask(do="piece", file="f", at=PIECE, data=base64.b64encode(data[PIECE:]).decode())
    assert told["next"] == 0
    assert bring(second, data)["found"][0] == "Your work is back."


@pytest.mark.parametrize("data", ["not base64!", "é", "A" * 700_001])
def test_a_piece_that_is_none_is_ignored(catalog, record, page, data):
    """What comes from a page is untrusted."""
    assert page(Keeping(catalog, record)).ask(do="piece", file="f", at=0, data=data) is None


def test_blank_words_lock_nothing(catalog, record, page):
    """A file locked under nothing could never be opened."""
    written(record)
    _, data = made(page(Keeping(catalog, record)), words="   ")
    assert read_bundle(data).things


def test_with_nothing_kept_there_is_nothing_to_save(catalog, record, page, words):
    """Neither as a file nor as pages."""
    asked = page(Keeping(catalog, record))
    assert asked.ask(do="save")["trouble"] == words["work"]["save_nothing"]
    assert asked.ask(do="export", **{"as": "html"})["trouble"] == words["work"]["save_nothing"]


@pytest.mark.parametrize(("kind", "mime"), [("html", "text/html;charset=utf-8"), ("txt", "text/plain;charset=utf-8")])
def test_pages_to_read_hold_what_was_written_and_answered(catalog, record, page, kind, mime):
    """Answers in words, also those whose half characters no file can hold."""
    written(record, "MYWORDS <b>")
    bank, _ = catalog.bank("first")
    answers = {bank.questions[0].id: bank.questions[0].options[0].id, "words": "WRITTEN \ud800"}
    record.put(GRADED, "first", {"answers": answers})
    asked = page(Keeping(catalog, record))
    file = asked.ask(do="export", **{"as": kind})["file"]
    text = asked.heard[0][1][0].decode()
    assert (file["type"], file["name"].rpartition(".")[2]) == (mime, kind)
    for words in ("MYWORDS", "Tea.", "WRITTEN", "No answer yet"):
        assert words in text
    assert ("<b>" in text) is (kind == "txt")


@pytest.mark.usefixtures("no_disk")
def test_a_full_disk_is_told_and_the_file_can_be_tried_again(catalog, record, page, words, tmp_path):
    """The file is fine; it is the disk that is not."""
    data = json.dumps({"alongside": "saved work", "format": 1, "check": "", "work": {}}).encode()
    widget = Keeping(catalog, record)
    assert widget.view["trouble"] == words["save"]["cannot_save"]
    assert bring(page(widget), data)["trouble"] == words["record"]["bundle_damaged"]
    work = {"things": [{"kind": RUNS, "name": "a", "value": {}, "saved": 1}], "aside": []}
    check = __import__("hashlib").sha256(json.dumps(work, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    data = json.dumps({"alongside": "saved work", "format": 1, "check": check, "work": work}).encode()
    assert bring(page(widget), data)["trouble"] == words["work"]["bring_failed"]


def test_a_record_of_a_newer_version_is_told(catalog, record, page, words):
    """And nothing is made of it."""
    written(record)
    with record._store.writing() as connection:
        connection.execute("PRAGMA user_version = 99")
    record.close()
    asked = page(Keeping(catalog, Record(record.space)))
    assert asked.ask(do="save")["trouble"] == words["record"]["newer_file"]
    assert asked.ask(do="export", **{"as": "txt"})["trouble"] == words["record"]["newer_file"]


def test_on_a_shared_website_writing_is_left_and_told(catalog, record, tmp_path, page):
    """Its disk is no place for it; a talk is brought back."""
    written(record)
    record.put(RUNS, "first--talk", {"format": 1})
    _, data = made(page(Keeping(catalog, record)))
    open_space = Record(Space(tmp_path / "open", Place.OPEN))
    found = bring(page(Keeping(catalog, open_space)), data)["found"]
    assert found == ["Your work is back.", "Brought back: 1", "Not kept on this website: 1"]
    assert open_space.get(REFLECTIONS, NAME) is None


def test_where_there_is_no_space_it_says_so(catalog, page, words):
    """Nothing to save, and nowhere to bring anything."""
    widget = Keeping(catalog, Nowhere())
    assert widget.view["trouble"] == words["save"]["cannot_save"]
    assert page(widget).ask(do="save")["trouble"] == words["work"]["save_nothing"]


def test_what_was_found_is_said_in_counts_that_are_not_nothing(words):
    """Each line is about something that happened."""
    found = found_in_words(Found(added=2, newer=1, older=3, both=4, same=5), words)
    assert found == [
        "Your work is back.", "Brought back: 2", "Newer than what was here, so brought back: 1",
        "Written in two places, so both are kept: 4", "Older than what is here, so kept beside it: 3",
        "Here already: 5",
    ]  # fmt: skip
    assert found_in_words(Found(), words) == [words["work"]["bring_none"]]
    assert found_in_words(Found(left=2), words) == ["Not kept on this website: 2"]


def test_nothing_of_it_is_logged_or_printed(catalog, record, page, caplog, capfd):
    """Neither words nor the words they were locked with."""
    written(record)
    asked = page(Keeping(catalog, record))
    _, data = made(asked, words="LOCKWORDS")
    bring(asked, data, "LOCKWORDS")
    out, err = capfd.readouterr()
    said = out + err + caplog.text + repr(asked.widget) + str(asked.widget.get_state())
    assert "MYWORDS" not in said
    assert "LOCKWORDS" not in said
