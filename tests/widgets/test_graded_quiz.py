from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from alongside.catalog import Catalog
from alongside.quiz import for_learner
from alongside.quiz_notebook import learner_notebook
from alongside.responses import read_responses, write_responses
from alongside_widgets.copies import NoQuiz, find_copy, read_copy
from alongside_widgets.graded_quiz import GradedQuiz, listing


@pytest.fixture
def copy(catalog, root) -> tuple[Any, Any]:
    return find_copy("first", root / "modules" / "01-first", catalog, {})


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "space" / "graded" / "first" / "responses.json"


@pytest.fixture
def graded(copy, path, words, record) -> GradedQuiz:
    return GradedQuiz(*copy, path, words, record)


def ids(quiz: Any, name: str) -> dict[str, str]:
    question = next(each for each in quiz.questions if each.id == name)
    return {text: option for option, text in question.options}


def test_the_page_of_a_graded_quiz_holds_no_key_reason_or_level(graded):
    data = json.dumps([graded.view["questions"], graded.now])
    assert "KEYREASON" not in data
    assert all(set(option) == {"id", "words"} for row in graded.view["questions"] for option in row["options"])
    assert graded.view["questions"][4]["options"] == []
    assert "Names it" in data


def test_every_answer_is_kept_at_once_and_comes_back(graded, copy, path, words, page, record):
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
        assert name in read_responses(path, "first").answers
    assert read_responses(path, "first").answers["minutes"] == 4.5
    back = GradedQuiz(*copy, path, words, record)
    assert back.now["answers"] == {**answers, "minutes": "4.5"}


def test_an_answer_taken_back_is_gone_from_the_file(graded, copy, path, page):
    told = page(graded)
    told.ask(do="answer", question="one", answer=ids(copy[0], "one")["Tea."])
    told.ask(do="answer", question="one", answer=None)
    assert read_responses(path, "first").answers == {}


def test_a_number_that_is_none_is_told_and_not_kept(graded, path, words, page):
    told = page(graded).ask(do="answer", question="minutes", answer="soon")
    assert told["note"] == words["graded"]["number_wrong"]
    assert read_responses(path, "first").answers == {}


def test_a_written_answer_that_is_too_long_is_told_and_the_last_one_stays(graded, path, words, page):
    told = page(graded)
    told.ask(do="answer", question="words", answer="short")
    assert told.ask(do="answer", question="words", answer="x" * 60_001)["trouble"] == words["graded"]["too_long"]
    assert read_responses(path, "first").answers == {"words": "short"}


@pytest.mark.usefixtures("no_disk")
def test_a_store_that_fails_is_told_before_anything_is_typed_and_after(copy, path, words, page, record):
    widget = GradedQuiz(*copy, path, words, record)
    assert widget.view["trouble"] == words["save"]["cannot_save"]
    told = page(widget).ask(do="answer", question="words", answer="I was here")
    assert told["trouble"] == words["save"]["not_saved"]
    assert "saved" not in told
    rows = page(widget).ask(do="list")["listing"]["rows"]
    assert rows[-1]["answer"] == ["I was here"]


def test_answers_of_another_shape_in_the_file_are_left_out(copy, path, words, record):
    write_responses(path, "first", {"one": "nobody", "several": ["x"], "minutes": "45", "words": "kept", "zz": "y"})
    widget = GradedQuiz(*copy, path, words, record)
    assert widget.now["answers"] == {"words": "kept"}
    assert "One, Several" in widget.view["trouble"]
    (aside,) = record.aside("graded", "first")
    assert aside.value == {"one": "nobody", "several": ["x"], "zz": "y"}


def test_a_torn_file_opens_as_unanswered(copy, path, words, record):
    path.parent.mkdir(parents=True)
    path.write_text('{"format": 1, "unit": "fi', encoding="utf-8")
    assert GradedQuiz(*copy, path, words, record).now["answers"] == {}


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
