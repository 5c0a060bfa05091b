"""The conversations that a learner has practiced: the one under way, and those that came to an ending. Pure.

What is read here was kept by any version of the course, or brought back from a file, so nothing is taken for granted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from alongside.catalog import Catalog
from alongside.journal import parted, place_of, readable, title_of
from alongside.own_words import Typed, read_typed, spoken, typed_in
from alongside.record import RUNS, TALKS, Record, Thing
from alongside.roleplay import Turn, play, restore
from alongside.scenario import Scenario
from alongside.talks import Talk, ended, read_talks

Words = Mapping[str, Mapping[str, str]]

__all__ = ["Conversation", "conversations", "read_conversations"]


@dataclass(frozen=True)
class Conversation:
    """A conversation that was practiced. Without `scenario` and `place` it is not in the course any more.

    That which is `under_way` has not ended: the moment that it carries is when it was saved. What was `typed` belongs
    to the talk of the replies `last`, which was had last.
    """

    name: str
    module: str
    title: str
    scenario: Scenario | None
    place: str
    under_way: Talk | None
    talks: tuple[Talk, ...]
    last: tuple[str, ...] = ()
    typed: Mapping[int, Typed] = field(default_factory=dict)

    def turns(self, talk: Talk, words: Words) -> tuple[Turn, ...]:
        """Play one of its talks again, as far as it still fits. Nothing, where there is nothing to play it in."""
        typed = self.typed if talk.choices == self.last else {}
        return spoken(self._played(talk), typed, words)

    def _played(self, talk: Talk) -> tuple[Turn, ...]:
        return play(self.scenario, talk.choices) if self.scenario else ()

    def fits(self, talk: Talk) -> bool:
        """Whether all that was said still fits, and nothing comes after it that did not then."""
        turns = self._played(talk)
        whole = sum(turn.chosen is not None for turn in turns) == len(talk.choices)
        return whole and (talk is self.under_way or ended(turns))


def read_conversations(catalog: Catalog, record: Record) -> tuple[Conversation, ...]:
    """Read the conversations of a record. Raises OSError."""
    things, _ = record.everything()
    return conversations(catalog, things)


def conversations(catalog: Catalog, things: Iterable[Thing]) -> tuple[Conversation, ...]:
    """Put what was kept in the order of the course, and after it what the course does not have any more."""
    things = tuple(things)
    typed = typed_in(things)
    runs: dict[str, Thing] = {}
    talks: dict[str, tuple[Talk, ...]] = {}
    for thing in things:
        if thing.kind == RUNS:
            runs[thing.name] = thing
        elif thing.kind == TALKS:
            talks[thing.name] = read_talks(thing.value)
    needed = {parted(name)[0] for name in (*runs, *talks)}  # no other module's files are read
    order = [f"{each.id}--{name}" for each in catalog.modules if each.id in needed for name in each.scenarios]
    names = sorted({*runs, *talks}, key=lambda name: (order.index(name) if name in order else len(order), name))
    found = (_conversation(catalog, name, runs.get(name), talks.get(name, ()), typed.get(name)) for name in names)
    return tuple(each for each in found if each.under_way or each.talks)


def _conversation(
    catalog: Catalog, name: str, run: Thing | None, talks: tuple[Talk, ...], beside: object
) -> Conversation:
    where, here = parted(name)
    module = next((each for each in catalog.modules if each.id == where), None)
    scenario = module.scenarios.get(here) if module else None
    place = place_of(module, "roleplay", here) if module and scenario else ""
    now = _under_way(scenario, run)
    last = now.choices if now else ()
    if now and scenario and ended(play(scenario, now.choices)):
        talks, now = (talks if any(each.id == now.id for each in talks) else (*talks, now)), None
    title = scenario.title if scenario else readable(here)
    typed = read_typed(beside, last)
    return Conversation(name, title_of(catalog, where), title, scenario, place, now, talks, last, typed)


def _under_way(scenario: Scenario | None, run: Thing | None) -> Talk | None:
    """Read the run that was kept last, as far as it fits the course as it is now."""
    if run is None:
        return None
    if scenario is None:  # how far it came cannot be told, but that it was there can
        return Talk((), "", run.saved)
    found = restore(scenario, run.value).run
    return Talk(found.choices, found.digest, run.saved) if found.choices else None
