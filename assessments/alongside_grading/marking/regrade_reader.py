"""What a file of decisions about faulty questions means, and every fault in it, all at once."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from alongside.blocks import Fault
from alongside.catalog import Catalog, read_text
from alongside.question import Bank, Kind, Option, Question
from alongside_grading.marking.regrade import Action, Decision, Decisions

__all__ = ["decisions_path", "find_decisions", "read_decisions"]

_FACTS = ("do", "also", "reason", "decided")
_TABLE = re.compile(r"""^\s*\[\s*["']?(?P<name>[^\]"']+?)["']?\s*\]""")
_PLACE = re.compile(r"at line (\d+)")
_PAIR = 2  # left and right, or from and to
_ACTIONS = ", ".join(f'"{each.value}"' for each in Action)
_EXAMPLE = '[the-question] do = "drop", reason = "..." and decided = 2026-11-21, each on a line of its own'


def decisions_path(catalog: Catalog, unit: str) -> Path:
    """Give the place of a unit's decisions: beside its bank, with the bank's name. Raises KeyError without a bank."""
    return catalog.bank_paths[unit].with_suffix(".regrade.toml")


def find_decisions(catalog: Catalog, unit: str) -> tuple[Decisions, tuple[Fault, ...]]:
    """Read what was decided about a unit. No file is no decision. Raises OSError when it cannot be opened."""
    if unit not in catalog.bank_paths:
        return {}, ()
    path = decisions_path(catalog, unit)
    if not path.is_file():
        return {}, ()
    bank, faults = catalog.bank(unit)
    return ({}, faults) if bank is None else read_decisions(read_text(path), catalog.shown(path), bank)


def read_decisions(text: str, path: str, bank: Bank) -> tuple[Decisions, tuple[Fault, ...]]:
    """Read a file of decisions about a bank. With any fault there are no decisions, only the faults.

    `path` is how people see the file's place.
    """
    try:
        tables = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = _PLACE.search(str(error))
        line = int(place[1]) if place else text.count("\n") + 1
        message = f"This is not TOML, or a name stands here twice. A decision is: {_EXAMPLE}."
        return {}, (Fault(path, line, message),)
    reader = _Reader(text, path, bank)
    found = {name: decision for name, facts in tables.items() if (decision := reader.decision(name, facts))}
    faults = tuple(sorted(reader.faults, key=lambda fault: fault.line))
    return ({}, faults) if faults else (found, ())


class _Reader:
    """Reads one file's tables and keeps every fault that it finds."""

    def __init__(self, text: str, path: str, bank: Bank) -> None:
        self.faults: list[Fault] = []
        self._path = path
        self._questions = {each.id: each for each in bank.questions}
        rows = list(enumerate(text.splitlines(), 1))
        self._lines = {match["name"]: number for number, row in reversed(rows) if (match := _TABLE.match(row))}

    def fault(self, name: str, message: str) -> None:
        self.faults.append(Fault(self._path, self._lines.get(name, 1), f"{name}: {message}"))

    def decision(self, name: str, facts: object) -> Decision | None:
        before = len(self.faults)
        if not isinstance(facts, dict):
            self.fault(name, f"This stands outside of a decision. A decision is: {_EXAMPLE}.")
            return None
        question = self._questions.get(name)
        if question is None:
            self.fault(name, f"There is no such question. The questions are: {', '.join(self._questions)}.")
            return None
        for other in sorted(facts.keys() - set(_FACTS)):
            self.fault(name, f'"{other}" is not a part of a decision. Use {", ".join(_FACTS)}.')
        do = self._do(name, facts.get("do"))
        reason = facts.get("reason")
        if not isinstance(reason, str) or not reason.strip():
            self.fault(name, 'Say why, in words that learners may read: reason = "...".')
        day = facts.get("decided")
        if not isinstance(day, date) or isinstance(day, datetime):
            self.fault(name, "Say on which day this was decided, without quotation marks: decided = 2026-11-21.")
        also = self._also(question, do, facts.get("also"))
        if len(self.faults) > before or do is None:
            return None
        named, words = tuple(each for each, _ in also), tuple(each for _, each in also)
        return Decision(name, question.kind, do, _plain(str(reason)), date.fromisoformat(str(day)), named, words)

    def _do(self, name: str, value: object) -> Action | None:
        try:
            return Action(str(value))
        except ValueError:
            said = "Say what to do" if value is None else f'"{value}" is nothing that can be done'
            self.fault(name, f"{said}. Write do = and one of: {_ACTIONS}.")
            return None

    def _also(self, question: Question, do: Action | None, value: object) -> list[tuple[Any, tuple[str, ...]]]:
        if do is not Action.ACCEPT_ALSO:
            if value is not None and do is not None:
                self.fault(question.id, f'"also" goes with do = "{Action.ACCEPT_ALSO.value}" alone. Take it out.')
            return []
        if question.kind is Kind.WRITTEN:
            self.fault(
                question.id,
                "A written answer is marked by a person, so nothing can be accepted also. Mark it in formgrader, or "
                f'write do = "{Action.FULL_MARKS.value}".',
            )
            return []
        if not isinstance(value, list) or not value:
            self.fault(question.id, f"Say what else is right: also = [...], {_FORMS[question.kind]}.")
            return []
        found = []
        for each in value:
            try:
                found.append(_READ[question.kind](question, each))
            except _NotAccepted as error:
                self.fault(question.id, str(error))
        return found


class _NotAccepted(ValueError):
    """Why one entry of `also` cannot be used."""


_Entry = tuple[Any, tuple[str, ...]]
_FORMS = {
    Kind.SINGLE: "with the words of options",
    Kind.SEVERAL: "with the words of options",
    Kind.ORDER: "with lists of all steps, each in an order that is right too",
    Kind.MATCH: 'with pairs, each as ["left", "right"]',
    Kind.NUMBER: "with numbers, or [from, to] for any in between",
}


def _option(question: Question, entry: object) -> _Entry:
    option = _named(question, entry)
    if option.right:
        message = f'"{option.text}" is right already. Take it out.'
        raise _NotAccepted(message)
    return option.id, (option.text,)


def _order(question: Question, entry: object) -> _Entry:
    if not isinstance(entry, list):
        raise _NotAccepted(_form(question, entry))
    steps = [_named(question, each) for each in entry]
    if sorted(step.id for step in steps) != sorted(option.id for option in question.options):
        message = f"An order names each step once; there are {len(question.options)} steps."
        raise _NotAccepted(message)
    if steps == list(question.options):
        message = "This order is right already. Take it out."
        raise _NotAccepted(message)
    return tuple(step.id for step in steps), tuple(step.text for step in steps)


def _match(question: Question, entry: object) -> _Entry:
    if not isinstance(entry, list) or len(entry) != _PAIR:
        raise _NotAccepted(_form(question, entry))
    left = _named(question, entry[0])
    others = {_plain(option.other): option.other for option in question.options}
    other = others.get(_plain(str(entry[1])))
    if other is None:
        message = f'"{entry[1]}" is on no right-hand side. There are: {_quoted(list(others))}.'
        raise _NotAccepted(message)
    if left.other == other:
        message = f'"{left.text}" with "{other}" is right already. Take it out.'
        raise _NotAccepted(message)
    return (left.id, other), (left.text, other)


def _number(question: Question, entry: object) -> _Entry:
    pair: list[Any] = entry if isinstance(entry, list) else [entry, entry]
    if len(pair) != _PAIR or not all(type(each) in {int, float} and math.isfinite(each) for each in pair):
        raise _NotAccepted(_form(question, entry))
    low, high = map(float, pair)
    if high < low:
        message = f"In [{low:g}, {high:g}] the first number must be the smaller one."
        raise _NotAccepted(message)
    if any(option.right and option.low <= low and high <= option.high for option in question.options):
        message = f"{_range(low, high)} is right already. Take it out."
        raise _NotAccepted(message)
    return (low, high), tuple(f"{each:g}" for each in ((low,) if low == high else (low, high)))


_READ = {
    Kind.SINGLE: _option,
    Kind.SEVERAL: _option,
    Kind.ORDER: _order,
    Kind.MATCH: _match,
    Kind.NUMBER: _number,
}


def _named(question: Question, entry: object) -> Option:
    words = {_plain(option.text): option for option in question.options}
    found = words.get(_plain(entry)) if isinstance(entry, str) else None
    if found is None:
        message = f'"{entry}" is not among the answers. Copy one of these word for word: {_quoted(list(words))}.'
        raise _NotAccepted(message)
    return found


def _form(question: Question, entry: object) -> str:
    return f"{entry!r} cannot be used here. Write also = [...], {_FORMS[question.kind]}."


def _quoted(texts: Sequence[str]) -> str:
    return "; ".join(f'"{text}"' for text in texts)


def _range(low: float, high: float) -> str:
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _plain(text: str) -> str:
    return " ".join(text.split())
