"""A handed-in notebook becomes ours again: learners' words as text, marks as they were worked out, and no code."""

from __future__ import annotations

import io
import json
import logging

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.handin import as_cell, from_cell
from alongside.quiz_notebook import ANSWER_HERE
from alongside.responses import FILE, write_responses
from alongside_grading.handed_in.submission import LIMIT, read_cells
from alongside_grading.marking.preprocess import FillWritten, KeepOurCells, MarkMissing, PlainMarks, ShowAnswers
from alongside_grading.release.release_command import release
from alongside_grading.results.feedback import HideCode
from tests.grading.folder import UNIT, WRITTEN, make_course
from tests.grading.hand_ins import HOSTILE_TEXT

IDS = [
    "press", "intro", "quiz", "marking", "intake", "naming-a-feeling", "what-shows-listening", "in-order", "what-kind",
    "how-long", "a-talk-question", "a-talk", "second-try-question", "second-try",
]  # fmt: skip


@pytest.fixture(scope="module")
def resources(tmp_path_factory):
    """What nbgrader tells a step, for a course whose quiz was made ready."""
    made = make_course(tmp_path_factory.mktemp("released") / "course")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ALONGSIDE_ROOT", str(made.root))
        assert release([UNIT]) == 0
    about = {
        "assignment": UNIT,
        "notebook": UNIT,
        "student": "ada",
        "db_url": f"sqlite:///{made.assessments}/gradebook.db",
    }
    return {"nbgrader": about, "root": made.root}


def handed_in(*cells):
    made = [nbformat.v4.new_markdown_cell(text, metadata={"nbgrader": {"grade_id": name}}) for name, text in cells]
    return nbformat.v4.new_notebook(cells=made, metadata={"kernelspec": {"name": "bash", "display_name": "B"}, "x": 1})


def kept(resources, *cells):
    book, _ = KeepOurCells().preprocess(handed_in(*cells), resources)
    return book


def test_an_empty_notebook_comes_back_whole(resources):
    book = kept(resources)
    assert [cell.metadata.nbgrader.grade_id for cell in book.cells] == IDS
    assert "right" in book.cells[5].source
    nbformat.validate(book)


def test_cells_that_are_not_ours_are_dropped_and_ours_are_put_right(resources):
    book = kept(resources, ("not-ours", "x"), ("how-long", "1.0"), ("intro", "my own"), ("how-long", "again"))
    assert [(cell.id, cell.source) for cell in book.cells] == [(cell.id, cell.source) for cell in kept(resources).cells]
    assert book.metadata.kernelspec.name == "python3"
    assert "x" not in book.metadata


def test_of_two_cells_with_one_name_the_first_counts(resources):
    book = kept(resources, (WRITTEN, "first"), (WRITTEN, "second"))
    assert from_cell(book.cells[11].source) == "first"


def test_an_untouched_answer_stays_untouched(resources):
    for text in ("", ANSWER_HERE, f"\n{ANSWER_HERE}\n"):
        assert kept(resources, (WRITTEN, text)).cells[11].source == ANSWER_HERE


def test_words_written_into_the_cell_are_kept_as_text(resources):
    assert kept(resources, (WRITTEN, HOSTILE_TEXT)).cells[11].source == as_cell(HOSTILE_TEXT)
    assert kept(resources, (WRITTEN, as_cell(HOSTILE_TEXT))).cells[11].source == as_cell(HOSTILE_TEXT)


def test_a_cell_that_only_looks_like_ours_is_text_too(resources):
    forged = as_cell("mine").removesuffix("</pre>") + "</pre><script>x</script><pre></pre>"
    source = kept(resources, (WRITTEN, forged)).cells[11].source
    assert "<script" not in source
    assert source.count("<") == 2


def test_answers_from_the_file_stand_in_place_of_the_cells_words(resources, tmp_path):
    write_responses(tmp_path / FILE, UNIT, {WRITTEN: HOSTILE_TEXT, "second-try": "   "})
    book = kept(resources, (WRITTEN, "old"), ("second-try", "kept"))
    book, _ = FillWritten().preprocess(book, {**resources, "metadata": {"path": str(tmp_path)}})
    assert book.cells[11].source == as_cell(HOSTILE_TEXT)
    assert book.cells[13].source == as_cell("kept")


def test_filling_twice_is_filling_once(resources, tmp_path):
    book = kept(resources, (WRITTEN, "a & b"), ("second-try", ANSWER_HERE))
    where = {**resources, "metadata": {"path": str(tmp_path)}}
    once = FillWritten().preprocess(book, where)[0].copy()
    assert FillWritten().preprocess(book, where)[0] == once
    assert once.cells[13].source == ANSWER_HERE


def test_half_a_character_can_be_saved(resources, tmp_path):
    (tmp_path / FILE).write_text(json.dumps({"format": 1, "unit": UNIT, "answers": {WRITTEN: "a\ud800b\0c"}}), "utf-8")
    book, _ = FillWritten().preprocess(kept(resources), {**resources, "metadata": {"path": str(tmp_path)}})
    assert from_cell(book.cells[11].source) == "a?b\N{REPLACEMENT CHARACTER}c"
    book.cells[11].source.encode("utf-8")


@given(st.text() | st.recursive(st.none() | st.text(), lambda each: st.lists(each) | st.dictionaries(st.sampled_from(
    ["cells", "metadata", "nbgrader", "grade_id", "source"]), each)).map(json.dumps))  # fmt: skip
def test_any_file_at_all_reads_as_cells_or_none(text):
    assert all(isinstance(name, str) and isinstance(words, str) for name, words in read_cells(io.StringIO(text)))


@pytest.mark.parametrize("text", ["[" * 200_000, "{", " " * (LIMIT + 1), '{"cells": [{"source": 1}]}', '{"cells": 7}'])
def test_a_file_that_is_no_notebook_has_no_cells(text):
    assert read_cells(io.StringIO(text)) == ()


def ran(*outputs, points=4):
    cell = nbformat.v4.new_code_cell("mark()", outputs=list(outputs))
    cell.metadata["nbgrader"] = {"grade": True, "solution": False, "points": points, "grade_id": "how-long"}
    return cell


def result(text):
    return nbformat.v4.new_output("execute_result", {"text/plain": text}, execution_count=1)


def said(text):
    return nbformat.v4.new_output("stream", name="stderr", text=text)


@pytest.mark.parametrize("outputs", [[result("2.5")], [said("old"), result("2.5")], [result("2.5"), said("late")]])
def test_only_the_mark_is_left_and_a_warning_costs_nobody_a_point(outputs):
    from nbgrader.utils import determine_grade

    cell, _ = PlainMarks().preprocess_cell(ran(*outputs), {}, 0)
    assert determine_grade(cell) == (2.5, 4.0)


@pytest.mark.parametrize(
    "outputs",
    [
        [],
        [said("ModuleNotFoundError")],
        *([result(text)] for text in ("-1.0", "False", "nan", "np.float64(0.0)", "full marks", "4.5")),
        [nbformat.v4.new_output("error", ename="E", evalue="", traceback=[])],
        [nbformat.v4.new_output("display_data", {"text/plain": "1.0"})],
    ],
)
def test_what_nbgrader_would_take_for_full_marks_or_none_stops_it(outputs):
    with pytest.raises(MarkMissing, match="nothing was recorded"):
        PlainMarks().preprocess_cell(ran(*outputs), {}, 0)


def test_what_a_cell_without_points_shows_is_left_out_except_the_note():
    shown, note = (nbformat.v4.new_code_cell("x", outputs=[result("y")]) for _ in range(2))
    shown.metadata["nbgrader"], note.metadata["nbgrader"] = {"grade_id": "quiz"}, {"grade_id": "intake"}
    assert PlainMarks().preprocess_cell(shown, {}, 0)[0].outputs == []
    assert len(PlainMarks().preprocess_cell(note, {}, 0)[0].outputs) == 1


def test_without_a_bank_no_answer_is_shown(resources, tmp_path, monkeypatch):
    monkeypatch.setenv("ALONGSIDE_ROOT", str(tmp_path))
    book = kept(resources)
    shown, _ = ShowAnswers().preprocess(book, {**resources, "metadata": {"path": str(tmp_path)}})
    assert [cell.id for cell in shown.cells] == IDS


def test_an_answer_that_cannot_be_shown_takes_no_mark_back(resources, tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("ALONGSIDE_ROOT", str(resources["root"]))
    monkeypatch.setattr("alongside_grading.marking.preprocess.show_answer", lambda *_: 1 / 0)
    step = ShowAnswers()
    step.log = logging.getLogger("grading-test")
    shown, _ = step.preprocess(kept(resources), {**resources, "metadata": {"path": str(tmp_path)}})
    assert [cell.id for cell in shown.cells] == IDS
    assert "could not be shown" in caplog.text


@pytest.mark.parametrize(("shown", "told"), [("0.0", False), ("2.0", True)])
def test_a_mark_from_an_older_key_is_told(resources, tmp_path, monkeypatch, caplog, shown, told):
    monkeypatch.setenv("ALONGSIDE_ROOT", str(resources["root"]))
    book = kept(resources)
    book.cells[5].outputs = [result(shown)]
    step = ShowAnswers()
    step.log = logging.getLogger("grading-test")
    step.preprocess(book, {**resources, "metadata": {"path": str(tmp_path)}})
    assert ("The mark for naming-a-feeling was worked out with another key" in caplog.text) is told


def test_each_mark_has_its_answer_before_it(resources, tmp_path, monkeypatch):
    monkeypatch.setenv("ALONGSIDE_ROOT", str(resources["root"]))
    shown, _ = ShowAnswers().preprocess(kept(resources), {**resources, "metadata": {"path": str(tmp_path)}})
    names = [cell.id for cell in shown.cells]
    for question in IDS[5:10]:
        assert names[names.index(question) - 1] == f"answer-{question}"
    nbformat.validate(shown)


def test_feedback_leaves_out_code_and_what_is_for_the_marker(resources):
    book, _ = HideCode().preprocess(kept(resources), {})
    assert [cell.id for cell in book.cells] == ["intro", *IDS[5:]]
    assert not any(cell.source or cell.outputs for cell in book.cells if cell.cell_type == "code")
