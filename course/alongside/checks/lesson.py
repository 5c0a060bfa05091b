"""Rules for a lesson and the home page: what it opens and closes with, its activities, links and pictures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from alongside.blocks import Fault, Section, heading_slug, parse
from alongside.checks.text import bare

if TYPE_CHECKING:
    from alongside.catalog import Module
    from alongside.lesson import Lesson

__all__ = ["HOME", "LAB", "RULES", "WORK", "Placed", "check_lesson"]

HOME = frozenset({"resume", "progress"})
"""What the home page holds."""

WORK = frozenset({"journal", "conversations", "keep", "delete"})
"""What the page of a learner's own work holds, and no other page."""

LAB = frozenset({"lab"})
"""What the page to practise single replies on holds, and no other page."""

_ALONE = {**dict.fromkeys(WORK, "modules/my-work.md"), **dict.fromkeys(LAB, "modules/practice-lab.md")}

OPENING = "You will be able to"
CLOSING = "Take with you"
_LINK = re.compile(r"(?<!!)\[(?P<text>[^\[\]@][^\[\]]*|)\]\((?P<to>[^)\s]*)(?:\s+\"[^\"]*\")?\)")
_IMAGE = re.compile(r"!\[(?P<alt>[^\[\]]*)\]\((?P<to>[^)\s]*)[^()]*\)")
_HTML = re.compile(r"</?[a-zA-Z][\w-]*(?:\s[^<>\n]*)?/?>|<!--")
_CODE = re.compile(r"`[^`\n]*`")
_VAGUE_LINKS = frozenset(
    (
        "here",
        "click here",
        "click",
        "this",
        "this link",
        "link",
        "more",
        "read more",
        "learn more",
        "see here",
        "this page",
    )
)
_ADDRESS = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]*:")
_ALLOWED = ("https:", "tel:", "sms:")  # a crisis line that can be tapped on a phone is worth two more


@dataclass(frozen=True)
class Placed:
    """A lesson where it lies: its text, its folder, its module (none for the home page) and the unit's graded bank."""

    lesson: Lesson
    text: str
    folder: Path
    module: Module | None = None
    has_bank: bool = False
    practice: tuple[str, ...] | None = None
    """The ids of the practice questions. None when their file has faults, so that no fault is told twice."""
    holds: frozenset[str] = HOME
    """What a page without a module may hold."""

    @cached_property
    def rows(self) -> tuple[tuple[int, str], ...]:
        """The rows of prose with their numbers, code blanked out."""
        found: list[tuple[int, str]] = []
        for prose in self.lesson.prose:
            fenced = False
            for number, row in enumerate(prose.text.split("\n"), start=prose.line):
                fence = row.lstrip().startswith(("```", "~~~"))
                fenced = fenced != fence
                if not fenced and not fence:
                    found.append((number, _CODE.sub(lambda match: " " * len(match[0]), row)))
        return tuple(found)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The parts of the lesson under its headings."""
        return parse(self.text, self.lesson.path).sections

    def placed(self, kind: str) -> frozenset[str]:
        """The names that stand after one kind of activity."""
        return frozenset(name for each in self.lesson.activities if each.kind == kind for name in each.names)

    def fault(self, line: int, message: str) -> Fault:
        """Give a fault of this lesson."""
        return Fault(self.lesson.path, line, message)


def activities_exist(place: Placed) -> Iterator[Fault]:
    """Every activity that is named is in the module's files."""
    known = _known(place)
    what = {"roleplay": "conversation", "practice": "practice question", "reflection": "reflection"}
    for activity in place.lesson.activities:
        if place.module is None and activity.kind not in place.holds:
            message = (
                "The home page holds `{{ resume }}` and `{{ progress }}` alone. Place this in a module's lesson."
                if place.holds is HOME
                else f"This page holds {', '.join(sorted(place.holds))}. Place this somewhere else."
            )
            yield place.fault(activity.line, message)
            continue
        if place.module is not None and activity.kind == "resume":
            yield place.fault(activity.line, "`{{ resume }}` stands on the home page alone. Take it out here.")
        if place.module is not None and activity.kind in _ALONE:
            page = _ALONE[activity.kind]
            yield place.fault(activity.line, f"`{activity.kind}` stands on {page} alone. Take it out here.")
            continue
        names = known.get(activity.kind)
        for name in activity.names if names is not None else ():
            if names is not None and name not in names:
                there = ", ".join(sorted(names)) or "none yet"
                message = f"There is no {what[activity.kind]} called {name} in this module. It has: {there}."
                yield place.fault(activity.line, message)


def activities_are_placed(place: Placed) -> Iterator[Fault]:
    """Every conversation, reflection and practice question of the module stands in its lesson."""
    if place.module is None:
        return
    takes_all = any(each.kind == "practice" and not each.names for each in place.lesson.activities)
    for kind, names in _known(place).items():
        for name in sorted(names or ()):
            if name not in place.placed(kind) and not (kind == "practice" and takes_all):
                yield place.fault(1, f"{name} is written but not in the lesson. Place it: {{{{ {kind} {name} }}}}")


def activities_stand_once(place: Placed) -> Iterator[Fault]:
    """No activity stands in a lesson twice: what is kept of it is kept once."""
    seen: dict[tuple[str, str], int] = {}
    for activity in place.lesson.activities:
        for name in activity.names or ("",):
            first = seen.setdefault((activity.kind, name), activity.line)
            if first != activity.line:
                which = f"{activity.kind} {name}".strip()
                yield place.fault(activity.line, f"{which} already stands on line {first}. Take one of the two out.")


def opens_with_objectives(place: Placed) -> Iterator[Fault]:
    """The first heading says what one will be able to do. Held in English, where the words of the heading are set."""
    if place.module is None or not place.lesson.language.startswith("en"):
        return
    if not place.sections or place.sections[0].title != OPENING or place.sections[0].level != 2:  # noqa: PLR2004
        line = place.sections[0].line if place.sections else 1
        yield place.fault(line, f"A lesson opens with `## {OPENING}`. Put it first, with a short list under it.")


def closes_with_what_to_take(place: Placed) -> Iterator[Fault]:
    """The last `##` heading says what to take along. Held in English, where the words of the heading are set."""
    if place.module is None or not place.lesson.language.startswith("en"):
        return
    parts = [section for section in place.sections if section.level == 2]  # noqa: PLR2004
    if not parts or parts[-1].title != CLOSING:
        line = parts[-1].line if parts else 1
        yield place.fault(line, f"A lesson closes with `## {CLOSING}`. Put it last, with a short list under it.")


def links_say_where(place: Placed) -> Iterator[Fault]:
    """The words of a link say where it leads, also when they are heard alone."""
    for number, row in place.rows:
        for match in _LINK.finditer(row):
            if bare(match["text"]) in _VAGUE_LINKS or not bare(match["text"]):
                message = f'"{match["text"]}" does not say where the link leads. Write what is there instead.'
                yield place.fault(number, message)


def links_lead_somewhere(place: Placed) -> Iterator[Fault]:
    """A link leads to an https address, a heading of this page, or a file that is there."""
    anchors = {heading_slug(section.title) for section in place.sections}
    for number, row in place.rows:
        for match in _LINK.finditer(row):
            to = match["to"]
            if to.startswith("#"):
                if to[1:] not in anchors:
                    yield place.fault(number, f"There is no heading for {to} on this page. Check the link.")
            elif _ADDRESS.match(to):
                if not to.lower().startswith(_ALLOWED):
                    yield place.fault(number, f"{to} is not a safe address. Write one that starts with https://")
            elif not _is_there(place.folder, to):
                yield place.fault(number, f"There is no file {to or 'of no name'}. Check the link, or add the file.")


def pictures_are_there(place: Placed) -> Iterator[Fault]:
    """A picture is a file beside the lesson, so that the page asks nothing of any other site."""
    for number, row in place.rows:
        for match in _IMAGE.finditer(row):
            if _ADDRESS.match(match["to"]) or match["to"].startswith("//") or not _is_there(place.folder, match["to"]):
                message = f"There is no picture {match['to']} beside this file. Add it, or check its name."
                yield place.fault(number, message)


def pictures_have_words(place: Placed) -> Iterator[Fault]:
    """A picture has words that say what it shows."""
    for number, row in place.rows:
        for match in _IMAGE.finditer(row):
            if not bare(match["alt"]) or bare(match["alt"]) in {"image", "picture", "photo", bare(match["to"])}:
                message = f"Say what the picture shows, for those who cannot see it: ![...]({match['to']})"
                yield place.fault(number, message)


def no_html(place: Placed) -> Iterator[Fault]:
    """Text holds no HTML."""
    for number, row in place.rows:
        match = _HTML.search(row)
        if match:
            message = f"{match[0]} is HTML, which lessons do not hold. Take it out, or write it in words."
            yield place.fault(number, message)


def quiz_has_a_bank(place: Placed) -> Iterator[Fault]:
    """A graded quiz is placed where the module has a graded bank, and only there."""
    if place.module is None:
        return
    quizzes = [each for each in place.lesson.activities if each.kind == "graded-quiz"]
    where = f"assessments/questions/{place.module.id}.md"
    if quizzes and not place.has_bank:
        yield place.fault(quizzes[0].line, f"There are no graded questions. Write {where}, or take this line out.")
    if place.has_bank and not quizzes:
        yield place.fault(1, f"{where} is not in the lesson. Place it: {{{{ graded-quiz }}}}")


Rule = Callable[[Placed], Iterator[Fault]]

RULES: tuple[Rule, ...] = (
    activities_exist, activities_are_placed, activities_stand_once, opens_with_objectives, closes_with_what_to_take,
    links_say_where, links_lead_somewhere, pictures_are_there, pictures_have_words, no_html, quiz_has_a_bank,
)  # fmt: skip


def check_lesson(place: Placed) -> Iterator[Fault]:
    """Hold a lesson against every rule."""
    for rule in RULES:
        yield from rule(place)


def _known(place: Placed) -> dict[str, frozenset[str] | None]:
    """Give what a lesson may name, by kind of activity. Files count, also those with faults: they are told there."""
    if place.module is None:
        return {"roleplay": frozenset(), "practice": frozenset(), "reflection": frozenset()}
    files = (place.module.folder / "scenarios").glob("*.md")
    return {
        "roleplay": frozenset(path.stem for path in files if "." not in path.stem),
        "practice": None if place.practice is None else frozenset(place.practice),
        "reflection": frozenset(place.module.reflections),
    }


def _is_there(folder: Path, to: str) -> bool:
    """Whether a relative address names a file. A notebook counts when the text that it is made from is there."""
    name = unquote(to.partition("#")[0].partition("?")[0])
    if not name or name.startswith("/"):
        return False
    path = folder / name
    return path.is_file() or (path.suffix == ".ipynb" and path.with_suffix(".md").is_file())
