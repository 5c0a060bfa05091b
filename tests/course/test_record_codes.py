"""Four plain words lead back to a record, and nobody can guess them."""

import time
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.course import read_course
from alongside.paths import course_root
from alongside.record import find_space
from alongside.record.codes import NotACode, bits, code_words, derive, key_of, name_of, new_code, read_code
from alongside.record.guesses import Guesses

ROOT = course_root(Path(__file__))
LIST = code_words(ROOT)


def test_a_code_has_at_least_44_bits_of_chance():
    """2,111 words, four of them: 2 to the power of 44.2."""
    assert bits(LIST) >= 44
    assert len(set(LIST)) == len(LIST) >= 2048
    assert len({new_code(LIST) for _ in range(200)}) == 200


def test_words_are_short_plain_and_sorted():
    assert list(LIST) == sorted(LIST)
    assert all(word.isascii() and word.isalpha() and word.islower() and 2 < len(word) <= 10 for word in LIST)
    assert not {phrase.lower() for phrase in read_course(ROOT).avoided} & set(LIST)
    for word in ("drug", "pill", "knife", "rope", "death", "shame", "snow", "crack", "hospital", "police"):
        assert word not in LIST


def without_one_letter(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(len(word))}


def test_no_two_words_differ_by_one_letter():
    """Neither by one put in, left out, or another in its place; nor by two neighbours that change places."""
    seen: dict[str, str] = {}
    for word in LIST:
        for short in {word, *without_one_letter(word)}:
            other = seen.setdefault(short, word)
            assert other == word or not one_letter_apart(word, other), (word, other)


def one_letter_apart(one: str, two: str) -> bool:
    if len(one) != len(two):
        return one in without_one_letter(two) or two in without_one_letter(one)
    places = [at for at, (a, b) in enumerate(zip(one, two, strict=True)) if a != b]
    swapped = len(places) == 2 and one[places[0]] == two[places[1]] and one[places[1]] == two[places[0]]
    return len(places) == 1 or (swapped and places[1] == places[0] + 1)


@given(picks=st.lists(st.sampled_from(LIST), min_size=4, max_size=4), gap=st.sampled_from([" ", "-", "  ", ". ", "_"]))
def test_a_code_is_read_as_people_type_it(picks, gap):
    code = " ".join(picks)
    assert read_code(f"  {gap.join(picks).upper()}\n", LIST) == code
    assert read_code(gap.join(word.title() for word in picks), LIST) == code


@pytest.mark.parametrize(
    ("typed", "key", "said"),
    [
        ("acorn bagel cabin zzyzx", "code_word", "zzyzx"),
        ("acorn bagel cabin dafodill", "code_word_near", "Did you mean “daffodil”?"),
        ("acorn bagel cabin", "code_count", "You wrote 3."),
        ("", "code_count", "You wrote 0."),
        ("acorn " * 5000, "code_count", "A code has 4 words."),
        ("١٢٣ \ud800", "code_count", "You wrote 0."),
    ],
)
def test_what_is_no_code_is_told_which_word_it_is(typed, key, said, words):
    with pytest.raises(NotACode) as told:
        read_code(typed, LIST)
    assert told.value.key == key
    assert said in told.value.sentence(words)


@given(typed=st.text(max_size=300))
def test_anything_typed_is_a_code_or_a_sentence(typed):
    with suppress(NotACode):
        assert len(read_code(typed, LIST).split()) == 4


def test_name_and_key_come_from_the_code_alone_and_tell_nothing_of_each_other(tmp_path):
    code = "acorn bagel cabin daffodil"
    secret = derive(code)
    assert secret == derive(code)
    assert secret != derive("bagel acorn cabin daffodil")
    assert len({name_of(secret), key_of(secret).hex(), secret.hex()}) == 3
    assert len(key_of(secret)) == 32
    assert find_space({"ALONGSIDE_HOME": str(tmp_path), "ALONGSIDE_VISITOR": name_of(secret)}).folder.is_relative_to(
        tmp_path
    )


def test_what_a_code_leads_to_never_changes():
    """Whoever wrote a code down last year still finds their record."""
    secret = derive("acorn bagel cabin daffodil")
    assert name_of(secret)[:16] == "d5fcbd837913d960"
    assert key_of(secret).hex()[:16] == "2e5818a487388bb0"


def test_working_it_out_is_slow():
    """So that guessing is. The figure itself is in `make bench`, since a busy machine is slower still."""
    start = time.perf_counter()
    derive("acorn bagel cabin daffodil")
    assert time.perf_counter() - start > 0.1


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_one_address_waits_after_ten_wrong_codes_and_the_others_do_not():
    clock = Clock()
    guesses = Guesses(clock, most=10, most_in_all=500, seconds=600)
    for _ in range(10):
        assert guesses.wait("a") == 0
        guesses.missed("a")
        clock.now += 1
    assert guesses.wait("a") == 590
    assert guesses.wait("b") == 0
    clock.now += 590
    assert guesses.wait("a") == 0


def test_all_together_wait_after_many():
    clock = Clock()
    guesses = Guesses(clock, most=10, most_in_all=50, seconds=600)
    for number in range(80):
        guesses.missed(f"address {number}")
    assert 0 < guesses.wait("new") <= 600
    assert len(guesses._missed) == 50
    clock.now += 601
    assert guesses.wait("new") == 0
    assert not guesses._missed
    assert not guesses._by_address


@given(steps=st.lists(st.tuples(st.integers(0, 3), st.floats(0, 200))))
def test_no_address_ever_has_more_than_its_share(steps):
    clock, passed = Clock(), []
    guesses = Guesses(clock, most=3, most_in_all=8, seconds=100)
    for address, pause in steps:
        clock.now += pause
        if guesses.wait(str(address)) == 0:
            guesses.missed(str(address))
            passed.append((clock.now, address))
        recent = [(moment, each) for moment, each in passed if moment + 100 > clock.now]
        assert len(recent) <= 8
        assert sum(each == address for _, each in recent) <= 3
    assert all(one <= two for (one, _), (two, _) in pairwise(passed))
