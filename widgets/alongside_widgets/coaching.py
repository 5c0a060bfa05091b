"""What the coach says, as plain data for the page: the learner's own words in parts, some of them marked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from alongside_widgets.base import View

if TYPE_CHECKING:  # pages must not load the coder before it is used
    from alongside.coding.coach import Coached

__all__ = ["coached_view"]


def coached_view(coached: Coached, text: str) -> View:
    """Give what the page shows of a reply that was listened to."""
    return {
        "kind": coached.kind,
        "said": list(coached.said),
        "parts": list(_parts(coached, text)),
        "other": coached.other,
    }


def _parts(coached: Coached, text: str) -> Iterator[View]:
    """Cut the reply at its marks. A part without a label is not marked; what overlaps is marked once."""
    place = 0
    for mark in sorted(coached.marks, key=lambda each: each.start):
        if mark.start < place:
            continue
        if mark.start > place:
            yield {"words": text[place : mark.start]}
        yield {"words": text[mark.start : mark.end], "label": mark.label, "harm": mark.harm, "start": mark.start}
        place = mark.end
    if place < len(text):
        yield {"words": text[place:]}
