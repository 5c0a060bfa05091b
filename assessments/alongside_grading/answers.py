"""What the learner answered beside what fits, for the instructor's page and the feedback. Pure, and escaped throughout.

Every word comes from the course. Of an answer only which options it names is used, and a number.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

from alongside.marking import answered, mark
from alongside.question import Kind, Option, Question

__all__ = ["Words", "show_answer", "verdict"]

Words = Mapping[str, Mapping[str, str]]
_OPEN = '<div class="mathjax_ignore tex2jax_ignore">'


def show_answer(question: Question, answer: object, words: Words) -> str:
    """Give one block of HTML without an empty line, so that Markdown hands it on as it stands."""
    usable = answered(question.kind.value, answer)
    rows = [f"<p><strong>{_text(question.title)}</strong></p>", *(f"<p>{_text(part)}</p>" for part in question.stem)]
    if not usable:
        rows.append(f"<p>{_sentence(words['handin']['unanswered'])}</p>")
    elif question.kind is Kind.NUMBER:
        rows.append(f"<p>{_text(words['quiz']['your_answer'])}: {answer:g} {_text(question.unit)}</p>")
    rows.append("<ul>")
    reasons = mark(question, answer).reasons
    for index, (option, (_, right_so, reason)) in enumerate(zip(question.options, reasons, strict=True)):
        said = verdict(question, index, answer if usable else None, words["quiz"], right_so=right_so)
        named = "" if question.kind is Kind.NUMBER else f"<strong>{_text(option.text)}</strong> "
        note = f"<em>{_sentence(said)}</em> " if said else ""
        rows.append(f"<li>{named}{note}{_text(reason)}</li>")
    return "\n".join([_OPEN, *rows, "</ul>", "</div>"])


def verdict(question: Question, index: int, answer: Any, words: Mapping[str, str], *, right_so: bool) -> str:  # noqa: ANN401  its shape was checked
    """Say of one option what was right or not about the answer. `answer` is one that can be used, or None."""
    option = question.options[index]
    if question.kind is Kind.NUMBER:
        if not option.right:
            return words["number_mistake"].format(words=option.text)
        return words["number_right" if right_so else "number_should"].format(words=option.text)
    if question.kind is Kind.ORDER:
        return _place(option, index, answer, words, right_so=right_so)
    if question.kind is Kind.MATCH:
        return _pair(question.options, option, answer, words, right_so=right_so)
    if answer is None:
        return words["right_answer"] if option.right else ""
    chosen = option.id in answer if question.kind is Kind.SEVERAL else option.id == answer
    if chosen:
        return words["right_chosen" if option.right else "wrong_chosen"]
    if option.right:
        return words["wrong_left" if question.kind is Kind.SEVERAL else "right_answer"]
    return words["not_chosen"]


def _place(
    option: Option, index: int, answer: Sequence[str] | None, words: Mapping[str, str], *, right_so: bool
) -> str:
    if answer is None:
        return ""
    if right_so:
        return words["place_right"]
    chosen = str(answer.index(option.id) + 1) if option.id in answer else words["nothing"]
    return words["place_wrong"].format(place=index + 1, chosen=chosen)


def _pair(
    options: Sequence[Option],
    option: Option,
    answer: Mapping[str, str] | None,
    words: Mapping[str, str],
    *,
    right_so: bool,
) -> str:
    if right_so:
        return words["pair_right"]
    known = {each.other for each in options}
    given = (answer or {}).get(option.id)
    return words["pair_wrong"].format(other=option.other, chosen=given if given in known else words["nothing"])


def _sentence(text: str) -> str:
    return _text(text.rstrip(". ")) + "."


def _text(text: str) -> str:
    """Text on one line, with nothing left in it that a page could read as anything else."""
    return html.escape(" ".join(text.split()))
