"""Rules for words: the ones we avoid, sentences that are too long, and text that is too hard to read.

They look at the page and not at what it means, so they hold for a file that has other faults as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from alongside.blocks import Fault, Item, Page, Paragraph, Section
from alongside.checks.reading import grade, reading_available
from alongside.checks.text import plain, sentences, unquoted, words

__all__ = [
    "Passage", "instructions_read_easily", "lesson_reads_easily", "numbers_are_facts", "passages",
    "sentences_are_short", "words_we_avoid",
]  # fmt: skip

MOST_IN_SENTENCE = 25
_TEACHING_GRADE = 8.0
_INSTRUCTION_GRADE = 6.0
_ENOUGH = 100  # words: a grade of fewer says more about two or three long words than about the text
_ENOUGH_TO_FOLLOW = 30  # the same for instructions, which are short by nature
_SPOKEN = re.compile(r"^(?:\*\*[^*]+\*\*\s*:|\*\*[^*]+:\s*\*\*|\*\s*Thinking\b)", re.IGNORECASE)
_FACTS = re.compile(r"^\*[^*]*\b\w+:[^*]*\*$")
_BOX = re.compile(r"^\[[ xX=]?\]\s*")
_ACTIVITY = re.compile(r"^\{\{.*\}\}$")
_WORDY = ("title", "content-note", "notes-for-trainers")


@dataclass(frozen=True)
class Passage:
    """A stretch of text that is read as one. `spoken` is what somebody says or thinks in a conversation."""

    text: str
    line: int
    spoken: bool = False
    rows: tuple[tuple[int, int], ...] = field(default=())  # where each row of the file starts in `text`, and its number

    def line_at(self, place: int) -> int:
        """Give the line of the file that a place in the text stands on."""
        return max((number for start, number in self.rows if start <= place), default=self.line)


def passages(page: Page) -> Iterator[Passage]:
    """Give everything in a page that is read: facts in words, headings, paragraphs, items and quotes."""
    for name, fact in page.facts.items():
        if name in _WORDY:
            yield Passage(fact.value, fact.line)
    for block in page.opening:
        yield from _block(block)
    for section in page.sections:
        yield Passage(section.title, section.line)
        for block in section.blocks:
            yield from _block(block)


def _block(block: Paragraph | Item) -> Iterator[Passage]:
    if isinstance(block, Item):
        text = _BOX.sub("", block.text)
        yield Passage(text, block.line, spoken=bool(_SPOKEN.match(text)))
        for quote in block.quotes:
            if not _FACTS.match(quote.text):
                yield Passage(quote.text, quote.number)
        for item in block.items:
            yield from _block(item)
        return
    rows = [(line.text.removeprefix(">").strip(), line.number) for line in block.lines]
    if any(_SPOKEN.match(text) for text, _ in rows):
        for text, number in rows:
            yield Passage(text, number, spoken=bool(_SPOKEN.match(text)))
        return
    read = [(text, number) for text, number in rows if not _ACTIVITY.match(text) and not _FACTS.match(text)]
    if not read:
        return
    starts, place = [], 0
    for text, number in read:
        starts.append((place, number))
        place += len(text) + 1
    yield Passage(" ".join(text for text, _ in read), read[0][1], rows=tuple(starts))


_NUMBER = re.compile(r"(?<![\w.-])(?:1-)?(?:\(?\d{3}\)?[ .-]\d{3}[.-]\d{4}|[1-9]11|988)(?![\w-])")


def numbers_are_facts(page: Page, claims: str) -> Iterator[Fault]:
    """A number to call stands in some dated fact, so that a change of it is noticed in one place.

    `claims` is the text of all facts. A full number belongs there alone: a lesson shows it by the fact's name.
    """
    for passage in passages(page):
        for match in _NUMBER.finditer(passage.text):
            long = len(match[0]) > 3  # noqa: PLR2004  988 and 911 are also words that people say
            if long or match[0] not in claims:
                message = (
                    f"{match[0]} is a number to call, and numbers change. "
                    "Write it in course/facts.yaml, and its name here."
                )
                yield Fault(page.path, passage.line_at(match.start()), message)


@lru_cache(maxsize=4)
def _avoided(names: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    either = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in longest_first)
    return re.compile(rf"(?<![\w-])(?:{either})(?![\w-])", re.IGNORECASE)


def words_we_avoid(page: Page, avoided: Mapping[str, str]) -> Iterator[Fault]:
    """No word from the course's list stands outside quotation marks (Q15).

    What a person in a conversation says of themselves is their own word, so speech and thoughts are left alone.
    """
    if not avoided:
        return
    pattern = _avoided(tuple(avoided))
    instead = {" ".join(name.lower().split()): what for name, what in avoided.items()}
    for passage in passages(page):
        text = unquoted(re.sub(r"\]\([^)]*\)", lambda match: " " * len(match[0]), passage.text))
        text = unquoted(passage.text) if passage.spoken else text
        if passage.spoken and not passage.text.lower().startswith("**you"):
            continue
        for match in pattern.finditer(text):
            what = instead[" ".join(match[0].lower().split())]
            message = (
                f'"{match[0]}" is a word we avoid. Write instead: {what}. To teach about the word, put it in quotes.'
            )
            yield Fault(page.path, passage.line_at(match.start()), message)


def sentences_are_short(page: Page) -> Iterator[Fault]:
    """No sentence has more than 25 words (Q13). What people say in a conversation has its own limit."""
    for passage in passages(page):
        if passage.spoken or passage.text.startswith("|"):
            continue
        for sentence in sentences(plain(passage.text)):
            count = len(words(sentence))
            if count > MOST_IN_SENTENCE:
                start = " ".join(sentence.split()[:5])
                message = (
                    f'The sentence "{start} ..." has {count} words. Make two of it; {MOST_IN_SENTENCE} is the most.'
                )
                yield Fault(page.path, passage.line, message)


def lesson_reads_easily(page: Page, language: str) -> Iterator[Fault]:
    """A lesson, and each part of it under a `##` heading that has 100 words or more, reads at grade 8 or below."""
    if not reading_available(language):
        return
    parts = [("This lesson", 1, _texts(page.opening))]
    whole = list(parts[0][2])
    for section in page.sections:
        texts = _texts(section.blocks)
        whole.extend(texts)
        if section.level <= 2:  # noqa: PLR2004  a smaller heading belongs to the part above it
            parts.append((f'"{section.title}"', section.line, texts))
        else:
            parts[-1][2].extend(texts)
    for name, line, texts in [("This lesson", 1, whole), *parts[1:]]:
        found = grade(texts)
        if _count(texts) >= _ENOUGH and found > _TEACHING_GRADE:
            message = f"{name} reads at grade {found:.1f}. Write shorter sentences and words, for 8 or below."
            yield Fault(page.path, line, message)


def instructions_read_easily(page: Page, language: str, kind: str) -> Iterator[Fault]:
    """What tells people what to do reads at grade 6 or below.

    In reflections that is each prompt with its guide; in a lesson, the lines that stand before the activities, taken
    together, since each is too short to have a grade of its own.
    """
    if not reading_available(language):
        return
    if kind == "reflections":
        found = [(section.line, _texts(section.blocks)) for section in page.sections if section.level == 2]  # noqa: PLR2004
    else:
        before = [passage for section in page.sections for passage in _introductions(section)]
        found = [(before[0].line, [plain(passage.text) for passage in before])] if before else []
    for line, texts in found:
        reads = grade(texts)
        if _count(texts) >= _ENOUGH_TO_FOLLOW and reads > _INSTRUCTION_GRADE:
            what = "This prompt and its questions read" if kind == "reflections" else "The lines before activities read"
            message = f"{what} at grade {reads:.1f}. Write shorter sentences and words, for 6 or below."
            yield Fault(page.path, line, message)


def _introductions(section: Section) -> Iterator[Passage]:
    for before, after in zip(section.blocks, section.blocks[1:], strict=False):
        if isinstance(before, Paragraph) and isinstance(after, Paragraph) and _ACTIVITY.match(after.text):
            yield from _block(before)


def _texts(blocks: tuple[Paragraph | Item, ...]) -> list[str]:
    return [plain(passage.text) for block in blocks for passage in _block(block) if not passage.text.startswith("|")]


def _count(texts: list[str]) -> int:
    return sum(len(words(text)) for text in texts)
