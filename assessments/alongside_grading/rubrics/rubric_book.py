"""Where chosen levels and saved comments are kept: `rubric/<unit>.json` beside the gradebook, written whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from alongside.store import read_json, write_json
from alongside_grading.rubrics.rubric import Choice

__all__ = ["Kept", "RubricBook", "TooNew"]

FORMAT = 1
LIMIT = 200_000_000  # bytes; a cohort of 2,000 takes a hundredth of that
_LONGEST_COMMENT = 20_000
_MOST_COMMENTS = 200
_PATIENCE = 60.0  # seconds to wait for another page that writes just now
_DIGEST = re.compile(r"[0-9a-f]{0,64}")


class TooNew(Exception):
    """A newer version of the course wrote the file. Says so in words for an instructor."""


@dataclass(frozen=True)
class Kept:
    """What one file holds: choices by question and learner, and comments to pick from."""

    choices: Mapping[str, Mapping[str, Choice]] = field(default_factory=dict)
    comments: tuple[str, ...] = ()


class RubricBook:
    """The file of one unit. Each change reads it anew, so that two pages at once lose nothing of each other's."""

    def __init__(self, folder: Path, unit: str) -> None:
        """Name the file; `folder` is nbgrader's course directory. Nothing is read yet."""
        self.path = folder / "rubric" / f"{unit}.json"
        self._unit = unit
        self._last: tuple[tuple[int, int, int], Kept] | None = None

    def set_aside(self) -> str:
        """Keep a file that cannot be read under another name, and say so. Gives nothing when the file is whole.

        Raises TooNew when a newer version of the course wrote it, and OSError.
        """
        with self._alone():
            try:
                self.read()
            except ValueError as error:
                moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
                aside = self.path.with_name(f"{self.path.stem}.unread-{moment}.json")
                self.path.rename(aside)
                return (
                    f"{self.path.name} could not be read: {error}. It is kept as {aside}, and the page begins without "
                    "it. The points that it led to are still in the gradebook. If you have a copy of the file, put it "
                    "back in its place before you go on."
                )
        return ""

    def read(self) -> Kept:
        """Read the file; one that is not there is empty. Raises ValueError when it is not whole, TooNew, OSError.

        A file of a newer form raises TooNew: it is whole, and must not be written over.
        """
        try:
            about = self.path.stat()
            # Each change makes a new file, so one that is the same file as before holds the same.
            mark = (about.st_ino, about.st_mtime_ns, about.st_size)
            if self._last and self._last[0] == mark:
                return self._last[1]
            data = read_json(self.path, LIMIT)
        except FileNotFoundError:
            return Kept()
        if isinstance(data, dict) and isinstance(data.get("format"), int) and data["format"] > FORMAT:
            message = f"{self.path} was written by a newer version of the course. Update the course, then try again."
            raise TooNew(message)
        kept = _kept(data, self._unit)
        if kept is None:
            message = "it is not one that this page wrote"
            raise ValueError(message)
        self._last = (mark, kept)
        return kept

    def put(self, question: str, learner: str, choice: Choice) -> None:
        """Keep one choice, whatever else was kept meanwhile. Raises OSError, ValueError."""
        with self._alone():
            kept = self.read()
            of_question = {**kept.choices.get(question, {}), learner: choice}
            self._write(replace(kept, choices={**kept.choices, question: of_question}))

    def remember(self, comment: str) -> tuple[str, ...]:
        """Put a comment among those to pick from; gives all of them. Raises OSError, ValueError."""
        return self._comments(lambda there: (*there, comment) if comment and comment not in there else there)

    def forget(self, comment: str) -> tuple[str, ...]:
        """Take a comment from those to pick from; gives the rest. Raises OSError, ValueError."""
        return self._comments(lambda there: tuple(each for each in there if each != comment))

    def _comments(self, change: Callable[[tuple[str, ...]], tuple[str, ...]]) -> tuple[str, ...]:
        with self._alone():
            kept = self.read()
            comments = change(kept.comments)[-_MOST_COMMENTS:]
            if comments != kept.comments:
                self._write(replace(kept, comments=comments))
        return comments

    def _alone(self) -> _Lock:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return _Lock(self.path.with_name(f".{self.path.name}.lock"))

    def _write(self, kept: Kept) -> None:
        write_json(
            self.path,
            {
                "format": FORMAT,
                "unit": self._unit,
                "comments": list(kept.comments),
                "choices": {
                    question: {who: _as_data(choice) for who, choice in sorted(of_question.items())}
                    for question, of_question in sorted(kept.choices.items())
                },
            },
        )
        about = self.path.stat()  # nobody else writes while this page holds the lock
        self._last = ((about.st_ino, about.st_mtime_ns, about.st_size), kept)


class _Lock:
    """Holds the file for one change. One that stays held is told as what it is to a person: the file cannot be had."""

    def __init__(self, path: Path) -> None:
        self._lock = FileLock(path, timeout=_PATIENCE)
        self._path = path

    def __enter__(self) -> None:
        try:
            self._lock.acquire()
        except Timeout as error:
            raise OSError(0, "another page holds it", str(self._path)) from error

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def _as_data(choice: Choice) -> dict[str, Any]:
    data: dict[str, Any] = {"levels": dict(choice.levels), "comment": choice.comment, "answer": choice.answer}
    data["gave"] = choice.gave
    return {**data, "pending": True} if choice.pending else data


def _kept(data: object, unit: str) -> Kept | None:
    """Read the form that `_write` gives, whole or not at all."""
    match data:
        case {"format": 1, "unit": str(of), "comments": list(comments), "choices": dict(choices)} if of == unit:
            with suppress(ValueError):
                return Kept(
                    {_text(question): _of_question(found) for question, found in choices.items()},
                    tuple(map(_text, comments)),
                )
    return None


def _of_question(found: object) -> dict[str, Choice]:
    if not isinstance(found, dict):
        raise ValueError  # noqa: TRY004  caught above
    return {_text(who): _choice(each) for who, each in found.items()}


def _choice(data: Any) -> Choice:  # noqa: ANN401
    match data:
        case {"levels": dict(levels), "comment": str(comment), "answer": str(answer), "gave": gave} if (
            all(isinstance(name, str) and type(level) is int for name, level in levels.items())
            and _DIGEST.fullmatch(answer)
            and len(comment) <= _LONGEST_COMMENT
            and (gave is None or type(gave) in {int, float})
        ):
            return Choice(levels, comment, answer, gave, data.get("pending") is True)
    raise ValueError


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_COMMENT:
        raise ValueError
    return value
