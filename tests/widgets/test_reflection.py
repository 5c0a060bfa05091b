from __future__ import annotations

from datetime import UTC, datetime

import pytest

from alongside.prose import day_in_words
from alongside.record import REFLECTIONS, SHARED, Place, Record, Space
from alongside.sharing import Snapshot, read_snapshot
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


def test_on_a_disk_that_takes_nothing_more_what_was_written_before_is_shown(prompt, words, record, request):
    record.put(REFLECTIONS, "first--a-time", {"text": "from before", "other": False})
    request.getfixturevalue("no_disk")
    widget = Writing(prompt, "first", words, Record(record.space), "en")
    assert (widget.view["text"], widget.view["trouble"]) == ("from before", words["save"]["cannot_save"])


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
    assert told["newer"] == {"text": "in one", "other": False, "seen": 1}
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


def test_a_page_that_looks_again_hears_of_newer_words_and_goes_on_from_them(prompt, words, record, page):
    """Only what it has not seen; and what it writes after taking them in is based on them."""
    one, two = (page(Writing(prompt, "first", words, Record(record.space), "en")) for _ in range(2))
    assert two.ask(do="look", seen=0) == {"ack": 1}
    one.ask(do="write", text="one", other=False, seen=0)
    two.ask(do="write", text="", other=False, seen=0)
    one.ask(do="write", text="newer", other=True, seen=1)
    assert two.ask(do="look", seen=0)["newer"] == {"text": "newer", "other": True, "seen": 2}
    assert two.widget.view["text"] == "", "the page says when it has taken them in"
    assert two.ask(do="took", seen=2) == {"ack": 1}
    assert (two.widget.view["text"], two.widget.view["about_other"]) == ("newer", True)
    assert two.ask(do="look", seen=2) == {"ack": 1}
    assert two.ask(do="write", text="newer, and more", other=False, seen=2)["saved"]
    assert record.get(REFLECTIONS, "first--a-time")["text"] == "newer, and more"


def test_words_that_were_refused_lie_beside_when_the_newer_ones_are_used(prompt, words, record, page):
    """The last of them, also when more was typed after the first time."""
    one, two = (page(Writing(prompt, "first", words, Record(record.space), "en")) for _ in range(2))
    two.ask(do="write", text="a", other=False, seen=0)
    one.ask(do="look", seen=0)
    one.ask(do="took", seen=1)
    two.ask(do="write", text="theirs", other=False, seen=1)
    for text in ("mine", "mine, and more"):
        newer = one.ask(do="write", text=text, other=False, seen=1)["newer"]
    one.ask(do="took", seen=newer["seen"])
    assert one.ask(do="write", text="theirs, and on", other=False, seen=newer["seen"])["saved"]
    assert [each.value["text"] for each in record.aside(REFLECTIONS, "first--a-time")] == ["mine, and more"]


@pytest.mark.parametrize("seen", [None, -1, 7, "1", True, [1]])
def test_a_page_cannot_take_in_what_it_was_not_told_of(seen, prompt, words, record, page):
    """So a misshapen message never makes newer words give way."""
    one, two = (page(Writing(prompt, "first", words, Record(record.space), "en")) for _ in range(2))
    two.ask(do="write", text="b", other=False, seen=0)
    one.ask(do="write", text="a", other=False, seen=0)
    two.ask(do="write", text="theirs", other=False, seen=1)
    one.ask(do="took", seen=seen)
    one.ask(do="write", text="mine", other=False, seen=0)
    assert record.get(REFLECTIONS, "first--a-time")["text"] == "theirs"


def test_after_everything_was_deleted_a_page_goes_on_from_what_is_written_anew(prompt, words, record, page):
    """Counts begin again with a new record, so a count alone says nothing of which is newer."""
    one = page(Writing(prompt, "first", words, Record(record.space), "en"))
    for number in range(3):
        one.ask(do="write", text=f"old {number}", other=False, seen=number)
    record.delete_everything()
    two = page(Writing(prompt, "first", words, Record(record.space), "en"))
    assert one.ask(do="look", seen=3) == {"ack": 1}
    two.ask(do="write", text="anew", other=False, seen=0)
    newer = one.ask(do="look", seen=3)["newer"]
    one.ask(do="took", seen=newer["seen"])
    assert one.ask(do="write", text="anew, and on", other=False, seen=newer["seen"])["saved"]


@pytest.mark.parametrize("kept", [None, [], {"text": 3}, "x"])
def test_newer_words_of_any_shape_are_none(kept, prompt, words, record, page):
    widget = page(Writing(prompt, "first", words, record, "en"))
    record.put(REFLECTIONS, "first--a-time", kept)
    assert widget.ask(do="look", seen=0) == {"ack": 1}


def today(words) -> str:
    return day_in_words(datetime.now().date(), words)  # noqa: DTZ005  the learner's own day


def test_words_are_shown_to_the_instructor_only_when_that_is_chosen(prompt, words, record, page):
    """Writing shares nothing; sharing keeps exactly the words of that moment, with the day."""
    told = page(Writing(prompt, "first", words, record, "en"))
    told.ask(do="write", text="private", other=False)
    assert record.names(SHARED) == frozenset()
    assert told.widget.view["share"]["offered"]
    assert told.ask(do="share", text="for <b>you</b>", other=True) == {"ack": 1, "shared": True}
    kept = record.get(SHARED, "first--a-time")
    assert set(kept) == {"text", "other", "shared", "handed"}
    assert (kept["text"], kept["other"], kept["handed"]) == ("for <b>you</b>", True, None)
    assert abs((datetime.now(UTC) - read_snapshot(kept).shared).total_seconds()) < 5
    share = Writing(prompt, "first", words, record, "en").view["share"]
    assert (share["text"], share["other"]) == ("for <b>you</b>", True)
    assert share["said"] == f"Shared on {today(words)}."
    assert share["handed"] == words["share"]["waits"]


def test_what_is_shared_stays_as_it_was_when_the_words_change(prompt, words, record, page):
    """Until the newer ones are shared too; the same words again keep their day."""
    record.put(
        SHARED, "first--a-time", Snapshot("then", other=False, shared=datetime(2026, 1, 2, 12, tzinfo=UTC)).as_data()
    )
    told = page(Writing(prompt, "first", words, record, "en"))
    told.ask(do="write", text="now", other=False)
    told.ask(do="share", text="then", other=False)
    assert told.widget.view["share"]["text"] == "then"
    assert told.widget.view["share"]["said"] == "Shared on January 2, 2026."
    told.ask(do="share", text="now", other=False)
    assert told.widget.view["share"]["text"] == "now"
    assert told.widget.view["share"]["said"] == f"Shared on {today(words)}."
    assert record.aside(SHARED, "first--a-time") == ()


def test_what_is_shared_can_be_taken_back_and_twice_is_as_once(prompt, words, record, page):
    """Its words are gone from what is kept."""
    told = page(Writing(prompt, "first", words, record, "en"))
    told.ask(do="share", text="words", other=False)
    for _ in range(2):
        assert told.ask(do="unshare") == {"ack": 1, "shared": False}
        assert told.widget.view["share"]["text"] is None
    assert record.get(SHARED, "first--a-time") is None
    assert "words" not in str(record.everything())


def test_after_a_file_was_made_the_page_says_so_and_what_was_in_it_stays_known(prompt, words, record, page):
    """Newer words do not hide that the older ones may have been sent."""
    made = datetime(2026, 3, 4, 12, tzinfo=UTC)
    before = Snapshot("then", other=False, shared=made, handed=made).as_data()
    record.put(SHARED, "first--a-time", before)
    told = page(Writing(prompt, "first", words, record, "en"))
    share = told.widget.view["share"]
    assert share["handed"] == words["share"]["handed"].format(day="March 4, 2026")
    told.ask(do="share", text="newer", other=False)
    assert told.widget.view["share"]["handed"] == words["share"]["waits"]
    assert [each.value for each in record.aside(SHARED, "first--a-time")] == [before]


@pytest.mark.parametrize("text", ["", "  \n", None, 3, "x" * 60_001])
def test_nothing_and_what_is_no_text_cannot_be_shared(text, prompt, words, record, page):
    told = page(Writing(prompt, "first", words, record, "en")).ask(do="share", text=text, other=False)
    assert told is None or told["trouble"] == words["share"]["empty"]
    assert record.names(SHARED) == frozenset()


def test_where_words_are_not_kept_none_can_be_shared_and_a_sentence_says_why(prompt, words, tmp_path, page):
    record = Record(Space(tmp_path / "shared", Place.OPEN))
    widget = Writing(prompt, "first", words, record, "en")
    assert (widget.view["share"]["offered"], widget.view["share"]["note"]) == (False, words["share"]["open"])
    for do in ("share", "unshare", "look", "took"):
        assert page(widget).ask(do=do, text="secret", other=False, seen=0) is None
    assert not (tmp_path / "shared").exists()


def test_without_a_quiz_to_hand_in_there_is_no_sharing(prompt, words, record, page):
    widget = Writing(prompt, "first", words, record, "en", has_quiz=False)
    assert (widget.view["share"]["offered"], widget.view["share"]["note"]) == (False, "")
    assert page(widget).ask(do="share", text="words", other=False) is None


def test_sharing_that_cannot_be_kept_is_told_and_nothing_changes(prompt, words, record, page, monkeypatch):
    told = page(Writing(prompt, "first", words, record, "en"))
    told.ask(do="share", text="first", other=False)
    monkeypatch.setattr("alongside.record.store.Store.writing", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    assert told.ask(do="share", text="second", other=False)["trouble"] == words["share"]["not_shared"]
    assert told.ask(do="unshare")["trouble"] == words["share"]["not_taken_back"]
    assert told.widget.view["share"]["text"] == "first"
