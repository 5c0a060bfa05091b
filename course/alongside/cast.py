"""What `course/cast.md` means: who is who, so that a person stays the same from one conversation to the next."""

from __future__ import annotations

from dataclasses import dataclass

from alongside.blocks import Fault, facts_in, parse

__all__ = ["Person", "read_cast"]


@dataclass(frozen=True)
class Person:
    """Someone who speaks in a conversation. `conversations` are the names of those they are in."""

    name: str
    conversations: tuple[str, ...]
    line: int


def read_cast(text: str, path: str) -> tuple[dict[str, Person], tuple[Fault, ...]]:
    """Read the cast sheet: each `##` heading is a person, by the name that stands before what they say."""
    page = parse(text, path)
    people: dict[str, Person] = {}
    faults = list(page.faults)
    for section in page.sections:
        if section.level != 2:  # noqa: PLR2004  people are second-level headings; a first-level one is the page's title
            continue
        told = [facts_in(line.text) for paragraph in section.paragraphs for line in paragraph.lines]
        facts = {name.lower(): value or "" for each in told for name, value in each or ()}
        conversations = tuple(part.strip() for part in facts.get("in", "").split(",") if part.strip())
        if not conversations:
            message = f"Say which conversations {section.title} is in: `*in: a-rough-week, the-last-cup*`."
            faults.append(Fault(path, section.line, message))
        if section.title in people:
            faults.append(Fault(path, section.line, f"{section.title} is in the cast twice. Put the two together."))
        people.setdefault(section.title, Person(section.title, conversations, section.line))
    return people, tuple(faults)
