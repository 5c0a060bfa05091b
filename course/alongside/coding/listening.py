"""What is heard in a reply: what is odd about it, what could hurt, and which deeds can be told with good reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alongside.coding.clauses import Span
from alongside.coding.coder import CodedClause, CodedReply, code_reply
from alongside.coding.codes import ANY
from alongside.coding.deeds import DEEDS, NARROWER, likely
from alongside.coding.model import Model, load
from alongside.coding.oddities import oddity
from alongside.coding.safety import Harm, harms

__all__ = ["Find", "Listened", "listen"]

_KIND = frozenset({
    "reflects", "asks", "asks-open", "asks-closed", "asks-leave", "leaves-choice", "affirms", "supports",
})  # fmt: skip


@dataclass(frozen=True)
class Find:
    """A deed in a clause: where the clause stands, the words that spoke most for it, and how likely it is."""

    deed: str
    clause: Span
    carried: Span
    likely: float


@dataclass(frozen=True)
class Listened:
    """What was heard. With an `oddity` nothing else is. `careful` says that it might hurt, seen or not.

    `finds` stand in the order of the text.
    """

    text: str
    oddity: str = ""
    harms: tuple[Harm, ...] = ()
    careful: bool = False
    finds: tuple[Find, ...] = ()
    coded: CodedReply | None = None

    @property
    def deeds(self) -> frozenset[str]:
        """The deeds that can be told, and those that they hold."""
        told = {find.deed for find in self.finds}
        return frozenset(told | {wide for wide, narrow in NARROWER.items() if told.intersection(narrow)})


def listen(text: str, previous: str = "", model: Model | None = None) -> Listened:
    """Listen to a reply to a line. Raises NoModel when the weights cannot be read."""
    odd = oddity(text, previous)
    if odd:
        return Listened(text, odd)
    model = model or load()
    coded = code_reply(text, previous, model)
    hurts = harms(text, previous, coded.hurts, model.tell)
    finds = tuple(find for clause in coded.clauses for find in _finds(clause, model.shown))
    # What is all plainly kind in its parts has to look worse before it is held up.
    kind = all(any(find.clause == clause.span and find.deed in _KIND for find in finds) for clause in coded.clauses)
    careful = bool(hurts) or coded.hurts[ANY] >= model.watch * (2 if kind else 1)
    return Listened(text, "", hurts, careful, finds, coded)


def _finds(clause: CodedClause, shown: Mapping[str, float]) -> Sequence[Find]:
    """Give the deeds of a clause that are likely enough to be told, most likely first, at most two."""
    sure = {deed: likely(clause.probabilities, deed) for deed in DEEDS}
    told = [deed for deed, value in sure.items() if deed in shown and value >= shown[deed]]
    # What says less than another deed is not told beside it.
    told = [deed for deed in told if not set(NARROWER.get(deed, ())).intersection(told)]
    told.sort(key=lambda deed: -sure[deed])
    found = []
    for deed in told[:2]:
        code = max(DEEDS[deed], key=lambda each: clause.probabilities[each])
        found.append(Find(deed, clause.span, clause.carried(code), sure[deed]))
    return found
