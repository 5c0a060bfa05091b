"""The search finds every key, reason and answer id, however a notebook spells them, and nothing that is no secret."""

from __future__ import annotations

import base64
import html
import json
import shutil

import pytest

from alongside.catalog import Catalog
from alongside.marking import key
from alongside.notebook import dump
from alongside.quiz_notebook import learner_notebook, source_notebook
from alongside_grading.release.leaks import leaks
from tests.grading.folder import ROOT

BANKS = sorted(path.stem for path in (ROOT / "assessments" / "questions").glob("*.md"))
WORDS = {"lab_button": "Press.", "quiz_intro": "Answer.", "marking_title": "For marking", "marking": "Stop here."}
REASON = 'Two feelings named, "none" judged <b>at all</b>.'


@pytest.fixture
def folder(tmp_path, bank):
    (tmp_path / "listening.ipynb").write_text(dump(learner_notebook(bank, WORDS)), encoding="utf-8")
    return tmp_path


def test_the_learners_copy_holds_nothing(folder, bank):
    assert leaks(folder, bank) == ()


def test_the_instructors_copy_holds_every_key(tmp_path, bank):
    (tmp_path / "x.ipynb").write_text(dump(source_notebook(bank, WORDS)), encoding="utf-8")
    found = "\n".join(leaks(tmp_path, bank))
    for question in bank.questions[:5]:
        assert f'the key of "{question.id}"' in found
    assert "hidden tests are still there" in found


@pytest.mark.parametrize(
    "spell",
    [
        str,
        json.dumps,
        html.escape,
        lambda text: text.replace(" ", "\n  "),
        str.upper,
        lambda text: json.dumps({"cells": [{"source": [text[:9], text[9:]]}]}),
        lambda text: json.dumps({"metadata": {text: 1}}),
    ],
)
def test_a_planted_reason_is_found(folder, bank, spell):
    (folder / "extra.json").write_text(spell(REASON), encoding="utf-8")
    assert leaks(folder, bank) == ('extra.json: the reason of an answer to "naming-a-feeling".',)


def test_a_planted_answer_id_is_found(folder, bank):
    (folder / "sub").mkdir()
    (folder / "sub" / "note.txt").write_text(f"look: {bank.questions[2].options[3].id}", encoding="utf-8")
    assert leaks(folder, bank) == ('sub/note.txt: the id of an answer to "in-order".',)


def test_a_planted_key_of_a_number_is_found_in_either_spelling(folder, bank):
    right = key(bank.questions[4])
    for spelled in (repr(right), json.dumps(right, indent=2)):
        (folder / "key.txt").write_text(spelled, encoding="utf-8")
        assert leaks(folder, bank) == ('key.txt: the key of "how-long".',)


def test_files_that_are_no_text_are_searched_and_do_no_harm(folder, bank):
    (folder / "picture.png").write_bytes(base64.b64decode("iVBORw0KGgo=") + bytes(range(256)))
    (folder / "deep.json").write_text("[" * 100_000, encoding="utf-8")
    assert leaks(folder, bank) == ()


def test_short_words_are_found_only_where_they_stand_alone(folder, bank):
    import dataclasses

    options = tuple(dataclasses.replace(option, reason="Yes.") for option in bank.questions[0].options)
    short = dataclasses.replace(bank, questions=(dataclasses.replace(bank.questions[0], options=options),))
    (folder / "a.txt").write_text("He said: Yes. Then he went.", encoding="utf-8")
    assert leaks(folder, short) == ()
    (folder / "b.txt").write_text("Reason\nYes.\n", encoding="utf-8")
    assert leaks(folder, short) == ('b.txt: the reason of an answer to "naming-a-feeling".',)


def test_there_are_graded_banks_to_look_at():
    assert BANKS


@pytest.mark.parametrize("unit", BANKS)
def test_no_real_bank_leaks_into_its_learners_copy(tmp_path, unit):
    catalog = Catalog(ROOT, environ={})
    real, faults = catalog.bank(unit)
    assert not faults
    (tmp_path / f"{unit}.ipynb").write_text(dump(learner_notebook(real, catalog.words["lesson"])), encoding="utf-8")
    assert leaks(tmp_path, real) == ()
    shutil.rmtree(tmp_path)
