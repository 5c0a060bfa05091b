"""A question means what its page says, word for word."""

import pytest
from hypothesis import given

from alongside.question import Kind
from alongside.question_reader import read_bank
from tests.course.awkward import AWKWARD
from tests.course.generated import pages
from tests.course.kinds import BANK, FACTS
from tests.course.small import QUESTION


@given(text=pages())
def test_any_text_gives_a_bank_or_faults(course, text):
    """Whatever an author types, they get questions or are told what is wrong, and never both or neither."""
    for page in (text, f"## A {{#ab}}\n\n{FACTS}\n\nWhat?\n\n{text}"):
        bank, faults = read_bank(page, "a.md", "a", course)
        assert (bank is None) == bool(faults)


@pytest.mark.parametrize("line", AWKWARD)
def test_awkward_lines_survive(course, line):
    """An option and its reason come through word for word."""
    text = QUESTION.replace('"You are worn out."', line).replace("It says back what it is like.", line)
    bank, faults = read_bank(text, "a.md", "a", course)
    assert faults == ()
    option = bank.questions[0].options[1]
    assert (option.text, option.reason, option.right) == (line, line, True)


def test_every_kind_is_read(course):
    """Each kind of question is told from its answers, or named."""
    bank, faults = read_bank(BANK, "a.md", "a", course)
    assert faults == ()
    assert [question.kind for question in bank.questions] == list(Kind)
    by_kind = {question.kind: question for question in bank.questions}
    assert [option.right for option in by_kind[Kind.SEVERAL].options] == [True, True, False]
    assert [option.text for option in by_kind[Kind.ORDER].options] == ["First.", "Second.", "Third."]
    first = by_kind[Kind.MATCH].options[0]
    assert (first.text, first.other) == ("Tea?", "A fix")
    assert [(option.low, option.high, option.right) for option in by_kind[Kind.NUMBER].options] == [
        (45.0, 60.0, True), (5.0, 5.0, False),
    ]  # fmt: skip
    assert by_kind[Kind.NUMBER].unit == "minutes"
    assert [criterion.most for criterion in by_kind[Kind.WRITTEN].rubric] == [2, 2, 2]


def test_an_option_keeps_its_id_when_it_moves(course):
    """An id comes from the words, so that answers that were kept still fit."""
    first, _ = read_bank(QUESTION, "a.md", "a", course)
    head, *options = QUESTION.split("- [")
    moved, _ = read_bank(head + "- [" + "- [".join(reversed(options)), "a.md", "a", course)
    assert {option.id for option in first.questions[0].options} == {option.id for option in moved.questions[0].options}
