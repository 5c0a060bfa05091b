"""The learner's copy of a quiz holds what is asked and nothing that tells the answer."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.question import Kind
from alongside.question_reader import read_bank
from alongside.quiz import for_learner, from_dict
from tests.course.generated import json_values
from tests.course.kinds import BANK
from tests.course.small import BANK as GRADED


@pytest.fixture(scope="module")
def bank(course):
    """One question of each kind."""
    return read_bank(BANK.replace("> So.", "> Because."), "a.md", "a", course)[0]


def test_nothing_tells_the_answer(bank):
    """No reason, no mark of what is right, no number and no level of a rubric stands in it."""
    text = json.dumps(for_learner(bank).to_dict())
    assert not any(word in text for word in ("Because", "Too few", "In part", 'right":', "45", "Yes."))


def test_it_comes_back_as_it_was(bank):
    """Through JSON and back it is the same, with the same ids."""
    quiz = for_learner(bank)
    assert from_dict(json.loads(json.dumps(quiz.to_dict()))) == quiz
    ids = {option for question in quiz.questions for option, _ in question.options}
    assert ids <= {option.id for question in bank.questions for option in question.options}


def test_steps_never_come_in_the_right_order(course):
    """Whatever the words, the order shown is not the one to find, and it is the same for everybody."""
    for number in range(40):  # by chance alone about seven of these would come in the right order
        steps = [f"{number} {word}." for word in ("one", "two", "three")]
        text = BANK
        for old, new in zip(("First.", "Second.", "Third."), steps, strict=True):
            text = text.replace(old, new)
        read, _ = read_bank(text, "a.md", "a", course)
        question = next(each for each in for_learner(read).questions if each.kind == Kind.ORDER)
        shown = [text for _, text in question.options]
        assert sorted(shown) == sorted(steps)
        assert shown != steps
        assert question == next(each for each in for_learner(read).questions if each.kind == Kind.ORDER)


def test_right_hand_sides_stand_once_in_an_order_of_their_own(bank):
    """Two pairs that share a side show it once."""
    question = next(each for each in for_learner(bank).questions if each.kind == Kind.MATCH)
    assert question.others == ("A fix", "A reflection")


@given(
    data=st.one_of(
        st.dictionaries(st.text(max_size=5), json_values()), st.fixed_dictionaries({"format": json_values()})
    )
)
def test_data_that_is_no_quiz_is_told(data):
    """Anything else says in plain words that it cannot be used."""
    with pytest.raises(ValueError, match="quiz"):
        from_dict(data)


def test_the_top_of_the_file_is_kept(course):
    """Its title and minutes are what the page shows."""
    quiz = for_learner(read_bank(GRADED, "a.md", "first", course)[0])
    assert (quiz.unit, quiz.title, quiz.minutes, quiz.language) == ("first", "First: graded quiz", 5, "en")
