"""What the whole course shares: skills, meters, crisis lines, words we avoid, sources, and the words on buttons."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from alongside.blocks import Fault
from alongside.facts import DatedFact, read_facts

__all__ = ["Course", "Meter", "Skill", "Source", "read_course", "read_words"]


@dataclass(frozen=True)
class Skill:
    """A skill that replies and questions give points for."""

    id: str
    name: str
    means: str


@dataclass(frozen=True)
class Meter:
    """A small whole number that a conversation remembers. Starts at 0."""

    name: str
    lowest: int
    highest: int


@dataclass(frozen=True)
class Source:
    """Where a claim comes from: what the learner reads, what it is in our words, and its address."""

    id: str
    short: str
    about: str
    url: str
    checked: str


@dataclass(frozen=True)
class Course:
    """What the whole course shares: `course.yaml`, `sources.toml` and `facts.yaml`.

    `crisis_names` are the facts that name somewhere to turn; `faults` are those of `facts.yaml`.
    """

    title: str
    language: str
    skills: Mapping[str, Skill]
    meters: tuple[Meter, ...]
    crisis_names: tuple[str, ...]
    avoided: Mapping[str, str]
    sources: Mapping[str, Source]
    facts: Mapping[str, DatedFact]
    faults: tuple[Fault, ...]

    @property
    def crisis(self) -> tuple[DatedFact, ...]:
        """Somewhere to turn on a hard day. One that is missing takes nothing else with it; a check tells of it."""
        return tuple(self.facts[name] for name in self.crisis_names if name in self.facts)


@lru_cache(maxsize=4)
def read_course(root: Path) -> Course:
    """Read the shared facts under `root`. Raises ValueError, naming the file and what is missing."""
    import yaml  # noqa: PLC0415  a third of the time that importing this package would take

    path = root / "course" / "course.yaml"
    sources = _sources(root / "course" / "sources.toml")
    told = root / "course" / "facts.yaml"
    text = told.read_text(encoding="utf-8") if told.is_file() else ""
    facts, faults = read_facts(text, "course/facts.yaml", sources)
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        data: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506  a safe loader
        return Course(
            title=data["title"],
            language=data["language"],
            skills={key: Skill(key, value["name"], value["means"]) for key, value in data["skills"].items()},
            meters=tuple(Meter(key, value["lowest"], value["highest"]) for key, value in data["meters"].items()),
            crisis_names=tuple(data["crisis"]),
            avoided={str(key): str(value) for key, value in data["words-avoided"].items()},
            sources=sources,
            facts=facts,
            faults=faults,
        )
    except (KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
        message = f"{path}: this file cannot be used ({error}). Compare it with the last version that worked."
        raise ValueError(message) from error


def _sources(path: Path) -> dict[str, Source]:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        key: Source(key, row["short"], row["about"], row["url"], row["checked"].isoformat())
        for key, row in data.items()
    }


@lru_cache(maxsize=4)
def read_words(root: Path, language: str = "en") -> Mapping[str, Mapping[str, str]]:
    """Read the words on buttons and in messages, by part. What is missing in a language falls back to English."""
    folder = root / "course" / "words"
    words: dict[str, dict[str, str]] = tomllib.loads((folder / "en.toml").read_text(encoding="utf-8"))
    other = folder / f"{language}.toml"
    if language != "en" and other.is_file():
        for part, entries in tomllib.loads(other.read_text(encoding="utf-8")).items():
            words[part] = {**words.get(part, {}), **entries}
    return words
