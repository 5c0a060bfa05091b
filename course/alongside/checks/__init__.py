"""The content checks: one small function for each rule. All of them run, and every fault says what to write instead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from alongside.blocks import Fault, Line, Page, Paragraph, parse
from alongside.catalog import WALK, Catalog, Module, read_text
from alongside.checks import language
from alongside.checks.bank import check_bank, q16_no_near_duplicates
from alongside.checks.course import check_shape
from alongside.checks.design import Designed, check_design
from alongside.checks.glossary import check_glossary
from alongside.checks.lesson import HOME, LAB, WORK, Placed, check_lesson
from alongside.checks.prompts import check_prompts
from alongside.checks.question import Asked, check_question
from alongside.checks.reading import reading_available
from alongside.checks.release import check_release
from alongside.checks.scenario import check_scenario
from alongside.checks.walk import check_walk
from alongside.coding.safety_lines import HELD_OUT, SAFETY, read_safety
from alongside.coding.voices import read_second, read_voices
from alongside.lesson import Lesson
from alongside.question import Bank

__all__ = ["check_course", "check_for_release", "reading_available"]


def check_course(catalog: Catalog, today: date | None = None) -> tuple[Fault, ...]:
    """Hold everything that the course holds against every rule.

    `today` is the day from which the age of a review is counted. Gives the faults by file and line, each once.
    """
    today = today or datetime.now(UTC).date()
    faults = {*check_shape(catalog), *_facts(catalog), *_home(catalog), *_my_work(catalog), *_glossary(catalog)}
    faults.update(_practice_lab(catalog))
    for module in catalog.modules:
        faults.update(_module(catalog, module, today))
    for unit in catalog.bank_paths:
        faults.update(_bank(catalog, unit, today))
    faults.update((*read_voices(catalog.root)[1], *read_second(catalog.root)[1]))
    for folder in (SAFETY, HELD_OUT):
        faults.update(read_safety(catalog.root, folder)[1])
    return _in_order(faults)


def check_for_release(catalog: Catalog, today: date | None = None) -> tuple[Fault, ...]:
    """Hold the course against every rule, and against what must hold on the day of a release."""
    today = today or datetime.now(UTC).date()
    return _in_order({*check_course(catalog, today), *check_release(catalog, today)})


def _in_order(faults: set[Fault]) -> tuple[Fault, ...]:
    return tuple(sorted(faults, key=lambda fault: (fault.path, fault.line, fault.message)))


def _facts(catalog: Catalog) -> Iterator[Fault]:
    """Hold the claims of `facts.yaml` against the rules for words, since learners read them inside a lesson."""
    yield from catalog.course.faults
    claims = tuple(Paragraph((Line(fact.claim, fact.line),)) for fact in catalog.course.facts.values())
    page = Page("course/facts.yaml", {}, claims, (), ())
    yield from language.words_we_avoid(page, catalog.course.avoided)
    yield from language.sentences_are_short(page)
    yield from language.lesson_reads_easily(page, catalog.course.language)


def _glossary(catalog: Catalog) -> Iterator[Fault]:
    yield from check_glossary(catalog)
    yield from _lesson_text(catalog, catalog.localized(catalog.root / "modules" / "glossary.md"))


def _home(catalog: Catalog) -> Iterator[Fault]:
    yield from _page(catalog, "home.md", catalog.home, HOME)


def _my_work(catalog: Catalog) -> Iterator[Fault]:
    yield from _page(catalog, "my-work.md", catalog.my_work, WORK)


def _practice_lab(catalog: Catalog) -> Iterator[Fault]:
    yield from _page(catalog, "practice-lab.md", catalog.practice_lab, LAB)
    path = catalog.localized(catalog.root / "modules" / "practice-lab-prompts.md")
    prompts, faults = catalog.prompts
    yield from faults
    yield from _plain_text(catalog, path)
    if prompts:
        yield from check_prompts(prompts)
    page, _ = catalog.practice_lab
    if page and not path.is_file():
        message = "The practice lab has no lines to answer. Write them in modules/practice-lab-prompts.md."
        yield Fault(page.path, 1, message)


def _page(
    catalog: Catalog, name: str, read: tuple[Lesson | None, tuple[Fault, ...]], holds: frozenset[str]
) -> Iterator[Fault]:
    """Check a page of the course that belongs to no module."""
    page, faults = read
    yield from faults
    path = catalog.localized(catalog.root / "modules" / name)
    yield from _lesson_text(catalog, path)
    if page:
        yield from check_lesson(Placed(page, read_text(path), path.parent, holds=holds))


def _module(catalog: Catalog, module: Module, today: date) -> Iterator[Fault]:
    yield from module.faults
    lesson, reflections = (catalog.localized(module.folder / name) for name in ("lesson.md", "reflections.md"))
    yield from _lesson_text(catalog, lesson)
    if module.lesson:
        has_practice = (module.folder / "practice.md").is_file()
        practice = None if has_practice and module.practice is None else tuple(module.questions)
        has_bank = module.id in catalog.bank_paths
        yield from check_lesson(Placed(module.lesson, read_text(lesson), lesson.parent, module, has_bank, practice))
    if reflections.is_file():
        page = parse(read_text(reflections), catalog.shown(reflections))
        told = page.facts.get("lang")
        yield from _words(catalog, page)
        yield from language.instructions_read_easily(
            page, told.value if told else catalog.course.language, "reflections"
        )
    design, design_faults = module.design
    yield from design_faults
    if design:
        bank, _ = catalog.bank(module.id)
        yield from check_design(Designed(module, design, bank, module.id in catalog.bank_paths))
    yield from _conversations(catalog, module)
    practice_path = catalog.localized(module.folder / "practice.md")
    yield from _plain_text(catalog, practice_path)
    if module.practice:
        yield from _questions(module.practice, today)
        graded, _ = catalog.bank(module.id)
        if graded:
            yield from q16_no_near_duplicates(module.practice, graded)


def _conversations(catalog: Catalog, module: Module) -> Iterator[Fault]:
    for path in sorted((module.folder / "scenarios").glob("*.md")):
        if path.name.endswith(WALK):
            name = path.name.removesuffix(WALK)
            scenario = module.scenarios.get(name)
            if scenario:
                yield from check_walk(scenario, read_text(path), catalog.shown(path))
            elif not path.with_name(f"{name}.md").is_file():
                yield Fault(catalog.shown(path), 1, f"There is no conversation {name}.md beside this walk. Rename one.")
        elif "." not in path.stem:
            yield from _plain_text(catalog, catalog.localized(path))
    for scenario in module.scenarios.values():
        yield from check_scenario(scenario)


def _bank(catalog: Catalog, unit: str, today: date) -> Iterator[Fault]:
    bank, faults = catalog.bank(unit)
    yield from faults
    yield from _plain_text(catalog, catalog.localized(catalog.bank_paths[unit]))
    if bank:
        yield from _questions(bank, today)


def _questions(bank: Bank, today: date) -> Iterator[Fault]:
    yield from check_bank(bank)
    for question in bank.questions:
        yield from check_question(Asked(question, bank.path, today, bank.language))


def _plain_text(catalog: Catalog, path: Path) -> Iterator[Fault]:
    if path.is_file():
        yield from _words(catalog, parse(read_text(path), catalog.shown(path)))


def _words(catalog: Catalog, page: Page) -> Iterator[Fault]:
    claims = " ".join(f"{fact.claim} {fact.how}" for fact in catalog.course.facts.values())
    yield from language.words_we_avoid(page, catalog.course.avoided)
    yield from language.sentences_are_short(page)
    yield from language.numbers_are_facts(page, claims)


def _lesson_text(catalog: Catalog, path: Path) -> Iterator[Fault]:
    yield from _plain_text(catalog, path)
    if path.is_file():
        page = parse(read_text(path), catalog.shown(path))
        told = page.facts.get("lang")
        tongue = told.value if told else catalog.course.language
        yield from language.lesson_reads_easily(page, tongue)
        yield from language.instructions_read_easily(page, tongue, "lesson")
