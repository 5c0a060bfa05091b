"""The conversations that a learner has practiced: the one under way, and those that came to an ending. Pure.

What is read here was kept by any version of the course, or brought back from a file, so nothing is taken for granted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from alongside.catalog import Catalog
from alongside.journal import parted, place_of, readable, title_of
from alongside.record import RUNS, TALKS, Record, Thing
from alongside.roleplay import Turn, play, restore
from alongside.scenario import Scenario

__all__ = ["Conversation", "Talk", "conversations", "is_over", "read_conversations", "talks_in"]

_FORMAT = 1
_MOST_CHOICES = 500


@dataclass(frozen=True)
class Talk:
    """What was said in one go, by reply id, in the words of `digest`. `moment` is in ms since 1970, if known."""

    choices: tuple[str, ...]
    digest: str
    moment: int | None

    @property
    def id(self) -> str:
        """What names it among the talks of one conversation, in whatever order they lie."""
        return hashlib.sha256(json.dumps([self.choices, self.digest]).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Conversation:
    """A conversation that was practiced. Without `scenario` and `place` it is not in the course any more."""

    name: str
    module: str
    title: str
    scenario: Scenario | None
    place: str
    under_way: Talk | None
    talks: tuple[Talk, ...]

    def turns(self, talk: Talk) -> tuple[Turn, ...]:
        """Play one of its talks again, as far as it still fits. Nothing, where there is nothing to play it in."""
        return play(self.scenario, talk.choices) if self.scenario else ()

    def fits(self, talk: Talk) -> bool:
        """Whether all that was said still fits, and nothing comes after it that did not then."""
        turns = self.turns(talk)
        whole = sum(turn.chosen is not None for turn in turns) == len(talk.choices)
        return whole and (talk is self.under_way or is_over(turns))


def is_over(turns: tuple[Turn, ...]) -> bool:
    """Whether a conversation has come to an ending, and not only to a Harm reply."""
    return bool(turns) and not turns[-1].offered and not turns[-1].halted


def read_conversations(catalog: Catalog, record: Record) -> tuple[Conversation, ...]:
    """Read the conversations of a record. Raises OSError."""
    things, _ = record.everything()
    return conversations(catalog, things)


def conversations(catalog: Catalog, things: Iterable[Thing]) -> tuple[Conversation, ...]:
    """Put what was kept in the order of the course, and after it what the course does not have any more."""
    runs: dict[str, Thing] = {}
    talks: dict[str, tuple[Talk, ...]] = {}
    for thing in things:
        if thing.kind == RUNS:
            runs[thing.name] = thing
        elif thing.kind == TALKS:
            talks[thing.name] = talks_in(thing.value)
    needed = {parted(name)[0] for name in (*runs, *talks)}  # no other module's files are read
    order = [f"{each.id}--{name}" for each in catalog.modules if each.id in needed for name in each.scenarios]
    names = sorted({*runs, *talks}, key=lambda name: (order.index(name) if name in order else len(order), name))
    found = (_conversation(catalog, name, runs.get(name), talks.get(name, ())) for name in names)
    return tuple(each for each in found if each.under_way or each.talks)


def talks_in(value: object) -> tuple[Talk, ...]:
    """Read the talks that came to an ending, oldest first. What is no talk is left out."""
    if not isinstance(value, Mapping) or value.get("format") != _FORMAT or not isinstance(value.get("talks"), list):
        return ()
    read = (_talk(each) for each in value["talks"])
    return tuple(talk for talk in read if talk)


def _talk(value: object) -> Talk | None:
    if not isinstance(value, Mapping):
        return None
    choices, digest, moment = value.get("choices"), value.get("digest"), value.get("ended")
    if not isinstance(choices, list) or not 0 < len(choices) <= _MOST_CHOICES or not isinstance(digest, str):
        return None
    if not all(isinstance(choice, str) for choice in choices):
        return None
    return Talk(tuple(choices), digest, moment if type(moment) is int else None)


def _conversation(catalog: Catalog, name: str, run: Thing | None, talks: tuple[Talk, ...]) -> Conversation:
    where, here = parted(name)
    module = next((each for each in catalog.modules if each.id == where), None)
    scenario = module.scenarios.get(here) if module else None
    place = place_of(module, "roleplay", here) if module and scenario else ""
    now = _under_way(scenario, run)
    if now and scenario and is_over(play(scenario, now.choices)):
        talks, now = (talks if any(each.id == now.id for each in talks) else (*talks, now)), None
    title = scenario.title if scenario else readable(here)
    return Conversation(name, title_of(catalog, where), title, scenario, place, now, talks)


def _under_way(scenario: Scenario | None, run: Thing | None) -> Talk | None:
    """Read the run that was kept last, as far as it fits the course as it is now."""
    if run is None:
        return None
    if scenario is None:
        choices = run.value.get("choices") if isinstance(run.value, Mapping) else None
        return _talk({"choices": choices, "digest": "", "ended": run.saved})
    found = restore(scenario, run.value).run
    return Talk(found.choices, found.digest, run.saved) if found.choices else None
