"""A mark comes from data alone: the key is read out of our own cell's text, and no code at all runs."""

from __future__ import annotations

from pprint import pformat

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.marking import key, score
from alongside.responses import FILE, Responses, write_responses
from alongside_grading.marking.marked import Form, FormCell, Work, mark_work, stale_questions
from alongside_grading.marking.preprocess import MarkMissing, PlainMarks
from alongside_grading.marking.quiz_key import Keyed, KeyNotRead, is_note, points, read_test
from alongside_grading.marking.read_marks import ReadMarks
from tests.grading.folder import UNIT
from tests.grading.hand_ins import partly, perfect

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=10,
)


def source(question, unit=UNIT):
    """A test cell as `alongside release` writes it."""
    text = pformat(key(question), width=40, sort_dicts=False)
    body = f"from alongside_grading.marks import mark\nmark({unit!r}, {question.id!r}, {text})"
    return f"### BEGIN HIDDEN TESTS\n{body}\n### END HIDDEN TESTS"


def test_the_key_of_every_kind_is_read_back_from_the_text(bank):
    for question in bank.questions[:5]:
        assert read_test(source(question)) == Keyed(UNIT, question.id, key(question))


GOOD = "from alongside_grading.marks import mark\nmark('u', 'q', {'kind': 'single', 'points': 1, 'right': ['a']})"


@pytest.mark.parametrize(
    "text",
    ["", "1.0", "mark(", "\0", "(" * 3000, GOOD + "\nprint()", "import os\n" + GOOD, GOOD.replace("'q'", "str(1)"),
     GOOD.replace("marks", "other"), GOOD.replace("import mark", "import mark as mark"),
     GOOD.replace("import mark\n", "import intake\n"), GOOD.replace("'q', ", ""), GOOD.replace("'single'", "'odd'"),
     GOOD.replace("'single'", "'written'"), GOOD.replace("1,", "-1,"), GOOD.replace("1,", "1e999,"),
     GOOD.replace("1,", "True,"), GOOD.replace("['a']", "[]"), GOOD.replace("['a']", "[1]"),
     GOOD.replace("single", "order"), GOOD.replace("single", "match"), GOOD.replace("single", "number")],
)  # fmt: skip
def test_any_other_text_is_no_test_cell(text):
    assert read_test(GOOD).question == "q"
    with pytest.raises(KeyNotRead, match="alongside release"):
        read_test(text)


def test_the_cell_for_the_instructors_note_is_told_from_others():
    assert is_note('### BEGIN\nfrom alongside_grading.marks import intake; intake("empathy")\n### END')
    assert not is_note('from alongside_widgets import quiz; quiz("empathy")')


@given(answer=ANYTHING)
def test_any_answer_earns_what_the_rules_say_within_the_points(answer):
    for test in TESTS:
        earned = points(test, answer)
        assert type(earned) is float
        assert earned == score(test.key, answer)
        assert 0 <= earned <= test.key["points"]


TESTS = [
    Keyed("u", "q", {"kind": "single", "points": 2, "right": ["a"]}),
    Keyed("u", "q", {"kind": "several", "points": 3, "right": ["a", "b"]}),
    Keyed("u", "q", {"kind": "order", "points": 4, "right": ["a", "b", "c"]}),
    Keyed("u", "q", {"kind": "match", "points": 3, "right": {"a": "x", "b": "y"}}),
    Keyed("u", "q", {"kind": "number", "points": 1, "right": [[1.0, 2.0]]}),
]


def cell(text, name, most=None):
    about = {"grade": most is not None, "solution": False, "grade_id": name, "points": most}
    return nbformat.v4.new_code_cell(text, metadata={"nbgrader": about})


def read_marks(tmp_path, *cells):
    resources = {"nbgrader": {"assignment": UNIT}, "metadata": {"path": str(tmp_path)}}
    book, _ = ReadMarks().preprocess(nbformat.v4.new_notebook(cells=list(cells)), resources)
    return [[output.data["text/plain"] for output in each.outputs] for each in book.cells]


def test_the_step_gives_each_cell_the_result_that_running_it_would_give(bank, tmp_path):
    write_responses(tmp_path / FILE, UNIT, partly(bank))
    cells = [cell(source(each), each.id, each.points) for each in bank.questions[:5]]
    note = cell(f'from alongside_grading.marks import intake; intake("{UNIT}")', "intake")
    quiz = cell(f'from alongside_widgets import quiz; quiz("{UNIT}")', "quiz")
    marks = read_marks(tmp_path, quiz, note, *cells)
    assert marks[0] == []
    assert marks[1][0].startswith("6 ")
    assert marks[2:] == [["0.0"], ["1.0"], ["2.0"], ["2.0"], ["0.0"]]
    assert PlainMarks().preprocess_cell(cells[0], {}, 0)[0].outputs == cells[0].outputs


def test_the_step_runs_no_code_and_says_so_in_words(bank, tmp_path):
    trace = tmp_path / "trace"
    question = bank.questions[0]
    bad = [
        f"open({str(trace)!r}, 'w')\n{source(question)}",
        source(question).replace(repr(question.id), f"str(open({str(trace)!r}, 'w'))"),
        source(question, unit="other"),
        source(bank.questions[1]),
    ]
    for text in bad:
        with pytest.raises(
            MarkMissing, match=f'The mark for "{question.id}" could not be worked out.*alongside release'
        ):
            read_marks(tmp_path, cell(text, question.id, question.points))
    assert not trace.exists()


def test_marking_starts_no_kernel():
    from tests.grading.test_grading_config import ROOT, Loose, configure

    settings = Loose()
    configure(settings, ROOT / "assessments")
    steps = settings.Autograde.sanitize_preprocessors + settings.Autograde.autograde_preprocessors
    assert not any("Execute" in step for step in steps)
    assert steps[steps.index("alongside_grading.marking.read_marks.ReadMarks") + 1].endswith(".PlainMarks")


def form(bank, *, released=None):
    """A unit of two questions, one of them written."""
    asked, written = bank.questions[0], bank.questions[5]
    return Form(
        UNIT,
        (
            FormCell({"cell_type": "code", "id": "a", "metadata": {}, "source": "x", "outputs": []}, asked.id,
                     test=Keyed(UNIT, asked.id, released or key(asked))),
            FormCell({"cell_type": "markdown", "id": "b", "metadata": {}, "source": "ours"}, written.id, written=True),
        ),
        {},
        bank,
    )  # fmt: skip


def test_marking_one_is_a_function_of_what_was_handed_in(bank):
    asked, written = bank.questions[0].id, bank.questions[5].id
    work = Work({}, Responses(UNIT, perfect(bank)))
    once, twice = mark_work(form(bank), work), mark_work(form(bank), work)
    assert once == twice
    assert (once.scores, once.comments) == ({asked: 2.0, written: None}, {written: None})
    nothing = mark_work(form(bank), Work({written: " ours\n"}, Responses(UNIT)))
    assert (nothing.scores, nothing.comments) == ({asked: 0.0, written: 0.0}, {written: "No response."})


@given(text=st.text(), cell_text=st.text())
def test_any_words_at_all_become_a_notebook_without_a_tag_of_theirs(text, cell_text):
    written = FormCell({"cell_type": "markdown", "id": "b", "metadata": {}, "source": "ours"}, "w", written=True)
    made = mark_work(Form(UNIT, (written,), {}), Work({"w": cell_text}, Responses(UNIT, {"w": text})))
    book = nbformat.reads(made.notebook.decode(), as_version=4)
    assert book.cells[0].source.count("<") in {0, 2}


def test_a_key_that_changed_after_release_is_told(bank):
    assert stale_questions(form(bank)) == ()
    old = {**key(bank.questions[0]), "right": ["another"]}
    assert stale_questions(form(bank, released=old)) == (bank.questions[0].id,)
