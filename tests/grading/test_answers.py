"""What the learner answered is shown in the course's words alone, and every word is escaped."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.course import read_words
from alongside_grading.marking.answers import show_answer
from tests.grading.folder import ROOT, make_course
from tests.grading.hand_ins import partly, perfect

WORDS = read_words(ROOT)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


def shown(bank, name, answers):
    question = next(each for each in bank.questions if each.id == name)
    return show_answer(question, answers.get(name), WORDS)


def said(name, **filled):
    """A sentence of the course, as the page spells it."""
    return html.escape(WORDS["quiz"][name].format(**filled).rstrip("."))


def test_each_kind_says_what_was_right(bank):
    answers = perfect(bank)
    assert said("right_chosen") in shown(bank, "naming-a-feeling", answers)
    assert shown(bank, "what-shows-listening", answers).count(said("right_chosen")) == 3
    assert shown(bank, "in-order", answers).count(said("place_right")) == 5
    assert shown(bank, "what-kind", answers).count(said("pair_right")) == 3
    assert said("number_right", words="45 to 60") in shown(bank, "how-long", answers)


def test_each_kind_says_what_was_not(bank):
    answers = partly(bank)
    assert said("wrong_chosen") in shown(bank, "naming-a-feeling", answers)
    assert said("wrong_left") in shown(bank, "what-shows-listening", answers)
    assert said("place_wrong", place=1, chosen=3) in shown(bank, "in-order", answers)
    assert said("pair_wrong", other="Reassurance", chosen="A reflection") in shown(bank, "what-kind", answers)
    assert "5 minutes" in shown(bank, "how-long", answers)


def test_without_an_answer_every_reason_still_stands(bank):
    for question in bank.questions[:5]:
        text = show_answer(question, None, WORDS)
        assert html.escape(WORDS["handin"]["unanswered"]) in text
        assert text.count("<li>") == len(question.options)


def test_the_authors_words_are_escaped_too(bank):
    text = shown(bank, "naming-a-feeling", {})
    assert "&lt;b&gt;at all&lt;/b&gt;" in text
    assert "<b>" not in text


@given(answer=ANYTHING)
def test_no_answer_of_a_learner_can_put_a_word_of_its_own_on_the_page(tmp_path_factory, answer):
    bank = BANK.get("bank") or BANK.setdefault("bank", make_course(tmp_path_factory.mktemp("answers") / "course").bank)
    for question in bank.questions[:5]:
        text = show_answer(question, answer, WORDS)
        assert "\n\n" not in text
        tags = re.findall(r"<(/?\w+)", text)
        assert set(tags) <= {"div", "/div", "p", "/p", "strong", "/strong", "ul", "/ul", "li", "/li", "em", "/em"}
        assert tags.count("li") == len(question.options)


BANK: dict[str, object] = {}


@pytest.mark.parametrize("typed", ["<script>x</script>", "zzz-mine"])
def test_what_was_typed_in_place_of_an_option_is_left_out(bank, typed):
    answers = {
        "naming-a-feeling": typed,
        "what-shows-listening": [typed],
        "in-order": [typed] * 5,
        "what-kind": {option.id: typed for option in bank.questions[3].options},
    }
    for name in answers:
        assert typed not in shown(bank, name, answers)
