"""What `modules/glossary.md` means: one meaning for each term, facts, terms near it, where it is taught."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alongside.blocks import Fault, Section, facts_in, parse
from alongside.front import Front
from alongside.prose import citations, fact_names

if TYPE_CHECKING:
    from alongside.course import Course

__all__ = ["Glossary", "Term", "read_glossary"]

_KNOWN = ("taught", "related", "source")
_ID = re.compile(r"^[a-z][a-z0-9-]{1,60}$")


@dataclass(frozen=True)
class Term:
    """One term. `taught` names a module, `related` other terms; `source` may be empty where the meaning is our own."""

    id: str
    name: str
    meaning: str
    facts: tuple[str, ...]
    related: tuple[str, ...]
    taught: str
    source: str
    line: int

    @property
    def heading(self) -> str:
        """The address of its heading on the glossary's page, by the rule of nbconvert and JupyterLab."""
        return self.name.replace(" ", "-")


@dataclass(frozen=True)
class Glossary:
    """The terms by their ids, in the order of the file, and what stands above the first."""

    path: str
    title: str
    opening: tuple[str, ...]
    terms: dict[str, Term]
    language: str = "en"

    @property
    def texts(self) -> tuple[str, ...]:
        """All that the terms say."""
        return tuple(text for term in self.terms.values() for text in (term.meaning, *term.facts))

    @property
    def fact_names(self) -> tuple[str, ...]:
        """The names of the dated facts that it holds, each once."""
        return tuple(dict.fromkeys(name for text in self.texts for name in fact_names(text)))


def read_glossary(text: str, path: str, course: Course) -> tuple[Glossary | None, tuple[Fault, ...]]:
    """Read the glossary. With any fault of form there is none, only the faults."""
    page = parse(text, path)
    front = Front(page, known=("format", "title", "lang"))
    front.one("format", ("1",))
    title, language = front.text("title"), front.text("lang", needed=False) or course.language
    faults = [*page.faults, *front.faults]
    terms: dict[str, Term] = {}
    for section in page.sections:
        term, wrong = _term(section, path, course)
        faults.extend(wrong)
        if section.anchor in terms:
            faults.append(Fault(path, section.line, f"Two terms have the id {section.anchor}. Change one."))
        terms.setdefault(section.anchor, term)
    if not terms:
        faults.append(Fault(path, 1, "There is no term here. Start one with `## Its name {#its-id}`."))
    if faults:
        return None, tuple(sorted(faults, key=lambda fault: fault.line))
    opening = tuple(block.text for block in page.opening if not isinstance(block, Section))
    return Glossary(path, title, opening, terms, language), ()


def _term(section: Section, path: str, course: Course) -> tuple[Term, tuple[Fault, ...]]:
    faults: list[Fault] = []
    if section.level != 2 or not _ID.match(section.anchor):  # noqa: PLR2004  a term is a second-level heading
        faults.append(Fault(path, section.line, "A term starts with two hashes and an id: `## Its name {#its-id}`."))
    facts: dict[str, str] = {}
    meaning: list[str] = []
    for paragraph in section.paragraphs:
        told = facts_in(paragraph.lines[0].text)
        for name, value in told or ():
            if value is None or name.lower() not in _KNOWN:
                faults.append(
                    Fault(path, paragraph.line, f'"{name}" is not a fact of a term. Use: {", ".join(_KNOWN)}.')
                )
            facts[name.lower()] = value or ""
        rest = paragraph.lines[1:] if told is not None else paragraph.lines
        if rest:
            meaning.append(" ".join(line.text for line in rest))
    if not facts.get("taught"):
        message = "This term needs a line of facts that says where it is taught: `*taught: empathy · related: ...*`."
        faults.append(Fault(path, section.line, message))
    if len(meaning) != 1:
        faults.append(Fault(path, section.line, "A term has one paragraph that says what it means. Write just one."))
    items = tuple(item.text for item in section.items)
    named = [*citations(" ".join((*meaning, *items))), *filter(None, [facts.get("source", "")])]
    faults.extend(
        Fault(path, section.line, f"There is no source called {name}. Add it to course/sources.toml.")
        for name in named
        if name not in course.sources
    )
    faults.extend(
        Fault(path, section.line, f"There is no fact called {name}. Add it to course/facts.yaml.")
        for name in fact_names(" ".join((*meaning, *items)))
        if name not in course.facts
    )
    related = tuple(part.strip() for part in facts.get("related", "").split(",") if part.strip())
    term = Term(
        section.anchor, section.title, " ".join(meaning), items, related, facts.get("taught", ""),
        facts.get("source", ""), section.line,
    )  # fmt: skip
    return term, tuple(faults)
