"""Whether anything that only the marker may know lies in what is given out."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

from alongside.marking import key
from alongside.question import Bank, Kind, Question

__all__ = ["leaks"]

_SHORT = 15  # characters below which words count only where they stand alone: "Yes." is in every text
_MARKS = ("hidden tests", "alongside_grading")


def leaks(folder: Path, bank: Bank) -> tuple[str, ...]:
    """Search every file under a folder for the bank's keys, reasons and answer ids, however a notebook spells them.

    Gives a sentence for each that is found, which names the file and the question and repeats none of it.
    """
    found: list[str] = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            found.extend(f"{name}: {what}" for what in _found(path.read_bytes().decode("utf-8", "replace"), bank))
    return tuple(dict.fromkeys(found))


def _found(raw: str, bank: Bank) -> Iterator[str]:
    texts = {_plain(text) for text in _texts(raw)}
    whole = "\n".join(sorted(texts))
    alone = texts | {_plain(row) for text in _texts(raw) for row in text.splitlines()}
    tight = re.sub(r"\s|[\"']", "", whole)
    if any(mark in whole for mark in _MARKS):
        yield "it holds what only the marker's copy may hold. Its hidden tests are still there."
    for question in bank.questions:
        for option in question.options:
            if option.id in whole:
                yield f'the id of an answer to "{question.id}".'
            reason = _plain(option.reason)
            if reason in alone or (len(reason) >= _SHORT and reason in whole):
                yield f'the reason of an answer to "{question.id}".'
        if any(spelled in tight for spelled in _keys(question)):
            yield f'the key of "{question.id}".'


def _keys(question: Question) -> Iterator[str]:
    """A key as Python or JSON write it, without spaces and quotation marks."""
    if question.kind is not Kind.WRITTEN:
        right = key(question)["right"]
        for text in (repr(right), json.dumps(right), json.dumps(right, ensure_ascii=False)):
            yield "right:" + _plain(re.sub(r"\s|[\"']", "", text))


def _texts(raw: str) -> Iterator[str]:
    """The file itself, and when it is JSON every text in it: there a quotation mark is not written as itself."""
    yield raw
    try:
        waiting = [json.loads(raw)]
    except (ValueError, RecursionError):
        return
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict):
            waiting.extend((*each.keys(), *each.values()))
        elif isinstance(each, list):
            if each and all(isinstance(row, str) for row in each):
                yield "".join(each)  # a cell's source is a list of rows
            waiting.extend(each)


def _plain(text: str) -> str:
    return " ".join(html.unescape(text).casefold().split())
