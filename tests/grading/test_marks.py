"""A test cell gives nbgrader one plain number from 0 to the points, whatever was handed in and whatever goes wrong."""

from __future__ import annotations

import json
import math
import sys
import warnings

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside.marking import key
from alongside.responses import FILE, write_responses
from alongside_grading.marks import Note, intake, mark
from tests.grading.folder import UNIT
from tests.grading.hand_ins import partly, perfect

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=10,
)
HERE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def is_mark(value, most):
    return type(value) is float and math.isfinite(value) and 0.0 <= value <= most


def test_right_answers_earn_every_point(here, bank):
    write_responses(here / FILE, UNIT, perfect(bank))
    assert [mark(UNIT, each.id, key(each)) for each in bank.questions[:5]] == [2.0, 3.0, 4.0, 3.0, 1.0]


def test_answers_that_are_partly_right_earn_part(here, bank):
    write_responses(here / FILE, UNIT, partly(bank))
    assert [mark(UNIT, each.id, key(each)) for each in bank.questions[:5]] == [0.0, 1.0, 2.0, 2.0, 0.0]


@pytest.mark.parametrize(
    "raw", [None, b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b"1" * 1_000_001, b'{"format": 1}']
)
def test_a_file_that_cannot_be_used_earns_nothing_and_says_nothing(here, bank, capsys, raw):
    if raw is not None:
        (here / FILE).write_bytes(raw)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert [mark(UNIT, each.id, key(each)) for each in bank.questions] == [0.0] * 7
    assert capsys.readouterr() == ("", "")


def test_answers_to_another_quiz_earn_nothing(here, bank):
    write_responses(here / FILE, "empathy", perfect(bank))
    assert mark(UNIT, bank.questions[0].id, key(bank.questions[0])) == 0.0


@HERE
@given(answer=ANYTHING)
def test_any_answer_gives_a_plain_number_within_the_points(here, bank, answer):
    for question in bank.questions:
        saved = {"format": 1, "unit": UNIT, "answers": {question.id: answer}}
        (here / FILE).write_text(json.dumps(saved), encoding="utf-8")
        assert is_mark(mark(UNIT, question.id, key(question)), question.points)


@pytest.mark.parametrize(
    "wrong", [{}, {"points": 3}, {"kind": "single", "points": -4, "right": []}, {"kind": "single", "points": math.nan},
              {"kind": "single", "points": "many", "right": []}, {"kind": "order", "points": 4, "right": None}]
)  # fmt: skip
def test_a_key_that_cannot_be_used_gives_nought_and_never_raises(here, bank, wrong):
    write_responses(here / FILE, UNIT, perfect(bank))
    assert [mark(UNIT, each.id, wrong) for each in bank.questions] == [0.0] * 7


@pytest.mark.usefixtures("here")
def test_warnings_and_prints_on_the_way_stay_inside(capsys, monkeypatch):
    def noisy(_key, _answer):
        warnings.warn("old", DeprecationWarning, stacklevel=1)
        sys.stdout.write("x")
        sys.stderr.write("y")
        return 9.0

    monkeypatch.setattr("alongside_grading.marking.regrade.score", noisy)
    with warnings.catch_warnings(record=True) as caught:
        assert mark(UNIT, "a", {"kind": "single", "points": 2, "right": ["b"]}) == 2.0
    assert (list(caught), capsys.readouterr()) == ([], ("", ""))


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("given_back", [-1.0, math.nan, math.inf, "full", None, 7.5])
def test_whatever_marking_gives_is_brought_within_the_points(monkeypatch, given_back):
    monkeypatch.setattr("alongside_grading.marking.regrade.score", lambda _key, _answer: given_back)
    value = mark(UNIT, "a", {"kind": "single", "points": 2, "right": ["b"]})
    assert value == (2.0 if given_back == 7.5 else 0.0)
    assert is_mark(value, 2)


def test_the_note_counts_what_was_answered(here, bank, course, monkeypatch):
    monkeypatch.setenv("ALONGSIDE_ROOT", str(course.root))
    write_responses(here / FILE, UNIT, partly(bank))
    assert repr(intake(UNIT)) == "6 of 7 answered."


def test_without_a_bank_the_note_counts_what_is_there(here, bank, course, monkeypatch):
    monkeypatch.setenv("ALONGSIDE_ROOT", str(course.root))
    write_responses(here / FILE, "gone", partly(bank))
    assert repr(intake("gone")) == "6 answered."


def test_the_note_holds_no_word_of_the_learner(here, course, monkeypatch):
    monkeypatch.setenv("ALONGSIDE_ROOT", str(course.root))
    secret = {"format": 1, "unit": UNIT, "answers": {"a-talk": "secret", "<secret>": [["secret"]]}}
    (here / FILE).write_text(json.dumps(secret), encoding="utf-8")
    assert isinstance(intake(UNIT), Note)
    assert "secret" not in repr(intake(UNIT))


@pytest.fixture(scope="module")
def executed(tmp_path_factory, bank):
    """One real kernel, every test cell run in it as nbgrader would, beside answers of each sort."""
    from nbclient import NotebookClient

    cells = []
    for sort, answers in {"perfect": perfect(bank), "partly": partly(bank), "blank": {}, "torn": None}.items():
        folder = tmp_path_factory.mktemp(sort)
        if answers is not None:
            write_responses(folder / FILE, UNIT, answers)
        cells.append(nbformat.v4.new_code_cell(f"import os; os.chdir({str(folder)!r})"))
        for question in bank.questions[:5]:
            source = f"from alongside_grading.marks import mark\nmark({UNIT!r}, {question.id!r}, {key(question)!r})"
            about = {"grade": True, "solution": False, "points": question.points, "grade_id": question.id, "sort": sort}
            cells.append(nbformat.v4.new_code_cell(source, metadata={"nbgrader": about}))
    book = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(book, timeout=60, kernel_name="python3").execute()
    return [cell for cell in book.cells if "nbgrader" in cell.metadata]


@pytest.mark.parametrize(
    ("sort", "marks"),
    [("perfect", (2, 3, 4, 3, 1)), ("partly", (0, 1, 2, 2, 0)), ("blank", (0,) * 5), ("torn", (0,) * 5)],
)
def test_nbgrader_reads_the_very_mark_from_a_cell_that_really_ran(executed, sort, marks):
    from nbgrader.utils import determine_grade

    cells = [cell for cell in executed if cell.metadata.nbgrader.sort == sort]
    assert tuple(determine_grade(cell)[0] for cell in cells) == marks
    assert all(len(cell.outputs) == 1 and cell.outputs[0].output_type == "execute_result" for cell in cells)
