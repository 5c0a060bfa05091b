"""How far a graded quiz is on its way is told from what was kept of it, whatever that is."""

import hashlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.due import Due, How, answers_digest, find_due
from alongside.question_reader import read_bank
from alongside.quiz import for_learner
from alongside.responses import as_data
from tests.course.generated import json_values
from tests.course.kinds import BANK

TOP = "---\nformat: 1\ntitle: Kinds\nminutes: 5\n---\n\n"
AT = 1_763_740_000_000


@pytest.fixture(scope="module")
def quiz(course):
    bank, faults = read_bank(TOP + BANK, "bank.md", "first", course)
    assert not faults
    return for_learner(bank)


def answers(quiz, count):
    """Answer the first questions, each in its own way."""
    ways = {
        "single": lambda each: each.options[0][0], "several": lambda each: [each.options[0][0]],
        "order": lambda each: [name for name, _ in each.options],
        "match": lambda each: {each.options[0][0]: each.others[0]}, "number": lambda _: 5,
        "written": lambda _: "Words.",
    }  # fmt: skip
    return {each.id: ways[each.kind](each) for each in quiz.questions[:count]}


def kept(quiz, count):
    return as_data("first", answers(quiz, count), datetime(2026, 11, 21, tzinfo=UTC))


def test_the_steps_of_a_quiz_from_its_first_answer_to_a_file_that_is_older_than_the_answers(quiz):
    """Not begun, begun, all answered, put into a file, changed since, and put into a file again."""
    made = {"at": AT, "digest": answers_digest(answers(quiz, 6))}
    assert find_due(quiz, None, None) is None
    assert find_due(quiz, kept(quiz, 0), None) is None
    assert find_due(quiz, kept(quiz, 2), None) == Due(How.BEGUN, 2, 6)
    assert find_due(quiz, kept(quiz, 6), None) == Due(How.ANSWERED, 6, 6)
    assert find_due(quiz, kept(quiz, 6), made) == Due(How.MADE, 6, 6, AT)
    assert find_due(quiz, kept(quiz, 5), made) == Due(How.CHANGED, 5, 6, AT)


def test_a_file_is_known_by_its_answers_in_whatever_order_they_stand():
    """The digest is that of their JSON with keys in order."""
    one, two = {"b": [1], "a": "x"}, {"a": "x", "b": [1]}
    assert answers_digest(one) == answers_digest(two)
    assert answers_digest(one) == hashlib.sha256(json.dumps(two, sort_keys=True).encode()).hexdigest()


def test_empty_answers_and_questions_that_are_gone_do_not_count(quiz):
    mixed = {**answers(quiz, 2), "written": "  ", "gone": "x", "number": "many"}
    assert find_due(quiz, {"answers": mixed}, None) == Due(How.BEGUN, 2, 6)


@given(data=st.data())
def test_anything_that_a_record_holds_can_be_read(quiz, data):
    anything = json_values()
    mappings = st.fixed_dictionaries({}, optional={"answers": anything, "at": anything, "digest": anything})
    found = find_due(quiz, data.draw(st.one_of(anything, mappings)), data.draw(st.one_of(anything, mappings)))
    assert found is None or 0 <= found.done <= found.total
