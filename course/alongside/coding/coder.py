"""A reply coded: each clause with its codes, how sure each is, and the words that carried it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from alongside.coding.clauses import Span, has_marks, split
from alongside.coding.codes import ANY, BEHAVIOURS, CODES, EMPATHY, HURTS, annomi_input, annomi_question
from alongside.coding.deeds import DEEDS, likely, one_or_more
from alongside.coding.features import features, harm_features, places, plain, word_features
from alongside.coding.model import Head, Model, load
from alongside.coding.safety import flags

__all__ = ["CodedClause", "CodedReply", "code_reply"]

_SURE = 0.5  # a level of empathy is reached
_HARDLY = 0.1  # so little likely that even a question mark makes no question
_LEANING = 0.5  # an open question is what most that could be either turn out to be
_GIVEN_BACK = 0.4  # so likely in a part that a reply is one that gives back, whatever else it does
_ADDED = 4.0  # experts call most plain giving back simple
_QUESTIONS = frozenset(DEEDS["asks"])
_OPEN = re.compile(r"\b(what|how|why)\b", re.IGNORECASE)
_FACT = re.compile(
    r"\bhow (many|much|long|often|old|far|late|early|soon)\b|\bwhat (time|day|date|age|year|grade)\b"
    r"|\bwhat('s| is) your (name|age|address)\b|\b(how|what) about\b|\b(when|who|where|which)\b",
    re.IGNORECASE,
)
_TELL = re.compile(
    r"\b(tell me (more|about|a little|what|how|why)|say more|help me understand"
    r"|(can|could) you (tell|describe|explain|share|say))\b",
    re.IGNORECASE,
)
_MOST_LETTERS = 2000  # far above what a reply may hold
_MOST_PHRASE = 4  # words


@dataclass(frozen=True)
class CodedClause:
    """A clause: where it stands in the reply, and how likely each code is."""

    span: Span
    probabilities: Mapping[str, float]
    _head: Head

    @property
    def codes(self) -> frozenset[str]:
        """The codes that are likely enough to be given; where none is, the one that comes nearest."""
        near = {code: value / self._head[code].cut for code, value in self.probabilities.items()}
        found = frozenset(code for code, value in near.items() if value >= 1)
        nearest = frozenset({max(near, key=near.__getitem__)})
        return _asking(self.span.text, found or nearest, self.probabilities)

    def carried(self, code: str) -> Span:
        """Give the one to four words that spoke most for a code, where they stand in the reply."""
        column = self._head[code].weights
        found = [word for word in places(self.span.text) if word.text[0].isalnum()]
        best, start, end = 0, 0, len(self.span.text)
        for length in range(1, _MOST_PHRASE + 1):  # of phrases that say as much, the shortest
            for first in range(len(found) - length + 1):
                last = first + length - 1
                weight = sum(column[each] for each in word_features(found, first, last))
                if weight > best:
                    best, start, end = weight, found[first].start, found[last].end
        return Span(self.span.text[start:end], self.span.start + start, self.span.start + end)


@dataclass(frozen=True)
class CodedReply:
    """A reply, clause by clause, and what is said of it as a whole.

    `levels` are EPITOME's three, 0 to 2. `hurts` says how likely it is to hurt, by kind and in any way. `sums` are the
    log odds of AnnoMI's four behaviours.
    """

    clauses: tuple[CodedClause, ...]
    levels: Mapping[str, int]
    hurts: Mapping[str, float]
    sums: Mapping[str, float]

    @cached_property
    def codes(self) -> frozenset[str]:
        """All codes of all clauses."""
        return frozenset(code for clause in self.clauses for code in clause.codes)

    @property
    def annomi(self) -> Mapping[str, str]:
        """AnnoMI's fields: `behaviour`, `question`, `reflection`, `input`.

        The reply as a whole counts beside its clauses, which are hard to tell apart in talk that is set down.
        """
        behaviour = max(BEHAVIOURS, key=lambda name: self.sums[name])
        question, reflection = annomi_question(self.codes), "none"
        if question == "none" and behaviour == "question":
            question = "open" if self._most("question-open") > _LEANING * self._most("question-closed") else "closed"
        if behaviour == "reflection" or self._most("reflection-simple", "reflection-complex") >= _GIVEN_BACK:
            adds = self._most("reflection-complex") > _ADDED * self._most("reflection-simple")
            reflection = "complex" if adds else "simple"
        return {
            "behaviour": behaviour,
            "question": question,
            "reflection": reflection,
            "input": annomi_input(self.codes),
        }

    def _most(self, *codes: str) -> float:
        """Give the most that any clause has of one code or another."""
        return max((one_or_more(clause.probabilities[code] for code in codes) for clause in self.clauses), default=0.0)


def code_reply(text: str, previous: str = "", model: Model | None = None) -> CodedReply:
    """Code a reply to a line. Raises NoModel when the weights cannot be read."""
    model = model or load()
    text = text[:_MOST_LETTERS]
    marked = has_marks(text)
    head: Head = model.marked if marked else model.plain
    before = previous if marked else plain(previous)
    shaped = (lambda part: part) if marked else plain
    spans = split(text)
    whole = features(shaped(text), before)
    parts: Sequence[Sequence[int]] = [
        features(shaped(span.text), before, place=place, count=len(spans)) for place, span in enumerate(spans)
    ] if len(spans) > 1 else [whole]  # fmt: skip
    clauses = tuple(
        CodedClause(span, {code: head[code].probability(found) for code in CODES}, head)
        for span, found in zip(spans, parts, strict=False)
    )
    levels = {name: sum(head[f"{name}{level}"].probability(whole) >= _SURE for level in (1, 2)) for name in EMPATHY}
    harm = harm_features(whole, before, flags(shaped(text), before))
    hurts = {name: head[f"hurt {name}"].probability(harm) for name in (*HURTS, ANY)}
    return CodedReply(clauses, levels, hurts, {name: head[f"main {name}"].logit(whole) for name in BEHAVIOURS})


def _asking(text: str, found: frozenset[str], sure: Mapping[str, float]) -> frozenset[str]:
    """Put right what marks and leading words show better than the model does: whether a question is asked, and which.

    A question mark makes a question, unless the model is sure that none is there ("You're tired?" gives back).
    "Tell me" and what, how or why ask openly, unless they ask for a number or the like.
    """
    asks = "?" in text and likely(sure, "asks") >= _HARDLY
    if not (asks or found & _QUESTIONS or _TELL.search(text)):
        return found
    opens = bool(_TELL.search(text) or (_OPEN.search(text) and not _FACT.search(text)))
    opens = opens or sure["question-open"] > _LEANING * sure["question-closed"]
    return (found - _QUESTIONS) | {"question-open" if opens else "question-closed"}
