"""Questions as the page asks them, for practice and for the graded quiz alike: never a key, never a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from alongside.marking import answered, valid_answer
from alongside.quiz import OpenQuestion
from alongside_widgets.base import View, fill, number_in_words

__all__ = ["ask", "in_words", "read_answer", "read_number"]

_HOW = {
    "single": "choose_one",
    "several": "choose_several",
    "order": "put_in_order",
    "match": "match_pairs",
    "number": "write_number",
}
_LONGEST_NUMBER = 24
_LARGEST = 1e9


def ask(question: OpenQuestion, number: int, total: int, said: Mapping[str, str]) -> View:
    """Give a question as it is drawn. `said` holds the words of the quiz part."""
    return {
        "id": question.id,
        "kind": question.kind,
        "number": fill(said["number"], number=number, total=total),
        "title": question.title,
        "stem": list(question.stem),
        "how": said[_HOW[question.kind]] if question.kind in _HOW else "",
        "options": [{"id": option, "words": words} for option, words in question.options],
        "others": list(question.others),
        "unit": question.unit,
    }


def read_number(text: str) -> float | None:
    """Read a number as people type it: 45, 4.5 or 4,5. None when it is not one."""
    plain = text.strip().replace(",", ".")
    if not plain or len(plain) > _LONGEST_NUMBER or not plain.isascii() or not set(plain) <= set("0123456789.-+"):
        return None
    try:
        number = float(plain)
    except ValueError:
        return None
    return number if abs(number) < _LARGEST else None


def read_answer(question: OpenQuestion, value: object) -> Any:  # noqa: ANN401  its shape depends on the kind of question
    """Read what the page says was answered. None when it is empty or is no answer to this question.

    Options must be the question's own, steps all of them, pairs from both its sides; a number comes as it was typed.
    """
    if question.kind == "number":
        return read_number(value) if isinstance(value, str) else None
    if not valid_answer(question.kind, value) or not answered(question.kind, value):
        return None
    ids = {option for option, _ in question.options}
    if question.kind == "single":
        return value if value in ids else None
    if isinstance(value, list):
        fits = set(value) <= ids and len(set(value)) == len(value)
        return value if fits and (question.kind == "several" or len(value) == len(ids)) else None
    if isinstance(value, dict):
        pairs = {left: right for left, right in value.items() if left in ids and right in question.others}
        return pairs or None
    return value


def in_words(question: OpenQuestion, answer: object) -> list[str]:
    """Say an answer in words, a line for each part. An empty list means that there is none."""
    if not answered(question.kind, answer):
        return []
    words = dict(question.options)
    if isinstance(answer, dict):
        return [f"{words[left]} → {right}" for left, right in answer.items() if left in words]
    if isinstance(answer, list):
        said = [words[option] for option in answer if option in words]
        return [f"{place}. {text}" for place, text in enumerate(said, start=1)] if question.kind == "order" else said
    if isinstance(answer, str):
        return answer.splitlines() if question.kind == "written" else [words[answer]] if answer in words else []
    if isinstance(answer, int | float):
        return [f"{number_in_words(answer)} {question.unit}".strip()]
    return []
