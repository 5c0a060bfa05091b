"""What one's own replies did in the practice lab, over time: counts and what they come to. Pure.

A try holds a day and counts, and no words. What could hurt, and what is no reply, is not counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from alongside.prose import day_in_words
from alongside.record import TRIES, Kept, Record, Thing
from alongside.sentences import fill

if TYPE_CHECKING:
    from alongside.coding.listening import Find, Listened

__all__ = [
    "COUNTED", "LAST", "LEAST", "Counts", "Span", "Try", "add_up", "by_day", "data_of", "found_in", "in_sentences",
    "is_token", "read_tries", "read_try", "tries_in", "when",
]  # fmt: skip

COUNTED: Final = (
    "reflections", "questions", "open", "closed", "affirmations", "asked-first", "advice", "shared", "unsure",
)  # fmt: skip
"""What is counted. `open` and `closed` are questions, too; `advice` is what nobody asked for."""

LAST: Final = 10
"""How many tries are looked at together."""

LEAST: Final = 5
"""How many tries there are before anything is said of them."""

MOST_DAYS: Final = 14
"""Days that are shown one by one. With more, the days of a week stand together."""

_TOKEN = re.compile(r"[a-z0-9]{8,32}")
_MOST_OF_A_KIND = 99  # far above what 150 words can hold
_DEEDS: Final[Mapping[str, str]] = MappingProxyType(
    {"reflects": "reflections", "affirms": "affirmations", "asks-leave": "asked-first", "shares": "shared"}
)
_QUESTIONS: Final = frozenset({"asks", "asks-open", "asks-closed"})
_UNASKED: Final = frozenset({"advice", "direct"})

_ONCE: Final = 0.1
"""How far from 1 still reads as once."""

Counts = Mapping[str, int]
Words = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Try:
    """What was found in one reply, on a day."""

    day: date
    counts: Counts


@dataclass(frozen=True)
class Span:
    """Tries that are looked at together: from which day to which, how many, and what was found in all of them."""

    first: date
    last: date
    tries: int
    counts: Counts = field(default_factory=dict)

    def __getitem__(self, name: str) -> int:
        """Give how often one thing was found."""
        return self.counts.get(name, 0)

    @property
    def reflections_per_question(self) -> float | None:
        """How often one gave back for each question. None where nothing was asked."""
        return self["reflections"] / self["questions"] if self["questions"] else None

    @property
    def open_share(self) -> float | None:
        """Which part of the questions was open. None where it could be told of none."""
        told = self["open"] + self["closed"]
        return self["open"] / told if told else None

    @property
    def advice_in_ten(self) -> float:
        """How often one gave unasked advice in ten tries."""
        return 10 * self["advice"] / self.tries if self.tries else 0.0


def is_token(name: object) -> bool:
    """Whether a page may name a try so."""
    return isinstance(name, str) and _TOKEN.fullmatch(name) is not None


def found_in(heard: Listened) -> Counts:
    """Count what was heard in a reply. Where nothing is sure, that is what is counted."""
    counts: dict[str, int] = {}
    for clause in dict.fromkeys(find.clause for find in heard.finds):
        finds = [find for find in heard.finds if find.clause == clause]
        for name in {name for find in finds for name in _names(find, finds, heard)}:
            counts[name] = counts.get(name, 0) + 1
    return counts if heard.finds else {"unsure": 1}


def _names(find: Find, finds: list[Find], heard: Listened) -> Iterable[str]:
    """Give what one find counts as. A clause is one question, open or closed by what is likelier."""
    if find.deed in _QUESTIONS:
        yield "questions"
        kinds = [each for each in finds if each.deed in {"asks-open", "asks-closed"}]
        if kinds and max(kinds, key=lambda each: each.likely) is find:
            yield find.deed.removeprefix("asks-")
    elif find.deed == "advises":
        if _unasked(find, heard):
            yield "advice"
    elif find.deed in _DEEDS:
        yield _DEEDS[find.deed]


def _unasked(find: Find, heard: Listened) -> bool:
    """Whether advice was given that nobody asked for, or said yes to."""
    for clause in heard.coded.clauses if heard.coded else ():
        if clause.span == find.clause:
            sure = clause.probabilities
            return max(sure[code] for code in _UNASKED) >= sure["advice-asked"]
    return True


def data_of(day: date, counts: Counts) -> dict[str, object]:
    """Give a try as it is kept."""
    return {"format": 1, "day": day.isoformat(), "found": {name: counts[name] for name in COUNTED if counts.get(name)}}


def read_try(value: object) -> Try | None:
    """Read a try that any version, or a file, brought. None for what is none."""
    told = value.get("day") if isinstance(value, Mapping) else None
    found = value.get("found") if isinstance(value, Mapping) else None
    if not isinstance(told, str) or not isinstance(found, Mapping):
        return None
    try:
        day = date.fromisoformat(told)
    except ValueError:
        return None
    return Try(day, {name: count for name in COUNTED if (count := _count(found.get(name)))})


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _MOST_OF_A_KIND else 0


def read_tries(record: Record) -> tuple[Try, ...]:
    """Read the tries of a record, the oldest first. Raises OSError."""
    return tries_in(record.of(TRIES))


def tries_in(things: Iterable[Thing | Kept]) -> tuple[Try, ...]:
    """Give the tries among some things, the oldest first."""
    kept = sorted((thing for thing in things if thing.kind == TRIES), key=lambda thing: thing.saved)
    return tuple(found for thing in kept if (found := read_try(thing.value)))


def add_up(tries: Iterable[Try]) -> Span | None:
    """Look at tries together. None where there are none."""
    some = tuple(tries)
    if not some:
        return None
    counts = {name: sum(each.counts.get(name, 0) for each in some) for name in COUNTED}
    days = [each.day for each in some]
    return Span(min(days), max(days), len(some), counts)


def by_day(tries: Iterable[Try]) -> tuple[Span, ...]:
    """Look at the tries of each day, or of each week where there are many days. The newest comes first."""
    some = tuple(tries)
    by_week = len({each.day for each in some}) > MOST_DAYS
    groups: dict[date, list[Try]] = {}
    for each in some:
        start = each.day - timedelta(days=each.day.weekday()) if by_week else each.day
        groups.setdefault(start, []).append(each)
    return tuple(span for start in sorted(groups, reverse=True) if (span := add_up(groups[start])))


def when(span: Span, words: Words) -> str:
    """Say on which day some tries were, or from which day to which."""
    first, last = day_in_words(span.first, words), day_in_words(span.last, words)
    return first if span.first == span.last else fill(words["lab"]["week_of"], first=first, last=last)


def in_sentences(last: Span | None, said: Mapping[str, str], *, whole: bool = False) -> list[str]:
    """Say in words what some tries come to. With few, say that instead. `said` is the part `[lab]`.

    With `whole` they are all there are of a day or a week, and are said however few they are.
    """
    if last is None:
        return [fill(said["counts_none"], count=LEAST)]
    if last.tries < LEAST and not whole:
        return [fill(said["counts_few"], tries=last.tries, count=LEAST)]
    head = "counts_last" if not whole else "counts_in_one" if last.tries == 1 else "counts_in"
    first = fill(said[head], tries=last.tries)
    rows = [first, _ratio(last, said), _open(last, said), _advice(last, said)]
    rows += [fill(said["affirmed"], affirmations=last["affirmations"])] if last["affirmations"] else []
    rows += [fill(said["unsure_some"], unsure=last["unsure"])] if last["unsure"] else []
    return [row for row in rows if row]


def _ratio(last: Span, said: Mapping[str, str]) -> str:
    reflections, questions = last["reflections"], last["questions"]
    if not reflections and not questions:
        return said["ratio_neither"]
    if not questions:
        key = "ratio_no_questions_one" if reflections == 1 else "ratio_no_questions"
    elif not reflections:
        key = "ratio_no_reflections_one" if questions == 1 else "ratio_no_reflections"
    else:
        times = max(reflections, questions) / min(reflections, questions)
        key = "ratio_same" if times < 1 + _ONCE else "ratio_more" if reflections > questions else "ratio_less"
        return fill(said[key], times=f"{round(times, 1):g}")
    return fill(said[key], reflections=reflections, questions=questions)


def _open(last: Span, said: Mapping[str, str]) -> str:
    told = last["open"] + last["closed"]
    if told == 1:
        return said["open_one_question" if last["open"] else "open_no_question"]
    key = "open_some_one" if last["open"] == 1 else "open_some"
    return fill(said[key], told=told, open=last["open"]) if told else ""


def _advice(last: Span, said: Mapping[str, str]) -> str:
    times = round(last.advice_in_ten)
    if not last["advice"]:
        return said["advice_none"]
    return said["advice_once"] if times <= 1 else fill(said["advice_some"], times=times)
