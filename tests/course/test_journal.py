"""What was written stands in the order of the course, and nothing that was kept is left out."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside.journal import Written, journal, read_journal
from alongside.record import REFLECTIONS, SHARED, Record, Space, Thing
from alongside.sharing import Snapshot
from tests.course.generated import json_values

NAME = "first--a-time"
KINDS = st.sampled_from([REFLECTIONS, SHARED, "runs"])
NAMES = st.sampled_from([NAME, "first--other", "gone--x", "no-parts", "--", "a--b--c"])
VALUES = json_values() | st.fixed_dictionaries(
    {"text": st.text(max_size=5) | st.none()}, optional={"other": json_values(), "shared": json_values()}
)
EACH = st.builds(Thing, KINDS, NAMES, VALUES, st.integers(0, 1 << 53))
THINGS = st.lists(EACH, max_size=8, unique_by=lambda each: (each.kind, each.name))


def written(text, name=NAME, saved=5, **more):
    return Thing(REFLECTIONS, name, {"text": text, "other": False, **more}, saved)


def test_an_entry_has_its_title_its_prompt_and_the_way_to_where_it_was_written(catalog):
    """The address is the place of that very reflection on its lesson's page."""
    (chapter,) = journal(catalog, [written("Mine.", other=True)], [])
    (entry,) = chapter.entries
    assert (chapter.module, chapter.title) == ("first", "First")
    assert (entry.title, entry.place) == ("A time", "01-first/lesson.ipynb#at-reflection-a-time")
    assert entry.prompt == ("Think of a time when someone heard you. Write a few lines.",)
    assert entry.now == Written("Mine.", other=True, saved=5)


def test_older_words_lie_beside_and_the_same_words_do_not_stand_twice(catalog):
    """Also where there are no newer ones."""
    aside = [written("Older."), written("Mine."), written("Alone.", "first--other")]
    (chapter,) = journal(catalog, [written("Mine.")], aside)
    told, alone = chapter.entries
    assert [each.text for each in told.older] == ["Older."]
    assert (alone.now, [each.text for each in alone.older]) == (None, ["Alone."])


def test_what_the_course_does_not_have_any_more_comes_last_under_a_readable_name(catalog):
    """Its words are the learner's, whatever became of the prompt."""
    found = journal(catalog, [written("a", "an-old-one--x"), written("b", "first--who-knows"), written("c")], [])
    assert [(each.title, [one.title for one in each.entries]) for each in found] == [
        ("First", ["A time", "Who knows"]),
        ("An old one", ["X"]),
    ]
    assert found[1].entries[0].place == ""


def test_what_is_shared_stands_with_it(catalog):
    """With the words as of that day and whether they were in a file."""
    value = {"text": "Then.", "other": True, "shared": "2026-11-21T10:00:00+00:00", "handed": None}
    (chapter,) = journal(catalog, [written("Now."), Thing(SHARED, NAME, value, 6)], [])
    assert chapter.entries[0].shared == Snapshot("Then.", other=True, shared=datetime(2026, 11, 21, 10, tzinfo=UTC))


@pytest.mark.parametrize("text", ["", "  \n", None, 3, [], {}])
def test_without_words_there_is_no_entry(catalog, text):
    """An emptied field is no piece of writing."""
    assert journal(catalog, [written(text)], []) == ()


def test_words_that_cannot_be_read_are_not_passed_over(catalog, tmp_path):
    """They have a place in the journal that can say so."""
    record = Record(Space(tmp_path))
    record.put(REFLECTIONS, NAME, {"text": "x"})
    with record._store.writing() as connection:
        connection.execute("UPDATE things SET value = '{'")
    (chapter,) = read_journal(catalog, record)
    assert [(entry.now, entry.readable) for entry in chapter.entries] == [(None, False)]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(things=THINGS, aside=st.lists(EACH, max_size=8))
def test_nothing_that_has_words_is_left_out_whatever_else_is_kept(catalog, things, aside):
    """A record brought back from a file may hold anything."""
    found = [entry for chapter in journal(catalog, things, aside) for entry in chapter.entries]
    shown = {
        text
        for entry in found
        for text in (*([entry.now.text] if entry.now else []), *(each.text for each in entry.older))
    }
    last = {thing.name: thing.value for thing in things if thing.kind == REFLECTIONS}
    kept = [*last.values(), *(thing.value for thing in aside if thing.kind == REFLECTIONS)]
    texts = {each["text"] for each in kept if isinstance(each, dict) and isinstance(each.get("text"), str)}
    assert {text for text in texts if text.strip()} == shown
