"""What must hold on the day of a release, and may wait until then: nothing is stale, forgotten, or not built yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from alongside.blocks import Fault, parse
from alongside.build import out_of_date
from alongside.cast import read_cast
from alongside.catalog import Catalog, read_text
from alongside.coverage import coverage, lesson_minutes
from alongside.facts import stale
from alongside.objective import DOMAINS, SAMHSA

__all__ = ["RULES", "check_release"]

MOST_ON_ONE_PAGE = 220
_FACTS = "course/facts.yaml"
_CAST = "course/cast.md"
_COVERAGE = "course/COVERAGE.md"


def facts_are_fresh(catalog: Catalog, today: date) -> Iterator[Fault]:
    """No dated fact is due for a new check."""
    for fact in stale(catalog.course.facts.values(), today):
        message = (
            f"{fact.id} was last checked on {fact.checked} and was due again on {fact.stale}. "
            "Look it up, mend its claim if it has changed, and write both new days."
        )
        yield Fault(_FACTS, fact.line, message)


def facts_are_used(catalog: Catalog, today: date) -> Iterator[Fault]:  # noqa: ARG001  rules are called alike
    """Every dated fact stands where a learner meets it: in a lesson, in the glossary, or as a line to call."""
    home, _ = catalog.home
    glossary, _ = catalog.glossary
    lessons = [home, *(module.lesson for module in catalog.modules)]
    used = {
        *(name for lesson in lessons if lesson for name in lesson.facts),
        *(glossary.fact_names if glossary else ()),
        *catalog.course.crisis_names,
    }
    for fact in catalog.course.facts.values():
        if fact.id not in used:
            message = f"{fact.id} stands in no lesson. Place it with [={fact.id}], or take it out."
            yield Fault(_FACTS, fact.line, message)


def objectives_are_assessed(catalog: Catalog, today: date) -> Iterator[Fault]:  # noqa: ARG001  rules are called alike
    """Every objective is assessed, so every module has a graded bank."""
    for module in catalog.modules:
        design, _ = module.design
        for objective in design.objectives if design else ():
            if not objective.assessed:
                message = "This objective is not assessed anywhere. Write a graded question for it, and name it here."
                yield Fault(module.path(module.folder / "design.md"), objective.line, message)


def everything_serves_an_objective(catalog: Catalog, today: date) -> Iterator[Fault]:  # noqa: ARG001  as above
    """Every conversation and every graded question serves an objective: what serves none is only in the way."""
    for module in catalog.modules:
        design, _ = module.design
        if design is None:
            continue
        path = module.path(module.folder / "design.md")
        practiced = {name for objective in design.objectives for name in objective.practiced}
        assessed = {name for objective in design.objectives for name in objective.assessed}
        for name in sorted(set(module.scenarios) - practiced):
            yield Fault(path, 1, f"No objective is practiced in the conversation {name}. Add it under one.")
        bank, _ = catalog.bank(module.id)
        for question in bank.questions if bank else ():
            if question.id not in assessed:
                message = f"No objective is assessed by the graded question {question.id}. Add it under one."
                yield Fault(path, 1, message)


def categories_are_served(catalog: Catalog, today: date) -> Iterator[Fault]:  # noqa: ARG001  as above
    """Every category and every domain that the course is held against has an objective."""
    found = coverage(catalog)
    for name in found.categories_without:
        yield Fault(_COVERAGE, 1, f"No objective serves SAMHSA's category {name}, {SAMHSA[name]}. Add one.")
    for name in found.domains_without:
        yield Fault(_COVERAGE, 1, f"No objective serves IC&RC's domain {DOMAINS[name]}. Add one.")


def minutes_are_honest(catalog: Catalog, today: date) -> Iterator[Fault]:  # noqa: ARG001  as above
    """A lesson takes about as long as it says: its parts add up to that, give or take a quarter."""
    for module in catalog.modules:
        takes = lesson_minutes(module)
        if module.lesson and abs(module.lesson.minutes - takes) > takes / 4:
            message = f"This lesson says {module.lesson.minutes} minutes, and its parts add up to about {takes:.0f}."
            yield Fault(module.path(module.folder / "lesson.md"), 1, message)


def lessons_have_a_summary(catalog: Catalog, today: date) -> Iterator[Fault]:  # noqa: ARG001  as above
    """Every lesson has a part that sums it up and fits on one printed page."""
    title = catalog.words["lesson"]["one_page"]
    for module in catalog.modules:
        path = module.folder / "lesson.md"
        found = [part for part in parse(read_text(path), "").sections if part.title == title] if path.is_file() else []
        if not found:
            yield Fault(module.path(path), 1, f"This lesson has no summary to print. Write one under `## {title}`.")
        for part in found:
            count = sum(len(block.text.split()) for block in part.blocks)
            if count > MOST_ON_ONE_PAGE:
                message = f"The summary has {count} words; {MOST_ON_ONE_PAGE} fit on one page. Leave some out."
                yield Fault(module.path(path), part.line, message)


def people_are_in_the_cast(catalog: Catalog, today: date) -> Iterator[Fault]:  # noqa: ARG001  as above
    """Everyone who speaks is in the cast sheet with the conversations they speak in, and nobody else is."""
    path = catalog.root / _CAST
    people, faults = read_cast(read_text(path) if path.is_file() else "", _CAST)
    yield from faults
    speak: dict[str, set[str]] = {}
    for module in catalog.modules:
        for name, scenario in module.scenarios.items():
            for scene in scenario.scenes:
                for heard in scene.heard:
                    if heard.speaker:
                        speak.setdefault(heard.speaker, set()).add(name)
    for speaker, names in sorted(speak.items()):
        person = people.get(speaker)
        missing = ", ".join(sorted(names - set(person.conversations if person else ())))
        if missing:
            message = f"{speaker} speaks in {missing}. Say so under `## {speaker}`, and keep to who they are."
            yield Fault(_CAST, person.line if person else 1, message)
    for person in people.values():
        extra = ", ".join(sorted(set(person.conversations) - speak.get(person.name, set())))
        if extra:
            yield Fault(_CAST, person.line, f"{person.name} does not speak in {extra}. Take it out, or check the name.")


def everything_is_built(catalog: Catalog, today: date) -> Iterator[Fault]:  # noqa: ARG001  as above
    """What the text makes is made."""
    for path in out_of_date(catalog)[0]:
        yield Fault(path, 1, "This is out of date. Run `alongside build` and commit what it writes.")


Rule = Callable[[Catalog, date], Iterator[Fault]]

RULES: tuple[Rule, ...] = (
    facts_are_fresh, facts_are_used, objectives_are_assessed, everything_serves_an_objective, categories_are_served,
    minutes_are_honest, lessons_have_a_summary, people_are_in_the_cast, everything_is_built,
)  # fmt: skip


def check_release(catalog: Catalog, today: date) -> Iterator[Fault]:
    """Give what stands in the way of a release on a day. `check_course` has the rest."""
    for rule in RULES:
        yield from rule(catalog, today)
