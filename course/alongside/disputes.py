"""What a learner heard another way than the coach: kept by choice, and written as examples for the next training."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from alongside.record import DISPUTES, Kept, Record, Thing
from alongside.sentences import fill

__all__ = [
    "HARM", "NONE", "Dispute", "data_of", "dispute_in_words", "disputes_in", "label_of", "name_of", "read_dispute",
    "read_disputes", "voice",
]  # fmt: skip

NONE = "none"
"""What a clause is to a learner who hears none of the deeds in it."""

HARM = "harm-"
"""What stands before the name of a way to hurt, where a deed would stand."""

Words = Mapping[str, Mapping[str, str]]
_MOST = 4_000  # characters of each part, far above what the coach listens to
_PARTS = ("previous", "reply", "clause", "heard", "means")


@dataclass(frozen=True)
class Dispute:
    """A clause of a reply to a line. `heard` and `means` are deeds: the coach's, and the learner's (or `NONE`).

    Where the clause was heard as one that can hurt, `heard` is "harm-" and the name of how.
    """

    previous: str
    reply: str
    clause: str
    heard: str
    means: str


def name_of(dispute: Dispute) -> str:
    """Give the name that a dispute is kept by: that of its clause, so that a second thought takes the first's place."""
    said = f"{dispute.previous}\0{dispute.reply}\0{dispute.clause}"
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:24]


def data_of(dispute: Dispute) -> dict[str, object]:
    """Give a dispute as it is kept."""
    return {"format": 1, **{part: getattr(dispute, part) for part in _PARTS}}


def read_dispute(value: object) -> Dispute | None:
    """Read a dispute that any version, or a file, brought. None for what is none."""
    parts = [value.get(part) if isinstance(value, Mapping) else None for part in _PARTS]
    texts = [part for part in parts if isinstance(part, str) and part.strip() and len(part) <= _MOST]
    return Dispute(*texts) if len(texts) == len(_PARTS) else None


def read_disputes(record: Record) -> tuple[tuple[str, Dispute], ...]:
    """Read the disputes of a record with their names, the oldest first. Raises OSError."""
    return disputes_in(record.of(DISPUTES))


def disputes_in(things: Iterable[Thing | Kept]) -> tuple[tuple[str, Dispute], ...]:
    """Give the disputes among some things, with their names."""
    kept = (thing for thing in things if thing.kind == DISPUTES)
    return tuple((thing.name, found) for thing in kept if (found := read_dispute(thing.value)))


def label_of(deed: str, words: Words) -> str:
    """Give a deed, a way to hurt or "none of these" as it is shown. A name that nobody knows is shown as it is."""
    if deed == NONE:
        return words["dispute"]["none"]
    said = words["coach"]
    return said.get(f"mark_{deed}", said.get(f"mark_harm_{deed.removeprefix(HARM)}", deed))


def dispute_in_words(dispute: Dispute, words: Words) -> tuple[str, ...]:
    """Say a dispute: the line, the reply, the part of it, what the coach heard and what the learner hears."""
    said = words["lab"]
    part = fill(said["trainers_part"], words=dispute.clause) if dispute.clause != dispute.reply.strip() else ""
    rows = (
        fill(said["trainers_line"], words=dispute.previous),
        fill(said["trainers_reply"], words=dispute.reply),
        part,
        fill(said["trainers_heard"], label=label_of(dispute.heard, words)),
        fill(said["trainers_means"], label=label_of(dispute.means, words)),
    )
    return tuple(filter(None, rows))


def voice(disputes: Iterable[Dispute]) -> str:
    """Write disputes as a voice, in the form of `course/coding/CODEBOOK.md`.

    Only the clause is written as the reply: of the rest nobody but the coach has said what it does. A deed that stands
    for several codes is written as its first. What is none of the deeds has no code, so all of it is a note.
    """
    from alongside.coding.deeds import DEEDS  # noqa: PLC0415  pages must not load the coder before it is used

    rows = [
        "# What a learner heard another way than the coach. Look at each before it is learned from.",
        "# Copy what you agree with into a voice of course/coding/voices. CODEBOOK.md says how.",
    ]
    for number, each in enumerate(disputes, start=1):
        codes = DEEDS.get(each.means, ())
        heard = f"# Heard as {_row(each.heard)}. To the learner: {_row(each.means)}."
        whole = f"# The whole reply: {_row(each.reply)}"
        example = [f"< {_row(each.previous)}", heard, whole]
        if codes:
            other = [f"# Or one of these codes: {', '.join(codes[1:])}"] if codes[1:] else []
            example += [f"> {_row(each.clause)}", *other, f"= {codes[0]}"]
        else:
            example += [f"# The clause: {_row(each.clause)}"]
        rows += ["", f"@ heard-another-way-{number}", *example]
    return "\n".join(rows) + "\n"


def _row(text: str) -> str:
    """Put a text on one row, without the stroke that would part it, and with something in it."""
    return " ".join(text.replace("|", "/").split()) or "-"
