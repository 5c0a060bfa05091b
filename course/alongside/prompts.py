"""What `modules/practice-lab-prompts.md` means: lines that somebody says, by the skill that answering them is for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from alongside.blocks import Fault, Paragraph, Section, facts_in, parse
from alongside.front import Front

__all__ = ["Prompt", "Prompts", "Skill", "read_prompts"]

_SPEECH = re.compile(r"^\*\*(?P<person>[^*:]+):\*\*\s*(?P<words>.+)$")
_ID = re.compile(r"^[a-z][a-z0-9-]{1,60}$")
_SKILL, _PROMPT = 1, 2  # the levels of their headings


@dataclass(frozen=True)
class Skill:
    """What a group of prompts is for, and one line on how it is done."""

    id: str
    name: str
    means: str
    line: int


@dataclass(frozen=True)
class Prompt:
    """A line to answer. `skills` are the ids of what it is for, its own first; `ways` are how people answered it."""

    id: str
    title: str
    skills: tuple[str, ...]
    context: tuple[str, ...]
    person: str
    words: str
    ways: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Prompts:
    """The skills and the prompts, in the order of the file."""

    path: str
    skills: dict[str, Skill]
    prompts: dict[str, Prompt]
    language: str = "en"

    def under(self, skill: str) -> tuple[Prompt, ...]:
        """Give the prompts that are for a skill: those that stand under it, then those that are also for it."""
        found = [prompt for prompt in self.prompts.values() if skill in prompt.skills]
        return tuple(sorted(found, key=lambda prompt: prompt.skills.index(skill) > 0))


def read_prompts(text: str, path: str) -> tuple[Prompts | None, tuple[Fault, ...]]:
    """Read the lab's prompts. With any fault of form there are none, only the faults."""
    page = parse(text, path)
    front = Front(page, known=("format", "title", "lang"))
    front.one("format", ("1",))
    front.text("title")
    faults = [*page.faults, *front.faults]
    skills: dict[str, Skill] = {}
    prompts: dict[str, Prompt] = {}
    also: dict[str, Section] = {}
    own = ""
    for section in page.sections:
        known: dict[str, Skill] | dict[str, Prompt] = skills if section.level == _SKILL else prompts
        if section.level not in {_SKILL, _PROMPT} or not _ID.match(section.anchor):
            message = "A skill starts with `# Its name {#its-id}`, and a line to answer with `## Its name {#its-id}`."
            faults.append(Fault(path, section.line, message))
        elif section.anchor in known:
            message = f"The id {section.anchor} was used on line {known[section.anchor].line} before. Change one."
            faults.append(Fault(path, section.line, message))
        elif section.level == _SKILL:
            own = section.anchor
            skills[own], wrong = _skill(section, path)
            faults.extend(wrong)
        elif not own:
            message = "This stands under no skill. Write `# The skill's name {#its-id}` and one line on it first."
            faults.append(Fault(path, section.line, message))
        else:
            prompts[section.anchor], wrong = _prompt(section, own, path)
            also[section.anchor] = section
            faults.extend(wrong)
    for name, section in also.items():
        unknown = [skill for skill in prompts[name].skills if skill not in skills]
        if unknown:
            message = f"There is no skill called {unknown[0]} here. This file has: {', '.join(skills)}."
            faults.append(Fault(path, section.line, message))
    used = {prompt.skills[0] for prompt in prompts.values()}
    empty = (skill for skill in skills.values() if skill.id not in used)
    message = "This skill has no line to answer. Write one under it, with `##`."
    faults.extend(Fault(path, skill.line, message) for skill in empty)
    if not skills:
        message = "There is no skill here. Start one with `# Its name {#its-id}`."
        faults.append(Fault(path, 1, message))
    if faults:
        return None, tuple(sorted(faults, key=lambda fault: fault.line))
    return Prompts(path, skills, prompts, page.facts["lang"].value if "lang" in page.facts else "en"), ()


def _skill(section: Section, path: str) -> tuple[Skill, tuple[Fault, ...]]:
    means = [paragraph.text for paragraph in section.paragraphs]
    if len(means) == 1 and not section.items:
        return Skill(section.anchor, section.title, means[0], section.line), ()
    message = "A skill has one paragraph, on how it is done. Write just one."
    return Skill(section.anchor, section.title, "", section.line), (Fault(path, section.line, message),)


def _prompt(section: Section, own: str, path: str) -> tuple[Prompt, tuple[Fault, ...]]:
    faults: list[Fault] = []
    context: list[str] = []
    also: tuple[str, ...] = ()
    spoken: list[tuple[str, str]] = []
    for paragraph in section.paragraphs:
        told, speech = facts_in(paragraph.text), _SPEECH.match(paragraph.text)
        if speech:
            spoken.append((speech["person"].strip(), speech["words"].strip()))
        elif told is None:
            context.append(paragraph.text)
        elif len(told) == 1 and told[0][0].lower() == "also" and told[0][1]:
            also = tuple(part.strip() for part in told[0][1].split(",") if part.strip())
        else:
            message = "The line in italics names other skills that this is for: `*also: asking-openly*`."
            faults.append(Fault(path, paragraph.line, message))
    ways = tuple(_unquoted(item.text) for item in section.items if not item.items and not item.quotes)
    if len(ways) != len(section.items) or not ways or not all(ways):
        message = "Give one or two ways to answer, each on a line of its own that starts with a dash."
        faults.append(Fault(path, section.line, message))
    if len(spoken) != 1:
        message = "A prompt has one line that somebody says: `**Dana:** Their words.` Write just one."
        faults.append(Fault(path, section.line, message))
    if not context:
        message = "Say in a line or two who this is, and where you meet them."
        faults.append(Fault(path, _first(section), message))
    person, words = spoken[0] if spoken else ("", "")
    skills = tuple(dict.fromkeys((own, *also)))
    prompt = Prompt(section.anchor, section.title, skills, tuple(context), person, words, ways, section.line)
    return prompt, tuple(faults)


def _first(section: Section) -> int:
    """Give the line of the first block that is a paragraph, or of the heading."""
    return next((block.line for block in section.blocks if isinstance(block, Paragraph)), section.line)


def _unquoted(text: str) -> str:
    """Give the words of a way to answer. The page sets the marks around them."""
    return text.strip().strip('"“”').strip()
