"""The only reader of the course's Markdown script: front matter, headings, paragraphs, items, quotes, line numbers.

Everything after a marker is taken raw, so that no word an author types can change what the file means.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

__all__ = ["Fact", "Fault", "Item", "Line", "Page", "Paragraph", "Section", "facts_in", "heading_slug", "parse"]

_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+)$")
_ANCHOR = re.compile(r"\{#([^{}]*)\}$")
_BULLET = re.compile(r"^([ \t]*)[-*+][ \t]+(.*)$")
_NUMBER = re.compile(r"^([ \t]*)\d{1,3}[.)][ \t]+(.*)$")
_QUOTE = re.compile(r"^[ \t]*>[ \t]?(.*)$")
_FACT = re.compile(r"^([A-Za-z][\w -]*?)[ \t]*:(?:[ \t]+(.*))?$")
_FACTS = re.compile(r"^\*(?P<facts>[^*]+)\*$")
_NESTED = 2  # columns of indentation from which an item belongs to the item above it


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in a file, in words that say what to write instead."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        """Give the form that editors turn into a link: `path:line: what is wrong, what to write`."""
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Line:
    """A line of text and its number in the file, counted from 1."""

    text: str
    number: int


@dataclass(frozen=True)
class Fact:
    """One line of front matter: the text after the colon, taken raw."""

    value: str
    line: int


@dataclass(frozen=True)
class Paragraph:
    """Lines that stand together. Whether they are one thought or several is the caller's to say."""

    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """The lines as one."""
        return " ".join(line.text for line in self.lines)

    @property
    def line(self) -> int:
        """Where the paragraph starts."""
        return self.lines[0].number


@dataclass(frozen=True)
class Item:
    """A list item with the quotes and items that stand under it. `numbered` tells `1.` from `-`."""

    text: str
    line: int
    numbered: bool = False
    quotes: tuple[Line, ...] = ()
    items: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it, up to the next heading of any level."""

    level: int
    title: str
    anchor: str
    line: int
    blocks: tuple[Paragraph | Item, ...]

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The paragraphs alone."""
        return tuple(block for block in self.blocks if isinstance(block, Paragraph))

    @property
    def items(self) -> tuple[Item, ...]:
        """The list items alone."""
        return tuple(block for block in self.blocks if isinstance(block, Item))


@dataclass(frozen=True)
class Page:
    """A whole file: its front matter, what stands before the first heading, its sections, and faults of form."""

    path: str
    facts: dict[str, Fact]
    opening: tuple[Paragraph | Item, ...]
    sections: tuple[Section, ...]
    faults: tuple[Fault, ...]


@dataclass
class _Draft:
    """An item while its quotes and nested items are still being read."""

    text: list[str]
    line: int
    numbered: bool
    indent: int
    quotes: list[Line] = field(default_factory=list)
    items: list[_Draft] = field(default_factory=list)

    def done(self) -> Item:
        items = tuple(item.done() for item in self.items)
        return Item(" ".join(self.text).strip(), self.line, self.numbered, tuple(self.quotes), items)


def heading_slug(title: str) -> str:
    """Give the identity of a heading: GitHub's rule, so that the links in a file also work on its page there."""
    kept = (char for char in unicodedata.normalize("NFC", title).lower() if char.isalnum() or char in " -_")
    return "".join(kept).strip().replace(" ", "-")


def facts_in(text: str) -> tuple[tuple[str, str | None], ...] | None:
    """Give what a line of facts in italics says: `*skill: reflecting · points: 1*` as names and values.

    A part without a colon has None for a value. None for a line that is not in italics.
    """
    match = _FACTS.match(text)
    if not match:
        return None
    parts = (part.partition(":") for part in match["facts"].split("·"))
    return tuple((name.strip(), value.strip() if colon else None) for name, colon, value in parts)


def parse(text: str, path: str) -> Page:
    """Read a file of any content into blocks. Never raises: what does not fit is kept as text or told as a fault."""
    rows = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = [Line(row.rstrip(), number) for number, row in enumerate(rows, start=1)]
    faults: list[Fault] = []
    facts, rest = _front_matter(lines, path, faults)
    opening: tuple[Paragraph | Item, ...] = ()
    sections: list[Section] = []
    head: tuple[int, str, str, int] | None = None
    body: list[Line] = []

    def close() -> None:
        nonlocal opening
        blocks = _blocks(body)
        if head is None:
            opening = blocks
        else:
            sections.append(Section(*head, blocks))

    for line in rest:
        match = _HEADING.match(line.text)
        if match:
            close()
            head, body = (len(match[1]), *_heading(match[2]), line.number), []
        else:
            body.append(line)
    close()
    return Page(path, facts, opening, tuple(sections), tuple(faults))


def _heading(text: str) -> tuple[str, str]:
    """Give a heading's title and its identity: `{#its-id}` where there is one, else the title's slug."""
    text = text.strip()
    without = text.rstrip("#")
    if not without or without[-1] in " \t":  # a heading may be closed by hashes, as it was opened
        text = without.rstrip()
    match = _ANCHOR.search(text)
    title = text[: match.start()].rstrip() if match else text
    anchor = match[1].strip() if match else ""
    return title, anchor or heading_slug(title)


def _front_matter(lines: list[Line], path: str, faults: list[Fault]) -> tuple[dict[str, Fact], list[Line]]:
    """Take the lines between two `---` at the top as `name: value`, the value raw."""
    if not lines or lines[0].text.strip() != "---":
        return {}, lines
    facts: dict[str, Fact] = {}
    for index, line in enumerate(lines[1:], start=1):
        if line.text.strip() == "---":
            return facts, lines[index + 1 :]
        match = _FACT.match(line.text.strip())
        if match:
            name = match[1].strip().lower()
            if name in facts:
                faults.append(Fault(path, line.number, f'"{name}" is given twice. Keep one of the two lines.'))
            facts[name] = Fact((match[2] or "").strip(), line.number)
        elif line.text.strip() and not line.text.lstrip().startswith("#"):
            faults.append(
                Fault(path, line.number, "This line at the top is not a fact. Write it as `name: value`, one per line.")
            )
    faults.clear()  # without an end every line of the file would be told as no fact
    faults.append(Fault(path, 1, "The facts at the top have no end. Put a line of three dashes, ---, after them."))
    return facts, []


def _blocks(lines: list[Line]) -> tuple[Paragraph | Item, ...]:
    blocks: list[Paragraph | _Draft] = []
    paragraph: list[Line] = []
    item: _Draft | None = None  # the item that quotes and continuation lines belong to
    parent: _Draft | None = None

    def end_paragraph() -> None:
        if paragraph:
            blocks.append(Paragraph(tuple(paragraph)))
            paragraph.clear()

    blank = True
    for line in lines:
        text = line.text
        if not text.strip():
            end_paragraph()
            blank = True
            continue
        bullet, number, quote = _BULLET.match(text), _NUMBER.match(text), _QUOTE.match(text)
        found = bullet or number
        if found and not (number and paragraph):
            end_paragraph()
            indent = len(found[1].expandtabs(4))
            draft = _Draft([found[2].strip()], line.number, number is not None, indent)
            if parent is not None and indent >= parent.indent + _NESTED:
                parent.items.append(draft)
            else:
                blocks.append(draft)
                parent = draft
            item = draft
        elif quote and item is not None:
            item.quotes.append(Line(quote[1].strip(), line.number))
        elif item is not None and (not blank or text[0] in " \t") and not quote:
            if item.quotes:  # a reason that goes on without its mark
                last = item.quotes[-1]
                item.quotes[-1] = Line(f"{last.text} {text.strip()}".strip(), last.number)
            else:
                item.text.append(text.strip())
        else:
            item = parent = None
            paragraph.append(Line(text.strip(), line.number))
        blank = False
    end_paragraph()
    return tuple(block.done() if isinstance(block, _Draft) else block for block in blocks)
