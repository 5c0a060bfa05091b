"""What an author writes inside a lesson's text beyond Markdown: sources, dated facts, and terms of the glossary.

[@sharma-2020]                  a source, as a link in parentheses
[=naloxone-otc]                 a dated fact: its claim, its source, where it holds, and the day it was checked
[[mutual-aid]]                  a term, whose meaning opens right under the paragraph
[[mutual-aid|help one another]] the same, with other words
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alongside.course import Course, Source
    from alongside.facts import DatedFact
    from alongside.glossary import Term

__all__ = ["citations", "cite", "day_in_words", "fact_names", "set_text", "term_names", "with_facts", "without_marks"]

_CITE = re.compile(r"\[@([a-z0-9-]+)\]")
_DATED = re.compile(r"\[=([a-z0-9-]+)\]")
_TERM = re.compile(r"\[\[([a-z0-9-]+)(?:\|([^\[\]|]+))?\]\]")
_BLANK = re.compile(r"\n[ \t]*\n")
_LISTED = re.compile(r"\s*(?:[-*+] |\d{1,3}[.)] |\|)")

Words = Mapping[str, Mapping[str, str]]


def citations(text: str) -> tuple[str, ...]:
    """Give the sources that a text cites, in order, as written in `[@name]`."""
    return tuple(_CITE.findall(text))


def fact_names(text: str) -> tuple[str, ...]:
    """Give the dated facts that a text holds, in order, as written in `[=name]`."""
    return tuple(_DATED.findall(text))


def term_names(text: str) -> tuple[str, ...]:
    """Give the terms that a text marks, in order, as written in `[[name]]`."""
    return tuple(match[1] for match in _TERM.finditer(text))


def without_marks(text: str) -> str:
    """Give a text as it reads without sources and dated facts, each term by the words it is shown with."""
    return _TERM.sub(lambda match: match[2] or match[1].replace("-", " "), _DATED.sub("", _CITE.sub("", text)))


def cite(text: str, sources: Mapping[str, Source]) -> str:
    """Turn each `[@name]` into a link to that source, with words that say what it is."""

    def link(match: re.Match[str]) -> str:
        source = sources.get(match[1])
        return f"([{source.short}]({source.url}))" if source else match[0]

    return _CITE.sub(link, text)


def with_facts(text: str, course: Course, words: Words) -> str:
    """Put each dated fact in its place: the claim, then in parentheses its source, where it holds, and when checked.

    The day is always shown. Whether it has gone stale is for the page to say when it is opened, not when it is built.
    """

    def told(match: re.Match[str]) -> str:
        fact = course.facts.get(match[1])
        return f"{fact.claim} ({_origin(fact, course, words)})" if fact else match[0]

    return _DATED.sub(told, text)


def _origin(fact: DatedFact, course: Course, words: Words) -> str:
    checked = words["fact"]["checked"].format(day=day_in_words(fact.checked, words))
    if fact.how:
        return checked  # someone who looks for a number on a hard day is not sent to a source
    source = course.sources[fact.source]
    where = "" if fact.anywhere else f"; {fact.where}"
    return f"[{source.short}]({source.url}){where}; {checked}"


def day_in_words(day: date, words: Words) -> str:
    """Write a day as people do in the course's language: November 21, 2026."""
    said = words["fact"]
    return said["day"].format(month=said["months"].split()[day.month - 1], day=day.day, year=day.year)


def set_text(text: str, course: Course, glossary: Mapping[str, Term], words: Words) -> str:
    """Turn an author's text into the Markdown of a notebook's cell.

    Under each paragraph that marks terms stands a `details` for each: it opens in place with a tap or a key, in
    JupyterLab and on the web, without a script. Where a list or a table follows, it stands under that, so that nothing
    comes between "These are the signs" and the signs.
    """
    paragraphs: list[str] = []
    waiting: dict[str, None] = {}
    blocks = _BLANK.split(text)
    for paragraph, following in zip(blocks, [*blocks[1:], ""], strict=True):
        paragraphs.append(_TERM.sub(lambda match: _shown(match, glossary), paragraph))
        waiting.update(dict.fromkeys(name for name in term_names(paragraph) if name in glossary))
        if not _LISTED.match(following):
            paragraphs.extend(_opened(glossary[name], course, words) for name in waiting)
            waiting.clear()
    return cite(with_facts("\n\n".join(paragraphs), course, words), course.sources)


def _shown(match: re.Match[str], glossary: Mapping[str, Term]) -> str:
    term = glossary.get(match[1])
    return f"*{match[2] or term.name[:1].lower() + term.name[1:]}*" if term else match[0]


def _opened(term: Term, course: Course, words: Words) -> str:
    said = words["glossary"]
    summary = said["what_is"].format(term=_escape(term.name))
    rows = [f"<details><summary>{summary}</summary>", with_facts(term.meaning, course, words)]
    rows.append(f"[{said['more'].format(term=term.name)}](../glossary.ipynb#{term.heading})")
    return "\n\n".join((*rows, "</details>"))


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
