"""What is handed in is one file, named for its learner, holding exactly the answers, as text and nothing else."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.catalog import Catalog
from alongside.handin import TooMuch, as_cell, from_cell, hand_in, listed_as
from alongside.paths import course_root
from alongside.quiz_notebook import ANSWER_HERE, learner_notebook
from alongside.responses import Shown, responses_in

NOW = datetime(2026, 11, 21, 10, 15, 0, tzinfo=UTC)
CATALOG = Catalog(course_root(Path(__file__)))
BANK, _ = CATALOG.bank("empathy")
assert BANK is not None
BOOK = learner_notebook(BANK, CATALOG.words["lesson"])
WRITTEN = [question.id for question in BANK.questions if question.kind == "written"]


@pytest.mark.parametrize(
    ("typed", "listed"),
    [
        ("Ann Lee", "ann-lee"),
        ("  O'Brien, Séamus ", "o-brien-séamus"),
        ("4471", "4471"),
        ("ليلى حسن", "ليلى-حسن"),
        ("=HYPERLINK(1)", "hyperlink-1"),
        ("../../etc/passwd", "etc-passwd"),
        ("a--b", "a-b"),
    ],
)
def test_a_name_becomes_one_that_a_list_and_a_folder_can_hold(typed: str, listed: str) -> None:
    """Letters and digits of any language stay; nothing that a folder or a spreadsheet would act on does."""
    assert listed_as(typed) == listed


@pytest.mark.parametrize("typed", ["", "   ", "!!!", "x" * 200])
def test_a_name_that_cannot_be_used_is_refused_with_what_to_do(typed: str) -> None:
    """The learner reads a sentence, and nothing is made."""
    with pytest.raises(ValueError, match="lease write"):
        hand_in(BOOK, "empathy", {}, typed, NOW)


@given(st.text(max_size=80))
def test_every_name_that_is_taken_stands_whole_in_the_file_name(typed: str) -> None:
    """Its parts stand between double dashes, which a name never holds; and a listed name stays as it is."""
    try:
        listed = listed_as(typed)
    except ValueError:
        return
    made = hand_in(BOOK, "empathy", {}, typed, NOW)
    assert made.filename == f"empathy--{listed}--20261121T101500Z.zip"
    assert "--" not in listed
    assert listed_as(listed) == listed


def test_the_file_holds_the_notebook_and_the_answers_and_nothing_else() -> None:
    """Written answers stand in their cells, the others in `responses.json`."""
    answers = {WRITTEN[0]: "First line.\n\nSecond <b>line</b>.", "other": "abc"}
    made = hand_in(BOOK, "empathy", answers, "Ann Lee", NOW)
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        assert archive.namelist() == ["empathy.ipynb", "responses.json"]
        book = nbformat.reads(archive.read("empathy.ipynb").decode(), as_version=4)
        saved = json.loads(archive.read("responses.json"))
    nbformat.validate(book)
    assert saved["answers"] == answers
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source for cell in book.cells}
    assert from_cell(cells[WRITTEN[0]]) == answers[WRITTEN[0]]
    assert cells[WRITTEN[1]] == ANSWER_HERE


def test_what_is_shown_goes_into_the_answer_file_alone() -> None:
    """Whoever marks the notebook sees answers; what was shown is read from the data."""
    shown = Shown("a-time", "A time", "Wörds 💬", other=False, shared=NOW)
    made = hand_in(BOOK, "empathy", {}, "Ann", NOW, [shown])
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        assert responses_in(json.loads(archive.read("responses.json")), "empathy").shown == (shown,)
        assert "Wörds" not in archive.read("empathy.ipynb").decode()


def test_a_file_that_would_not_be_read_is_not_made() -> None:
    """The learner hears of it, and not only the instructor."""
    shown = [Shown(str(each), "A", "💬" * 60_000, other=False, shared=NOW) for each in range(5)]
    with pytest.raises(TooMuch):
        hand_in(BOOK, "empathy", {}, "Ann", NOW, shown)
    assert hand_in(BOOK, "empathy", {}, "Ann", NOW, shown[:4])


@given(st.text())
def test_any_text_survives_its_cell_and_nothing_in_it_can_act(text: str) -> None:
    """No tag, no mathematics and no end of the block can be made by what a learner writes."""
    cell = as_cell(text)
    inside = cell.removeprefix(cell[: cell.index(">") + 1]).removesuffix("</pre>")
    assert not re.search(r"[<>$\\`{}]", inside)
    assert from_cell(cell) == text.replace("\r\n", "\n").replace("\r", "\n")
    assert from_cell("hello") is None
