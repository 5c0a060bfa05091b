"""What a module's `design.md` says of its objectives: whose categories they serve, where each is taught and tried."""

from __future__ import annotations

from dataclasses import dataclass

from alongside.blocks import Fault, Page, Section, facts_in, parse

__all__ = ["DOMAINS", "SAMHSA", "Design", "Objective", "read_design"]

SAMHSA = {
    "I": "Engages peers in collaborative and caring relationships",
    "II": "Provides support",
    "III": "Shares lived experiences of recovery",
    "IV": "Personalizes peer support",
    "V": "Supports recovery planning",
    "VI": "Links to resources, services and supports",
    "VII": "Provides information about skills related to health, wellness and recovery",
    "VIII": "Helps peers to manage crises",
    "IX": "Values communication",
    "X": "Supports collaboration and teamwork",
    "XI": "Promotes leadership and advocacy",
    "XII": "Promotes growth and development",
}
"""The twelve categories of SAMHSA's Core Competencies for Peer Workers in Behavioral Health Services (2015)."""

DOMAINS = {
    "advocacy": "Advocacy",
    "ethical-responsibility": "Ethical responsibility",
    "mentoring-education": "Mentoring and education",
    "recovery-wellness": "Recovery and wellness support",
    "harm-reduction": "Harm reduction",
}
"""The five domains of IC&RC's Peer Recovery credential, as the Delaware Certification Board's page gives them."""

_WHERE = ("taught", "practiced", "assessed")


@dataclass(frozen=True)
class Objective:
    """What a trainee will be able to do.

    `taught` names headings of the lesson; `practiced` conversations, practice questions and reflections; `assessed`
    questions of the graded bank.
    """

    id: str
    text: str
    samhsa: tuple[str, ...]
    icrc: tuple[str, ...]
    taught: tuple[str, ...]
    practiced: tuple[str, ...]
    assessed: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Design:
    """A module's objectives, and what it says that it leaves out."""

    path: str
    objectives: tuple[Objective, ...]
    left_out: tuple[str, ...]


def read_design(text: str, path: str) -> tuple[Design, tuple[Fault, ...]]:
    """Read a design page: the objectives that could be read, and every fault of form."""
    page = parse(text, path)
    faults = list(page.faults)
    objectives: list[Objective] = []
    for section in _under(page, "Objectives"):
        objective, wrong = _objective(section, path)
        faults.extend(wrong)
        if any(each.id == objective.id for each in objectives):
            faults.append(Fault(path, section.line, f"Two objectives have the id {objective.id}. Change one."))
        objectives.append(objective)
    if not objectives:
        message = "There is no objective here. Under `## Objectives`, start one with `### What one can do {#its-id}`."
        faults.append(Fault(path, 1, message))
    left_out = tuple(
        item.text for section in page.sections if section.title == "Out of scope" for item in section.items
    )
    if not left_out:
        faults.append(Fault(path, 1, "Say what this module leaves out: a list under `## Out of scope`."))
    return Design(path, tuple(objectives), left_out), tuple(faults)


def _under(page: Page, title: str) -> list[Section]:
    found, inside = [], False
    for section in page.sections:
        if section.level <= 2:  # noqa: PLR2004  the next part of the page
            inside = section.title == title
        elif inside:
            found.append(section)
    return found


def _objective(section: Section, path: str) -> tuple[Objective, tuple[Fault, ...]]:
    faults: list[Fault] = []
    facts: dict[str, tuple[str, ...]] = {}
    for paragraph in section.paragraphs:
        for name, value in facts_in(paragraph.text) or ():
            facts[name.lower()] = _split(value or "", ",")
    for name, known in (("samhsa", SAMHSA), ("icrc", DOMAINS)):
        faults.extend(
            Fault(path, section.line, f'"{value}" is not known to `{name}`. Use: {", ".join(known)}.')
            for value in facts.get(name, ())
            if value not in known
        )
    if not facts.get("samhsa"):
        faults.append(
            Fault(path, section.line, "This objective has no SAMHSA category. Write `*samhsa: I, IX*` under it.")
        )
    where: dict[str, tuple[str, ...]] = {}
    for item in section.items:
        name, colon, rest = item.text.partition(":")
        if not colon or name.strip() not in _WHERE:
            message = (
                f'"{item.text}" is not understood. Write `- taught: ...`, `- practiced: ...` or `- assessed: ...`.'
            )
            faults.append(Fault(path, item.line, message))
        where[name.strip()] = _split(rest, ";" if name.strip() == "taught" else ",")
    faults.extend(
        Fault(path, section.line, f"This objective is not {name} anywhere. Write a line `- {name}: ...` under it.")
        for name in ("taught", "practiced")
        if not where.get(name)
    )
    objective = Objective(
        section.anchor, section.title, facts.get("samhsa", ()), facts.get("icrc", ()),
        where.get("taught", ()), where.get("practiced", ()), where.get("assessed", ()), section.line,
    )  # fmt: skip
    return objective, tuple(faults)


def _split(text: str, mark: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(mark) if part.strip())
