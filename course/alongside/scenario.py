"""A scenario: scenes, what is heard in them, and the replies one can give. Read from a file by `scenario_reader`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from alongside.condition import ALWAYS, Condition
from alongside.course import Meter

__all__ = ["ANYTHING", "Effects", "Heard", "Rating", "Reply", "Scenario", "Scene", "Target"]

ANYTHING = "anything"
"""Stands in the place of deeds in the last of the ways that own words can go."""


class Rating(StrEnum):
    """How a reply serves the other person. `Harm` is a gate: the moment is taken again, whatever else was earned."""

    STRONG = "Strong"
    OKAY = "Okay"
    RETHINK = "Rethink"
    HARM = "Harm"


@dataclass(frozen=True)
class Heard:
    """Something heard, seen or thought in a scene. `kind` is "speech", "seen" or "thought"."""

    kind: str
    words: str
    line: int
    speaker: str = ""
    when: Condition = ALWAYS


@dataclass(frozen=True)
class Target:
    """A scene that a reply leads to, if the condition holds. `title` is as the author wrote it, for messages."""

    scene: str
    line: int
    title: str = ""
    when: Condition = ALWAYS


@dataclass(frozen=True)
class Effects:
    """What a reply changes: points by skill (0 to 3), meters by steps, words remembered and forgotten."""

    points: tuple[tuple[str, int], ...] = ()
    meters: tuple[tuple[str, int], ...] = ()
    remember: tuple[str, ...] = ()
    forget: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reply:
    """One thing the learner can say. The first target whose condition holds is where it leads.

    With `own` it is a route: the way that the talk takes when the learner types words of their own that do one of
    these deeds. It has no words then.
    """

    id: str
    words: str
    targets: tuple[Target, ...]
    rating: Rating
    reason: str
    line: int
    effects: Effects = Effects()
    when: Condition = ALWAYS
    own: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Its words; for a route, what an author calls it."""
        deeds = "anything else" if ANYTHING in self.own else ", ".join(self.own)
        return f"In your own words ({deeds})" if self.own else self.words

    @property
    def counts_against(self) -> bool:
        """Whether it is told as one to rethink, or takes points or meters away."""
        steps = (*self.effects.points, *self.effects.meters)
        return self.rating in {Rating.RETHINK, Rating.HARM} or any(step < 0 for _, step in steps)


@dataclass(frozen=True)
class Scene:
    """One moment of a conversation. Without replies it is an ending."""

    id: str
    title: str
    heard: tuple[Heard, ...]
    replies: tuple[Reply, ...]
    line: int

    @property
    def is_ending(self) -> bool:
        """Whether the conversation stops here."""
        return not self.replies

    @cached_property
    def written(self) -> tuple[Reply, ...]:
        """The replies that an author wrote, without the routes."""
        return tuple(reply for reply in self.replies if not reply.own)

    @cached_property
    def routes(self) -> tuple[Reply, ...]:
        """The ways that the learner's own words can go, in the author's order; the last is for anything else."""
        return tuple(reply for reply in self.replies if reply.own)


@dataclass(frozen=True)
class Scenario:
    """A whole conversation. `digest` changes whenever the words do, so that saved runs can tell."""

    id: str
    path: str
    title: str
    skills: tuple[str, ...]
    minutes: int
    note: str
    scenes: tuple[Scene, ...]
    meters: tuple[Meter, ...]
    digest: str
    language: str = "en"

    @property
    def start(self) -> Scene:
        """The first scene."""
        return self.scenes[0]

    @cached_property
    def by_id(self) -> dict[str, Scene]:
        """The scenes by their id, which is the slug of their heading."""
        return {scene.id: scene for scene in self.scenes}

    @property
    def person(self) -> str:
        """The name of the one who speaks first: the person the learner talks with."""
        return next((heard.speaker for scene in self.scenes for heard in scene.heard if heard.speaker), "")
