"""What a learner hands in: one zip, named so that the marker's own collecting step knows whose it is."""

from __future__ import annotations

import html
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from alongside.notebook import Notebook, dump
from alongside.responses import FILE, LIMIT, Shown, as_data

__all__ = ["HandIn", "TooMuch", "as_cell", "from_cell", "hand_in", "listed_as"]

_LONGEST_NAME = 60
_OPEN = '<pre class="mathjax_ignore tex2jax_ignore" style="white-space: pre-wrap; font: inherit">'
_CLOSE = "</pre>"
_ENTITIES = {"$": "&#36;", "\\": "&#92;", "`": "&#96;", "{": "&#123;", "}": "&#125;"}


class TooMuch(Exception):
    """There are more words than whoever marks the file would read."""


@dataclass(frozen=True)
class HandIn:
    """The file to send, its name, and how the instructor's list will show the learner."""

    filename: str
    data: bytes
    listed_as: str


def listed_as(name: str) -> str:
    """Turn the name or number that a learner typed into the one that their instructor's list shows.

    Letters of any language and digits stay; the rest becomes single dashes; capitals become small. Raises ValueError,
    with what to do, when nothing is left or too much is.
    """
    text = unicodedata.normalize("NFC", name).strip().casefold()
    kept = "".join(char if unicodedata.category(char)[0] in "LNM" else "-" for char in text)
    slug = unicodedata.normalize("NFC", re.sub(r"-{1,}", "-", kept).strip("-"))
    if not slug:
        message = "Please write the name or number that your instructor knows you by."
        raise ValueError(message)
    if len(slug.encode()) > _LONGEST_NAME:
        message = "That name is too long. Please write a shorter one, or the number that your instructor gave you."
        raise ValueError(message)
    return slug


def hand_in(
    book: Notebook, unit: str, answers: Mapping[str, Any], name: str, now: datetime, shown: Iterable[Shown] = ()
) -> HandIn:
    """Put together the file to send: the learner's notebook with written answers in place, and `responses.json`.

    `book` is the learner's copy of the quiz; `shown` is what they chose to show beside the answers, and nothing else of
    what they wrote for themselves is in the file. Raises ValueError for a name that cannot be used (see `listed_as`),
    and TooMuch.
    """
    learner = listed_as(name)
    moment = now.astimezone(UTC)
    filled = {**book, "cells": [_filled(cell, answers) for cell in book["cells"]]}
    # Not in ASCII, in which other scripts take twice the room, and the reader has a limit.
    saved = json.dumps(as_data(unit, answers, moment, shown), indent=1, ensure_ascii=False).encode("utf-8", "replace")
    if len(saved) > LIMIT:
        raise TooMuch
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for filename, content in ((f"{unit}.ipynb", dump(filled).encode("utf-8", "replace")), (FILE, saved)):
            archive.writestr(zipfile.ZipInfo(filename, moment.timetuple()[:6]), content)
    return HandIn(f"{unit}--{learner}--{moment:%Y%m%dT%H%M%SZ}.zip", data.getvalue(), learner)


def _filled(cell: dict[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    about = cell["metadata"].get("nbgrader", {})
    answer = answers.get(about.get("grade_id", ""))
    if not about.get("solution") or not isinstance(answer, str) or not answer.strip():
        return cell
    return {**cell, "source": as_cell(answer).splitlines(keepends=True)}


def as_cell(text: str) -> str:
    """Write a learner's text so that no page that shows it reads it as anything but text: no HTML, no mathematics.

    A `pre` is left alone by MathJax, and ends Markdown's own reading until its end tag.
    """
    escaped = html.escape(text.replace("\r\n", "\n").replace("\r", "\n"), quote=False)
    for char, entity in _ENTITIES.items():
        escaped = escaped.replace(char, entity)
    return f"{_OPEN}{escaped}{_CLOSE}"


def from_cell(source: str) -> str | None:
    """Give the text that `as_cell` wrote, or None when the cell is not one of those."""
    if source.startswith(_OPEN) and source.endswith(_CLOSE):
        return html.unescape(source.removeprefix(_OPEN).removesuffix(_CLOSE))
    return None
