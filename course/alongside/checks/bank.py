"""Rules for a whole bank: patterns that give the right answers away, and questions that are nearly the same.

Q06, Q07 and Q08 are held only where there are eight questions with one right answer or more: in fewer, two or three
in a row are chance, and an author told to mend chance would only learn to distrust the check.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, product

from alongside.blocks import Fault
from alongside.checks.text import bare, plain, words
from alongside.question import Bank, Kind, Question

__all__ = ["RULES", "check_bank", "q16_no_near_duplicates"]

_FEWEST = 8
_MOST_LONGEST = 0.40
_MOST_IN_PLACE = 0.40
_MORE_THAN_CHANCE = 2
_MOST_ABSOLUTE = 0.30
_NEAR = 0.85
_CHI_SQUARE = {2: 9.210, 3: 11.345, 4: 13.277, 5: 15.086, 6: 16.812, 7: 18.475}  # p = 0.01, by degrees of freedom
_ABSOLUTE = re.compile(r"\b(?:always|never|all|only|must)\b", re.IGNORECASE)


def q06_key_not_longest_in_bank(bank: Bank) -> Iterator[Fault]:
    """The right answer is strictly the longest in at most 40 in 100 questions (25 by chance, where there are four)."""
    single = _single(bank)
    told = [question for question in single if _key_is_longest(question)]
    if len(single) >= _FEWEST and len(told) > _MOST_LONGEST * len(single):
        message = (
            f"The right answer is the longest in {len(told)} of {len(single)} questions, so length gives it away. "
            f"Shorten it, or write more in the others, in some of: {_names(told)}."
        )
        yield Fault(bank.path, told[0].line, message)


def q07_key_not_in_one_place(bank: Bank) -> Iterator[Fault]:
    """The right answers are spread over the places: none holds more than 40 in 100, nor does chi-square say so.

    A place must also hold two more than chance gives it: else one question added to nine would be told as a pattern.
    """
    single = _single(bank)
    if len(single) < _FEWEST:
        return
    places = Counter(_place(question) for question in single)
    place, count = places.most_common(1)[0]
    by_chance = sum(1 / len(question.options) for question in single)
    crowded = count > _MOST_IN_PLACE * len(single) and count >= by_chance + _MORE_THAN_CHANCE
    if crowded or _uneven(single):
        there = [question for question in single if _place(question) == place]
        message = (
            f"The right answer stands in place {place + 1} in {count} of {len(single)} questions. "
            f"Move it in some of: {_names(there)}."
        )
        yield Fault(bank.path, there[0].line, message)


def q08_absolutes_not_only_wrong(bank: Bank) -> Iterator[Fault]:
    """Words like "always" and "never" do not stand in the wrong answers alone, in more than 30 in 100 questions."""
    single = _single(bank)
    told = [
        question
        for question in single
        if any(_ABSOLUTE.search(option.text) for option in question.options if not option.right)
        and not any(_ABSOLUTE.search(option.text) for option in question.options if option.right)
    ]
    if len(single) >= _FEWEST and len(told) > _MOST_ABSOLUTE * len(single):
        message = (
            f"Always, never, all, only or must stand in wrong answers alone in {len(told)} of {len(single)} questions. "
            f"Use them less in: {_names(told)}."
        )
        yield Fault(bank.path, told[0].line, message)


def q16_no_near_duplicates(bank: Bank, other: Bank | None = None) -> Iterator[Fault]:
    """No two questions share more than 85 in 100 of their words (Jaccard), in a bank or between two of them."""
    tokens = {id(question): _tokens(question) for each in (bank, other) if each for question in each.questions}
    pairs = product(other.questions, bank.questions) if other else combinations(bank.questions, 2)
    for first, second in pairs:
        one, two = tokens[id(first)], tokens[id(second)]
        if len(one & two) > _NEAR * len(one | two):
            where = f"{first.id} in {other.path}" if other else f"{first.id} on line {first.line}"
            yield Fault(
                bank.path, second.line, f"This is nearly the same question as {where}. Change one, or take it out."
            )


Rule = Callable[[Bank], Iterator[Fault]]

RULES: tuple[Rule, ...] = (
    q06_key_not_longest_in_bank, q07_key_not_in_one_place, q08_absolutes_not_only_wrong, q16_no_near_duplicates,
)  # fmt: skip


def check_bank(bank: Bank) -> Iterator[Fault]:
    """Hold a bank against every rule that looks at all its questions."""
    for rule in RULES:
        yield from rule(bank)


def _single(bank: Bank) -> list[Question]:
    return [question for question in bank.questions if question.kind is Kind.SINGLE]


def _names(questions: Sequence[Question]) -> str:
    return ", ".join(question.id for question in questions)


def _place(question: Question) -> int:
    return next(index for index, option in enumerate(question.options) if option.right)


def _key_is_longest(question: Question) -> bool:
    lengths = [(len(words(plain(option.text))), option.right) for option in question.options]
    key = next(length for length, right in lengths if right)
    return all(length < key for length, right in lengths if not right)


def _uneven(questions: Sequence[Question]) -> bool:
    """Hold the places of the key against chance, in the questions that have the same number of options."""
    by_size: dict[int, list[int]] = {}
    for question in questions:
        by_size.setdefault(len(question.options), []).append(_place(question))
    for size, places in by_size.items():
        expected = len(places) / size
        counts = Counter(places)
        square = sum((counts[place] - expected) ** 2 / expected for place in range(size))
        if len(places) >= _FEWEST and square > _CHI_SQUARE.get(size - 1, float("inf")):
            return True
    return False


def _tokens(question: Question) -> frozenset[str]:
    texts = [*question.stem, *(f"{option.text} {option.other}" for option in question.options)]
    return frozenset(bare(" ".join(plain(text) for text in texts)).split())
