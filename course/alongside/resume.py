"""Where a learner was: of what they began and have not finished, what they touched last."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from alongside.catalog import Catalog, Module
from alongside.due import Due, How
from alongside.lesson import Activity
from alongside.record import GRADED, PRACTICE, REFLECTIONS, RUNS, TALKS
from alongside.roleplay import play, restore
from alongside.talks import ended, read_talks

__all__ = ["KINDS", "Here", "find_here"]

KINDS = (RUNS, REFLECTIONS, PRACTICE, GRADED)
"""The kinds of things that one can go on with."""

_QUIZ_CELL = "quiz"
Stamps = Mapping[str, Mapping[str, int]]
Get = Callable[[str, str], object]
Dues = Callable[[Module], Due | None]


@dataclass(frozen=True)
class Here:
    """One thing to go on with: its kind (as activities are called, or "quiz"), and the cell of the page it stands in.

    `title` is its own, or empty where it has none. `turn` is the one to answer now in a conversation with `person`;
    `done` and `total` count questions; `due` says how far a quiz is. Nothing that was written is in it.
    """

    kind: str
    module: Module
    page: str
    cell: str
    title: str = ""
    person: str = ""
    turn: int = 0
    done: int = 0
    total: int = 0
    due: How | None = None


def find_here(catalog: Catalog, stamps: Stamps, get: Get, dues: Dues) -> Here | None:
    """Give what was touched last of all that is not finished. None: there is nothing to go on with.

    `stamps` holds names and moments by kind, `get` gives what was kept, and `dues` how far a module's quiz is.
    Writing is never finished, so it counts only as long as nothing was touched after it.
    """
    touched = sorted(
        ((moment, kind, name) for kind in KINDS for name, moment in stamps.get(kind, {}).items()), reverse=True
    )
    modules = {module.id: module for module in catalog.modules}
    looked: set[tuple[str, str]] = set()  # questions of one place belong together, and are looked at together
    for place, (_, kind, name) in enumerate(touched):
        if kind == REFLECTIONS and place:
            continue
        own, _, rest = name.partition("--")
        module = modules.get(own)
        if kind == GRADED:
            found = _quiz(_of_unit(name, catalog), dues)
        elif module is None or module.lesson is None:
            continue
        elif kind == RUNS:
            found = _conversation(module, rest, get)
        elif kind == REFLECTIONS:
            found = _writing(module, rest, get)
        else:
            found = _practice(module, rest, stamps.get(PRACTICE, {}), looked)
        if found:
            return found
    return None


def _placed(module: Module, kind: str, name: str) -> Activity | None:
    """Find where something stands in a lesson. Practice that names no questions holds all of them."""
    return next(
        (
            each
            for each in (module.lesson.activities if module.lesson else ())
            if each.kind == kind and (name in each.names or not each.names)
        ),
        None,
    )


def _conversation(module: Module, name: str, get: Get) -> Here | None:
    placed, kept = _placed(module, "roleplay", name), get(RUNS, f"{module.id}--{name}")
    choices = kept.get("choices") if isinstance(kept, Mapping) else None
    if not placed or not choices or not isinstance(choices, list):
        return None
    # A talk that came to its ending is known by its replies: the conversation itself need not be read for that.
    if any(list(talk.choices) == choices for talk in read_talks(get(TALKS, f"{module.id}--{name}"))):
        return None
    scenario = module.scenarios.get(name)
    run = restore(scenario, kept).run if scenario else None
    if not scenario or not run or not run.choices:
        return None
    turns = play(scenario, run.choices)
    if ended(turns):
        return None
    # After words that can hurt, the turn to answer is the one to take again.
    turn = len(run.choices) + (0 if turns[-1].halted else 1)
    return Here("roleplay", module, "lesson", placed.cell, scenario.title, person=scenario.person, turn=turn)


def _writing(module: Module, name: str, get: Get) -> Here | None:
    placed, kept = _placed(module, "reflection", name), get(REFLECTIONS, f"{module.id}--{name}")
    text = kept.get("text") if isinstance(kept, Mapping) else None
    reflection = module.reflections.get(name)
    if not placed or not reflection or not isinstance(text, str) or not text.strip():
        return None
    return Here("reflection", module, "lesson", placed.cell, reflection.title)


def _practice(module: Module, name: str, practised: Mapping[str, Any], looked: set[tuple[str, str]]) -> Here | None:
    placed = _placed(module, "practice", name)
    if not placed or (module.id, placed.cell) in looked:
        return None
    looked.add((module.id, placed.cell))
    names = placed.names or tuple(module.questions)
    done = sum(f"{module.id}--{each}" in practised for each in names)
    if not 0 < done < len(names):
        return None
    return Here("practice", module, "lesson", placed.cell, done=done, total=len(names))


def _of_unit(unit: str, catalog: Catalog) -> Iterator[Module]:
    return (module for module in catalog.modules if unit in {module.id, catalog.unit(module)})


def _quiz(modules: Iterator[Module], dues: Dues) -> Here | None:
    for module in modules:
        due = dues(module)
        if due and due.how is not How.MADE:
            return Here("quiz", module, "quiz", _QUIZ_CELL, done=due.done, total=due.total, due=due.how)
    return None
