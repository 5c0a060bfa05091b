"""Where a learner was is what they touched last of all that they have not finished."""

import pytest

from alongside.due import Due, How
from alongside.record import GRADED, PRACTICE, REFLECTIONS, RUNS, TALKS, Record, Space
from alongside.resume import KINDS, find_here
from alongside.roleplay import Run
from alongside.talks import Talk, talks_data

MORE = """\

## Second {#second}

*skill: reflecting · points: 1 · source: book-2020 · reviewed: 2026-11-21*

Which one?

- [ ] Tea.
  > No.
- [x] Worn out.
  > Yes.
- [ ] My sister.
  > No.
"""


@pytest.fixture
def record(tmp_path, monkeypatch):
    """A record whose every save is later than the one before."""
    moments = iter(range(1, 1000))
    monkeypatch.setattr("alongside.record.record.now", lambda: next(moments))
    return Record(Space(tmp_path / "space"))


@pytest.fixture
def look(catalog, record):
    def at(due=None):
        stamps = {kind: record.stamps(kind) for kind in KINDS}
        found = find_here(catalog, stamps, record.get, lambda _: due)
        return (found.kind, found.page, found.cell) if found else None

    return at


@pytest.fixture
def talk(catalog):
    return catalog.module("first").scenarios["talk"]


def run(talk, *words, digest=""):
    ids = [each.id for scene in talk.scenes for each in scene.replies for said in words if said in each.words]
    return Run("talk", digest or talk.digest, tuple(ids)).to_dict()


TALK = ("roleplay", "lesson", "roleplay-talk")
WRITING = ("reflection", "lesson", "reflection-a-time")


def test_with_nothing_begun_there_is_nothing_to_go_on_with(look):
    assert look() is None


def test_a_conversation_under_way_says_whose_turn_it_is(catalog, record, talk, look):
    """Its title, the person, and the turn to answer now; nothing of what was said."""
    record.put(RUNS, "first--talk", run(talk, "At least"))
    assert look() == TALK
    found = find_here(catalog, {RUNS: record.stamps(RUNS)}, record.get, lambda _: None)
    assert (found.title, found.person, found.turn) == ("A talk", "Alex", 2)
    assert "At least" not in repr(found)


def test_a_conversation_that_ended_or_was_only_opened_is_not_gone_on_with(record, talk, look):
    """Whether its ending was kept as a talk, or is from before talks were kept; and one that was started over."""
    record.put(RUNS, "first--talk", run(talk, "long one"))
    assert look() is None
    record.put(TALKS, "first--talk", talks_data([Talk(tuple(run(talk, "long one")["choices"]), talk.digest, 1)]))
    assert look() is None
    record.put(RUNS, "first--talk", run(talk))
    assert look() is None


def test_an_ending_that_is_kept_as_a_talk_is_known_without_reading_the_conversation(
    record, talk, minimal_course, catalog
):
    """A course of many conversations is not read for a list of those that are over."""
    record.put(RUNS, "first--talk", run(talk, "long one"))
    record.put(TALKS, "first--talk", talks_data([Talk(tuple(run(talk, "long one")["choices"]), talk.digest, 1)]))
    again = type(catalog)(minimal_course, environ={})
    assert find_here(again, {RUNS: record.stamps(RUNS)}, record.get, lambda _: None) is None
    assert "_scenarios" not in vars(again.modules[0])


def test_writing_counts_as_long_as_nothing_was_touched_after_it(record, talk, look):
    """It is never finished, so it would stand there for ever."""
    record.put(REFLECTIONS, "first--a-time", {"text": "Words", "other": False})
    assert look() == WRITING
    record.put(RUNS, "first--talk", run(talk, "At least"))
    assert look() == TALK
    record.put(REFLECTIONS, "first--a-time", {"text": "More", "other": False})
    assert look() == WRITING
    record.put(REFLECTIONS, "first--a-time", {"text": "  ", "other": False})
    assert look() == TALK
    record.put(RUNS, "first--talk", run(talk, "long one"))
    assert look() is None


def test_practice_is_gone_on_with_while_some_of_its_questions_are_left(minimal_course, catalog, record, look):
    """The questions of one place belong together."""
    folder = minimal_course / "modules" / "01-first"
    for name, old, new in (("practice.md", "", MORE), ("lesson.md", "{{ practice heard }}", "{{ practice }}")):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace(old, new) if old else text + new, encoding="utf-8")
    assert not catalog.modules[0].faults
    record.put(PRACTICE, "first--heard", {"best": 1})
    assert look() == ("practice", "lesson", "practice")
    record.put(PRACTICE, "first--second", {"best": 0})
    assert look() is None


@pytest.mark.parametrize(
    ("due", "there"),
    [(Due(How.BEGUN, 1, 5), True), (Due(How.ANSWERED, 5, 5), True), (Due(How.CHANGED, 5, 5, 9), True),
     (Due(How.MADE, 5, 5, 9), False), (None, False)],
)  # fmt: skip
def test_a_graded_quiz_is_gone_on_with_until_its_file_is_made(record, look, due, there):
    record.put(GRADED, "first", {"answers": {"cut-off": "x"}})
    assert look(due) == (("quiz", "quiz", "quiz") if there else None)


def test_what_the_course_does_not_have_any_more_is_passed_over(record, talk, look):
    """Another module, another conversation, a place that was taken out, and what is no run at all."""
    record.put(RUNS, "first--talk", run(talk, "At least"))
    for kind, name, value in (
        (RUNS, "gone--talk", run(talk, "At least")), (RUNS, "first--gone", run(talk, "At least")), (RUNS, "x", {}),
        (RUNS, "first--odd", "x"), (PRACTICE, "first--gone", {"best": 1}), (REFLECTIONS, "first--gone", {"text": "x"}),
        (GRADED, "gone", {}),
    ):  # fmt: skip
        record.put(kind, name, value)
        assert look(Due(How.BEGUN, 1, 5)) == TALK


def test_a_changed_conversation_is_gone_on_with_where_it_still_fits(catalog, record, talk):
    kept = run(talk, "At least", digest="older")
    record.put(RUNS, "first--talk", {**kept, "choices": [*kept["choices"], "gone"]})
    found = find_here(catalog, {RUNS: record.stamps(RUNS)}, record.get, lambda _: None)
    assert found.turn == 2
