from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from alongside.record import PRACTICE
from alongside_widgets.practice import Practice, view
from alongside_widgets.questions import read_number

RIGHT = {
    "one": lambda ids: ids["Worn out."],
    "several": lambda ids: [ids["Alpha."], ids["Beta."]],
    "steps": lambda ids: [ids["First thing."], ids["Second thing."], ids["Third thing."]],
    "pairs": lambda ids: {ids["Left a"]: "Right a", ids["Left b"]: "Right b", ids["Left c"]: "Right a"},
    "minutes": lambda _: "50",
}
WRONG = {
    "one": lambda ids: ids["Tea."],
    "several": lambda ids: [ids["Gamma."]],
    "steps": lambda ids: [ids["Third thing."], ids["Second thing."], ids["First thing."]],
    "pairs": lambda ids: {ids["Left a"]: "Right b", ids["Left b"]: "Right a", ids["Left c"]: "Right b"},
    "minutes": lambda _: "5",
}


@pytest.fixture
def questions(catalog) -> dict[str, Any]:
    return catalog.module("first").questions


@pytest.fixture
def practice(catalog, questions, words, record) -> Practice:
    return Practice(list(questions.values()), "first", catalog.course, words, record, "en")


def ids(question: Any) -> dict[str, str]:
    return {option.text: option.id for option in question.options}


def test_no_key_and_no_reason_is_in_the_page_before_an_answer_is_checked(questions, words):
    shown = view(list(questions.values()), words, "en")
    assert "KEYREASON" not in json.dumps(shown)
    for row in shown["questions"]:
        assert set(row) == {"id", "kind", "number", "title", "stem", "how", "options", "others", "unit"}
        assert all(set(option) == {"id", "words"} for option in row["options"])
    assert shown["questions"][-1]["options"] == []
    steps = next(row for row in shown["questions"] if row["id"] == "steps")
    assert [option["words"] for option in steps["options"]] != ["First thing.", "Second thing.", "Third thing."]


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_answer_earns_all_points_and_says_why_for_every_option(name, practice, questions, page):
    told = page(practice).ask(do="check", question=name, answer=RIGHT[name](ids(questions[name])))["feedback"]
    assert told["points"] == "You have 2 of 2 points."
    assert told["icon"] == "full"
    assert told["source"] == {"short": "A book, 2020", "href": "https://example.org/book"}
    if name != "minutes":
        assert [row["reason"] for row in told["rows"]] == [option.reason for option in questions[name].options]
        assert not any(row["icon"] == "no" for row in told["rows"])


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_earns_nothing_and_says_what_fits(name, practice, questions, page):
    told = page(practice).ask(do="check", question=name, answer=WRONG[name](ids(questions[name])))["feedback"]
    assert told["points"] == "You have 0 of 2 points."
    assert any(row["icon"] != "yes" for row in told["rows"])
    assert all(row["reason"].startswith("KEYREASON") for row in told["rows"])


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("one", None),
        ("one", ""),
        ("several", []),
        ("steps", None),
        ("pairs", {}),
        ("minutes", " "),
        ("minutes", "soon"),
    ],
)
def test_an_empty_answer_is_asked_for_and_nothing_is_counted(name, answer, practice, record, page):
    told = page(practice).ask(do="check", question=name, answer=answer)
    assert told["empty"]
    assert "feedback" not in told
    assert record.names(PRACTICE) == frozenset()


def test_pairs_are_checked_only_when_every_line_has_one(practice, questions, page):
    left = ids(questions["pairs"])["Left a"]
    assert page(practice).ask(do="check", question="pairs", answer={left: "Right a"})["empty"]


def test_trying_again_never_takes_points_away(catalog, practice, questions, words, record, page):
    told = page(practice)
    told.ask(do="check", question="one", answer=RIGHT["one"](ids(questions["one"])))
    later = told.ask(do="check", question="one", answer=WRONG["one"](ids(questions["one"])))["feedback"]
    assert later["kept"] == "Your best so far stays: 2 of 2."
    assert record.get(PRACTICE, "first--one")["best"] == 2
    again = Practice(list(questions.values()), "first", catalog.course, words, record, "en")
    assert again.view["questions"][0]["best"] == "Your best so far: 2 of 2."
    assert "best" not in again.view["questions"][1]


@pytest.mark.usefixtures("no_disk")
def test_a_store_that_fails_is_told_beside_the_feedback(practice, questions, words, page):
    told = page(practice).ask(do="check", question="one", answer=RIGHT["one"](ids(questions["one"])))["feedback"]
    assert told["trouble"] == words["save"]["cannot_save"]
    assert told["points"]


@pytest.mark.parametrize("kept", [{"best": "x"}, {"best": 99}, {"best": -1}, {"best": True}, [], None, {"best": None}])
def test_kept_points_of_any_shape_are_ignored(kept, catalog, questions, words, record):
    record.put(PRACTICE, "first--one", kept)
    widget = Practice(list(questions.values()), "first", catalog.course, words, record, "en")
    assert "best" not in widget.view["questions"][0]


@pytest.mark.parametrize(
    ("typed", "number"),
    [("45", 45), (" 4,5 ", 4.5), ("-3", -3), ("1e5", None), ("nan", None), ("inf", None), ("4 5", None), ("", None),
     ("٤٥", None), ("9" * 30, None), ("9" * 20, None), ("1.2.3", None), ("-", None)],
)  # fmt: skip
def test_a_number_is_read_as_people_type_it(typed, number):
    assert read_number(typed) == number


def test_a_question_that_was_changed_is_told_and_its_best_is_kept_aside(
    catalog, practice, questions, words, record, page
):
    page(practice).ask(do="check", question="one", answer=RIGHT["one"](ids(questions["one"])))
    old = record.get(PRACTICE, "first--one")
    changed = {**questions, "one": replace(questions["one"], stem=("Which one is it?",))}
    widget = Practice(list(changed.values()), "first", catalog.course, words, record, "en")
    assert widget.view["questions"][0]["best"].endswith("Your best before the change was 2.")
    told = page(widget).ask(do="check", question="one", answer=WRONG["one"](ids(questions["one"])))
    assert told["feedback"]["kept"] == ""
    assert record.get(PRACTICE, "first--one")["best"] == 0
    assert [each.value for each in record.aside(PRACTICE, "first--one")] == [old]
