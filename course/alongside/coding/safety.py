"""Words that could hurt, noticed before anything else is said of a reply: rules, and the model beside them.

A rule is for wording that people use again and again. What is quoted, asked about or denied is not what it names ("who
told you to just stop?", "I can't promise to keep it a secret").
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from alongside.coding.clauses import Span, split
from alongside.coding.codes import ANY, HURTS

__all__ = ["Harm", "by_rule", "flags", "harms", "hinted", "met"]


@dataclass(frozen=True)
class Harm:
    """A kind of harm, and the words that it stands in."""

    kind: str
    span: Span


_ORDER = ("missed", "contract", "dosing", "threat", "shaming", "just-stop", "secrecy")
# The parts of the limit from which on a rule counts. Alone, wording that hurts is right in 91 of 100 lines of the list
# that were written to mislead it, and a hint that nothing picks up in 69.
_RULED, _HINTED = 0.2, 0.7
_NAMED = 0.3  # what hurts, but in no way that can be named, is only watched
_FILE = Path(__file__).with_name("harm.toml")


@dataclass(frozen=True)
class _Rules:
    kinds: Mapping[str, Sequence[re.Pattern[str]]]
    turned: Sequence[re.Pattern[str]]
    hint: Sequence[re.Pattern[str]]
    met: Sequence[re.Pattern[str]]


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))

    def read(patterns: Sequence[str]) -> list[re.Pattern[str]]:
        return [re.compile(pattern, re.IGNORECASE) for pattern in patterns]

    kinds = {kind: read(patterns) for kind, patterns in data["kinds"].items()}
    return _Rules(kinds, read(data["turned"]), read(data["hint"]), read(data["met"]))


def hinted(text: str) -> bool:
    """Whether somebody's words may hint at suicide or danger."""
    return any(rule.search(text) for rule in _rules().hint)


def met(text: str) -> bool:
    """Whether a reply picks such a hint up."""
    return any(rule.search(text) for rule in _rules().met)


def harms(text: str, previous: str, sure: Mapping[str, float], tell: float) -> tuple[Harm, ...]:
    """Give what could hurt in a reply to a line, the worst first.

    `sure` is the model's view, by kind and in any way. From `tell` on it counts, as its likeliest kind,
    if that is likely; what a rule found counts before that, and says where.
    """
    found = list(by_rule(text)) if sure[ANY] >= _RULED * tell else []
    if hinted(previous) and not met(text) and max(sure["missed"], sure[ANY]) >= _HINTED * tell:
        found.append(Harm("missed", Span(text, 0, len(text))))
    likeliest = max(HURTS, key=lambda kind: sure[kind])
    if sure[ANY] >= tell and sure[likeliest] >= _NAMED and not found:
        found.append(Harm(likeliest, Span(text, 0, len(text))))
    return tuple(sorted(found, key=lambda harm: _ORDER.index(harm.kind)))


def flags(text: str, previous: str) -> list[str]:
    """Give the names of what the rules find in a reply and in the line before: the model weighs them with the rest."""
    found = [harm.kind for harm in by_rule(text)]
    if hinted(previous):
        found += ["hint", "hint met" if met(text) else "hint passed over"]
    return found


def by_rule(text: str) -> Iterator[Harm]:
    """Give what the rules find in a reply, at most once for each kind."""
    rules = _rules()
    for kind, patterns in rules.kinds.items():
        for clause in split(text):
            match = next((match for pattern in patterns if (match := pattern.search(clause.text))), None)
            if match and not any(rule.search(clause.text[: match.start()]) for rule in rules.turned):
                start, end = clause.start + match.start(), clause.start + match.end()
                yield Harm(kind, Span(text[start:end], start, end))
                break
