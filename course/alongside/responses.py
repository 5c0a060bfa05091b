"""`responses.json`: a learner's answers to a graded quiz. A submission is data, and is read as if by a stranger."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from alongside.marking import Answer
from alongside.store import read_json, write_json

__all__ = [
    "FILE", "LIMIT", "MOST_TEXT", "Responses", "Shown", "as_data", "moment_in", "read_responses", "responses_in",
    "write_responses",
]  # fmt: skip

FILE = "responses.json"
FORMAT = 1
LIMIT = 1_000_000  # bytes: about 150,000 words, far above any quiz here
MOST_TEXT = 60_000
_MOST_ANSWERS = 500
_MOST_PARTS = 100
_MOST_SHOWN = 50
_MOST_TITLE = 300
_LONGEST_MOMENT = 40
_YEARS = range(1970, 3000)
_ID = re.compile(r"[a-z0-9-]{1,100}")


@dataclass(frozen=True)
class Shown:
    """A reflection's words that a learner chose to show to their instructor, as of the moment when they did.

    `other` says that they wrote about someone else.
    """

    id: str
    title: str
    text: str = field(repr=False)
    other: bool
    shared: datetime


@dataclass(frozen=True)
class Responses:
    """The answers of one unit by question id, and a plain note when something could not be used.

    `saved` is the moment of saving, where it is told; `shown` is what the learner chose to show beside the answers.
    """

    unit: str
    answers: Mapping[str, Answer] = field(default_factory=dict)
    note: str = ""
    saved: datetime | None = None
    shown: tuple[Shown, ...] = ()


def as_data(
    unit: str, answers: Mapping[str, Answer], moment: datetime, shown: Iterable[Shown] = ()
) -> dict[str, object]:
    """Give what `responses.json` holds: the unit, the answers by question id, and when they were saved, in UTC.

    What the learner chose to show comes with it, where there is something.
    """
    data = {"format": FORMAT, "unit": unit, "saved": _written(moment), "answers": dict(answers)}
    rows = [
        {"id": each.id, "title": each.title, "text": each.text, "other": each.other, "shared": _written(each.shared)}
        for each in shown
    ]
    return {**data, "shared": rows} if rows else data


def write_responses(path: Path, unit: str, answers: Mapping[str, Answer]) -> None:
    """Save answers in one step. Raises OSError when that cannot be done; what was saved before is then still there."""
    write_json(path, as_data(unit, answers, datetime.now(UTC)))


def read_responses(path: Path, unit: str) -> Responses:
    """Read answers from a file of any content. Never raises: what cannot be used is unanswered, with a note why."""
    try:
        data = read_json(path, LIMIT)
    except FileNotFoundError:
        return Responses(unit, note=f"There is no {FILE}, so every question counts as unanswered.")
    except OSError:
        return Responses(unit, note=f"{FILE} could not be opened, so every question counts as unanswered.")
    except ValueError as error:
        return Responses(unit, note=f"{FILE} could not be read: {error}. Every question counts as unanswered.")
    return responses_in(data, unit)


def responses_in(data: object, unit: str) -> Responses:
    """Read answers from plain data of any shape, as `read_responses` does from a file. Never raises."""
    if not isinstance(data, dict) or data.get("format") != FORMAT or not isinstance(data.get("answers"), dict):
        return Responses(unit, note=f"{FILE} is not one of ours, so every question counts as unanswered.")
    if data.get("unit") != unit:
        return Responses(unit, note=f"{FILE} belongs to another quiz, so every question counts as unanswered.")
    answers = {key: value for key, value in list(data["answers"].items())[:_MOST_ANSWERS] if _usable(value)}
    left_out = len(data["answers"]) - len(answers)
    note = f"{left_out} of the answers in {FILE} could not be used and count as unanswered." if left_out else ""
    return Responses(unit, answers, note, moment_in(data.get("saved")), _shown(data.get("shared")))


def moment_in(value: object) -> datetime | None:
    """Read a moment as it is written here, in UTC. None for anything that no calendar has."""
    if not isinstance(value, str) or len(value) > _LONGEST_MOMENT:
        return None
    try:
        moment = datetime.fromisoformat(value)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment.year in _YEARS else None


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _shown(rows: object) -> tuple[Shown, ...]:
    """Read what was chosen to be shown, each reflection once. What is not whole is left out."""
    whole = (_one_shown(row) for row in rows[:_MOST_SHOWN]) if isinstance(rows, list) else ()
    found: dict[str, Shown] = {}
    for each in whole:
        if each:
            found.setdefault(each.id, each)
    return tuple(found.values())


def _one_shown(row: object) -> Shown | None:
    if not isinstance(row, dict):
        return None
    name, title, text, moment = row.get("id"), row.get("title"), row.get("text"), moment_in(row.get("shared"))
    if not (isinstance(name, str) and _ID.fullmatch(name) and isinstance(title, str) and len(title) <= _MOST_TITLE):
        return None
    if not (isinstance(text, str) and len(text) <= MOST_TEXT and text.strip()) or moment is None:
        return None
    return Shown(name, title, text, row.get("other") is True, moment)


def _usable(value: object) -> bool:
    """Whether a value can be an answer at all: text, a number, a list of texts, or texts by text; none of them huge."""
    if isinstance(value, bool):
        return False
    if isinstance(value, int | float):
        return abs(value) < 1e9  # noqa: PLR2004  no question here asks for more; also leaves out NaN and infinity
    if isinstance(value, str):
        return len(value) <= MOST_TEXT
    if isinstance(value, list):
        return len(value) <= _MOST_PARTS and all(isinstance(each, str) and len(each) <= MOST_TEXT for each in value)
    if isinstance(value, dict):
        return len(value) <= _MOST_PARTS and all(isinstance(each, str) for each in value.values())
    return False
