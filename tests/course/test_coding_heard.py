"""What is heard in a typed reply, and what the coach says of it: safety first, unsure where it is, never blame."""

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.checks.reading import grade
from alongside.coding.clauses import Span
from alongside.coding.coach import ASKED, coach, pattern
from alongside.coding.coder import code_reply
from alongside.coding.codes import ANY, CODES, HURTS
from alongside.coding.deeds import DEEDS, likely
from alongside.coding.lexicon import spelled
from alongside.coding.listening import Find, Listened, listen
from alongside.coding.oddities import ODDITIES, oddity
from alongside.coding.safety import by_rule, harms, hinted, met
from alongside.coding.safety_lines import SAFETY, read_safety

ROOT = Path(__file__).parents[2]
WORDS = tomllib.loads((ROOT / "course" / "words" / "en.toml").read_text(encoding="utf-8"))["coach"]
CALM = dict.fromkeys((*HURTS, ANY), 0.0)
UNEASY = {**CALM, ANY: 0.4}
TELL = 0.5


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ("\U0001f622\U0001f622 ...", "signs"),
        ("word " * 151, "huge"),
        ("<script>alert(1)</script>", "code"),
        ("def f(): return {1}", "code"),
        ("https://example.org/x", "code"),
        ("hola, cómo estás? espero que estés bien", "language"),
        ("je suis désolé pour toi mon ami", "language"),
        ("мне очень жаль, что так вышло", "language"),
        ("sdfghj qwrtpl xcvbn", "noise"),
        ("aaaaaaaaaaa", "noise"),
        ("I lost my job on Friday.", "copied"),
        ("empathy reflection open-ended question autonomy support", "keywords"),
        ("what what what what", "keywords"),
        ("You lost it, on a Friday.", ""),
        ("Friday.", ""),
        ("thats rough, whats next", ""),
        ("¿Qué? You lost your job?", ""),
    ],
)
def test_text_that_is_no_reply_is_named(text, name):
    """So that it gets a fitting sentence, and no code."""
    assert oddity(text, "I lost my job on Friday.") == name


def test_every_oddity_and_harm_and_deed_has_its_sentences():
    """Nothing that can be heard is without words for it."""
    assert {f"odd_{name}" for name in ODDITIES} <= set(WORDS)
    assert {f"{part}_{name}" for part in ("harm", "other_harm", "mark_harm") for name in HURTS} <= set(WORDS)
    assert {f"{part}_{name}" for part in ("did", "mark") for name in DEEDS} <= set(WORDS)
    assert {f"deed_{name}" for name in ASKED} <= set(WORDS)
    assert {code for codes in DEEDS.values() for code in codes} == set(CODES)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("You just need to stop drinking.", "just-stop"),
        ("Snap out of it, honey.", "just-stop"),
        ("I promise I won't tell anyone.", "secrecy"),
        ("This stays between us.", "secrecy"),
        ("Promise me you won't hurt yourself.", "contract"),
        ("Take two of your pills and sleep.", "dosing"),
        ("Come Monday or I'll call your PO.", "threat"),
        ("You should be ashamed of yourself.", "shaming"),
        ("Once a junkie, always one.", "shaming"),
    ],
)
def test_wording_that_hurts_is_found_with_its_place(reply, kind):
    """Each kind by its rules alone."""
    found = harms(reply, "I drank.", UNEASY, TELL)
    assert [harm.kind for harm in found] == [kind]
    span = found[0].span
    assert reply[span.start : span.end] == span.text


@pytest.mark.parametrize(
    "reply",
    [
        "Who told you to just stop drinking?",
        "I can't promise that I won't tell anyone.",
        "They called you a junkie, and it stayed with you.",
        "I used to think, you should be ashamed of yourself.",
        "You feel like you are a failure.",
    ],
)
def test_what_is_quoted_or_denied_or_given_back_is_not_what_it_names(reply):
    """Word order counts."""
    assert list(by_rule(reply)) == []


def test_a_hint_that_goes_unanswered_comes_before_all_else():
    """And one that is picked up does not."""
    line = "Honestly they'd be better off without me."
    assert hinted(line)
    assert harms("You have such a nice smile. Snap out of it.", line, UNEASY, TELL)[0].kind == "missed"
    asked = "When you say that, are you thinking about suicide?"
    assert met(asked)
    assert harms(asked, line, UNEASY, TELL) == ()


def test_what_the_model_says_counts_beside_the_rules():
    """From its limit on, as the likeliest kind; under it nothing is told."""
    sure = {**CALM, "shaming": 0.3, "threat": 0.2, ANY: 0.6}
    assert [harm.kind for harm in harms("Hm.", "x", sure, TELL)] == ["shaming"]
    assert harms("Hm.", "x", {**sure, ANY: 0.4}, TELL) == ()
    assert harms("Hm.", "x", {**sure, "shaming": 0.2}, TELL) == ()
    assert harms("Shame on you.", "x", {**sure, ANY: 0.05}, TELL) == ()


def heard(*deeds, text="You sound worn out. Are you eating?", **more):
    """A reply in which these deeds were found, one to each of its clauses."""
    spans = [Span("You sound worn out.", 0, 19), Span("Are you eating?", 20, 35)]
    finds = tuple(Find(deed, spans[place], spans[place], 0.9) for place, deed in enumerate(deeds))
    return Listened(text, finds=finds, **more)


def test_what_was_heard_is_told_in_order_with_its_words():
    """Then what it does, and one way that keeps the learner's own words."""
    said = coach(heard("reflects", "asks-closed"), "Dana", WORDS)
    assert said.kind == "heard"
    assert said.said[0].startswith(
        "You gave back what you heard (“You sound worn out”). Then you asked a closed question"
    )
    assert "“You sound worn out.”" in said.other
    assert [(mark.start, mark.end) for mark in said.marks] == [(0, 19), (20, 35)]


@pytest.mark.parametrize(
    ("deeds", "name"),
    [
        (("reflects",), "heard"),
        (("reflects", "asks-open"), "heard_then_asked"),
        (("asks-open", "asks-closed"), "two_questions"),
        (("reflects", "advises"), "heard_then_idea"),
        (("asks-leave", "advises"), "leave_first"),
        (("shares", "asks-open"), "shares"),
        (("goes-along",), "light"),
    ],
)
def test_a_reply_comes_to_one_thing(deeds, name):
    """The first pattern whose deeds are all in it."""
    assert pattern(heard(*deeds)) == name


def test_telling_of_ones_own_life_is_never_told_as_an_error():
    """It is the peer's own skill."""
    said = coach(heard("shares"), "Dana", WORDS)
    assert said.other == ""
    assert "can help Dana" in said.said[1]


def test_nothing_good_is_said_of_what_hurts_or_might():
    """Harm is told alone, with another way; what might hurt is asked about."""
    line = "I drank."
    harm = coach(listen("You gave it your best. Now just stop drinking.", line), "Dana", WORDS)
    assert harm.kind == "harm"
    assert harm.said == (WORDS["harm_just-stop"].replace("{person}", "Dana"),)
    assert harm.other
    might = coach(heard("affirms", careful=True), "Dana", WORDS)
    assert might.kind == "careful"
    assert not any(said == might.said[-1] for key, said in WORDS.items() if key.startswith("why_"))
    assert might.other == ""


def test_where_nothing_is_sure_the_coach_asks():
    """With what the learner may have meant."""
    said = coach(Listened("bananas on tuesday"), "", WORDS)
    assert (said.kind, said.options) == ("unsure", ASKED)
    assert coach(Listened("", "empty"), "Dana", WORDS).said == (WORDS["odd_empty"],)


def test_the_coach_speaks_plainly():
    """At grade 6 or below, and without a cheer."""
    said = [re.sub(r"\{\w+\}", "Dana", sentence) for sentence in WORDS.values()]
    assert grade(said) <= 6
    assert [
        sentence for sentence in said if "!" in sentence or re.search(r"\b(great|good job|well done|wrong)\b", sentence)
    ] == []


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=100))
def test_anything_typed_gets_an_answer(text, previous):
    """One that stands in the words of the course, with marks inside the text and in order."""
    said = coach(listen(text, previous), "Dana", WORDS)
    assert said.kind in {"odd", "harm", "careful", "unsure", "heard"}
    assert said.said
    assert all(0 <= mark.start <= mark.end <= len(text) for mark in said.marks)


def test_what_a_reply_lacks_is_not_told_where_a_part_was_not_made_out():
    """It may stand in that part."""
    text = "That's heavy. Bananas on tuesday."
    coded = code_reply(text, "I drank.")
    first = coded.clauses[0].span
    one = Listened(text, finds=(Find("supports", first, first, 0.9),), coded=coded)
    said = coach(one, "Dana", WORDS)
    assert said.said[1:] == (WORDS["rest_unsure"],)
    assert said.other == ""
    both = replace(one, finds=(*one.finds, Find("chats", coded.clauses[1].span, coded.clauses[1].span, 0.9)))
    assert coach(both, "Dana", WORDS).said[1] == WORDS["why_supports"].replace("{person}", "Dana")


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "part", ["look!!!! ", "you're just being ", "I promise ", "take ", "\u201c", "so, ", "((((", "</a", "tell me "]
)
def test_no_text_keeps_the_coach_busy(part):
    """However it goes on and on: an answer comes at once, not after a walk of every way to read it."""
    text = (part * 400)[:1900]
    list(by_rule(text))
    hinted(text)
    met(text)
    code_reply(text, text)
    oddity(text, text)
    assert listen(text, text)


def test_likely_codes_of_one_deed_add_up():
    """That one of them or the other is there."""
    sure = {**dict.fromkeys(CODES, 0.0), "reflection-simple": 0.5, "reflection-complex": 0.5}
    assert likely(sure, "reflects") == pytest.approx(0.75)
    assert likely(sure, "asks") == 0


def test_phone_spelling_is_one_with_the_other():
    """And a word that has none stays."""
    assert (spelled("u"), spelled("dont"), spelled("tired")) == ("you", "don't", "tired")


def test_lines_of_safety_are_read_and_faults_named(tmp_path):
    """With file and row."""
    folder = tmp_path / SAFETY
    folder.mkdir(parents=True)
    (folder / "one-unsafe.txt").write_text("shaming\tI fell.\tShame on you.\nodd\ta\tb\nno tabs\n", encoding="utf-8")
    (folder / "other.txt").write_text("x", encoding="utf-8")
    lines, faults = read_safety(tmp_path)
    assert [(line.kind, line.unsafe, line.reply) for line in lines] == [("shaming", True, "Shame on you.")]
    assert [(fault.path.rsplit("/", 1)[-1], fault.line) for fault in faults] == [
        ("one-unsafe.txt", 2), ("one-unsafe.txt", 3), ("other.txt", 1),
    ]  # fmt: skip
