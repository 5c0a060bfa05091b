from __future__ import annotations

import hashlib
import io
import json
import time
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from alongside.catalog import Catalog
from alongside.due import answers_digest
from alongside.own_words import Typed, typed_data
from alongside.quiz import for_learner
from alongside.quiz_notebook import learner_notebook
from alongside.record import DISPUTES, GRADED, HANDED, OWN_WORDS, REFLECTIONS, SHARED, TRIES, Record, Space
from alongside.responses import as_data, read_responses, responses_in
from alongside.sharing import Snapshot, read_snapshot
from alongside_widgets.copies import NoQuiz, find_copy, read_copy
from alongside_widgets.graded_quiz import GradedQuiz, listing

NOW = datetime(2026, 11, 21, 10, 15, tzinfo=UTC)


@pytest.fixture
def copy(catalog, root) -> tuple[Any, Any]:
    return find_copy("first", root / "modules" / "01-first", catalog, {})


@pytest.fixture
def own(tmp_path) -> Path:
    """Give a folder of the learner's own."""
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


@pytest.fixture
def graded(copy, words, record) -> GradedQuiz:
    return GradedQuiz(*copy, words, record)


@pytest.fixture
def prompts(catalog) -> Any:
    return {"first--a-time": catalog.module("first").reflections["a-time"]}


def kept(record: Record) -> Any:
    return responses_in(record.get(GRADED, "first"), "first").answers


def lay(record: Record, answers: Any, moment: datetime = NOW) -> None:
    record.put(GRADED, "first", as_data("first", answers, moment))


def write(folder: Path, answers: Any, moment: datetime = NOW) -> Path:
    path = folder / "responses.json"
    path.write_text(json.dumps(as_data("first", answers, moment)), encoding="utf-8")
    return path


def ids(quiz: Any, name: str) -> dict[str, str]:
    question = next(each for each in quiz.questions if each.id == name)
    return {text: option for option, text in question.options}


def test_the_page_of_a_graded_quiz_holds_no_key_reason_or_level(graded):
    data = json.dumps([graded.view["questions"], graded.now])
    assert "KEYREASON" not in data
    assert all(set(option) == {"id", "words"} for row in graded.view["questions"] for option in row["options"])
    assert graded.view["questions"][4]["options"] == []
    assert "Names it" in data


def test_every_answer_is_kept_at_once_and_comes_back(graded, copy, words, page, record):
    told, quiz = page(graded), copy[0]
    answers = {
        "one": ids(quiz, "one")["Tea."],
        "several": [ids(quiz, "several")["Alpha."]],
        "steps": [option for option, _ in quiz.questions[2].options],
        "pairs": {ids(quiz, "pairs")["Left a"]: "Right b"},
        "minutes": "4,5",
        "words": "I would say <b>nothing</b>.",
    }
    for number, (name, answer) in enumerate(answers.items(), start=1):
        assert told.ask(do="answer", question=name, answer=answer)["saved"]
        assert graded.now["progress"] == f"{number} of 6 answered"
        assert name in kept(record)
    assert kept(record)["minutes"] == 4.5
    assert set(record.get(GRADED, "first")) == {"format", "unit", "saved", "answers"}
    back = GradedQuiz(*copy, words, record)
    assert back.now["answers"] == {**answers, "minutes": "4.5"}


def test_an_answer_taken_back_is_gone_from_the_record(graded, copy, page, record):
    told = page(graded)
    told.ask(do="answer", question="one", answer=ids(copy[0], "one")["Tea."])
    told.ask(do="answer", question="one", answer=None)
    assert kept(record) == {}


def test_a_number_that_is_none_is_told_and_not_kept(graded, words, page, record):
    told = page(graded).ask(do="answer", question="minutes", answer="soon")
    assert told["note"] == words["graded"]["number_wrong"]
    assert kept(record) == {}


def test_a_written_answer_that_is_too_long_is_told_and_the_last_one_stays(graded, words, page, record):
    told = page(graded)
    told.ask(do="answer", question="words", answer="short")
    assert told.ask(do="answer", question="words", answer="x" * 60_001)["trouble"] == words["graded"]["too_long"]
    assert kept(record) == {"words": "short"}


@pytest.mark.usefixtures("no_disk")
def test_a_store_that_fails_is_told_before_anything_is_typed_and_after(copy, words, page, record):
    widget = GradedQuiz(*copy, words, record)
    assert widget.view["trouble"] == words["save"]["cannot_save"]
    told = page(widget).ask(do="answer", question="words", answer="I was here")
    assert told["trouble"] == words["save"]["not_saved"]
    assert "saved" not in told
    rows = page(widget).ask(do="list")["listing"]["rows"]
    assert rows[-1]["answer"] == ["I was here"]
    assert "file" in page(widget).ask(do="hand-in", name="Ann")


def test_what_could_not_be_kept_is_kept_with_the_next_change(copy, words, page, record, monkeypatch):
    """A disk that is full for a moment costs no answer, whichever question is answered next."""
    told = page(GradedQuiz(*copy, words, record))
    told.ask(do="answer", question="minutes", answer="45")
    with monkeypatch.context() as patch:
        patch.setattr("alongside.record.store.Store.writing", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
        assert "trouble" in told.ask(do="answer", question="words", answer="I was here")
        assert "trouble" in told.ask(do="answer", question="minutes", answer=None)
    assert told.ask(do="answer", question="one", answer=ids(copy[0], "one")["Tea."])["saved"]
    assert kept(record) == {"words": "I was here", "one": ids(copy[0], "one")["Tea."]}


def test_on_a_disk_that_takes_nothing_more_what_was_answered_before_is_shown(copy, words, record, own, request):
    """Also what stands beside the notebook alone, and where the record cannot be opened at all."""
    lay(record, {"words": "from before"})
    request.getfixturevalue("no_disk")
    widget = GradedQuiz(*copy, words, Record(record.space))
    assert (widget.now["answers"], widget.view["trouble"]) == ({"words": "from before"}, words["save"]["cannot_save"])
    write(own, {"words": "beside"})
    (own / "record.db").write_text("no record at all" * 100, encoding="utf-8")
    widget = GradedQuiz(*copy, words, Record(Space(own)), beside=own)
    assert (widget.now["answers"], widget.view["trouble"]) == ({"words": "beside"}, words["record"]["damaged_file"])


def test_the_file_has_what_another_page_answered_since(copy, words, page, record):
    """The list and the file hold all that is kept, whichever page makes them."""
    one, two = (page(GradedQuiz(*copy, words, Record(record.space))) for _ in range(2))
    two.ask(do="answer", question="words", answer="in two")
    assert one.ask(do="list")["listing"]["rows"][-1]["answer"] == ["in two"]
    two.ask(do="answer", question="words", answer="in two, later")
    assert handed(one)[0]["answers"] == {"words": "in two, later"}
    assert one.widget.now["progress"] == "1 of 6 answered"


def test_two_open_pages_do_not_lose_each_others_answers(copy, words, page, record, own):
    """Each change is merged with what stands in the record, in one step; the file beside the notebook has both."""
    one, two = (page(GradedQuiz(*copy, words, Record(record.space), beside=own)) for _ in range(2))
    one.ask(do="answer", question="words", answer="in one")
    two.ask(do="answer", question="minutes", answer="45")
    two.ask(do="answer", question="minutes", answer="46")
    one.ask(do="answer", question="one", answer=ids(copy[0], "one")["Tea."])
    assert kept(record) == {"words": "in one", "minutes": 46, "one": ids(copy[0], "one")["Tea."]}
    assert read_responses(own / "responses.json", "first").answers == kept(record)


def test_answers_that_were_deleted_elsewhere_do_not_come_back_from_an_open_page(graded, words, page, record):
    told = page(graded)
    told.ask(do="answer", question="words", answer="mine")
    Record(record.space).delete_everything()
    assert told.ask(do="answer", question="minutes", answer="4")["trouble"] == words["record"]["deleted_text"]
    assert record.names(GRADED) == frozenset()


def test_answers_of_another_shape_are_left_out_and_lie_beside(copy, words, record, page):
    old = {"one": "nobody", "several": ["x"], "zz": "y"}
    lay(record, {**old, "minutes": "45", "words": "kept"})
    widget = GradedQuiz(*copy, words, record)
    assert widget.now["answers"] == {"words": "kept"}
    assert "One, Several, Minutes" in widget.view["trouble"]
    page(widget).ask(do="answer", question="minutes", answer="4")
    assert kept(record) == {"words": "kept", "minutes": 4}
    (aside,) = record.aside(GRADED, "first")
    assert aside.value == {**old, "minutes": "45"}


@pytest.mark.parametrize("value", [None, [], "x", {"answers": 3}, {"format": 1, "unit": "other", "answers": {}}])
def test_a_record_of_any_shape_opens_as_unanswered(value, copy, words, record, page):
    record.put(GRADED, "first", value)
    widget = GradedQuiz(*copy, words, record)
    assert widget.now["answers"] == {}
    assert page(widget).ask(do="answer", question="words", answer="mine")["saved"]
    assert kept(record) == {"words": "mine"}


def test_answers_that_cannot_be_read_any_more_are_told(copy, words, record, page):
    lay(record, {"words": "x"})
    with record._store.writing() as connection:
        connection.execute("UPDATE things SET value = '{'")
    widget = GradedQuiz(*copy, words, record)
    assert widget.view["trouble"] == words["record"]["damaged"]
    assert page(widget).ask(do="answer", question="words", answer="again")["saved"]


def test_beside_a_notebook_of_ones_own_stands_the_file_that_nbgrader_sends(copy, words, page, record, own):
    """It holds what the record holds, and nothing stands beside a notebook of the course."""
    page(GradedQuiz(*copy, words, record, beside=own)).ask(do="answer", question="words", answer="mine")
    assert json.loads((own / "responses.json").read_text(encoding="utf-8")) == record.get(GRADED, "first")
    page(GradedQuiz(*copy, words, record)).ask(do="answer", question="words", answer="mine, later")
    assert read_responses(own / "responses.json", "first").answers == {"words": "mine"}


def test_a_file_is_taken_in_where_the_record_has_no_answers(copy, words, record, own):
    write(own, {"words": "from before"}, NOW - timedelta(days=900))
    assert GradedQuiz(*copy, words, record, beside=own).now["answers"] == {"words": "from before"}
    assert kept(record) == {"words": "from before"}
    assert record.aside(GRADED, "first") == ()


def test_a_newer_file_counts_and_no_answer_is_lost(copy, words, record, own):
    """Another program wrote there, or the folder came from another computer."""
    lay(record, {"words": "older", "minutes": 5})
    write(own, {"words": "newer"}, NOW + timedelta(minutes=1))
    for _ in range(2):
        assert GradedQuiz(*copy, words, record, beside=own).now["answers"] == {"words": "newer", "minutes": "5"}
        assert [each.value for each in record.aside(GRADED, "first")] == [{"words": "older"}]


def test_an_older_file_does_not_count_and_lies_beside_before_it_is_written_over(copy, words, record, own, page):
    lay(record, {"words": "newer"})
    write(own, {"words": "older", "minutes": 5}, NOW - timedelta(minutes=1))
    widget = GradedQuiz(*copy, words, record, beside=own)
    assert widget.now["answers"] == {"words": "newer"}
    page(widget).ask(do="answer", question="one", answer=ids(copy[0], "one")["Tea."])
    assert "minutes" not in read_responses(own / "responses.json", "first").answers
    assert [each.value for each in record.aside(GRADED, "first")] == [{"words": "older", "minutes": 5}]


def test_a_file_that_cannot_be_written_is_told_and_the_record_has_the_answer(copy, words, record, own, page):
    """What nbgrader would send is then not what was answered, so it must not pass for saved."""
    widget = GradedQuiz(*copy, words, record, beside=own)
    (own / "responses.json").mkdir()
    told = page(widget).ask(do="answer", question="words", answer="mine")
    assert told["trouble"] == words["save"]["not_saved"]
    assert kept(record) == {"words": "mine"}


def test_a_torn_file_opens_as_unanswered(copy, words, record, own):
    (own / "responses.json").write_text('{"format": 1, "unit": "fi', encoding="utf-8")
    assert GradedQuiz(*copy, words, record, beside=own).now["answers"] == {}


def test_the_list_says_every_answer_in_words_and_which_are_missing(copy, words):
    quiz = copy[0]
    answers = {
        "one": ids(quiz, "one")["Tea."],
        "pairs": {ids(quiz, "pairs")["Left a"]: "Right b"},
        "minutes": 45,
        "words": "one\ntwo",
    }
    shown = listing(quiz, answers, words)
    assert [row["answer"] for row in shown["rows"]] == [
        ["Tea."], [], [], ["Left a → Right b"], ["45 minutes"], ["one", "two"],
    ]  # fmt: skip
    assert shown["summary"] == "Questions with no answer yet: 2. You can still hand in."


def test_handing_in_sends_a_file_with_the_answers_and_says_how_one_is_listed(graded, page):
    told = page(graded)
    told.ask(do="answer", question="words", answer="I would stay.")
    answer = told.ask(do="hand-in", name=" Ann Lee ")
    assert answer["file"]["listed"] == "Your instructor’s list will show you as ann-lee."
    assert answer["file"]["filename"].startswith("first--ann-lee--")
    with zipfile.ZipFile(io.BytesIO(told.heard[0][1][0])) as archive:
        saved = json.loads(archive.read("responses.json"))
        assert saved["answers"] == {"words": "I would stay."}
        assert "I would stay." in archive.read("first.ipynb").decode()


def share(record: Record, text: str, name: str = "first--a-time") -> None:
    record.put(SHARED, name, Snapshot(text, other=False, shared=NOW).as_data())


def test_the_list_says_what_was_chosen_to_be_shared_or_that_nothing_is(copy, words, record, page, prompts):
    """In full, with its title and day; and that nothing else is in the file."""
    told = page(GradedQuiz(*copy, words, record, prompts=prompts))
    record.put(REFLECTIONS, "first--a-time", {"text": "private", "other": False})
    shown = told.ask(do="list")["listing"]
    assert (shown["shared"], shown["shared_rest"]) == ([], words["handin"]["shared_none"])
    share(record, "One.\n\n<b>Two</b>.")
    shown = told.ask(do="list")["listing"]
    (row,) = shown["shared"]
    assert (row["title"], row["text"], row["other"]) == ("A time", "One.\n\n<b>Two</b>.", "")
    assert row["day"].startswith("Shared on November 2")
    assert (shown["shared_title"], shown["shared_rest"]) == (
        words["handin"]["shared_title"], words["handin"]["shared_rest"],
    )  # fmt: skip
    assert "private" not in json.dumps(shown)


def handed(told: Any) -> tuple[dict[str, Any], bytes]:
    """Hand in. Gives what `responses.json` holds, and everything that the file holds as it is read."""
    assert "file" in told.ask(do="hand-in", name="Ann Lee")
    with zipfile.ZipFile(io.BytesIO(told.heard[0][1][0])) as archive:
        everything = b"".join(name.encode() + archive.read(name) for name in archive.namelist())
        return json.loads(archive.read("responses.json")), everything


def test_the_file_holds_what_was_chosen_and_no_other_private_word(copy, words, record, page, prompts):
    """Searched for: reflections, older texts of them, own words, what is shared elsewhere or taken back, the lab's."""
    typed = {0: Typed("secret6", "a")}
    record.put(OWN_WORDS, "first--talk", typed_data(typed))
    for number, name in enumerate(("first--a-time", "first--b-time", "other--a-time")):
        record.put(REFLECTIONS, name, {"text": f"secret{number}", "other": False})
    record.set_aside(REFLECTIONS, "first--a-time", {"text": "secret3", "other": False})
    record.put(DISPUTES, "secret6", {"reply": "secret6"})
    record.put(TRIES, "secret7", {"day": "secret7"})
    share(record, "secret4", "other--a-time")
    share(record, "secret5", "first--gone")
    told = page(GradedQuiz(*copy, words, record, prompts=prompts))
    told.ask(do="answer", question="words", answer="my answer")
    saved, everything = handed(told)
    assert b"secret" not in everything
    assert "shared" not in saved

    share(record, "chosen words")
    saved, everything = handed(told)
    assert b"secret" not in everything
    assert everything.count(b"chosen words") == 1
    assert saved["shared"] == [
        {
            "id": "a-time",
            "title": "A time",
            "text": "chosen words",
            "other": False,
            "shared": "2026-11-21T10:15:00+00:00",
        }
    ]
    assert saved["answers"] == {"words": "my answer"}

    record.put(SHARED, "first--a-time", None)
    _, everything = handed(told)
    assert b"chosen words" not in everything


def test_making_the_file_notes_when_and_of_which_answers_and_marks_what_was_in_it(copy, words, record, page, prompts):
    """So that the learner can be told what was sent, and whether it was changed since."""
    share(record, "chosen words")
    told = page(GradedQuiz(*copy, words, record, prompts=prompts))
    told.ask(do="answer", question="words", answer="é")
    before = time.time_ns() // 1_000_000
    handed(told)
    about = record.get(HANDED, "first")
    assert before - 1 <= about["at"] <= time.time_ns() // 1_000_000
    assert about["digest"] == hashlib.sha256(json.dumps({"words": "é"}, sort_keys=True).encode()).hexdigest()
    assert about["digest"] == answers_digest(record.get(GRADED, "first")["answers"])
    shared = read_snapshot(record.get(SHARED, "first--a-time"))
    assert (shared.text, shared.shared) == ("chosen words", NOW)
    assert abs(shared.handed.timestamp() * 1000 - about["at"]) < 1001


def test_where_it_cannot_be_noted_what_was_in_the_file_nothing_private_is(
    copy, words, record, page, prompts, monkeypatch
):
    """The answers can be handed in all the same, and the learner is told."""
    share(record, "chosen words")
    told = page(GradedQuiz(*copy, words, record, prompts=prompts))
    with monkeypatch.context() as patch:
        patch.setattr("alongside.record.store.Store.writing", lambda *_: (_ for _ in ()).throw(OSError(30, "ro")))
        _, everything = handed(told)
        assert told.heard[0][0]["file"]["left_out"] == words["handin"]["shared_left_out"]
    assert b"chosen words" not in everything
    assert read_snapshot(record.get(SHARED, "first--a-time")).handed is None


def test_more_words_than_a_marker_would_read_are_told_and_nothing_is_noted(copy, words, record, page, catalog):
    prompt = catalog.module("first").reflections["a-time"]
    prompts = {f"first--{number}": replace(prompt, id=str(number)) for number in range(20)}
    for name in prompts:
        share(record, "\N{PENCIL}" * 20_000, name)
    told = page(GradedQuiz(*copy, words, record, prompts=prompts))
    assert told.ask(do="hand-in", name="Ann")["trouble"] == words["handin"]["too_much"]
    assert record.get(HANDED, "first") is None


@pytest.mark.parametrize("name", ["", "   ", "/../", "x" * 500, "💬"])
def test_a_name_that_cannot_be_used_is_told_in_a_sentence(name, graded, page):
    told = page(graded).ask(do="hand-in", name=name)
    assert told["trouble"].startswith(("Please", "That name"))
    assert told["field"] == "name"


def test_the_notebook_in_the_folder_comes_before_the_course_and_a_broken_one_is_passed_by(catalog, root, tmp_path):
    bank, _ = catalog.bank("first")
    here = tmp_path / "mine"
    here.mkdir()
    (here / "a.ipynb").write_text("{", encoding="utf-8")
    (here / "b.ipynb").write_text("[1]", encoding="utf-8")
    (here / "c.ipynb").write_text('{"metadata": {"alongside": {"quiz": {"unit": "first"}}}}', encoding="utf-8")
    (here / "d.ipynb").write_text('{"metadata": {"alongside": {"quiz": [1]}}, "cells": []}', encoding="utf-8")
    book = learner_notebook(bank, catalog.words["lesson"])
    book["metadata"]["alongside"]["quiz"]["title"] = "The one in the folder"
    (here / "e.ipynb").write_text(json.dumps(book), encoding="utf-8")
    assert find_copy("first", here, catalog, {})[0].title == "The one in the folder"
    assert find_copy("first", root, catalog, {})[0] == for_learner(bank)


def test_a_private_bank_comes_before_the_notebook_in_the_folder(catalog, root, tmp_path):
    bank, _ = catalog.bank("first")
    private = tmp_path / "private"
    private.mkdir()
    text = (root / "assessments" / "questions" / "first.md").read_text(encoding="utf-8")
    (private / "first.md").write_text(text.replace("title: Every kind", "title: Mine"), encoding="utf-8")
    environ = {"ALONGSIDE_BANK": str(private)}
    here = tmp_path / "here"
    here.mkdir()
    (here / "q.ipynb").write_text(json.dumps(learner_notebook(bank, catalog.words["lesson"])), encoding="utf-8")
    quiz, book = find_copy("first", here, Catalog(root, environ=environ), environ)
    assert quiz.title == "Mine"
    assert book["metadata"]["title"] == "Mine"


def test_a_unit_that_nobody_knows_has_no_quiz(catalog, tmp_path):
    with pytest.raises(NoQuiz):
        find_copy("nothing", tmp_path, catalog, {})
    with pytest.raises(NoQuiz):
        find_copy("first", tmp_path, None, {})
    assert read_copy(tmp_path / "none.ipynb", "first") is None
