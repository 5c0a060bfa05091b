"""Rules for the lines of the practice lab."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from alongside.blocks import Fault
from alongside.checks.reading import grade, reading_available
from alongside.checks.text import bare, words
from alongside.prompts import Prompt, Prompts

__all__ = ["RULES", "check_prompts"]

MOST_CONTEXT = 30  # words
MOST_SAID = 60
MOST_ANSWERED = 40
MOST_WAYS = 3
_GRADE = 8.0
_ENOUGH = 30  # words: a grade of fewer says more about one long word than about the text
_FIGURE = re.compile(r"%|\bpercent\b|\b(?:studies|research|statistics)\b|\[[@=]", re.IGNORECASE)


def texts_are_short(found: Prompts) -> Iterator[Fault]:
    """A prompt is read on a phone, in a minute: a line or two of context, one line of speech, short answers."""
    for prompt in found.prompts.values():
        said = (
            ("what is told beforehand", [" ".join(prompt.context)], MOST_CONTEXT),
            (f"what {prompt.person} says", [prompt.words], MOST_SAID),
            ("a way to answer", prompt.ways, MOST_ANSWERED),
        )
        for what, texts, most in said:
            count = max(len(words(text)) for text in texts)
            if count > most:
                message = f"Here {what} has {count} words; {most} is the most. Make it shorter."
                yield Fault(found.path, prompt.line, message)
        if len(prompt.ways) > MOST_WAYS:
            message = f"There are {len(prompt.ways)} ways to answer; {MOST_WAYS} is the most. Keep those that differ."
            yield Fault(found.path, prompt.line, message)


def people_differ(found: Prompts) -> Iterator[Fault]:
    """Each prompt is somebody else's, so that nobody is made to say two things."""
    first: dict[str, Prompt] = {}
    for prompt in found.prompts.values():
        before = first.setdefault(bare(prompt.person), prompt)
        if before is not prompt:
            message = f"{prompt.person} speaks on line {before.line} already. Give this person another name."
            yield Fault(found.path, prompt.line, message)


def lines_differ(found: Prompts) -> Iterator[Fault]:
    """No line and no way to answer stands here twice."""
    first: dict[str, int] = {}
    for prompt in found.prompts.values():
        for text in (prompt.words, *prompt.ways):
            before = first.setdefault(bare(text), prompt.line)
            if before != prompt.line:
                yield Fault(found.path, prompt.line, f'"{text}" stands under line {before}, too. Change one.')


def prompts_read_easily(found: Prompts) -> Iterator[Fault]:
    """Each prompt with its ways to answer reads at grade 8 or below."""
    if not reading_available(found.language):
        return
    for prompt in found.prompts.values():
        texts = [*prompt.context, prompt.words, *prompt.ways]
        reads = grade(texts)
        if sum(len(words(text)) for text in texts) >= _ENOUGH and reads > _GRADE:
            message = f"This reads at grade {reads:.1f}. Write shorter sentences and words, for 8 or below."
            yield Fault(found.path, prompt.line, message)


def prompts_state_no_figures(found: Prompts) -> Iterator[Fault]:
    """A prompt states no fact that would need a source: it is one person's line."""
    for prompt in found.prompts.values():
        for text in (*prompt.context, prompt.words, *prompt.ways):
            match = _FIGURE.search(text)
            if match:
                message = f'"{match[0]}" states a fact, which needs a source. Leave it out, or teach it in a lesson.'
                yield Fault(found.path, prompt.line, message)


Rule = Callable[[Prompts], Iterator[Fault]]

RULES: tuple[Rule, ...] = (
    texts_are_short, people_differ, lines_differ, prompts_read_easily, prompts_state_no_figures,
)  # fmt: skip


def check_prompts(found: Prompts) -> Iterator[Fault]:
    """Hold the lab's prompts against every rule."""
    for rule in RULES:
        yield from rule(found)
