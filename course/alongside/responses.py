"""`responses.json`: a learner's answers to a graded quiz. A submission is data, and is read as if by a stranger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from alongside.marking import Answer
from alongside.store import read_json, write_json

__all__ = ["FILE", "LIMIT", "Responses", "as_data", "read_responses", "write_responses"]

FILE = "responses.json"
FORMAT = 1
LIMIT = 1_000_000  # bytes: about 150,000 words, far above any quiz here
_MOST_ANSWERS = 500
_MOST_PARTS = 100
_MOST_TEXT = 60_000


@dataclass(frozen=True)
class Responses:
    """The answers of one unit by question id, and a plain note when something could not be used."""

    unit: str
    answers: Mapping[str, Answer] = field(default_factory=dict)
    note: str = ""


def as_data(unit: str, answers: Mapping[str, Answer], moment: datetime) -> dict[str, object]:
    """Give what `responses.json` holds: the unit, the answers by question id, and when they were saved, in UTC."""
    saved = moment.astimezone(UTC).isoformat(timespec="seconds")
    return {"format": FORMAT, "unit": unit, "saved": saved, "answers": dict(answers)}


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
    if not isinstance(data, dict) or data.get("format") != FORMAT or not isinstance(data.get("answers"), dict):
        return Responses(unit, note=f"{FILE} is not one of ours, so every question counts as unanswered.")
    if data.get("unit") != unit:
        return Responses(unit, note=f"{FILE} belongs to another quiz, so every question counts as unanswered.")
    answers = {key: value for key, value in list(data["answers"].items())[:_MOST_ANSWERS] if _usable(value)}
    left_out = len(data["answers"]) - len(answers)
    note = f"{left_out} of the answers in {FILE} could not be used and count as unanswered." if left_out else ""
    return Responses(unit, answers, note)


def _usable(value: object) -> bool:
    """Whether a value can be an answer at all: text, a number, a list of texts, or texts by text; none of them huge."""
    if isinstance(value, bool):
        return False
    if isinstance(value, int | float):
        return abs(value) < 1e9  # noqa: PLR2004  no question here asks for more; also leaves out NaN and infinity
    if isinstance(value, str):
        return len(value) <= _MOST_TEXT
    if isinstance(value, list):
        return len(value) <= _MOST_PARTS and all(isinstance(each, str) and len(each) <= _MOST_TEXT for each in value)
    if isinstance(value, dict):
        return len(value) <= _MOST_PARTS and all(isinstance(each, str) for each in value.values())
    return False
