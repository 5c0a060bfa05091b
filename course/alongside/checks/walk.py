"""Rules for a walk: `<name>.walk.md`, replies chosen and lines expected, played against the conversation.

Each heading starts a new walk. After a Harm reply the walk goes on from the moment before it, as a learner does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from alongside.blocks import Fault, Item, Paragraph, parse
from alongside.roleplay import play
from alongside.scenario import Scenario

__all__ = ["check_walk"]

_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})


@dataclass(frozen=True)
class _Step:
    """One line of a walk: a reply to choose, or a line to expect."""

    words: str
    line: int
    chooses: bool


@dataclass
class _Player:
    """A conversation while a walk is played through it."""

    scenario: Scenario
    choices: list[str] = field(default_factory=list)

    def heard(self) -> set[str]:
        return {_same(line.words) for line in play(self.scenario, self.choices)[-1].heard}

    def choose(self, words: str) -> str:
        """Choose the reply with these words. Gives what is wrong, or nothing."""
        if play(self.scenario, self.choices)[-1].halted:
            self.choices.pop()
        offered = play(self.scenario, self.choices)[-1].offered
        for reply in offered:
            if _same(reply.label) == words:
                self.choices.append(reply.id)
                return ""
        if not offered:
            return "The conversation has ended before this reply. Take it out, or change the walk above it."
        said = ", ".join(f'"{reply.label}"' for reply in offered)
        return f"This is not a reply here. The replies are: {said}."


def check_walk(scenario: Scenario, text: str, path: str) -> Iterator[Fault]:
    """Play every walk in a file. The rest of a walk is left out after a reply that cannot be chosen."""
    page = parse(text, path)
    yield from page.faults
    chosen = False
    for blocks in (page.opening, *(section.blocks for section in page.sections)):
        player = _Player(scenario)
        for step in _steps(blocks):
            if not step.words:
                continue
            if step.chooses:
                chosen = True
                wrong = player.choose(step.words)
                if wrong:
                    yield Fault(path, step.line, wrong)
                    break
            elif step.words not in player.heard():
                scene = play(scenario, player.choices)[-1].state.scene
                title = scenario.by_id[scene].title
                yield Fault(path, step.line, f'This is not heard in "{title}". Write a line that is, word for word.')
        yield from _not_steps(blocks, path)
    if not chosen:
        yield Fault(
            path, 1, "Nothing is chosen in this walk. Write a reply as `- words`, a line to expect as `> words`."
        )


def _steps(blocks: tuple[Paragraph | Item, ...]) -> Iterator[_Step]:
    for block in blocks:
        if isinstance(block, Item):
            yield _Step(_same(block.text), block.line, chooses=True)
            for quote in block.quotes:
                yield _Step(_same(quote.text), quote.number, chooses=False)
        else:
            for line in block.lines:
                if line.text.startswith(">"):
                    yield _Step(_same(line.text[1:]), line.number, chooses=False)


def _not_steps(blocks: tuple[Paragraph | Item, ...], path: str) -> Iterator[Fault]:
    message = "This is no step of a walk. Write a reply as `- words`, and a line you expect as `> words`."
    for block in blocks:
        if isinstance(block, Paragraph):
            for line in block.lines:
                if not line.text.startswith(">"):
                    yield Fault(path, line.number, message)
        else:
            for item in block.items:
                yield Fault(path, item.line, message)


def _same(words: str) -> str:
    """Give words as they are compared: without quotes around them, and with straight ones inside."""
    words = words.translate(_QUOTES).strip()
    whole = len(words) > 1 and words[0] == words[-1] == '"' and '"' not in words[1:-1]
    return words[1:-1].strip() if whole else words
