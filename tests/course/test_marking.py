"""Marks are fair, and nothing that is handed in can break them."""

import math

import pytest
from hypothesis import example, given

from alongside.marking import answered, key, mark, score, valid_answer
from alongside.question import Kind
from alongside.question_reader import read_bank
from tests.course.generated import json_values
from tests.course.kinds import BANK


@pytest.fixture(scope="module")
def questions(course):
    """One question of each kind."""
    bank, _ = read_bank(BANK, "a.md", "a", course)
    return {question.kind: question for question in bank.questions}


def perfect(question):
    """Give the right answer."""
    right = [option.id for option in question.options if option.right]
    return {
        Kind.SINGLE: right[0] if right else "",
        Kind.SEVERAL: right,
        Kind.ORDER: right,
        Kind.MATCH: {option.id: option.other for option in question.options},
        Kind.NUMBER: question.options[0].low if question.options else 0,
        Kind.WRITTEN: "words",
    }[question.kind]


@given(answer=json_values())
@example(answer=10**400)
@example(answer=float("nan"))
def test_any_answer_has_a_plain_score_inside_its_limits(questions, answer):
    """Whatever JSON is handed in, the score is a float from 0 to the points, and nothing is raised."""
    for question in questions.values():
        found = score(key(question), answer)
        assert type(found) is float
        assert 0.0 <= found <= question.points
        assert math.isfinite(found)
        marked = mark(question, answer)
        assert marked.points == found
        assert [each for each, _, _ in marked.reasons] == [option.id for option in question.options]


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.WRITTEN])
def test_a_perfect_answer_has_every_point(questions, kind):
    """Full marks can be reached in each kind, and every option is then right so."""
    marked = mark(questions[kind], perfect(questions[kind]))
    assert marked.full
    assert marked.points == questions[kind].points
    judged = marked.reasons if kind is not Kind.NUMBER else marked.reasons[:1]
    assert all(right for _, right, _ in judged)


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("blank", ["", "  ", [], {}, None], ids=repr)
def test_a_blank_has_none(questions, kind, blank):
    """Nothing answered earns nothing, whatever nothing looks like, and no option is called right."""
    marked = mark(questions[kind], blank)
    assert marked.points == 0
    assert not answered(kind.value, blank)
    assert not any(right for _, right, _ in marked.reasons)


def test_a_written_answer_is_never_marked_by_rule(questions):
    """A person marks it."""
    assert score(key(questions[Kind.WRITTEN]), "words") == 0.0
    assert answered("written", "words")


def test_several_gives_right_less_wrong(questions):
    """One right of two is half; a wrong one takes one back; choosing everything is no way round."""
    question = questions[Kind.SEVERAL]
    first, second, wrong = (option.id for option in question.options)
    found = [
        score(key(question), answer)
        for answer in ([first], [first, wrong], [first, second, wrong], [wrong], [first, first])
    ]
    assert found == [1.5, 0.0, 1.5, 0.0, 1.5]


def test_order_gives_the_share_of_steps_that_follow(questions):
    """A step moved to the end keeps the pair that still stands together; twice the same step is no answer."""
    question = questions[Kind.ORDER]
    one, two, three = (option.id for option in question.options)
    found = [
        score(key(question), answer) for answer in ([two, three, one], [three, two, one], [one, one, two], [one, two])
    ]
    assert found == [1.5, 0.0, 0.0, 0.0]


def test_match_gives_the_share_of_pairs(questions):
    """Each right pair counts; a pair left out is wrong; one that does not exist changes nothing."""
    question = questions[Kind.MATCH]
    (first, *_) = question.options
    assert score(key(question), {first.id: first.other, "x": "y"}) == 1.0


@pytest.mark.parametrize(("answer", "points"), [(45, 3), (60.0, 3), (44.9, 0), (61, 0), (5, 0), (True, 0), ("45", 0)])
def test_a_number_counts_inside_its_limits(questions, answer, points):
    """The limits themselves are right; text and truth values are no numbers."""
    assert score(key(questions[Kind.NUMBER]), answer) == points


def test_a_number_that_is_none_is_no_answer():
    """Not a number, and endless ones, are left out; one of any length is only wrong."""
    assert not any(valid_answer("number", value) for value in (math.nan, math.inf, -math.inf))
    assert valid_answer("number", 10**400)
    assert not valid_answer("riddle", "x")


def test_a_key_holds_no_words(questions):
    """What is needed to mark says nothing that a learner could read, but for the right-hand sides that all see."""
    for question in questions.values():
        held = str(key(question))
        assert not any(option.reason in held for option in question.options)
        assert not any(f"'{option.text}'" in held for option in question.options if not option.other)
