"""The conversation: a state, a reply, a new state, and what was earned on the way. Pure.

A run is the list of replies chosen. Everything else (where one is, what was heard, the scores) is found by playing it
again, so a saved run can never disagree with itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from alongside.condition import holds
from alongside.scenario import Heard, Rating, Reply, Scenario

__all__ = [
    "How", "Profile", "Restored", "Run", "State", "Turn", "again", "available", "choose", "earned", "follow", "heard",
    "play", "profile", "restore", "start",
]  # fmt: skip

FORMAT = 1


@dataclass(frozen=True)
class State:
    """Where a conversation stands: the scene, the meters (as sorted pairs, so that states compare) and the memory."""

    scene: str
    meters: tuple[tuple[str, int], ...]
    memory: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Turn:
    """One turn as it was played. `offered` is empty at an ending, and after a Harm reply, where `halted` is true."""

    state: State
    heard: tuple[Heard, ...]
    offered: tuple[Reply, ...]
    chosen: Reply | None = None
    halted: bool = False


@dataclass(frozen=True)
class Run:
    """What a learner chose, by reply id, and the tries that were taken back, oldest first."""

    scenario: str
    digest: str
    choices: tuple[str, ...] = ()
    earlier: tuple[tuple[str, ...], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Give plain data that `restore` reads back."""
        return {
            "format": FORMAT,
            "scenario": self.scenario,
            "digest": self.digest,
            "choices": list(self.choices),
            "earlier": [list(choices) for choices in self.earlier],
        }


class How(StrEnum):
    """How a saved run came back. But for the first two, each is the name of its sentence under `[record]`."""

    NEW = "new"
    SAME = "same"
    CHANGED = "talk_changed"
    SHORTER = "talk_shorter"
    ANEW = "talk_anew"
    UNREAD = "talk_unread"


@dataclass(frozen=True)
class Restored:
    """A run that came back. `left_out` says that some of what was saved is not in it, and is to be kept aside."""

    run: Run
    how: How
    left_out: bool = False


@dataclass(frozen=True)
class Profile:
    """How a run went: points by skill, each with the most that any path can earn, and how often each rating came."""

    points: tuple[tuple[str, int, int], ...]
    ratings: tuple[tuple[Rating, int], ...]
    taken_again: int


def start(scenario: Scenario) -> State:
    """Give the state before the first reply: the first scene, all meters at 0, nothing remembered."""
    return State(scenario.start.id, tuple(sorted((meter.name, 0) for meter in scenario.meters)))


def heard(scenario: Scenario, state: State) -> tuple[Heard, ...]:
    """Give what is heard, seen and thought in a state's scene."""
    meters = dict(state.meters)
    lines = scenario.by_id[state.scene].heard
    return tuple(line for line in lines if holds(line.when, meters, state.memory))


def available(scenario: Scenario, state: State) -> tuple[Reply, ...]:
    """Give the replies that can be chosen in a state. None means that the conversation ends here."""
    meters = dict(state.meters)
    replies = scenario.by_id[state.scene].replies
    return tuple(reply for reply in replies if holds(reply.when, meters, state.memory))


def follow(scenario: Scenario, state: State, reply: Reply) -> State:
    """Give the state after a reply: meters moved and kept inside their limits, words remembered, the next scene.

    The target's condition reads the meters and memory as they were *before* the reply, as its author saw them.
    """
    before = dict(state.meters)
    after = dict(before)
    limits = {meter.name: meter for meter in scenario.meters}
    for name, step in reply.effects.meters:
        meter = limits[name]
        after[name] = min(max(after.get(name, 0) + step, meter.lowest), meter.highest)
    memory = (state.memory - set(reply.effects.forget)) | set(reply.effects.remember)
    scene = next(
        (target.scene for target in reply.targets if holds(target.when, before, state.memory)),
        reply.targets[-1].scene,
    )
    return State(scene, tuple(sorted(after.items())), frozenset(memory))


def play(scenario: Scenario, choices: Sequence[str]) -> tuple[Turn, ...]:
    """Play a list of reply ids from the start, as far as they fit. The last turn is the one to answer now."""
    state = start(scenario)
    turns: list[Turn] = []
    for choice in choices:
        offered = available(scenario, state)
        reply = next((each for each in offered if each.id == choice), None)
        if reply is None:
            break
        turns.append(Turn(state, heard(scenario, state), offered, reply))
        state = follow(scenario, state, reply)
        if reply.rating is Rating.HARM:
            turns.append(Turn(state, heard(scenario, state), (), halted=True))
            return tuple(turns)
    turns.append(Turn(state, heard(scenario, state), available(scenario, state)))
    return tuple(turns)


def choose(scenario: Scenario, run: Run, reply_id: str) -> Run:
    """Add a reply to a run. A reply that is not offered now changes nothing."""
    if any(reply.id == reply_id for reply in play(scenario, run.choices)[-1].offered):
        return Run(run.scenario, run.digest, (*run.choices, reply_id), run.earlier)
    return run


def again(run: Run, turn: int) -> Run:
    """Go back to a turn, counted from 0, and keep what was chosen so far as an earlier try."""
    kept = run.choices[: max(turn, 0)]
    if kept == run.choices:
        return run
    return Run(run.scenario, run.digest, kept, (*run.earlier, run.choices))


def earned(scenario: Scenario, choices: Sequence[str]) -> dict[str, int]:
    """Give the points by skill. A reply gives its points once, however often a loop comes back to it."""
    points: Counter[str] = Counter(dict.fromkeys(scenario.skills, 0))
    given: set[str] = set()
    for turn in play(scenario, choices):
        if turn.chosen and turn.chosen.id not in given:
            given.add(turn.chosen.id)
            points.update(dict(turn.chosen.effects.points))
    return dict(points)


def profile(scenario: Scenario, run: Run, totals: Mapping[str, int]) -> Profile:
    """Say how a run went. `totals` holds the most that any path can earn, by skill (see `explore`)."""
    points = earned(scenario, run.choices)
    ratings = Counter(turn.chosen.rating for turn in play(scenario, run.choices) if turn.chosen)
    return Profile(
        tuple((skill, points[skill], totals.get(skill, 0)) for skill in scenario.skills),
        tuple((rating, ratings[rating]) for rating in Rating),
        len(run.earlier),
    )


def restore(scenario: Scenario, data: object) -> Restored:
    """Read a saved run, and say what became of it. What no longer fits the scenario is left out of the run."""
    fresh = Run(scenario.id, scenario.digest)
    if data is None:
        return Restored(fresh, How.NEW)
    if not isinstance(data, Mapping) or data.get("format") != FORMAT or data.get("scenario") != scenario.id:
        return Restored(fresh, How.UNREAD, left_out=True)
    choices, earlier = data.get("choices"), data.get("earlier")
    if not isinstance(choices, list) or not isinstance(earlier, list):
        return Restored(fresh, How.UNREAD, left_out=True)
    kept = _fitting(scenario, choices)
    tries = [_fitting(scenario, each) for each in earlier]
    run = Run(scenario.id, scenario.digest, kept, tuple(fit for fit in tries if fit))
    left_out = list(kept) != choices or any(list(fit) != each for fit, each in zip(tries, earlier, strict=True))
    if list(kept) != choices:
        return Restored(run, How.SHORTER if kept else How.ANEW, left_out)
    changed = bool(kept) and data.get("digest") != scenario.digest
    return Restored(run, How.CHANGED if changed else How.SAME, left_out)


def _fitting(scenario: Scenario, choices: object) -> tuple[str, ...]:
    if not isinstance(choices, list) or not all(isinstance(choice, str) for choice in choices):
        return ()
    return tuple(turn.chosen.id for turn in play(scenario, choices) if turn.chosen)
