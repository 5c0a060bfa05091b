"""Conversations that came to an ending: what was said in each, and when. Pure.

A list of them is kept by conversation, oldest first. What a record holds is read as if by a stranger.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from alongside.roleplay import Restored, Run, Turn, restore
from alongside.scenario import Scenario

__all__ = ["MOST", "Talk", "add", "ended", "is_whole", "read_talks", "replay", "talks_data", "unite"]

MOST = 10
FORMAT = 1
_LONGEST = 500  # replies in one talk: no conversation here comes near it
_LONGEST_NAME = 200
_LATEST = 1 << 53


@dataclass(frozen=True)
class Talk:
    """One talk by reply id, the digest of the words it was had in, and when it ended (milliseconds since 1970)."""

    choices: tuple[str, ...]
    digest: str
    ended: int

    @property
    def id(self) -> str:
        """What names it among the talks of one conversation, in whatever order they lie."""
        return hashlib.sha256(json.dumps([self.choices, self.digest]).encode()).hexdigest()[:16]

    def is_as(self, other: Talk) -> bool:
        """Whether the same was said in the same conversation."""
        return (self.choices, self.digest) == (other.choices, other.digest)


def ended(turns: Sequence[Turn]) -> bool:
    """Whether a conversation has come to an ending, and not only to a Harm reply."""
    return not turns[-1].offered and not turns[-1].halted


def read_talks(data: object) -> tuple[Talk, ...]:
    """Read what was kept, oldest first. What cannot be used is left out."""
    return unite(talk for row in _rows(data) or () if (talk := _talk(row)))


def is_whole(data: object) -> bool:
    """Whether `read_talks` leaves nothing out, so that what was kept may be written anew."""
    rows = _rows(data)
    return rows is not None and len(rows) <= MOST and all(_talk(row) for row in rows)


def talks_data(talks: Iterable[Talk]) -> dict[str, Any]:
    """Give plain data that `read_talks` reads back."""
    rows = [{"choices": list(talk.choices), "digest": talk.digest, "ended": talk.ended} for talk in talks]
    return {"format": FORMAT, "talks": rows}


def add(talks: Iterable[Talk], talk: Talk) -> tuple[Talk, ...]:
    """Put a talk at the end. The same talk of an earlier day makes way, and so does the oldest of too many."""
    return (*(each for each in talks if not each.is_as(talk)), talk)[-MOST:]


def unite(*many: Iterable[Talk]) -> tuple[Talk, ...]:
    """Put several lists into one, in the order of time: each talk once, as it was had last, and the newest of all."""
    latest: dict[tuple[tuple[str, ...], str], Talk] = {}
    for talk in sorted((each for talks in many for each in talks), key=lambda each: each.ended):
        latest[talk.choices, talk.digest] = talk
    return tuple(sorted(latest.values(), key=lambda each: (each.ended, each.choices, each.digest))[-MOST:])


def replay(scenario: Scenario, talk: Talk) -> Restored:
    """Give a talk as it would go in the conversation as it is today, and say what became of it."""
    return restore(scenario, Run(scenario.id, talk.digest, talk.choices).to_dict())


def _rows(data: object) -> list[Any] | None:
    rows = data.get("talks") if isinstance(data, Mapping) and data.get("format") == FORMAT else None
    return rows if isinstance(rows, list) else None


def _talk(row: object) -> Talk | None:
    if not isinstance(row, Mapping):
        return None
    choices, digest, ended = row.get("choices"), row.get("digest"), row.get("ended")
    if not isinstance(choices, list) or not 0 < len(choices) <= _LONGEST or not all(_name(each) for each in choices):
        return None
    if not isinstance(digest, str) or not _name(digest) or type(ended) is not int or not 0 <= ended < _LATEST:
        return None
    return Talk(tuple(choices), digest, ended)


def _name(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_NAME
