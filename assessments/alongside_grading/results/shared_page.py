"""What learners chose to share of what they wrote for themselves: one page for a unit, for the instructor alone.

Pure: what was handed in becomes a `Page`, and a page becomes HTML or plain text. Learners' words are text and nothing
else; where the course knows a reflection, its own title and prompt stand there, and not those that came with the words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from alongside.prose import day_in_words
from alongside.reflection import Reflection
from alongside.responses import Shown
from alongside_grading.marking.answers import Words
from alongside_grading.results.templates import template
from alongside_grading.wording import plain_text, quoted

__all__ = ["Learner", "Page", "Text", "as_html", "as_text", "shared_page"]


@dataclass(frozen=True)
class Text:
    """One reflection as it was shared. `prompt` is empty where the course no longer asks for it. The day is in UTC."""

    title: str
    prompt: tuple[str, ...]
    words: str
    other: bool
    day: date


@dataclass(frozen=True)
class Learner:
    """One learner, by the name in the instructor's list, and what they shared."""

    name: str
    texts: tuple[Text, ...]


@dataclass(frozen=True)
class Page:
    """All that was shared with the work on one unit."""

    language: str
    title: str
    learners: tuple[Learner, ...]


def shared_page(
    title: str, language: str, work: Mapping[str, Sequence[Shown]], prompts: Mapping[str, Reflection]
) -> Page:
    """Put together what was shared, by learner. `prompts` are the module's reflections by id."""
    learners = (Learner(_line(name), tuple(_text(each, prompts) for each in shown)) for name, shown in work.items())
    return Page(language, title, tuple(each for each in learners if each.texts))


def _text(shown: Shown, prompts: Mapping[str, Reflection]) -> Text:
    known = prompts.get(shown.id)
    title, prompt = (known.title, known.prompt) if known else (_line(shown.title) or shown.id, ())
    return Text(title, prompt, plain_text(shown.text).strip(), shown.other, shown.shared.date())


def _line(text: str) -> str:
    return " ".join(plain_text(text).split())


def as_html(page: Page, words: Words) -> str:
    """Write a page as HTML that stands alone, without a script or a request. Everything put into it is escaped."""
    said = words["shared"]
    title = said["title"].format(title=page.title)
    made = template("shared.html.j2").render(
        page=page, said=said, title=title, about=lambda text: list(_about(text, words))
    )
    return str(made)


def as_text(page: Page, words: Words) -> str:
    """Write a page as plain text."""
    return "\n".join(_rows(page, words)) + "\n"


def _rows(page: Page, words: Words) -> Iterator[str]:
    said = words["shared"]
    title = said["title"].format(title=page.title)
    yield from (title, "=" * len(title), "", said["intro"])
    for learner in page.learners:
        yield from ("", "", learner.name, "-" * len(learner.name))
        for text in learner.texts:
            yield from ("", text.title, *_about(text, words))
            if text.prompt:
                yield from (f"{said['asked']}:", *(f"  {paragraph}" for paragraph in text.prompt))
            yield from ("", *quoted(text.words))


def _about(text: Text, words: Words) -> Iterator[str]:
    said = words["shared"]
    yield f"{said['day'].format(day=day_in_words(text.day, words))}."
    if text.other:
        yield said["other"]
    if not text.prompt:
        yield said["gone"]
