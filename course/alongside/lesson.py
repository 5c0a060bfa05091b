"""What a lesson file means: teaching text, and the places where activities stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alongside.blocks import Fault, parse
from alongside.front import Front
from alongside.prose import citations, fact_names

if TYPE_CHECKING:
    from alongside.course import Course

__all__ = ["ACTIVITIES", "Activity", "Lesson", "Prose", "read_lesson"]

ACTIVITIES = {
    "roleplay": 1, "practice": None, "reflection": 1, "graded-quiz": 0, "progress": 0, "resume": 0,
    "journal": 0, "conversations": 0, "keep": 0, "delete": 0, "lab": 0,
}  # fmt: skip
"""The activities a page can hold, with how many names each takes. None means any number; none at all means all."""

_PLACE = re.compile(r"^\s*\{\{\s*(?P<body>[^{}]*?)\s*\}\}\s*$")
_MOST_MINUTES = 240


@dataclass(frozen=True)
class Prose:
    """Markdown as the author wrote it, with the line that it starts on."""

    text: str
    line: int


@dataclass(frozen=True)
class Activity:
    """A place where something is done, and the names of what is done there."""

    kind: str
    names: tuple[str, ...]
    line: int

    @property
    def cell(self) -> str:
        """The id of its cell in the built notebook, by which an address leads to it."""
        return f"{self.kind}-{'-'.join(self.names)}"[:56].strip("-")


@dataclass(frozen=True)
class Lesson:
    """A lesson: its parts in order, and what the home page says of it."""

    path: str
    title: str
    minutes: int
    note: str
    parts: tuple[Prose | Activity, ...]
    language: str = "en"

    @property
    def activities(self) -> tuple[Activity, ...]:
        """The activities alone, in order."""
        return tuple(part for part in self.parts if isinstance(part, Activity))

    @property
    def prose(self) -> tuple[Prose, ...]:
        """The text alone, in order."""
        return tuple(part for part in self.parts if isinstance(part, Prose))

    @property
    def facts(self) -> tuple[str, ...]:
        """The names of the dated facts that stand in its text, in order, each once."""
        return tuple(dict.fromkeys(name for part in self.prose for name in fact_names(part.text)))


def read_lesson(text: str, path: str, course: Course) -> tuple[Lesson | None, tuple[Fault, ...]]:
    """Read a lesson. With any fault there is no lesson, only the faults."""
    page = parse(text, path)
    front = Front(page, known=("format", "title", "minutes", "content-note", "lang"))
    front.one("format", ("1",))
    title, minutes = front.text("title"), front.number("minutes", 0, _MOST_MINUTES)
    note = front.text("content-note", needed=False)
    language = front.text("lang", needed=False) or course.language
    faults: list[Fault] = [*page.faults, *front.faults]
    parts: list[Prose | Activity] = []
    prose: list[str] = []
    start = 1

    def close() -> None:
        if any(row.strip() for row in prose):
            lead = next(index for index, row in enumerate(prose) if row.strip())
            parts.append(Prose("\n".join(prose).strip("\n"), start + lead))
        prose.clear()

    for number, row in _body(text):
        match = _PLACE.match(row)
        if match:
            close()
            activity = _activity(match["body"], path, number, faults)
            if activity:
                parts.append(activity)
        else:
            if not prose:
                start = number
            if "{{" in row and "}}" in row:
                faults.append(Fault(path, number, "An activity stands alone. Put `{{ ... }}` on a line of its own."))
            prose.append(row)
    close()
    for part in parts:
        for number, row in enumerate(part.text.split("\n"), part.line) if isinstance(part, Prose) else ():
            faults.extend(
                Fault(path, number, f"There is no source called {name}. Add it to course/sources.toml.")
                for name in citations(row)
                if name not in course.sources
            )
            faults.extend(
                Fault(path, number, f"There is no fact called {name}. Add it to course/facts.yaml.")
                for name in fact_names(row)
                if name not in course.facts
            )
    if faults:
        return None, tuple(sorted(faults, key=lambda fault: fault.line))
    return Lesson(path, title, minutes, note, tuple(parts), language), ()


def _body(text: str) -> list[tuple[int, str]]:
    """Give the numbered rows after the front matter."""
    rows = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    numbered = list(enumerate((row.rstrip() for row in rows), start=1))
    if rows and rows[0].strip() == "---":
        for index, (_, row) in enumerate(numbered[1:], start=1):
            if row.strip() == "---":
                return numbered[index + 1 :]
    return numbered


def _activity(body: str, path: str, line: int, faults: list[Fault]) -> Activity | None:
    kind, *names = body.split() or [""]
    kinds = ", ".join(ACTIVITIES)
    if kind not in ACTIVITIES:
        faults.append(Fault(path, line, f'"{kind}" is not an activity. Use one of: {kinds}.'))
        return None
    needed = ACTIVITIES[kind]
    if needed is not None and len(names) != needed:
        how = "one name" if needed else "no name"
        faults.append(Fault(path, line, f"`{kind}` takes {how} after it, and here are {len(names)}."))
        return None
    return Activity(kind, tuple(names), line)
