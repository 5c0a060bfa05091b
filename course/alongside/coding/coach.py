"""What the coach says of a reply, in sentences that people wrote. Pure.

What could hurt comes first, and then nothing else is said. Where nothing is sure, the coach asks. Nothing is ever
scored, and telling of one's own life is never called an error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from alongside.coding.listening import Find, Listened
from alongside.sentences import fill

__all__ = ["ASKED", "Coached", "Mark", "coach"]

Words = Mapping[str, str]

ASKED: Final = ("reflects", "asks", "supports", "affirms", "asks-leave", "informs", "advises", "shares")
"""What the learner can say that they were going for, where the coach is not sure."""

_MOST = 3  # deeds told in one sentence
_SHORT = 8  # words that are quoted whole


@dataclass(frozen=True)
class Mark:
    """Words of the reply, and what was heard in them."""

    start: int
    end: int
    label: str
    harm: bool = False


@dataclass(frozen=True)
class Coached:
    """What the learner is shown. `kind` is `odd`, `harm`, `careful`, `unsure` or `heard`.

    `other` is one more way to say it, or empty. `options` are deeds to choose from, where the coach asks.
    """

    kind: str
    said: tuple[str, ...]
    marks: tuple[Mark, ...] = ()
    other: str = ""
    options: tuple[str, ...] = ()


def coach(heard: Listened, person: str, words: Words) -> Coached:
    """Say what was heard in a reply to a person. `words` is the part `[coach]`."""
    person = person or words["they"]
    if heard.oddity:
        return Coached("odd", (words[f"odd_{heard.oddity}"],))
    if heard.harms:
        return _harm(heard, person, words)
    marks = tuple(
        Mark(find.clause.start, find.clause.end, words[f"mark_{find.deed}"]) for find in _first_of(heard.finds)
    )
    if heard.careful:
        told = (_told(heard.finds, words),) if heard.finds else ()
        return Coached("careful", (*told, fill(words["careful"], person=person)), marks)
    if not heard.finds:
        return Coached("unsure", (words["unsure"],), (), "", ASKED)
    name = pattern(heard)
    if name in _LACKS and not _all_told(heard):
        return Coached("heard", (_told(heard.finds, words), words["rest_unsure"]), marks)
    said = (_told(heard.finds, words), fill(words[f"why_{name}"], person=person))
    return Coached("heard", said, marks, _other(name, heard, person, words))


def _harm(heard: Listened, person: str, words: Words) -> Coached:
    first = heard.harms[0]
    marks = tuple(
        Mark(harm.span.start, harm.span.end, words[f"mark_harm_{harm.kind}"], harm=True)
        for harm in heard.harms
        if harm.kind != "missed" and harm.span.end - harm.span.start < len(heard.text)
    )
    said = tuple(
        fill(words[f"harm_{kind}"], person=person) for kind in dict.fromkeys(each.kind for each in heard.harms)
    )
    return Coached("harm", said[:2], marks[:2], fill(words[f"other_harm_{first.kind}"], person=person))


def _first_of(finds: Sequence[Find]) -> list[Find]:
    """Give one find for each clause, the likeliest."""
    return list({find.clause: find for find in reversed(finds)}.values())[::-1]


def _told(finds: Sequence[Find], words: Words) -> str:
    """Put what was heard into one sentence."""
    parts = [
        fill(words[f"did_{find.deed}"], words=_quoted(find)) for find in _first_of(finds)[:_MOST]
    ]  # fmt: skip
    return fill(words[f"told_{len(parts)}"], **dict(zip(("one", "two", "three"), parts, strict=False)))


def _quoted(find: Find) -> str:
    """Give the words to quote: a short clause whole, of a longer one what spoke most."""
    short = len(find.clause.text.split()) <= _SHORT
    return (find.clause if short else find.carried).text.strip(' .,;:!?"\u201c\u201d')


_PATTERNS: Final[Sequence[tuple[str, frozenset[str]]]] = (
    ("labels", frozenset({"labels"})),
    ("warns", frozenset({"warns"})),
    ("minimises", frozenset({"minimises"})),
    ("leave_first", frozenset({"asks-leave"})),
    ("heard_then_idea", frozenset({"reflects", "advises"})),
    ("idea_and_choice", frozenset({"leaves-choice", "advises"})),
    ("idea", frozenset({"advises"})),
    ("two_questions", frozenset({"asks-twice"})),
    ("heard_then_closed", frozenset({"reflects", "asks-closed"})),
    ("heard_then_asked", frozenset({"reflects", "asks"})),
    ("shares", frozenset({"shares"})),
    ("heard", frozenset({"reflects"})),
    ("closed", frozenset({"asks-closed"})),
    ("asked", frozenset({"asks"})),
    ("affirms", frozenset({"affirms"})),
    ("leaves_choice", frozenset({"leaves-choice"})),
    ("praises", frozenset({"praises"})),
    ("supports", frozenset({"supports"})),
    ("informs", frozenset({"informs"})),
    ("light", frozenset()),
)
"""What a reply comes to, by deeds that are all in it. The first that fits is told."""


_LACKS: Final = frozenset({"supports", "praises", "light"})
"""Patterns that are told by what they lack: not told where the coach could not make out every part."""


def _all_told(heard: Listened) -> bool:
    told = {find.clause for find in heard.finds}
    return heard.coded is None or all(clause.span in told for clause in heard.coded.clauses)


def pattern(heard: Listened) -> str:
    """Give the name of what a reply comes to."""
    asked = {find.clause for find in heard.finds if find.deed in {"asks", "asks-open", "asks-closed"}}
    deeds = heard.deeds | {"asks-twice"} if len(asked) > 1 else heard.deeds
    return next(name for name, needed in _PATTERNS if needed <= deeds)


def _other(name: str, heard: Listened, person: str, words: Words) -> str:
    """Give one more way to say it, from the learner's own words where they hold one."""
    own = {find.deed: find.clause.text for find in reversed(heard.finds)}
    keep = {
        "heard_then_idea": own.get("reflects"),
        "heard_then_closed": own.get("reflects"),
        "two_questions": own.get("asks-open") or own.get("asks") or own.get("asks-closed"),
        "minimises": _rest(heard, "minimises"),
        "warns": _rest(heard, "warns"),
    }.get(name)
    if keep:
        return fill(words["keep"], words=keep)
    return fill(words.get(f"other_{name}", ""), person=person)


def _rest(heard: Listened, deed: str) -> str:
    """Give the reply without the clauses of a deed."""
    out = {find.clause for find in heard.finds if find.deed == deed}
    clauses = heard.coded.clauses if heard.coded else ()
    return " ".join(clause.span.text for clause in clauses if clause.span not in out)
