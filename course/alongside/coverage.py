"""What the course covers: objectives against SAMHSA's categories and IC&RC's domains, minutes, activities, and gaps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from alongside.blocks import Item, Paragraph, parse
from alongside.catalog import Catalog, Module, read_text
from alongside.objective import DOMAINS, SAMHSA, Objective
from alongside.prose import without_marks
from alongside.question import Kind

__all__ = ["Coverage", "Row", "coverage", "lesson_minutes", "page"]

# Our own estimates, said on the page: how long things take someone who reads slowly and thinks about it.
WORDS_A_MINUTE = 150
QUESTION_MINUTES = 1.5
REFLECTION_MINUTES = 6.0
WRITTEN_MINUTES = 6.0


@dataclass(frozen=True)
class Row:
    """One objective of one module. `minutes` is its share of what is read, practised and answered for it."""

    module: str
    number: int
    objective: Objective
    minutes: float


@dataclass(frozen=True)
class Coverage:
    """Every objective, the minutes of each module, and what modules say that they leave out."""

    rows: tuple[Row, ...]
    minutes: Mapping[str, float] = field(default_factory=dict)
    left_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def in_cell(self, category: str, domain: str | None) -> tuple[Row, ...]:
        """Give the objectives that serve a category, within a domain or (None) within no domain."""
        return tuple(
            row
            for row in self.rows
            if category in row.objective.samhsa and (domain in row.objective.icrc if domain else not row.objective.icrc)
        )

    def category_minutes(self, category: str) -> float:
        """Give a category's minutes. An objective of several categories gives each the same share."""
        return sum(row.minutes / len(row.objective.samhsa) for row in self.rows if category in row.objective.samhsa)

    @property
    def categories_without(self) -> tuple[str, ...]:
        """The categories that no objective serves."""
        return tuple(name for name in SAMHSA if not any(name in row.objective.samhsa for row in self.rows))

    @property
    def domains_without(self) -> tuple[str, ...]:
        """The domains that no objective serves."""
        return tuple(name for name in DOMAINS if not any(name in row.objective.icrc for row in self.rows))


def coverage(catalog: Catalog) -> Coverage:
    """Work out what the course covers. A module whose files have faults counts with what could be read."""
    rows: list[Row] = []
    minutes: dict[str, float] = {}
    left_out: dict[str, tuple[str, ...]] = {}
    for module in catalog.modules:
        design, _ = module.design
        if design is None:
            continue
        each = _minutes(module, design.objectives, catalog)
        rows.extend(
            Row(module.folder.name, module.number, objective, spent)
            for objective, spent in zip(design.objectives, each, strict=True)
        )
        minutes[module.folder.name] = sum(each)
        left_out[module.folder.name] = design.left_out
    return Coverage(tuple(rows), minutes, left_out)


def _minutes(module: Module, objectives: Sequence[Objective], catalog: Catalog) -> list[float]:
    """Share what each part of a module takes among the objectives that name it."""
    takes = {**_reading(module), **_doing(module), **_graded(module, catalog)}
    named: dict[tuple[str, str], int] = defaultdict(int)
    for objective in objectives:
        for part in _parts(objective):
            named[part] += 1
    return [sum(takes.get(part, 0.0) / named[part] for part in _parts(objective)) for objective in objectives]


def lesson_minutes(module: Module) -> float:
    """Estimate how long a lesson takes, from all that is read and done in it. The graded quiz is not part of it."""
    return sum(_reading(module).values()) + sum(_doing(module).values())


def _parts(objective: Objective) -> Iterable[tuple[str, str]]:
    yield from (("read", title) for title in objective.taught)
    yield from (("do", name) for name in objective.practiced)
    yield from (("graded", name) for name in objective.assessed)


def _reading(module: Module) -> dict[tuple[str, str], float]:
    path = module.folder / "lesson.md"
    found: dict[tuple[str, str], float] = defaultdict(float)
    title = ""
    for section in parse(read_text(path), module.path(path)).sections if path.is_file() else ():
        title = section.title if section.level <= 2 else title  # noqa: PLR2004  a smaller heading belongs to the one above
        texts = (text for block in section.blocks for text in _texts(block) if not text.startswith("{{"))
        words = sum(len(without_marks(text).split()) for text in texts)
        found["read", title] += words / WORDS_A_MINUTE
    return found


def _texts(block: Paragraph | Item) -> Iterable[str]:
    yield block.text
    if isinstance(block, Item):
        for item in block.items:
            yield from _texts(item)


def _doing(module: Module) -> dict[tuple[str, str], float]:
    return {
        **{("do", name): float(scenario.minutes) for name, scenario in module.scenarios.items()},
        **{("do", name): QUESTION_MINUTES for name in module.questions},
        **{("do", name): REFLECTION_MINUTES for name in module.reflections},
    }


def _graded(module: Module, catalog: Catalog) -> dict[tuple[str, str], float]:
    bank, _ = catalog.bank(module.id)
    return {
        ("graded", question.id): WRITTEN_MINUTES if question.kind is Kind.WRITTEN else QUESTION_MINUTES
        for question in (bank.questions if bank else ())
    }


def page(found: Coverage) -> str:
    """Write the coverage as a page of Markdown, the same bytes for the same course."""
    return "\n".join((*_head(found), *_grid(found), *_objectives(found), *_gaps(found)))


_HEAD = """\
# What the course covers

Made by `alongside build` from each module's `design.md`. Do not edit it.

{objectives} objectives in {modules} modules, about {hours:.0f} hours of work. Each objective is taught, practiced and
assessed; `alongside check` holds that.

Minutes are estimates. Reading counts {words} words a minute, a conversation what its page says, a question
{question:g} minutes, a reflection {reflection:g} and a written answer {written:g}. What several objectives share is
split evenly among them, and an objective's minutes evenly among its categories.

The course supplements local training. It certifies nothing, and it makes no claim to meet any state's hours or to match
any exam. The categories and domains are used to show what is here and what is not.
"""
_GRID = """\
## Objectives by category and domain

Rows are SAMHSA's core competency categories (2015). Columns are the domains of IC&RC's Peer Recovery credential, as one
state board lists them. An objective may stand in several cells.
"""


def _head(found: Coverage) -> Iterable[str]:
    yield _HEAD.format(
        objectives=len(found.rows),
        modules=len(found.minutes),
        hours=sum(found.minutes.values()) / 60,
        words=WORDS_A_MINUTE,
        question=QUESTION_MINUTES,
        reflection=REFLECTION_MINUTES,
        written=WRITTEN_MINUTES,
    )


def _grid(found: Coverage) -> Iterable[str]:
    columns: list[str | None] = [*DOMAINS, None]
    heads = [*DOMAINS.values(), "No domain"]
    yield _GRID
    yield f"| SAMHSA category | {' | '.join(heads)} | Objectives | Minutes |"
    yield f"| --- |{' --- |' * (len(heads) + 2)}"
    for name, title in SAMHSA.items():
        cells = [str(len(found.in_cell(name, domain)) or "") for domain in columns]
        count = sum(name in row.objective.samhsa for row in found.rows)
        yield f"| {name}. {title} | {' | '.join(cells)} | {count} | {found.category_minutes(name):.0f} |"
    counts = [
        str(sum((domain in row.objective.icrc) if domain else not row.objective.icrc for row in found.rows))
        for domain in columns
    ]
    yield f"| Objectives | {' | '.join(counts)} | {len(found.rows)} | {sum(found.minutes.values()):.0f} |"
    yield ""


def _objectives(found: Coverage) -> Iterable[str]:
    yield "## Every objective"
    yield ""
    for folder, minutes in found.minutes.items():
        yield f"### {folder}: about {minutes:.0f} minutes"
        yield ""
        yield "| Objective | SAMHSA | IC&RC | Taught in | Practiced | Assessed | Minutes |"
        yield "| --- | --- | --- | --- | --- | --- | --- |"
        for row in found.rows:
            if row.module == folder:
                each = row.objective
                domains = ", ".join(DOMAINS.get(name, name) for name in each.icrc)
                yield (
                    f"| {each.text} | {', '.join(each.samhsa)} | {domains} | {'; '.join(each.taught)} | "
                    f"{len(each.practiced)} | {len(each.assessed)} | {row.minutes:.0f} |"
                )
        yield ""


def _gaps(found: Coverage) -> Iterable[str]:
    yield from ("## Not covered", "")
    for name in found.categories_without:
        yield f"- No objective serves SAMHSA's category {name}, {SAMHSA[name]}."
    for name in found.domains_without:
        yield f"- No objective serves IC&RC's domain {DOMAINS[name]}."
    if found.categories_without or found.domains_without:
        yield ""
    yield "Each module says what it leaves out:"
    yield ""
    for folder, lines in found.left_out.items():
        yield f"- **{folder}**"
        yield from (f"  - {line}" for line in lines)
    yield ""
