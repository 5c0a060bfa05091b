"""What a learner typed in a conversation: which way it takes there, and how it is kept and shown. Pure.

A run holds the ids of replies alone. The words lie beside it, for the run as it stands now, and a run plays without
them just as well. What they do is found by `alongside.coding`; here it is only names of deeds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from alongside.coding.deeds import NARROWER
from alongside.record import OWN_WORDS, Thing
from alongside.roleplay import Turn
from alongside.scenario import ANYTHING, Reply
from alongside.sentences import fill

__all__ = [
    "LONGEST", "Typed", "asked", "previous", "read_typed", "route", "route_meant", "spoken", "still", "typed_data",
    "typed_in",
]  # fmt: skip

LONGEST = 4000
"""Characters of one reply that are kept: far above what the coach takes in."""

FORMAT = 1
Words = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Typed:
    """What was typed in a turn, the route that it took, and what the learner said it was for, where they were asked."""

    text: str
    route: str
    meant: str = ""


def route(routes: Sequence[Reply], deeds: Iterable[str]) -> Reply:
    """Give the first route that is for one of some deeds; the last is for anything else."""
    done = frozenset(deeds)
    return next((each for each in routes if done.intersection(each.own)), routes[-1])


def route_meant(routes: Sequence[Reply], deed: str) -> Reply:
    """Give the route for what the learner says they were going for.

    The coach could not tell, so it counts against nobody: a route that would gives way to that for anything else.
    """
    found = route(routes, _wide(deed))
    return routes[-1] if found.counts_against else found


def asked(routes: Sequence[Reply], known: Sequence[str]) -> tuple[str, ...]:
    """Give the deeds that the learner can choose from where the coach is not sure: those of the routes, in `known`."""
    own = {deed for each in routes for deed in each.own}
    return tuple(deed for deed in known if own.intersection(_wide(deed)))


def _wide(deed: str) -> tuple[str, ...]:
    """Give a deed with those that say more."""
    return (deed, *NARROWER.get(deed, ()))


def previous(turn: Turn) -> str:
    """Give the last thing that was said to the learner in a turn: the lines that one person said one after another."""
    said: list[str] = []
    speaker = ""
    for line in reversed(turn.heard):
        if line.kind == "speech":
            if said and line.speaker != speaker:
                break
            speaker = line.speaker
            said.append(line.words)
    return " ".join(reversed(said))


def still(typed: Mapping[int, Typed], choices: Sequence[str]) -> dict[int, Typed]:
    """Give what was typed in the turns that a run still has."""
    return {turn: each for turn, each in typed.items() if turn < len(choices) and choices[turn] == each.route}


def read_typed(data: object, choices: Sequence[str]) -> dict[int, Typed]:
    """Read what was kept beside a run, as far as it belongs to its replies. What cannot be used is left out."""
    rows = data.get("words") if isinstance(data, Mapping) and data.get("format") == FORMAT else None
    found: dict[int, Typed] = {}
    for row in rows if isinstance(rows, list) else ():
        if not isinstance(row, Mapping):
            continue
        turn, text, taken, meant = row.get("turn"), row.get("text"), row.get("route"), row.get("meant")
        if not isinstance(text, str) or not isinstance(taken, str) or not isinstance(meant, str):
            continue
        if type(turn) is int and turn >= 0 and 0 < len(text) <= LONGEST:
            found[turn] = Typed(text, taken, meant)
    return still(found, choices)


def typed_data(typed: Mapping[int, Typed]) -> dict[str, Any]:
    """Give plain data that `read_typed` reads back."""
    rows = [
        {"turn": turn, "text": each.text, "route": each.route, "meant": each.meant}
        for turn, each in sorted(typed.items())
    ]
    return {"format": FORMAT, "words": rows}


def typed_in(things: Iterable[Thing]) -> dict[str, object]:
    """Give what was kept beside each run, by the run's name."""
    return {thing.name: thing.value for thing in things if thing.kind == OWN_WORDS}


def spoken(turns: Sequence[Turn], typed: Mapping[int, Typed], words: Words) -> tuple[Turn, ...]:
    """Give turns in which each route has words: those that were typed, or what it was that they did."""
    return tuple(
        replace(turn, chosen=replace(turn.chosen, words=_said(turn.chosen, typed.get(number), words)))
        if turn.chosen and turn.chosen.own
        else turn
        for number, turn in enumerate(turns)
    )


def _said(reply: Reply, typed: Typed | None, words: Words) -> str:
    if typed and typed.route == reply.id:
        return typed.text
    if ANYTHING in reply.own:
        return words["roleplay"]["own_said"]
    did = words["roleplay"]["own_or"].join(words["coach"][f"mark_{deed}"] for deed in reply.own)
    return fill(words["roleplay"]["own_did"], did=did)
