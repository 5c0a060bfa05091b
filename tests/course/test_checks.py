"""The checks tell each fault once, in order, and leave alone what is meant."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside.catalog import Catalog
from alongside.checks import check_course
from alongside.checks.text import asks, bare, longer, plain, sentences, unquoted, words
from tests.course.generated import pages
from tests.course.small import FILES, QUESTION, SCENARIO, TODAY

PRACTICE = "modules/01-first/practice.md"
LESSON = "modules/01-first/lesson.md"
TALK = "modules/01-first/scenarios/talk.md"


def faults(root, today=TODAY, language=""):
    """Check a course as it lies on disk now."""
    return check_course(Catalog(root, language=language, environ={}), today)


def change(root, name, *pairs):
    """Change words in a file of the course, each of which must be there."""
    path = root / name
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        if old not in text:
            pytest.fail(f"{old} is not in {name}")
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


def test_all_faults_are_told_at_once_in_order(minimal_course):
    """A fault in one file or rule never hides another, and they come by file and line, each once."""
    change(minimal_course, TALK, ("(#shut)", "(#shutt)"), ("minutes: 3", "minutes: x"))
    change(minimal_course, PRACTICE, ("2026-11-21", "2020-01-01"), ("Sam says:", "A client says:"))
    change(minimal_course, LESSON, ("People like", "<i>People</i> like"))
    change(minimal_course, "modules/home.md", ("Welcome.", "Welcome, client."))
    found = faults(minimal_course)
    places = [(fault.path, fault.line) for fault in found]
    assert (
        places
        == sorted(places)
        == [(LESSON, 13), (PRACTICE, 1), (PRACTICE, 5), (TALK, 5), (TALK, 16), ("modules/home.md", 7)]
    )
    assert len(set(found)) == len(found)


WRITTEN = sorted(name for name in FILES if name.endswith(".md"))


@given(name=st.sampled_from(WRITTEN), text=pages(), cut=st.integers(0, 60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_in_any_file_gives_faults_and_never_an_error(minimal_course, name, text, cut):
    """Whatever an author types, instead of a file or in it, each fault has a file, a line and a sentence."""
    path, whole = minimal_course / name, FILES[name].split("\n")
    try:
        for page in (text, "\n".join([*whole[:cut], text, *whole[cut:]])):
            path.write_text(page, encoding="utf-8")
            for fault in faults(minimal_course):
                assert fault.line >= 1
                assert fault.path in FILES
                assert len(fault.message.split()) > 3
                assert "Error" not in fault.message or "Error" in page
    finally:
        path.write_text(FILES[name], encoding="utf-8")


def test_a_review_grows_old_on_its_day(minimal_course):
    """Twenty-four months to the day are allowed, and one day more is not."""
    assert faults(minimal_course, date(2028, 11, 21)) == ()
    assert {fault.line for fault in faults(minimal_course, date(2028, 11, 22))} == {1, 7}


@pytest.mark.parametrize(
    ("stem", "allowed"),
    [
        ("Which reply does **NOT** reflect?", True),
        ("Which reply does NOT reflect?", False),
        ("Which reply doesn't reflect?", False),
        ("All of these help, except which one?", False),
        ("Which of these is the least kind?", False),
        ('She says: "I do not know." Which reply reflects?', True),
        ("He did not ask for it. Which reply reflects?", True),
        ("What could you say to someone who does not answer?", True),
        ("Which reply names at least one feeling?", True),
    ],
)
def test_a_negative_is_told_only_in_what_is_asked(minimal_course, stem, allowed):
    """Capitals and bold make it plain; in a quote, a story or a side clause it is no trap."""
    change(minimal_course, PRACTICE, ('Sam says: "I have not slept." Which reply reflects?', stem))
    assert (faults(minimal_course) == ()) is allowed


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ('Some say "client".', True), ("Some say “clients and a client”.", True), ("The clientele came.", True),
        ("He has two clients.", True), ("My CLIENT came.", False), ('"Yes," the client said, "no."', False),
        ("They met (client).", False), ("See [the list](https://example.org/client).", True),
        ("A client-led group.", True), ("Use `client` here.", False),
    ],
)  # fmt: skip
def test_a_word_we_avoid_may_be_quoted(minimal_course, text, allowed):
    """Whole words count, in any case; quotation marks and addresses are left alone. The list has the singular here."""
    change(minimal_course, LESSON, ("People like", f"{text} People like"))
    assert (faults(minimal_course) == ()) is allowed


def test_a_person_may_call_themselves_what_they_like(minimal_course):
    """Speech and thoughts in a conversation are the person's own words."""
    change(
        minimal_course,
        TALK,
        ("It was the letter.", "I am a client here."),
        ("say nothing clever", "what a client says"),
    )
    assert faults(minimal_course) == ()


def test_bank_patterns_need_eight_questions():
    """Three right answers in one place are chance; the same share of nine is a pattern, and is told."""
    from alongside.checks.bank import check_bank
    from alongside.question import Bank, Kind, Option, Question

    def question(number, key=1):
        options = tuple(
            Option(f"{number}{place}", f"{place} {number}", "", 1, right=place == key) for place in range(4)
        )
        stem = (f"What about number {number} and {number * 7} and {number * 11}?",)
        return Question(f"q{number}", "", Kind.SINGLE, stem, options, (), "s", 1, "b", "2026-01-01", "", number)

    def told(count):
        return list(check_bank(Bank("a", "a.md", "", 0, tuple(map(question, range(count))))))

    spread = tuple(question(number, key) for number, key in enumerate((1, 1, 1, 1, 0, 0, 2, 2, 3)))
    assert list(check_bank(Bank("a", "a.md", "", 0, spread))) == [], "four of nine is within chance"
    assert told(7) == []
    assert len(told(8)) == 1


def test_a_walk_goes_on_after_harm(minimal_course):
    """After a Harm reply the scene it leads to is heard, and the next choice is made where the harm was done."""
    change(minimal_course, TALK, ("**Rethink.** It asks for a smile.", "**Harm.** It asks for a smile."))
    walk = minimal_course / "modules/01-first/scenarios/talk.walk.md"
    walk.write_text(
        "- At least it is over.\n- “Cheer up, it is Friday.”\n> Bye.\n"
        "- I hurried you. I am sorry.\n> You came back to it.\n",
        encoding="utf-8",
    )
    assert faults(minimal_course) == ()


def test_another_language_is_read_without_english_rules(minimal_course):
    """A lesson in another language keeps its own headings, and has no English reading grade."""
    lesson = minimal_course / LESSON
    text = lesson.read_text(encoding="utf-8").replace("title: First", "title: Primero\nlang: es")
    text = text.replace("You will be able to", "Podrás").replace("Take with you", "Para llevar")
    long = " ".join(["Extraordinariamente comunicativamente responsabilidad internacional."] * 30)
    lesson.with_name("lesson.es.md").write_text(text.replace("People like", f"{long} People like"), encoding="utf-8")
    assert faults(minimal_course, language="es") == ()


def test_nothing_outside_the_course_is_asked(minimal_course, monkeypatch):
    """A check opens no connection: it works without the internet, and no address in a lesson is visited."""
    import socket

    def refuse(*_, **__):
        pytest.fail("a check must not use the network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert faults(minimal_course) == ()


def test_the_words_of_a_text():
    """What the rules count is what is read."""
    assert words("It's 2.5 times a well-known **thing**, isn’t it?") == [
        "It's",
        "2.5",
        "times",
        "a",
        "well-known",
        "thing",
        "isn’t",
        "it",
    ]
    assert plain("See [the *list*](https://a.b) [@book-2020] ![a cup](c.png).") == "See the list a cup."
    assert sentences('He said "No." Then he left... and came back! Ok? "Yes."') == [
        'He said "No.', "Then he left... and came back!", "Ok?", '"Yes."',
    ]  # fmt: skip
    assert unquoted('a "b" c “d” e') == "a     c     e"
    assert bare("  It's,  OK! ") == "it s ok"
    assert asks(QUESTION.split("\n\n")[2]) == "Which reply reflects?"
    assert asks("Put these in order.") == "Put these in order."


@pytest.mark.parametrize(
    ("best", "others", "told"),
    [
        ([10], [6, 6], True),
        ([15], [11, 11], True),
        ([9], [6, 6], False),
        ([14], [11, 11], False),
        ([20], [15, 15], False),
        ([10], [], False),
        ([], [3], False),
    ],
)
def test_length_tells_only_past_both_limits(best, others, told):
    """A right answer must be 1.35 times as long and four words longer before it is a giveaway."""
    assert longer(best, others) is told


def test_the_whole_conversation_is_walked(minimal_course):
    """What exploring finds is among the faults."""
    change(minimal_course, TALK, ("→ [Leaves](#leaves)", "→ [Open](#open)"))
    (fault,) = faults(minimal_course)
    assert fault.path == TALK
    assert fault.line == SCENARIO.split("\n").index("## Leaves") + 1
    assert fault.message.startswith('No path leads to the scene "Leaves".')
