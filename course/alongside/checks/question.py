"""Rules for one question, after the item-writing flaws of the NBME and of Haladyna, Downing and Rodriguez (2002).

The thresholds are the course's own. Q06, Q07, Q08 and Q16 look at a whole bank: see `bank`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from alongside.blocks import Fault
from alongside.checks.reading import grade, reading_available
from alongside.checks.text import asks, bare, longer, plain, unquoted, words
from alongside.question import Kind, Option, Question

__all__ = ["RULES", "Asked", "check_question"]

_CHOSEN = {Kind.SINGLE, Kind.SEVERAL}
_OF_THE_ABOVE = re.compile(
    r"\b(?:all|none|any|both|neither|some)\s+of\s+(?:the|these)\s+(?:above|others?|answers|options)\b", re.IGNORECASE
)
_LETTERS = re.compile(
    r"\b(?:both|neither|only)\s+[a-e]\s+(?:and|or|nor)\s+[a-e]\b|^\W*[a-e]\s+and\s+[a-e]\W*$", re.IGNORECASE
)
_ALL = re.compile(r"^\W*(?:all|none|both|neither)(?:\s+of\s+(?:them|these|those))?\W*$", re.IGNORECASE)
_LESSER = re.compile(
    r"\b(?:when|if|while|because|after|before|since|although|once|until|who|whose)\b.*?(?=[.?!]|$)", re.IGNORECASE
)
_NEGATIVE = re.compile(r"\b(?:not|except|(?<!at )least|\w+n['’]t)\b", re.IGNORECASE)
_SHOWN = re.compile(r"\*\*(?:NOT|EXCEPT|LEAST)\*\*")
_VAGUE = re.compile(r"\b(?:usually|sometimes|often|rarely)\b", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(?:a|an)\W*$", re.IGNORECASE)
_QUOTE_MARKS = ('"', "“", "«")
_SAID_BACK = frozenset(
    re.split(
        r"\s+",
        """about after again also because been before being choose could does done down each else every first from give
        gives goes good have here into it's just keep know leave leaves like made make makes many might more most much
        need next only other over part people person question reply replies right said same says shows some such take
        than that their them then there these they thing think this those time under upon very want wants were what
        when where which while will with word words would you're your yours answer""",
    )
)
_CLANG_LENGTH = 4
_ENDINGS = ("ings", "ing", "edly", "ed", "es", "s", "ly")
_FEWEST_WORDS = 6
_MOST_GRADE = 8.0
_MOST_MONTHS = 24


@dataclass(frozen=True)
class Asked:
    """A question with what a rule needs beside it: its file, the day it is, and the language it is in."""

    question: Question
    path: str
    today: date
    language: str = "en"

    @property
    def stem(self) -> str:
        """The whole of what is asked, as one text."""
        return " ".join(self.question.stem)

    def fault(self, message: str, option: Option | None = None) -> Fault:
        """Give a fault of this question, or of one of its options."""
        return Fault(self.path, option.line if option else self.question.line, message)


def q01_options_differ(asked: Asked) -> Iterator[Fault]:
    """Options differ in more than case, spaces and marks. The reader tells of the same words, and of no key."""
    if asked.question.kind is Kind.NUMBER:
        return
    first: dict[str, Option] = {}
    for option in asked.question.options:
        other = first.setdefault(bare(option.text) or option.text, option)
        if other is not option and other.text != option.text:
            yield asked.fault(
                f"This says the same as line {other.line}, but for marks or capitals. Change one.", option
            )


def q02_reviewed_lately(asked: Asked) -> Iterator[Fault]:
    """Someone checked the question in the last 24 months. The reader tells of a missing source, day or reason."""
    reviewed = date.fromisoformat(asked.question.reviewed)
    months = (asked.today.year - reviewed.year) * 12 + asked.today.month - reviewed.month
    if months > _MOST_MONTHS or (months == _MOST_MONTHS and asked.today.day > reviewed.day):
        message = f"Last checked on {reviewed}, over {_MOST_MONTHS} months ago. Check it again and change `reviewed:`."
        yield asked.fault(message)


def q03_no_all_of_the_above(asked: Asked) -> Iterator[Fault]:
    """No option speaks of the other options."""
    for option in asked.question.options:
        text = plain(option.text)
        if any(pattern.search(text) for pattern in (_OF_THE_ABOVE, _LETTERS, _ALL)):
            message = "This option speaks of the others. Write one that stands alone, or let several be right."
            yield asked.fault(message, option)


def q04_negative_is_shown(asked: Asked) -> Iterator[Fault]:
    """A question that asks for what is not so says it in capitals and bold. A side clause may hold a plain "not"."""
    stem = _SHOWN.sub("", unquoted(asked.stem))
    found = _NEGATIVE.search(_LESSER.sub("", asks(stem)))
    if found:
        word = found[0].upper() if found[0].upper() in {"NOT", "EXCEPT", "LEAST"} else "NOT"
        message = f'"{found[0]}" is easy to miss in a question. Ask it the other way round, or write `**{word}**`.'
        yield asked.fault(message)


def q05_key_not_longest(asked: Asked) -> Iterator[Fault]:
    """The right answer does not stand out by its length."""
    if asked.question.kind not in _CHOSEN:
        return
    right = [len(words(plain(option.text))) for option in asked.question.options if option.right]
    wrong = [len(words(plain(option.text))) for option in asked.question.options if not option.right]
    if longer(right, wrong):
        key = next(option for option in asked.question.options if option.right)
        message = (
            f"The right answer has about {round(sum(right) / len(right))} words, the others about "
            f"{round(sum(wrong) / len(wrong))}, so its length gives it away. Shorten it, or write more in the others."
        )
        yield asked.fault(message, key)


def q09_no_clang(asked: Asked) -> Iterator[Fault]:
    """The right answer alone does not repeat a word of what is asked.

    What a person says in quotation marks is not part of what is asked: to say it back is often the right answer.
    """
    if asked.question.kind is not Kind.SINGLE:
        return
    stem = _content(asks(asked.stem))
    wrong = {word for option in asked.question.options if not option.right for word in _content(option.text)}
    for option in asked.question.options:
        shared = [word for root, word in _content(option.text).items() if option.right and root in stem]
        told = [word for word in shared if _root(word) not in wrong]
        if told:
            message = f'Of the answers only this one repeats "{told[0]}" from the question. Change it here or there.'
            yield asked.fault(message, option)


def q10_same_form(asked: Asked) -> Iterator[Fault]:
    """Options have one form, and no article at the end of a question tells which one fits."""
    if _ARTICLE.search(plain(asked.stem)):
        yield asked.fault("The question ends with a or an, which tells the answer. End it before, or write a question.")
    if asked.question.kind not in _CHOSEN:
        return
    forms: dict[tuple[bool, bool], list[Option]] = {}
    for option in asked.question.options:
        text = option.text.strip()
        whole = text.rstrip("\"”»)'’*").endswith((".", "?", "!", "…"))
        forms.setdefault((text.startswith(_QUOTE_MARKS), whole), []).append(option)
    if len(forms) > 1:
        odd = min(forms.values(), key=len)[0]
        message = "This option has another form than the rest. Make all of them quotes, or sentences, or parts of one."
        yield asked.fault(message, odd)


def q11_stem_asks(asked: Asked) -> Iterator[Fault]:
    """A question can be answered with its options covered: it asks, or says enough."""
    if "?" not in asked.stem and len(words(plain(asked.stem))) < _FEWEST_WORDS:
        yield asked.fault("This cannot be answered with the options covered. Ask a whole question, ending with ?")


def q12_no_vague_words(asked: Asked) -> Iterator[Fault]:
    """No option says how often in a word that everyone reads otherwise. In a quoted reply it is somebody's own word."""
    if asked.question.kind not in _CHOSEN:
        return
    for option in asked.question.options:
        found = _VAGUE.search(unquoted(option.text))
        if found:
            yield asked.fault(f'"{found[0]}" means something else to everyone. Say how often, or leave it out.', option)


def q13_reads_easily(asked: Asked) -> Iterator[Fault]:
    """The question and its options read at grade 8 or below. Sentences of more than 25 words are told by `language`."""
    if not reading_available(asked.language):
        return
    texts = [plain(text) for text in (*asked.question.stem, *(option.text for option in asked.question.options))]
    found = grade([*texts, *(plain(option.other) for option in asked.question.options if option.other)])
    if found > _MOST_GRADE:
        message = f"This question reads at grade {found:.1f}. Write shorter sentences and words, for 8 or below."
        yield asked.fault(message)


def q14_numbers_in_order(asked: Asked) -> Iterator[Fault]:
    """Options that are numbers stand in order."""
    if asked.question.kind not in _CHOSEN:
        return
    numbers = [_number(option.text) for option in asked.question.options]
    values = [value for value in numbers if value is not None]
    if len(values) == len(numbers) and values not in (sorted(values), sorted(values, reverse=True)):
        message = "These answers are numbers out of order. Put them from small to large."
        yield asked.fault(message, asked.question.options[0])


Rule = Callable[[Asked], Iterator[Fault]]

RULES: tuple[Rule, ...] = (
    q01_options_differ, q02_reviewed_lately, q03_no_all_of_the_above, q04_negative_is_shown, q05_key_not_longest,
    q09_no_clang, q10_same_form, q11_stem_asks, q12_no_vague_words, q13_reads_easily, q14_numbers_in_order,
)  # fmt: skip


def check_question(asked: Asked) -> Iterator[Fault]:
    """Hold a question against every rule."""
    for rule in RULES:
        yield from rule(asked)


def _root(word: str) -> str:
    """Give a word without its ending, so that "feeling" and "feels" are one word."""
    word = word.casefold().split("'")[0].split("’")[0]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _CLANG_LENGTH - 1:
            return word.removesuffix(ending)
    return word


def _content(text: str) -> dict[str, str]:
    """Give the words that carry meaning, by their root. A name is not one: it says who, not what."""
    found: dict[str, str] = {}
    for index, word in enumerate(words(plain(text))):
        if len(word) < _CLANG_LENGTH or word.casefold() in _SAID_BACK or (index and word[0].isupper()):
            continue
        found.setdefault(_root(word), word)
    return found


def _number(text: str) -> float | None:
    match = re.match(r"^\W*?(-?\d+(?:[.,]\d+)?)(?:\s*(?:%|[a-z]+))?\W*$", text.strip(), re.IGNORECASE)
    return float(match[1].replace(",", ".")) if match else None
