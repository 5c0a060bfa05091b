"""All that a learner did, to read without the course: one page of HTML, or plain text. Pure.

Text of the learner's stands in both as it was written. The page holds no script and asks nobody for anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from alongside.catalog import Catalog
from alongside.conversations import Conversation, conversations
from alongside.disputes import dispute_in_words, disputes_in
from alongside.journal import Chapter, Entry, journal, readable, title_of
from alongside.quiz import OpenQuestion, for_learner
from alongside.record import GRADED, PRACTICE, Thing
from alongside.sentences import day_of, fill
from alongside.transcript import transcript
from alongside.tries import by_day, in_sentences, tries_in, when

__all__ = ["Line", "Pages", "gathered", "to_html", "to_text"]

Words = Mapping[str, Mapping[str, str]]
InWords = Callable[[OpenQuestion, object], Sequence[str]]


@dataclass(frozen=True)
class Line:
    """A part of the pages. `kind` is "part", "group" or "title" for headings; "about"; "words"; or "talk"."""

    kind: str
    text: str


@dataclass(frozen=True)
class Pages:
    """What is read: a title, what stands under it, and the parts in order."""

    title: str
    about: str
    language: str
    lines: tuple[Line, ...]


def gathered(
    catalog: Catalog, words: Words, things: Sequence[Thing], aside: Sequence[Thing], now: int, in_words: InWords
) -> Pages:
    """Gather what a record holds. `now` is a moment in milliseconds; `in_words` says an answer to a question."""
    said = words["work"]
    parts = (
        (said["journal_title"], _journal(journal(catalog, things, aside), words)),
        (said["conversations_title"], _conversations(conversations(catalog, things), catalog, words)),
        (said["export_practice"], _practice(catalog, things, words["quiz"])),
        (said["export_lab"], _lab(things, words)),
        *_quizzes(catalog, things, said, in_words),
    )
    lines: list[Line] = []
    for title, inside in parts:
        found = tuple(inside)
        lines.extend((Line("part", title), *found) if found else ())
    about = fill(said["export_made"], course=catalog.course.title, day=day_of(now, words))
    return Pages(words["page"]["my_work"], about, catalog.language, tuple(lines))


def to_text(pages: Pages) -> str:
    """Write the pages as plain text. Headings are underlined."""
    rows = [pages.title, "=" * len(pages.title), "", pages.about, ""]
    for line in pages.lines:
        if line.kind in _UNDER:
            rows.extend(["", line.text, _UNDER[line.kind] * max(len(line.text), 1), ""])
        elif line.kind == "title":
            rows.extend(["", f"* {line.text}", ""])
        else:
            rows.extend([line.text, ""])
    return "\n".join(rows)


_UNDER = {"part": "=", "group": "-"}


def to_html(pages: Pages) -> str:
    """Write the pages as one HTML file that prints well, too."""
    body = "\n".join(_element(line) for line in pages.lines)
    title, about = escape(pages.title), escape(pages.about)
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(pages.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
        f'<p class="about">{about}</p>\n{body}\n</main>\n</body>\n</html>\n'
    )


def _element(line: Line) -> str:
    tag = _TAGS[line.kind]
    return f"<{tag}>{escape(line.text)}</{tag.partition(' ')[0]}>"


_TAGS = {
    "part": "h2", "group": "h3", "title": "h4", "about": 'p class="about"', "words": 'p class="words"',
    "talk": 'p class="talk"',
}  # fmt: skip
_STYLE = (
    "body { color: #222; background: #fff; font: 1.0625rem/1.6 Georgia, serif; margin: 0; overflow-wrap: anywhere; } "
    "main { max-width: 65ch; margin: 0 auto; padding: 1rem; } h1, h2, h3, h4 { font-family: system-ui, sans-serif; "
    "line-height: 1.3; break-after: avoid; } .about { color: #555; } .words, .talk { white-space: pre-wrap; } "
    ".talk { font-family: system-ui, sans-serif; } h2 { border-top: 1px solid #bbb; padding-top: 1rem; } "
    "@media (prefers-color-scheme: dark) { @media screen { body { color: #eee; background: #1b1d1f; } "
    ".about { color: #bbb; } } } @media print { h2 { break-before: page; } h2:first-of-type { break-before: auto; } }"
)


def _journal(chapters: Iterable[Chapter], words: Words) -> Iterator[Line]:
    for chapter in chapters:
        yield Line("group", chapter.title)
        for entry in chapter.entries:
            yield Line("title", entry.title)
            yield from (Line("about", text) for text in entry.prompt)
            yield from _entry(entry, words)


def _entry(entry: Entry, words: Words) -> Iterator[Line]:
    said = words["work"]
    if entry.now:
        yield from _words(entry.now.text, _facts(said, words, saved_on=entry.now.saved, other=entry.now.other))
    if entry.shared:
        shared = entry.shared
        facts = _facts(said, words, shared_on=shared.shared, handed_on=shared.handed, other=shared.other)
        same = entry.now is not None and entry.now.text == shared.text
        yield from ((Line("about", each) for each in facts) if same else _words(shared.text, facts))
    for older in entry.older:
        facts = _facts(said, words, saved_on=older.saved, other=older.other)
        yield from _words(older.text, [said["export_older"], *facts])


def _facts(said: Mapping[str, str], words: Words, *, other: bool = False, **moments: object) -> list[str]:
    """Say what happened on which day, in the words of each name, and whether it is about someone else."""
    days = {name: day_of(moment, words) for name, moment in moments.items()}
    found = [fill(said[name], day=day) for name, day in days.items() if day]
    return [*found, said["about_other"]] if other else found


def _words(text: str, facts: Sequence[str]) -> Iterator[Line]:
    if facts:
        yield Line("about", " · ".join(facts))
    yield Line("words", text)


def _conversations(found: Iterable[Conversation], catalog: Catalog, words: Words) -> Iterator[Line]:
    said = words["work"]
    for each in found:
        yield Line("group", each.title)
        yield Line("about", each.module)
        if not each.scenario:
            yield Line("about", said["talk_gone"])
            continue
        for talk in (*each.talks, *([each.under_way] if each.under_way else [])):
            turns = each.turns(talk, words)
            day = day_of(talk.ended, words)
            ended = fill(said["ended_on"], day=day) if day else said["ended_some_day"]
            stands = fill(said["under_way"], turn=len(talk.choices) + 1) if talk is each.under_way else ended
            yield Line("title", stands)
            if not each.fits(talk):
                yield Line("about", said["talk_fits"])
            yield Line("talk", transcript(each.scenario, turns, catalog.course, words["roleplay"]).strip())


def _practice(catalog: Catalog, things: Iterable[Thing], said: Mapping[str, str]) -> Iterator[Line]:
    kept = {thing.name: thing.value for thing in things if thing.kind == PRACTICE}
    for module in catalog.modules:
        found = [(each, _best(kept.get(f"{module.id}--{each.id}"), each.points)) for each in module.questions.values()]
        rows = [f"{each.title}: {fill(said['best'], points=best, most=each.points)}" for each, best in found if best]
        if rows:
            yield Line("group", title_of(catalog, module.id))
            yield from (Line("about", row) for row in rows)


def _lab(things: Iterable[Thing], words: Words) -> Iterator[Line]:
    """Say what was counted in the practice lab on each day, and what the learner heard another way."""
    kept = tuple(things)
    for span in by_day(tries_in(kept)):
        yield Line("group", when(span, words))
        yield from (Line("about", sentence) for sentence in in_sentences(span, words["lab"], whole=True))
    disputes = disputes_in(kept)
    if disputes:
        yield Line("group", words["work"]["export_disputes"])
    for _, each in disputes:
        yield from (Line("words", sentence) for sentence in dispute_in_words(each, words))


def _best(value: object, most: int) -> str:
    """Say the best points that were kept of a question. Empty where there are none that it can give."""
    best = value.get("best") if isinstance(value, Mapping) else None
    usable = isinstance(best, int | float) and not isinstance(best, bool) and 0 <= best <= most
    return f"{best:g}" if usable else ""


def _quizzes(
    catalog: Catalog, things: Iterable[Thing], said: Mapping[str, str], in_words: InWords
) -> Iterator[tuple[str, list[Line]]]:
    for thing in things:
        value: Any = thing.value
        answers = value.get("answers") if thing.kind == GRADED and isinstance(value, Mapping) else None
        if isinstance(answers, Mapping) and answers:
            title = fill(said["export_quiz"], title=title_of(catalog, thing.name))
            yield title, list(_answers(catalog, thing.name, answers, said, in_words))


def _answers(
    catalog: Catalog, unit: str, answers: Mapping[str, object], said: Mapping[str, str], in_words: InWords
) -> Iterator[Line]:
    """Say each answer in words. An answer whose question is not in the course any more is given as it was kept."""
    bank, _ = catalog.bank(unit)
    questions = {question.id: question for question in for_learner(bank).questions} if bank else {}
    for name, question in questions.items():
        yield Line("group", question.title)
        yield from (Line("about", text) for text in question.stem)
        rows = in_words(question, answers.get(name))
        yield Line("words", "\n".join(rows)) if rows else Line("about", said["export_none"])
    for name, answer in answers.items():
        if name not in questions and isinstance(answer, str) and answer.strip():
            yield Line("group", readable(name))
            yield Line("words", answer)
