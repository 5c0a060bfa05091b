"""What is decided about a faulty question is read with all its faults at once, and never takes a point from anyone."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.course import read_words
from alongside.marking import key, score
from alongside_grading.marking.answers import judged, regrade_note, show_answer
from alongside_grading.marking.regrade import Action, Decision, decided_score
from alongside_grading.marking.regrade_reader import decisions_path, find_decisions, read_decisions
from alongside_grading.results.feedback_page import as_html, as_text, feedback_page
from alongside_grading.results.grades import QuestionMark, UnitMark
from tests.grading.folder import ROOT, WRITTEN, make_course
from tests.grading.hand_ins import partly, perfect
from tests.grading.test_mark_data import ANYTHING

WORDS = read_words(ROOT)
DECIDED = """
[naming-a-feeling]
do = "accept-also"
also = ['"Have you tried calling someone else?"']
reason = "Both <b>replies</b> can help {here}."
decided = 2026-11-21

[what-shows-listening]
do = "accept-also"
also = ["Telling them  what you would do."]
reason = "The lesson shows it."
decided = 2026-11-21

[in-order]
do = "accept-also"
also = [["Ask what they want.", "Listen to the answer.", "Say who you are.", "Agree on a next step.", "Say goodbye."]]
reason = "A talk can start with the wish."
decided = 2026-11-21

[what-kind]
do = "accept-also"
also = [["\\"It will pass.\\"", "A reflection"]]
reason = "It can be heard as one."
decided = 2026-11-21

["how-long"]
do = "accept-also"
also = [5, [30, 44.5]]
reason = "The lesson gives both."
decided = 2026-11-21

[second-try]
do = "full-marks"
reason = "It was not clear."
decided = 2026-11-22
"""


def read(bank, text=DECIDED):
    found, faults = read_decisions(text, "q.regrade.toml", bank)
    assert faults == ()
    return found


def test_every_kind_of_question_can_accept_more(bank):
    """`partly` gives 0, 1, 2, 2 and 0 points by the key alone."""
    found, answers = read(bank), partly(bank)
    earned = [decided_score(key(each), answers.get(each.id), found[each.id]) for each in bank.questions[:5]]
    assert earned == [2.0, 2.25, 4.0, 3.0, 1.0]
    assert decided_score(key(bank.questions[4]), 44.5, found["how-long"]) == 1.0
    assert decided_score(key(bank.questions[4]), 44.6, found["how-long"]) == 0.0
    assert found["second-try"].decided == date(2026, 11, 22)


def test_what_was_right_stays_right(bank):
    found, answers = read(bank), perfect(bank)
    for question in bank.questions[:5]:
        assert decided_score(key(question), answers[question.id], found[question.id]) == question.points


@pytest.mark.parametrize("do", [Action.DROP, Action.FULL_MARKS])
def test_everybody_gets_all_of_a_question_that_is_dropped_or_given(bank, do):
    for question in bank.questions:
        decision = Decision(question.id, question.kind, do, "Why.", date(2026, 11, 21))
        for answer in (None, "x", [], perfect(bank)[question.id]):
            assert decided_score(key(question), answer, decision) == question.points


def answers_of(question):
    """Answers of the question's own shape, right and wrong, and answers of none."""
    ids = [option.id for option in question.options] or ["x"]
    others = [option.other for option in question.options] or ["x"]
    some = st.sampled_from([*ids, "unknown"])
    return st.one_of(
        ANYTHING,
        some,
        st.lists(some, max_size=6),
        st.permutations(ids),
        st.dictionaries(some, st.sampled_from([*others, "unknown"]), max_size=4),
        st.floats(-10, 100),
    )


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_no_decision_lowers_a_mark_or_gives_more_than_there_is(tmp_path_factory, data):
    bank = BANK.get("bank") or BANK.setdefault("bank", make_course(tmp_path_factory.mktemp("bank") / "course").bank)
    question = data.draw(st.sampled_from(bank.questions[:5]))
    answer = data.draw(answers_of(question))
    earned = decided_score(key(question), answer, read(bank)[question.id])
    assert type(earned) is float
    assert score(key(question), answer) <= earned <= question.points


BANK: dict[str, object] = {}


def test_a_key_of_another_kind_than_was_decided_about_counts_alone(bank):
    single, several = bank.questions[:2]
    answer = [several.options[2].id]
    other = Decision(several.id, single.kind, Action.ACCEPT_ALSO, "Why.", date(2026, 11, 21), tuple(answer))
    assert decided_score(key(several), answer, other) == 0.0


GOOD = 'do = "drop"\nreason = "Why."\ndecided = 2026-11-21\n'
ALSO = 'do = "accept-also"\nreason = "Why."\ndecided = 2026-11-21\nalso = '
RIGHT_ORDER = (
    '["Say who you are.", "Ask what they want.", "Listen to the answer.", "Agree on a next step.", "Say goodbye."]'
)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[how-long\ndo = 1", 1, "This is not TOML"),
        (f"[how-long]\n{GOOD}\n[how-long]\n{GOOD}", 6, "a name stands here twice"),
        ('do = "drop"', 1, "do: This stands outside of a decision."),
        (f"# why\n[the-papers]\n{GOOD}", 2, "the-papers: There is no such question. The questions are: naming-a"),
        (f"[how-long]\n{GOOD}who = 1", 1, '"who" is not a part of a decision. Use do, also, reason, decided.'),
        ('[how-long]\nreason = "Why."\ndecided = 2026-11-21', 1, "Say what to do. Write do = and one of:"),
        (f"[how-long]\n{GOOD}".replace("drop", "forget"), 1, '"forget" is nothing that can be done.'),
        (f"[how-long]\n{GOOD}".replace("Why.", " "), 1, "Say why, in words that learners may read"),
        (f"[how-long]\n{GOOD}".replace("2026-11-21", '"2026-11-21"'), 1, "without quotation marks"),
        (f"[how-long]\n{GOOD}".replace("2026-11-21", "2026-11-21T10:00:00"), 1, "Say on which day"),
        (f"[how-long]\n{GOOD}also = [5]", 1, '"also" goes with do = "accept-also" alone. Take it out.'),
        (f"[how-long]\n{ALSO}[]", 1, "Say what else is right: also = [...], with numbers"),
        (f"[how-long]\n{ALSO}5", 1, "Say what else is right"),
        (f"[how-long]\n{ALSO}[[9, 5]]", 1, "In [9, 5] the first number must be the smaller one."),
        (f"[how-long]\n{ALSO}[true]", 1, "cannot be used here. Write also = [...], with numbers"),
        (f"[how-long]\n{ALSO}[nan]", 1, "cannot be used here"),
        (f"[how-long]\n{ALSO}[[46, 50]]", 1, "46 to 50 is right already. Take it out."),
        (f"[{WRITTEN}]\n{ALSO}['x']", 1, "A written answer is marked by a person"),
        (f"[naming-a-feeling]\n{ALSO}['No such words']", 1, '"No such words" is not among the answers. Copy one'),
        (f"[naming-a-feeling]\n{ALSO}[[1]]", 1, "is not among the answers"),
        (f"[what-shows-listening]\n{ALSO}['Asking what they mean.']", 1, "is right already. Take it out."),
        (f"[in-order]\n{ALSO}['Say goodbye.']", 1, "with lists of all steps, each in an order that is right too"),
        (f"[in-order]\n{ALSO}[['Say goodbye.']]", 1, "An order names each step once; there are 5 steps."),
        (f"[in-order]\n{ALSO}[{RIGHT_ORDER}]", 1, "This order is right already."),
        (f"[what-kind]\n{ALSO}[['\"It will pass.\"', 'A song']]", 1, '"A song" is on no right-hand side. There are'),
        (f"[what-kind]\n{ALSO}[['\"It will pass.\"', 'Reassurance']]", 1, "is right already"),
        (f"[what-kind]\n{ALSO}['It will pass.']", 1, "with pairs, each as"),
    ],
)
def test_each_fault_is_told_with_its_line_and_what_to_write(bank, text, line, words):
    found, faults = read_decisions(text, "q.regrade.toml", bank)
    assert found == {}
    assert len(faults) == 1
    assert str(faults[0]).startswith(f"q.regrade.toml:{line}: ")
    assert words in faults[0].message


def test_all_faults_are_told_at_once_and_in_order(bank):
    _, faults = read_decisions("[nobody]\n\n[how-long]\n\n[in-order]\ndo = 1\n", "q", bank)
    assert [fault.line for fault in faults] == [1, 3, 3, 3, 5, 5, 5]


def test_the_file_lies_beside_its_bank_and_need_not_be_there(course):
    assert find_decisions(course.catalog, "listening") == ({}, ())
    assert find_decisions(course.catalog, "nowhere") == ({}, ())
    path = decisions_path(course.catalog, "listening")
    assert path == course.assessments / "questions" / "listening.regrade.toml"
    path.write_text(DECIDED, encoding="utf-8")
    assert set(find_decisions(course.catalog, "listening")[0]) > {"how-long", "second-try"}
    (course.assessments / "questions" / "listening.md").write_text("nothing", encoding="utf-8")
    found, faults = find_decisions(course.catalog, "listening")
    assert (found, bool(faults)) == ({}, True), "without the bank nothing can be checked"


def test_a_learner_is_told_what_was_decided_and_why(bank):
    found = read(bank)
    notes = {name: regrade_note(decision, WORDS) for name, decision in found.items()}
    opening = "Your instructor looked at this question again on November 21, 2026."
    assert notes["naming-a-feeling"] == (
        f'{opening} This is accepted too: "Have you tried calling someone else?" Why: Both <b>replies</b> can help '
        "{here}."
    )
    assert "accepted too: 1. Ask what they want. 2. Listen to the answer. 3. Say who" in notes["in-order"]
    assert 'accepted too: "It will pass." → A reflection Why' in notes["what-kind"]
    assert "accepted too: 5 / 30 to 44.5 Why" in notes["how-long"]
    assert "November 22, 2026. Everyone gets all of its points. Why: It was not clear." in notes["second-try"]
    drop = Decision("q", bank.questions[0].kind, Action.DROP, "Why.", date(2026, 11, 21))
    assert "It does not count. Everyone gets all of its points." in regrade_note(drop, WORDS)


def test_no_page_calls_wrong_what_is_accepted_now(bank):
    found, answers = read(bank), partly(bank)
    say, quiz = WORDS["regrade"], WORDS["quiz"]

    def said(place, answer):
        question = bank.questions[place]
        return [words for _, words in judged(question, answer, WORDS, found[question.id])]

    assert said(0, answers["naming-a-feeling"])[0] == say["also_chosen"]
    assert said(0, bank.questions[0].options[2].id)[0] == say["also"]
    assert said(0, bank.questions[0].options[2].id)[2] == quiz["wrong_chosen"]
    assert said(1, answers["what-shows-listening"])[2] == say["also_chosen"]
    assert said(1, perfect(bank)["what-shows-listening"])[2] == say["also"]
    assert said(2, answers["in-order"]) == [quiz["place_right"]] * 5
    assert said(2, perfect(bank)["in-order"]) == [quiz["place_right"]] * 5
    assert said(3, answers["what-kind"])[2] == say["also_chosen"]
    assert said(3, None)[2] == quiz["pair_wrong"].format(other="Reassurance", chosen="nothing")


def test_the_reason_is_text_on_every_page(bank):
    """In formgrader's page, in the learner's page, and in its text."""
    found, answers, marks = read(bank), partly(bank), {each.id: QuestionMark(1, each.points) for each in bank.questions}
    shown = show_answer(bank.questions[0], None, WORDS, found["naming-a-feeling"])
    page = feedback_page(bank, "ada", UnitMark(1.0), marks, answers, WORDS, decisions=found)
    for html in (shown, as_html(page, WORDS)):
        assert "Both &lt;b&gt;replies&lt;/b&gt; can help {here}." in html
        assert "<b>" not in html
    text = as_text(page, WORDS)
    assert all(regrade_note(decision, WORDS) in text for decision in found.values())
    by_hand = {**marks, "second-try": QuestionMark(1.0, 3.0, by_hand=True)}
    page = feedback_page(bank, "ada", UnitMark(1.0), by_hand, answers, WORDS, decisions=found)
    assert "Everyone gets" not in as_text(page, WORDS), "whose points a person set does not get what everyone gets"
