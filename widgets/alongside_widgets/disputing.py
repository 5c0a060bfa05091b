"""What a learner can say of a part that the coach marked: which deed it is to them. For any activity with a coach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from alongside.disputes import HARM, NONE, Dispute, data_of, label_of, name_of
from alongside.record import DISPUTES, Record
from alongside_widgets.base import Answer, View, fill
from alongside_widgets.reflection import WHO_READS

if TYPE_CHECKING:
    from alongside.coding.listening import Listened

__all__ = ["dispute", "dispute_view", "keep_dispute"]

Words = Mapping[str, Mapping[str, str]]
_LEFT_OUT = frozenset({"asks"})  # open and closed say more


def dispute_view(record: Record, words: Words) -> View:
    """Give what is said, the deeds to choose from, whether a choice is kept here, and who could read it."""
    from alongside.coding.deeds import DEEDS  # noqa: PLC0415  pages must not load the coder before it is used

    deeds = [{"name": deed, "label": label_of(deed, words)} for deed in DEEDS if deed not in _LEFT_OUT]
    return {
        "words": dict(words["dispute"]),
        "deeds": [*deeds, {"name": NONE, "label": label_of(NONE, words)}],
        "keeps": record.keeps(DISPUTES),
        "who_reads": words["reflection"][WHO_READS[record.space.place]],
    }


def dispute(heard: Listened, previous: str, start: object, means: object) -> Dispute | None:
    """Give what a learner says of the part of a reply that starts at a place. None where nothing is marked there."""
    from alongside.coding.deeds import DEEDS  # noqa: PLC0415  as above

    if not isinstance(means, str) or (means != NONE and means not in DEEDS):
        return None
    harms = [(harm.span, f"{HARM}{harm.kind}") for harm in heard.harms]
    finds = [(find.clause, find.deed) for find in heard.finds]
    for span, deed in (*harms, *finds):
        if span.start == start and span.text.strip():
            return Dispute(previous, heard.text, span.text, deed, means)
    return None


def keep_dispute(found: Dispute, record: Record, words: Words) -> Answer:
    """Keep what a learner says of a part, and tell the page."""
    said = words["dispute"]
    try:
        record.put(DISPUTES, name_of(found), data_of(found))
    except OSError:
        return Answer({"trouble": said["keeps_not" if not record.keeps(DISPUTES) else "not_kept"]})
    return Answer({"kept": fill(said["kept"], label=label_of(found.means, words))})
