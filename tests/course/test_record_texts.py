"""Two pages with one text: neither overwrites the other's words. And what is locked reads only under its key."""

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.record import HANDED, PRIVATE, REFLECTIONS, Damaged, Newer, Place, Record, Space, WrongKey
from alongside.record.cipher import Cipher
from alongside.record.record import FILE

KEY = bytes(range(32))
OTHER = bytes(32)


@pytest.fixture(params=[None, KEY], ids=["in clear", "locked"])
def pages(request, tmp_path):
    """Two pages that are open on one record."""
    folder = Space(tmp_path / "space")
    return Record(folder, request.param), Record(folder, request.param)


def test_a_stale_text_is_refused_with_the_newer_one_and_kept_beside_it(pages):
    one, two = pages
    assert one.put(REFLECTIONS, "a", {"text": "first"}, based_on=0) == 1
    assert two.put(REFLECTIONS, "a", {"text": "second"}, based_on=1) == 2
    with pytest.raises(Newer) as told:
        one.put(REFLECTIONS, "a", {"text": "mine"}, based_on=1)
    assert (told.value.value, told.value.changed) == ({"text": "second"}, 2)
    assert two.get(REFLECTIONS, "a") == {"text": "second"}
    assert [each.value for each in two.aside(REFLECTIONS, "a")] == [{"text": "mine"}]
    assert one.put(REFLECTIONS, "a", {"text": "both"}, based_on=told.value.changed) == 3


def test_a_page_that_goes_on_typing_has_one_text_beside_and_two_pages_have_two(pages, tmp_path):
    one, two = pages
    third = Record(one.space, KEY if one._cipher else None)
    one.put(REFLECTIONS, "a", "theirs")
    for page, typed in ((one, "m"), (two, "h"), (one, "mine"), (two, "hers")):
        with pytest.raises(Newer):
            page.put(REFLECTIONS, "a", typed, based_on=0)
    assert {each.value for each in third.aside(REFLECTIONS, "a")} == {"mine", "hers"}


def test_the_same_text_sent_twice_is_no_conflict(pages):
    one, two = pages
    count = one.put(REFLECTIONS, "a", {"text": "x", "other": False}, based_on=0)
    assert two.put(REFLECTIONS, "a", {"other": False, "text": "x"}, based_on=0) == count
    assert one.aside(REFLECTIONS, "a") == ()


@settings(deadline=None)
@given(writes=st.lists(st.tuples(st.integers(0, 2), st.text(max_size=5)), max_size=15))
def test_every_text_that_was_refused_can_be_found(writes, tmp_path_factory):
    """Three pages that write in any order: the last text of each that was refused is there, or lies beside."""
    folder = Space(tmp_path_factory.mktemp("space"))
    pages, based, refused = [Record(folder) for _ in range(3)], [0, 0, 0], {}
    for page, text in writes:
        try:
            based[page] = pages[page].put(REFLECTIONS, "a", text, based_on=based[page])
        except Newer:
            refused[page, based[page]] = text
    found = {pages[0].get(REFLECTIONS, "a"), *(each.value for each in pages[0].aside(REFLECTIONS, "a"))}
    assert set(refused.values()) <= found
    for each in pages:
        each.close()


def test_with_a_key_neither_words_nor_names_are_in_the_file(tmp_path):
    record = Record(Space(tmp_path, Place.CODE), KEY)
    for kind in PRIVATE:
        record.put(kind, "first--the-worst-year", {"text": "secret words"})
        record.set_aside(kind, "first--the-worst-year", {"text": "older secret"})
    record.put("runs", "first--talk", {"choices": ["a"]})
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for word in (b"secret", b"worst-year", b"reflections", b"graded", b"shared"):
        assert word not in raw
    assert b"first--talk" in raw
    assert record.names(REFLECTIONS) == {"first--the-worst-year"}
    assert record.get(REFLECTIONS, "first--the-worst-year") == {"text": "secret words"}
    things, aside = record.everything()
    kept = {(kind, "first--the-worst-year") for kind in PRIVATE} | {("runs", "first--talk")}
    assert {(each.kind, each.name) for each in things} == kept
    assert len(aside) == len(PRIVATE)


def test_which_answers_were_handed_in_cannot_be_guessed_from_the_file(tmp_path):
    """A digest of a few choices in clear would tell them to whoever tries all."""
    record = Record(Space(tmp_path, Place.CODE), KEY)
    record.put(HANDED, "first", {"at": 1, "digest": "0123abcd"})
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"0123abcd" not in raw
    assert b"handed" not in raw
    assert [(each.kind, each.name) for each in record.everything()[0]] == [(HANDED, "first")]


@pytest.mark.parametrize("key", [None, OTHER])
def test_another_key_or_none_opens_nothing_and_changes_nothing(tmp_path, key, words):
    space = Space(tmp_path)
    Record(space, KEY).put(REFLECTIONS, "a", "words")
    record = Record(space, key)
    with pytest.raises(WrongKey) as told:
        record.kept(REFLECTIONS, "a")
    assert told.value.sentence(words)
    with pytest.raises(WrongKey):
        record.put(REFLECTIONS, "a", "other")
    assert record.get(REFLECTIONS, "a") is None
    assert record.trouble() == "wrong_key"
    assert Record(space, KEY).get(REFLECTIONS, "a") == "words"


def test_rows_that_change_places_are_not_read(tmp_path):
    """Whoever can write to the disk cannot pass one text off as another, or an older one as today's."""
    space = Space(tmp_path)
    record = Record(space, KEY)
    for name in ("a", "b"):
        record.put(REFLECTIONS, name, f"words of {name}")
    record.set_aside(REFLECTIONS, "a", "older words of a")
    record.close()
    connection = sqlite3.connect(tmp_path / FILE)
    values = [row[0] for row in connection.execute("SELECT value FROM things ORDER BY id")]
    connection.executemany("UPDATE things SET value = ? WHERE id = ?", [(values[1], 1), (values[0], 2)])
    connection.commit()
    for name in ("a", "b"):
        with pytest.raises(Damaged):
            Record(space, KEY).kept(REFLECTIONS, name)
        assert Record(space, KEY).get(REFLECTIONS, name) is None
    connection.execute("UPDATE things SET value = (SELECT value FROM aside) WHERE id = 1")
    connection.commit()
    connection.close()
    with pytest.raises(Damaged):
        Record(space, KEY).kept(REFLECTIONS, "a")


def test_a_damaged_text_does_not_hide_the_others(tmp_path):
    space = Space(tmp_path)
    record = Record(space)
    for name in ("a", "b"):
        record.put(REFLECTIONS, name, name)
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute("UPDATE things SET value = '{' WHERE name = 'a'")
    connection.commit()
    connection.close()
    with pytest.raises(Damaged):
        record.kept(REFLECTIONS, "a")
    assert record.names(REFLECTIONS) == {"a", "b"}
    assert [each.name for each in record.everything()[0]] == ["b"]
    assert record.put(REFLECTIONS, "a", "again") == 2


@settings(deadline=None)
@given(data=st.binary(max_size=200), place=st.text(max_size=20), at=st.integers(0), bit=st.integers(0, 7))
def test_only_the_very_bytes_in_their_place_open(data, place, at, bit):
    cipher = Cipher(KEY)
    locked = cipher.lock(place, data)
    assert cipher.open(place, locked) == data
    torn = bytearray(locked)
    torn[at % len(torn)] ^= 1 << bit
    for other, there, what in (
        (cipher, place, bytes(torn)), (cipher, f"{place}x", locked), (Cipher(OTHER), place, locked),
        (cipher, place, locked[:-1]), (cipher, place, b""),
    ):  # fmt: skip
        with pytest.raises(Damaged):
            other.open(there, what)


def test_the_same_words_are_never_locked_alike():
    cipher = Cipher(KEY)
    assert len({cipher.lock("a", b"words") for _ in range(100)}) == 100
    assert cipher.hidden("reflections", "a") == Cipher(KEY).hidden("reflections", "a")
    assert cipher.hidden("reflections", "a") != Cipher(OTHER).hidden("reflections", "a")
    assert cipher.hidden("ab", "c") != cipher.hidden("a", "bc")


@pytest.mark.parametrize("key", [b"", b"short", bytes(33)])
def test_a_key_that_is_none_is_refused(tmp_path, key):
    with pytest.raises(ValueError, match="32 bytes"):
        Record(Space(tmp_path), key)
