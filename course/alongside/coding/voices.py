"""The examples that the coder learns from: plain text files, one for each writer's voice, each reply with its codes.

The form stands in `course/coding/CODEBOOK.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from alongside.blocks import Fault
from alongside.coding.codes import CODES

__all__ = ["FOLDER", "SECOND", "Clause", "Example", "read_second", "read_voice", "read_voices"]

FOLDER = Path("course") / "coding" / "voices"
SECOND = Path("course") / "coding" / "second-reader.txt"
_LEVELS = re.compile(r"er([012]) ip([012]) ex([012])")
_MARKS = {"@": "conversation", "<": "line before", ">": "reply", "=": "codes", "+": "levels"}


@dataclass(frozen=True)
class Clause:
    """A part of a reply, with its codes."""

    text: str
    codes: frozenset[str]


@dataclass(frozen=True)
class Example:
    """A reply to a line, in a conversation, in a voice. `levels` are EPITOME's three, or None where none are given."""

    voice: str
    conversation: str
    previous: str
    clauses: tuple[Clause, ...]
    levels: tuple[int, int, int] | None
    line: int

    @property
    def text(self) -> str:
        """The whole reply."""
        return " ".join(clause.text for clause in self.clauses)

    @property
    def codes(self) -> frozenset[str]:
        """All codes of all of its clauses."""
        return frozenset(code for clause in self.clauses for code in clause.codes)


def read_voices(root: Path) -> tuple[tuple[Example, ...], tuple[Fault, ...]]:
    """Read every voice of a course, and what is wrong with them."""
    examples: list[Example] = []
    faults: list[Fault] = []
    for path in sorted((root / FOLDER).glob("*.txt")):
        shown = path.relative_to(root).as_posix()
        found, wrong = read_voice(path.read_text(encoding="utf-8", errors="replace"), shown, path.stem)
        examples.extend(found)
        faults.extend(wrong)
    return tuple(examples), tuple(faults)


def read_second(root: Path) -> tuple[tuple[Example, ...], tuple[Fault, ...]]:
    """Read what a second reader found in some of the replies. A course may have none."""
    path = root / SECOND
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    return read_voice(text, SECOND.as_posix(), path.stem)


def read_voice(text: str, path: str, voice: str) -> tuple[tuple[Example, ...], tuple[Fault, ...]]:
    """Read one voice: the replies that are whole, and the faults of the others."""
    reader = _Reader(path, voice)
    for number, row in enumerate(text.splitlines(), start=1):
        if row.strip() and not row.startswith("#"):
            reader.take(number, row[0], row[1:].strip())
    reader.close()
    return tuple(reader.examples), tuple(reader.faults)


class _Reader:
    """Goes through the rows of a file, with what they belong to."""

    def __init__(self, path: str, voice: str) -> None:
        self._path, self._voice = path, voice
        self._conversation = self._previous = ""
        self._reply: tuple[int, str] | None = None
        self._codes: str | None = None
        self._levels: tuple[int, int, int] | None = None
        self.examples: list[Example] = []
        self.faults: list[Fault] = []

    def take(self, number: int, mark: str, text: str) -> None:
        if mark not in _MARKS or not text:
            self._wrong(number, "A row starts with one of @ < > = + and goes on after it.")
        elif mark == "@":
            self.close()
            self._conversation, self._previous = text, ""
        elif mark == "<":
            self.close()
            self._previous = text
        elif mark == ">":
            self.close()
            self._reply = (number, text)
            if not self._conversation or not self._previous:
                self._wrong(number, "A reply stands under a conversation (@) and a line before it (<).")
        elif self._reply is None:
            self._wrong(number, f"The {_MARKS[mark]} stand under a reply (>).")
        elif mark == "=":
            self._codes = text
        elif match := _LEVELS.fullmatch(text):
            self._levels = (int(match[1]), int(match[2]), int(match[3]))
        else:
            self._wrong(number, "Levels are written as `er0 ip1 ex2`, each 0, 1 or 2.")

    def close(self) -> None:
        """End the reply that is open, if one is."""
        if self._reply is not None:
            number, text = self._reply
            if self._codes is None:
                self._wrong(number, "This reply has no codes. Write them under it, after an equals sign.")
            else:
                self._add(number, text, self._codes)
        self._reply = self._codes = self._levels = None

    def _add(self, number: int, text: str, codes: str) -> None:
        parts, labels = _apart(text), [frozenset(_listed(each)) for each in codes.split("|")]
        unknown = sorted({code for label in labels for code in label} - set(CODES))
        if unknown:
            self._wrong(number, f"There is no code called {', '.join(unknown)}.")
        elif len(parts) != len(labels):
            self._wrong(number, f"The reply has {len(parts)} parts and the codes have {len(labels)}. Make them equal.")
        elif not all(parts) or not all(labels):
            self._wrong(number, "A part between two upright strokes is empty.")
        elif self._conversation and self._previous:
            clauses = tuple(Clause(part, label) for part, label in zip(parts, labels, strict=True))
            self.examples.append(
                Example(self._voice, self._conversation, self._previous, clauses, self._levels, number)
            )

    def _wrong(self, number: int, message: str) -> None:
        self.faults.append(Fault(self._path, number, message))


def _apart(text: str) -> list[str]:
    return [part.strip() for part in text.split("|")]


def _listed(text: str) -> Iterator[str]:
    return (each.strip() for each in text.split(",") if each.strip())
