"""A reply is taken apart, looked at and coded the same way every time, with nothing but the standard library."""

import io
import json
from array import array
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.coding import commands
from alongside.coding.clauses import Span, has_marks, split
from alongside.coding.coder import code_reply
from alongside.coding.codes import COLUMNS, annomi_input, main
from alongside.coding.evaluation import calibration_error, interval, kappa, macro_f1, score
from alongside.coding.features import BUCKETS, bucket, features, plain
from alongside.coding.model import Column, Model, NoModel, load, pack


def head(**weights):
    """A model in which one word speaks for one column."""
    columns = {}
    for name in COLUMNS:
        values = array("b", bytes(BUCKETS))
        word = weights.get(name.replace("-", "_").replace(" ", "_"))
        if word:
            values[bucket(f"w {word}")] = 100
        columns[name] = Column(values, 1.0, 1.0, -5.0)
    return columns


@pytest.fixture
def model():
    both = head(
        question_open="what",
        support="sorry",
        reflection_simple="tired",
        main_question="what",
        main_other="sorry",
        er1="sorry",
    )
    return Model(both, both, {"asks-open": 0.8, "supports": 0.8}, 0.5, 0.1, {})


@given(st.text(max_size=200))
def test_clauses_stand_in_the_text_in_order_and_lose_no_word(text):
    """Each is the very part of the text that its places name."""
    spans = split(text)
    assert all(text[span.start : span.end] == span.text for span in spans)
    assert all(one.end <= two.start for one, two in pairwise(spans))
    kept = "".join(char for span in spans for char in span.text if char.isalnum())
    assert kept == "".join(char for char in text if char.isalnum())


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("You're tired. What helps?", ["You're tired.", "What helps?"]),
        ("That sounds hard, but what did you do?", ["That sounds hard", "but what did you do?"]),
        ("you sound tired what helps", ["you sound tired what helps"]),
        ("One - two", ["One", "two"]),
        ("", []),
    ],
)
def test_a_text_is_taken_apart_where_the_talk_turns(text, parts):
    """At marks, and at words that turn it."""
    assert [span.text for span in split(text)] == parts


def test_text_without_marks_is_known():
    """As on a phone. Taking them away leaves the words."""
    assert has_marks("You're tired.")
    assert not has_marks("youre tired")
    assert plain("You\u2019re TIRED, right?") == "youre tired right"


@given(st.text(max_size=300), st.text(max_size=100))
def test_features_are_the_same_every_time_and_within_bounds(clause, previous):
    """Whatever is typed."""
    found = features(clause, previous)
    assert found == features(clause, previous)
    assert all(0 <= each < BUCKETS for each in found)


def test_a_reply_is_coded_clause_by_clause(model):
    """With the place of each, and how likely each code is."""
    coded = code_reply("So sorry. What now?", "I lost it.", model)
    assert [clause.codes for clause in coded.clauses] == [{"support"}, {"question-open"}]
    assert coded.annomi == {"behaviour": "question", "question": "open", "reflection": "none", "input": "none"}
    assert coded.clauses[1].probabilities["question-open"] > 0.9
    assert coded.levels == {"er": 1, "ip": 0, "ex": 0}
    assert code_reply("", "x", model).clauses == ()


def test_the_words_that_carried_a_code_are_named(model):
    """Where they stand in the reply, not in the clause."""
    coded = code_reply("I am so sorry. What now?", "I lost it.", model)
    assert coded.clauses[0].carried("support") == Span("sorry", 8, 13)
    assert coded.clauses[1].carried("question-open") == Span("What", 15, 19)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Tell me more about that.", "open"),
        ("How many days was it?", "closed"),
        ("What was it like?", "open"),
        ("You are home?", "none"),
    ],
)
def test_marks_and_leading_words_tell_questions(text, kind):
    """A question mark alone makes none, where the model is sure that nothing is asked."""
    sure = head(question_open="like", question_closed="days", reflection_simple="home", main_reflection="home")
    made = Model(sure, sure, {}, 0.5, 0.1, {})
    assert code_reply(text, "x", made).annomi["question"] == kind


@pytest.mark.parametrize(
    ("codes", "behaviour", "told"),
    [
        ({"reflection-complex", "question-closed"}, "question", "none"),
        ({"reflection-simple"}, "reflection", "none"),
        ({"advice"}, "therapist_input", "advice"),
        ({"information-asked"}, "therapist_input", "information"),
        ({"seeking"}, "therapist_input", "negotiation"),
        ({"small-talk"}, "other", "none"),
    ],
)
def test_codes_come_together_as_annomis(codes, behaviour, told):
    """A question comes first, since it is what is answered."""
    assert (main(codes), annomi_input(codes)) == (behaviour, told)


def test_weights_go_into_a_file_and_come_back(tmp_path, model):
    """A torn one, or one of something else, is told."""
    path = tmp_path / "weights.bin"
    path.write_bytes(pack(model))
    load.cache_clear()
    again = load(path)
    assert again.marked == model.marked
    assert again.shown == model.shown
    for data in (b"", b"other", pack(model)[:-20], pack(model).replace(b"CODING 1", b"CODING 9")):
        path.write_bytes(data)
        load.cache_clear()
        with pytest.raises(NoModel):
            load(path)
    load.cache_clear()


def test_figures_are_those_of_the_books():
    """Worked out by hand."""
    made = score([True, True, False, False], [True, False, True, False])
    assert (made.precision, made.recall, made.f1) == (0.5, 0.5, 0.5)
    assert macro_f1(["a", "b"], ["a", "a"]) == pytest.approx((2 / 3 + 0) / 2)
    assert kappa(["a", "a", "b", "b"], ["a", "b", "b", "b"]) == pytest.approx(0.5)
    assert calibration_error([0.95, 0.95], [True, False]) == pytest.approx(0.45)
    low, high = interval(["one", "two", "three"], lambda places: len(places) / 3)
    assert low == high == 1


def test_lines_of_json_come_back_with_their_codes(model, monkeypatch, capsys):
    """A row that is none is named, and the others go on."""
    monkeypatch.setattr(commands, "code_reply", lambda text, previous: code_reply(text, previous, model))
    given_rows = '{"text": "What now?", "previous": "x", "id": 7}\nnonsense\n\n{"text": "so sorry"}\n{"text": 7}\n[]\n'
    monkeypatch.setattr("sys.stdin", io.StringIO(given_rows))
    assert commands.coding(["predict"]) == 1
    out, err = capsys.readouterr()
    rows = [json.loads(row) for row in out.splitlines()]
    assert [row["codes"] for row in rows] == [["question-open"], ["support"]]
    assert rows[0]["id"] == 7
    assert rows[0]["behaviour"] == "question"
    assert rows[0]["clauses"][0]["carried"] == {"question-open": [0, 4]}
    assert rows[1]["empathy"] == {"er": 1, "ip": 0, "ex": 0}
    assert [f"Row {number}" in err for number in (1, 2, 4, 5, 6)] == [False, True, False, True, True]


def test_a_table_is_measured_by_value(model, monkeypatch, capsys, tmp_path):
    """A column that is missing is named."""
    monkeypatch.setattr(commands, "code_reply", lambda text, previous: code_reply(text, previous, model))
    path = tmp_path / "gold.csv"
    path.write_text(
        "text,previous,behaviour,support,transcript\nWhat now?,x,question,0,1\nso sorry,x,other,1,2\n", encoding="utf-8"
    )
    assert commands.coding(["evaluate", str(path)]) == 0
    out = capsys.readouterr().out
    assert "behaviour: macro-F1 1.000" in out
    assert "support" in out
    path.write_text("words\nx\n", encoding="utf-8")
    assert commands.coding(["evaluate", str(path)]) == 1
    assert "no column called text or previous" in capsys.readouterr().err


def test_a_talk_with_its_speakers_gives_the_line_before():
    """Of the other person's last line, in the same talk; who has no gold is not measured."""
    rows = [
        {"transcript": "1", "speaker": "client", "text": "I fell.", "behaviour": ""},
        {"transcript": "1", "speaker": "therapist", "text": "You fell.", "behaviour": "reflection"},
        {"transcript": "2", "speaker": "therapist", "text": "Hello.", "behaviour": "other"},
    ]
    made = commands.with_previous(rows)
    assert [(row["text"], row["previous"]) for row in made] == [("You fell.", "I fell."), ("Hello.", "")]
    known = [{"text": "x", "previous": "y"}]
    assert commands.with_previous(known) == known
