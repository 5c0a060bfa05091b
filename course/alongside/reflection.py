"""What a reflections file means: prompts to write about, each private unless the learner shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alongside.blocks import Fault, Paragraph, Section, parse
from alongside.front import Front

if TYPE_CHECKING:
    from alongside.course import Course

__all__ = ["Reflection", "read_reflections"]

_OTHER = "or write about someone else"


@dataclass(frozen=True)
class Reflection:
    """A prompt, a guide of short questions, and a fictional case for those who would rather not write of themselves."""

    id: str
    title: str
    prompt: tuple[str, ...]
    guide: tuple[str, ...]
    other: tuple[str, ...]
    line: int


def read_reflections(
    text: str,
    path: str,
    course: Course,  # noqa: ARG001  every reader is called alike
) -> tuple[tuple[Reflection, ...], tuple[Fault, ...]]:
    """Read a reflections file: the prompts that are whole, and the faults of those that are not."""
    page = parse(text, path)
    front = Front(page, known=("format", "title", "lang"))
    faults = [*page.faults, *front.faults]
    found: list[Reflection] = []
    sections = list(page.sections)
    seen: dict[str, int] = {}
    for index, section in enumerate(sections):
        if section.level == 3 and section.title.strip().lower() == _OTHER:  # noqa: PLR2004
            if index == 0:
                faults.append(Fault(path, section.line, "This stands before the first reflection. Move it under one."))
            continue
        if section.level != 2:  # noqa: PLR2004  a reflection is a second-level heading
            faults.append(Fault(path, section.line, "A reflection starts with two hashes: `## Its name {#its-id}`."))
            continue
        if section.anchor in seen:
            message = f"Two reflections have the id {section.anchor} (see line {seen[section.anchor]}). Change one."
            faults.append(Fault(path, section.line, message))
        seen.setdefault(section.anchor, section.line)
        following = sections[index + 1] if index + 1 < len(sections) else None
        other = following if following and following.title.strip().lower() == _OTHER else None
        prompt = _texts(section)
        if not prompt:
            faults.append(
                Fault(path, section.line, "This reflection asks nothing. Write what to think about under it.")
            )
        guide = tuple(item.text for item in section.items)
        found.append(
            Reflection(section.anchor, section.title, prompt, guide, _texts(other) if other else (), section.line)
        )
    if not sections:
        faults.append(Fault(path, 1, "There is no reflection here. Start one with `## Its name {#its-id}`."))
    return tuple(found), tuple(faults)


def _texts(section: Section) -> tuple[str, ...]:
    return tuple(block.text for block in section.blocks if isinstance(block, Paragraph))
