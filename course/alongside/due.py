"""How far a graded quiz is on its way to the instructor: begun, all answered, put into a file, changed since. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from alongside.marking import answered
from alongside.quiz import Quiz

__all__ = ["Due", "How", "answers_digest", "find_due"]

_LATEST = 1 << 53


class How(StrEnum):
    """What there is to say. Each is the end of its sentence's name under `[progress]`."""

    BEGUN = "begun"
    ANSWERED = "answered"
    MADE = "made"
    CHANGED = "changed"


@dataclass(frozen=True)
class Due:
    """How many questions have an answer, and when the file was made (milliseconds since 1970), if it was."""

    how: How
    done: int
    total: int
    made: int = 0


def answers_digest(answers: Mapping[str, Any]) -> str:
    """Tell the answers of a file from later ones."""
    return hashlib.sha256(json.dumps(answers, sort_keys=True).encode()).hexdigest()


def find_due(quiz: Quiz, kept: object, handed: object) -> Due | None:
    """Say how far a quiz is, from what a record holds of it: its answers, and the file that was made of them.

    None where nothing was answered and no file was made. What cannot be read counts as not there.
    """
    answers = kept.get("answers") if isinstance(kept, Mapping) else None
    answers = answers if isinstance(answers, Mapping) else {}
    done = sum(answered(question.kind, answers.get(question.id)) for question in quiz.questions)
    total = len(quiz.questions)
    made = handed.get("at") if isinstance(handed, Mapping) else None
    if isinstance(handed, Mapping) and type(made) is int and 0 < made < _LATEST:
        same = handed.get("digest") == answers_digest(answers)
        return Due(How.MADE if same else How.CHANGED, done, total, made)
    if not done:
        return None
    return Due(How.ANSWERED if done == total else How.BEGUN, done, total)
