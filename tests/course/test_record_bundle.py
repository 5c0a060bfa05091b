"""Saved work comes back as it was, on any device; what is not ours is refused; bringing back loses nothing."""

import io
import json
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.record import GRADED, OWN_WORDS, PRACTICE, REFLECTIONS, TALKS, Place, Record, Space, Thing
from alongside.record.bundle import LIMIT, Found, NotBrought, Work, merge, read_bundle, save
from alongside.talks import Talk, read_talks, talks_data
from tests.course.generated import json_values

KEY = bytes(range(32))
KINDS = st.sampled_from(["runs", PRACTICE, "finished", "feedback", REFLECTIONS, OWN_WORDS, GRADED])
VALUES = st.one_of(
    json_values(), st.text(max_size=10), st.fixed_dictionaries({"best": st.integers(0, 3)}), st.just(float("nan"))
)
THINGS = st.lists(
    st.builds(Thing, KINDS, st.sampled_from(["a", "b", "first--talk"]), VALUES, st.integers(0, 5)), max_size=8
).map(tuple)


def fresh(folder, key=None):
    return Record(Space(folder), key)


def content(record):
    """All that a record holds, without how often it was changed there, and what lies beside the very same."""
    things, aside = record.everything()
    beside = [each for each in aside if not any(same(each, thing) for thing in things)]
    return json.dumps([[(each.kind, each.name, each.value, each.saved) for each in part] for part in (things, beside)])


def fill(record, things, aside):
    with record.changing() as shelf:
        for thing in things:
            shelf.keep(thing)
        for thing in aside:
            shelf.lay_aside(thing)


@settings(deadline=None, max_examples=60)
@given(things=THINGS, aside=THINGS, one=st.sampled_from([None, KEY]), two=st.sampled_from([None, KEY]))
def test_saved_and_brought_back_it_is_the_same(tmp_path_factory, things, aside, one, two):
    """From any record to an empty one, locked or not; and back to itself, where it changes nothing."""
    folder = tmp_path_factory.mktemp("records")
    here, there = fresh(folder / "here", one), fresh(folder / "there", two)
    fill(here, things, aside)
    work = read_bundle(save(here))
    found = merge(there, work)
    assert found == Found(added=len(here.everything()[0]))
    assert content(there) == content(here)
    before = content(here)
    assert merge(here, work) == Found(same=len(work.things))
    assert content(here) == before
    here.close()
    there.close()


def same(one, two):
    return (one.kind, one.name, json.dumps(one.value)) == (two.kind, two.name, json.dumps(two.value))


@settings(deadline=None, max_examples=60)
@given(here=THINGS, aside=THINGS, there=THINGS, beside=THINGS)
def test_bringing_back_twice_is_the_same_as_once_and_no_text_is_lost(tmp_path_factory, here, aside, there, beside):
    folder = tmp_path_factory.mktemp("records")
    record, other = fresh(folder / "here", KEY), fresh(folder / "there")
    fill(record, here, aside)
    fill(other, there, beside)
    work = read_bundle(save(other))
    before = [*record.everything()[0], *record.everything()[1]]
    found = merge(record, work)
    assert sum(vars(found).values()) == len(work.things)
    once = content(record)
    merge(record, work)
    assert content(record) == once
    now = [*record.everything()[0], *record.everything()[1]]
    for text in (*before, *work.things, *work.aside):
        if text.kind != PRACTICE:
            assert any(same(text, each) for each in now)
    record.close()
    other.close()


def test_what_was_found_is_said_in_counts(tmp_path):
    record = fresh(tmp_path)
    fill(record, (
        Thing("runs", "old", "here", 1), Thing("runs", "new", "here", 9), Thing(REFLECTIONS, "a", "here", 5),
        Thing(REFLECTIONS, "b", "same", 5),
        Thing(PRACTICE, "one", {"best": 2}, 5), Thing(PRACTICE, "two", {"best": 1}, 5),
    ), ())  # fmt: skip
    work = Work((
        Thing("runs", "old", "there", 5), Thing("runs", "new", "there", 5), Thing("runs", "more", "there", 5),
        Thing(REFLECTIONS, "a", "there", 6), Thing(REFLECTIONS, "b", "same", 6),
        Thing(PRACTICE, "one", {"best": 1}, 9), Thing(PRACTICE, "two", {"best": 2}, 1),
    ), ())  # fmt: skip
    assert merge(record, work) == Found(added=1, newer=2, older=1, both=1, same=2)
    assert [record.get("runs", name) for name in ("old", "new", "more")] == ["there", "here", "there"]
    assert record.get(REFLECTIONS, "a") == "there"
    assert [each.value for each in record.aside(REFLECTIONS, "a")] == ["here"]
    assert [record.get(PRACTICE, name) for name in ("one", "two")] == [{"best": 2}, {"best": 2}]


def test_finished_talks_of_two_devices_are_united(tmp_path):
    """Each once, and nothing is laid aside; what cannot be read as talks is kept as any other thing is."""

    def talks(*ended, name="a"):
        return talks_data(Talk((f"{name}{at}",), "d", at) for at in ended)

    record = fresh(tmp_path)
    fill(
        record, (Thing(TALKS, "one", talks(1, 3), 3), Thing(TALKS, "two", talks(5), 5), Thing(TALKS, "odd", [], 5)), ()
    )
    brought = Work((
        Thing(TALKS, "one", talks(2, 3), 4), Thing(TALKS, "two", talks(5), 9), Thing(TALKS, "odd", talks(6), 6),
    ), ())  # fmt: skip
    assert merge(record, brought) == Found(newer=2, same=1)
    assert record.get(TALKS, "one") == talks(1, 2, 3)
    assert record.aside(TALKS, "one") == ()
    assert (record.get(TALKS, "odd"), [each.value for each in record.aside(TALKS, "odd")]) == (talks(6), [[]])
    assert merge(record, brought) == Found(same=3)
    many = Work((Thing(TALKS, "one", talks(*range(10, 20), name="b"), 19),), ())
    assert merge(record, many) == Found(newer=1)
    assert [each.ended for each in read_talks(record.get(TALKS, "one"))] == list(range(10, 20))
    assert merge(record, brought) == Found(same=3)


def test_where_reflections_are_not_kept_they_are_left_and_that_is_said(tmp_path):
    record = Record(Space(tmp_path, Place.OPEN))
    things = (Thing(REFLECTIONS, "a", "private words", 1), Thing("runs", "a", "x", 1))
    assert merge(record, Work(things, things[:1])) == Found(added=1, left=1)
    assert b"private" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_it_fails_whole_or_not_at_all(tmp_path, monkeypatch):
    record = fresh(tmp_path)
    record.put("runs", "a", "here")

    def broken(shelf, thing, page=""):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("alongside.record.shelf.Shelf.lay_aside", broken)
    with pytest.raises(OSError, match="No space"):
        merge(record, Work((Thing("runs", "b", 1, 1), Thing("runs", "a", "there", 1)), ()))
    assert record.names("runs") == {"a"}


@pytest.fixture
def record(tmp_path):
    made = fresh(tmp_path / "made")
    made.put(REFLECTIONS, "a", {"text": "the worst year"})
    made.put("runs", "talk", {"choices": ["x"]})
    return made


def test_a_passphrase_locks_the_file(record, words):
    data = save(record, "a long phrase")
    assert b"worst" not in data
    assert b"reflections" not in data
    assert read_bundle(data, " a long phrase ") == read_bundle(save(record))
    for phrase, key in (("", "bundle_locked"), (" ", "bundle_locked"), ("another", "bundle_passphrase")):
        with pytest.raises(NotBrought) as told:
            read_bundle(data, phrase)
        assert told.value.key == key
        assert told.value.sentence(words)
    assert save(record, "a long phrase") != data


@settings(deadline=None)
@given(at=st.integers(0), bit=st.integers(0, 7), cut=st.booleans())
def test_a_damaged_file_is_refused_or_reads_the_same(tmp_path_factory, at, bit, cut):
    record = fresh(tmp_path_factory.mktemp("made"))
    record.put(REFLECTIONS, "a", {"text": "the worst year"})
    data = save(record)
    record.close()
    torn = bytearray(data)
    torn[at % len(data)] ^= 1 << bit
    damaged = data[: at % len(data)] if cut else bytes(torn)
    with suppress(NotBrought):
        assert read_bundle(damaged) == read_bundle(data)


def test_a_locked_file_that_is_damaged_anywhere_is_refused(record):
    file = json.loads(save(record, "phrase"))
    locked = file["locked"]
    for at in range(0, len(locked) - 4, 37):
        changed = "A" if locked[at] != "A" else "B"
        torn = {**file, "locked": locked[:at] + changed + locked[at + 1 :]}
        with pytest.raises(NotBrought):
            read_bundle(json.dumps(torn).encode(), "phrase")
        if at > 150:
            break


def bomb() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("work.json", b"0" * 50_000_000)
    return data.getvalue()


HEAD = b'{"alongside": "saved work", "format": 1, '


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "bundle_foreign"),
        (b"\xff\xfe\x00", "bundle_foreign"),
        (b"[]", "bundle_foreign"),
        (b'{"cells": [], "nbformat": 4}', "bundle_foreign"),
        (b"[" * 100_000, "bundle_foreign"),
        (bomb(), "bundle_foreign"),
        (b'{"alongside": "saved work", "format": 2}', "bundle_newer"),
        (b'{"alongside": "saved work", "format": 1, "lock": {"way": "newer"}}', "bundle_newer"),
        (b'{"alongside": "saved work", "format": "x"}', "bundle_damaged"),
        (b'{"alongside": "saved work", "format": 1}', "bundle_damaged"),
        (b'{"alongside": "saved work", "form', "bundle_damaged"),
        (HEAD + b'"work": ' + b"[" * 100_000, "bundle_damaged"),
        (HEAD + b'"work": 5, "check": 3}', "bundle_damaged"),
        (HEAD + b'"lock": 3}', "bundle_damaged"),
        (HEAD + b'"lock": {"way": "scrypt-aes256gcm", "salt": "?"}, "locked": "?"}', "bundle_damaged"),
        (HEAD + b'"n": 1' + b"0" * 5000 + b"}", "bundle_damaged"),
        (b" " * (LIMIT + 1), "bundle_large"),
    ],
)
def test_what_is_not_ours_is_refused_in_a_sentence(data, key, words):
    with pytest.raises(NotBrought) as told:
        read_bundle(data, "phrase")
    assert told.value.key == key
    assert "was not changed" in told.value.sentence(words)


@pytest.mark.parametrize(
    "row",
    [{}, {"kind": "Runs"}, {"name": "../x"}, {"name": 3}, {"kind": "a" * 99}, {"saved": -1}, {"saved": True},
     {"saved": 1e9}, {"saved": 1 << 60}, {"name": "x" * 201}],
)  # fmt: skip
def test_a_row_that_is_not_whole_is_refused(row):
    """Also in a file whose checksum fits, which somebody may have made."""
    from alongside.record.bundle import _checksum

    whole = {"kind": "runs", "name": "a", "value": 1, "saved": 1}
    rows = [{**whole, **row}] if row else [5]
    work = {"things": rows, "aside": []}
    data = json.dumps({"alongside": "saved work", "format": 1, "check": _checksum(work), "work": work}).encode()
    with pytest.raises(NotBrought):
        read_bundle(data)


@given(data=json_values())
def test_any_json_is_refused_in_a_sentence(data):
    for wrapped in (data, {"alongside": "saved work", "format": 1, "work": data, "check": data, "lock": data}):
        with pytest.raises(NotBrought):
            read_bundle(json.dumps(wrapped).encode())


def test_every_trouble_has_its_sentence_and_every_sentence_its_place(words):
    """What the record may say is in the file of words, and nothing there is left over."""
    import re
    from pathlib import Path

    import alongside.record

    root = Path(__file__).parents[2]
    places = (
        *Path(alongside.record.__file__).parent.glob("*.py"), root / "course" / "alongside" / "roleplay.py",
        *(root / "widgets").glob("alongside_w*/*.py"),
    )  # fmt: skip
    text = "\n".join(path.read_text(encoding="utf-8") for path in places)
    told = set(words["record"])
    assert set(re.findall(r'"((?:bundle|code)_[a-z_]+)"', text)) - {"code_words", "code_routes", "code_pages"} <= told
    # `found_` and a count's name: said when work is brought back.
    counts = {f"found_{name}" for name in vars(Found())}
    assert {key for key in told if f'"{key}"' not in text} == counts


def test_half_a_character_in_a_file_becomes_a_mark(tmp_path):
    """JSON can hold one, and a page that was to show it would show nothing at all."""
    record = fresh(tmp_path)
    record.put(REFLECTIONS, "first--a-time", {"text": "a\ud800b", "\udfff": ["\ud800"]})
    (thing,) = read_bundle(save(record)).things
    assert thing.value == {"text": "a?b", "?": ["?"]}
