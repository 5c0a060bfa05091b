"""What the learner answered beside what fits, for the instructor's page and the feedback. Pure, and escaped throughout.

Every word comes from the course. Of an answer only which options it names is used, and a number.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from alongside.marking import answered, key, mark, score
from alongside.question import Kind, Option, Question
from alongside_grading.marking.regrade import Decision, keys

__all__ = ["Words", "judged", "regrade_note", "show_answer"]

Words = Mapping[str, Mapping[str, str]]
_OPEN = '<div class="mathjax_ignore tex2jax_ignore">'


def show_answer(question: Question, answer: object, words: Words, decision: Decision | None = None) -> str:
    """Give one block of HTML without an empty line, so that Markdown hands it on as it stands.

    `decision` is what was decided about the question afterwards, and is told with its reason.
    """
    usable = answered(question.kind.value, answer)
    rows = [f"<p><strong>{_text(question.title)}</strong></p>", *(f"<p>{_text(part)}</p>" for part in question.stem)]
    if not usable:
        rows.append(f"<p>{_sentence(words['handin']['unanswered'])}</p>")
    elif question.kind is Kind.NUMBER:
        rows.append(f"<p>{_text(words['quiz']['your_answer'])}: {answer:g} {_text(question.unit)}</p>")
    if decision:
        rows.append(f"<p>{_text(regrade_note(decision, words))}</p>")
    rows.append("<ul>")
    for option, said in judged(question, answer, words, decision):
        named = "" if question.kind is Kind.NUMBER else f"<strong>{_text(option.text)}</strong> "
        note = f"<em>{_sentence(said)}</em> " if said else ""
        rows.append(f"<li>{named}{note}{_text(option.reason)}</li>")
    return "\n".join([_OPEN, *rows, "</ul>", "</div>"])


def judged(
    question: Question, answer: object, words: Words, decision: Decision | None = None
) -> Iterator[tuple[Option, str]]:
    """Give each option and what was right or not about the answer there, by the key and by what was decided since.

    Steps come in the order that the answer is marked by. An answer that cannot be used is none.
    """
    usable: Any = answer if answered(question.kind.value, answer) else None
    if decision and question.kind is Kind.ORDER and usable is not None:
        question = _as_ordered(question, usable, decision)
    for index, (option, (_, right_so, _)) in enumerate(
        zip(question.options, mark(question, usable).reasons, strict=True)
    ):
        also = _also(question.kind, option, usable, decision) if decision else ""
        said = words["regrade"][also] if also else _verdict(question, index, usable, words["quiz"], right_so=right_so)
        yield option, said


def regrade_note(decision: Decision, words: Words) -> str:
    """Say that a question was looked at again, when, what was decided, and why. Plain text, not yet escaped."""
    say, fact, day = words["regrade"], words["fact"], decision.decided
    months = fact["months"].split()
    shown = fact["day"].format(month=months[day.month - 1], day=day.day, year=day.year)
    also = say["between"].join(_accepted(decision.kind, entry, say) for entry in decision.words)
    what = say[decision.do.value.replace("-", "_")].format(words=also)
    return " ".join([say["note"].format(day=shown), what, say["reason"].format(reason=decision.reason)])


def _accepted(kind: Kind, entry: Sequence[str], say: Mapping[str, str]) -> str:
    """One of the things that count too, in words."""
    if kind is Kind.ORDER:
        return " ".join(f"{place}. {step}" for place, step in enumerate(entry, 1))
    if kind is Kind.MATCH:
        return " → ".join(entry)
    return say["range"].format(low=entry[0], high=entry[1]) if len(entry) > 1 else entry[0]


def _as_ordered(question: Question, answer: object, decision: Decision) -> Question:
    """The question with its steps in the order that gives the answer most: what was right before, unless less."""
    best = max(keys(key(question), answer, decision), key=lambda each: score(each, answer))
    return replace(question, options=tuple(sorted(question.options, key=lambda step: best["right"].index(step.id))))


def _also(kind: Kind, option: Option, answer: Any, decision: Decision) -> str:  # noqa: ANN401  its shape was checked
    """The name of what is said of an option that was accepted afterwards; nothing for any other."""
    if kind is Kind.MATCH:
        return "also_chosen" if (option.id, (answer or {}).get(option.id)) in decision.also else ""
    if kind not in {Kind.SINGLE, Kind.SEVERAL} or option.id not in decision.also:
        return ""
    chosen = option.id == answer or (isinstance(answer, list) and option.id in answer)
    return "also_chosen" if chosen else "also"


def _verdict(question: Question, index: int, answer: Any, words: Mapping[str, str], *, right_so: bool) -> str:  # noqa: ANN401  its shape was checked
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
