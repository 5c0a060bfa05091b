"""Rules for a module's objectives: what they name is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from alongside.blocks import Fault, parse
from alongside.catalog import Module, read_text
from alongside.objective import Design
from alongside.question import Bank

__all__ = ["RULES", "Designed", "check_design"]


@dataclass(frozen=True)
class Designed:
    """A module's objectives beside what the module holds. `bank` is None where there is none, or it has faults."""

    module: Module
    design: Design
    bank: Bank | None
    bank_is_there: bool

    def fault(self, line: int, message: str) -> Fault:
        """Give a fault of the design page."""
        return Fault(self.design.path, line, message)


def taught_where_it_says(each: Designed) -> Iterator[Fault]:
    """What an objective says of where it is taught is a `##` heading of the lesson, word for word."""
    path = each.module.folder / "lesson.md"
    if not path.is_file():
        return
    titles = [section.title for section in parse(read_text(path), "").sections if section.level == 2]  # noqa: PLR2004
    for objective in each.design.objectives:
        for title in objective.taught:
            if title not in titles:
                there = "; ".join(titles)
                message = f'The lesson has no heading "{title}". It has: {there}.'
                yield each.fault(objective.line, message)


def practiced_where_it_says(each: Designed) -> Iterator[Fault]:
    """What an objective says it is practised in is an activity of the module: a talk, a question or a reflection."""
    names = _activities(each.module)
    for objective in each.design.objectives:
        for name in objective.practiced:
            if name not in names:
                message = f"There is no conversation, practice question or reflection called {name} in this module."
                yield each.fault(objective.line, message)


def assessed_where_it_says(each: Designed) -> Iterator[Fault]:
    """What an objective says it is assessed by is a question of the graded bank. Where there is one, each says so."""
    if each.bank is None and each.bank_is_there:
        return  # the bank's own faults are told already
    names = {question.id for question in each.bank.questions} if each.bank else set()
    for objective in each.design.objectives:
        if each.bank and not objective.assessed:
            yield each.fault(objective.line, "This objective is not assessed anywhere. Write a line `- assessed: ...`.")
        for name in objective.assessed:
            if name not in names:
                message = f"There is no graded question called {name} in assessments/questions/{each.module.id}.md."
                yield each.fault(objective.line, message)


Rule = Callable[[Designed], Iterator[Fault]]

RULES: tuple[Rule, ...] = (
    taught_where_it_says, practiced_where_it_says, assessed_where_it_says,
)  # fmt: skip


def check_design(each: Designed) -> Iterator[Fault]:
    """Hold a module's objectives against every rule."""
    for rule in RULES:
        yield from rule(each)


def _activities(module: Module) -> frozenset[str]:
    """Everything in a module that can be practised. Files count, also those with faults: they are told there."""
    files = {path.stem for path in (module.folder / "scenarios").glob("*.md") if "." not in path.stem}
    page = module.folder / "practice.md"
    sections = parse(read_text(page), "").sections if page.is_file() else ()
    return frozenset({*files, *(section.anchor for section in sections), *module.reflections})
