"""The journal: what a learner wrote for themselves, by module in the order of the course. Pure.

What is read here was kept by any version of the course, or brought back from a file, so nothing is taken for granted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from alongside.catalog import Catalog, Module
from alongside.record import REFLECTIONS, SHARED, Record, Thing
from alongside.sharing import Snapshot, read_snapshot

__all__ = [
    "Chapter",
    "Entry",
    "Written",
    "journal",
    "parted",
    "place_of",
    "read_journal",
    "readable",
    "title_of",
]

_APART = "--"


@dataclass(frozen=True)
class Written:
    """Words as they were kept at one moment, in milliseconds since 1970."""

    text: str
    other: bool
    saved: int


@dataclass(frozen=True)
class Entry:
    """One reflection with what was written.

    Without `now` there is nothing but what lies beside it, or it is not `readable`. Without `place` (an address from
    the course's own pages) its prompt is not in the course any more.
    """

    id: str
    title: str
    prompt: tuple[str, ...]
    place: str
    now: Written | None
    older: tuple[Written, ...] = ()
    shared: Snapshot | None = None
    readable: bool = True


@dataclass(frozen=True)
class Chapter:
    """What was written in one module."""

    module: str
    title: str
    entries: tuple[Entry, ...]


def read_journal(catalog: Catalog, record: Record) -> tuple[Chapter, ...]:
    """Read a record's journal. Raises OSError."""
    things, aside = record.everything()
    return journal(catalog, things, aside, record.names(REFLECTIONS))


def journal(
    catalog: Catalog, things: Iterable[Thing], aside: Iterable[Thing], names: Iterable[str] = ()
) -> tuple[Chapter, ...]:
    """Put what was kept in the order of the course, and after it what the course does not have any more.

    `names` are those of all reflections there are: one that is not among the `things` cannot be read.
    """
    kept = {thing.name: written for thing in things if thing.kind == REFLECTIONS and (written := _written(thing))}
    shown = {thing.name: shared for thing in things if thing.kind == SHARED and (shared := read_snapshot(thing.value))}
    older: dict[str, list[Written]] = {}
    for thing in aside:
        written = _written(thing) if thing.kind == REFLECTIONS else None
        if written and (thing.name not in kept or kept[thing.name].text != written.text):
            older.setdefault(thing.name, []).append(written)
    unread = set(names) - {thing.name for thing in things if thing.kind == REFLECTIONS}
    found: dict[str, dict[str, Entry]] = {}
    for name in sorted({*kept, *shown, *older, *unread}):
        module, here = parted(name)
        entry = _entry(catalog, name, kept.get(name), older.get(name, ()), shown.get(name))
        found.setdefault(module, {})[here] = replace(entry, readable=name not in unread)
    order = [module.id for module in catalog.modules]
    modules = sorted(found, key=lambda module: (order.index(module) if module in order else len(order), module))
    return tuple(Chapter(each, title_of(catalog, each), _in_order(catalog, each, found[each])) for each in modules)


def parted(name: str) -> tuple[str, str]:
    """Give the module and what is in it of a thing's name, "module--name"."""
    module, _, here = name.partition(_APART)
    return module, here


def title_of(catalog: Catalog, module: str) -> str:
    """Give a module's title, or a readable name where the course does not have it."""
    found = _module(catalog, module)
    return found.lesson.title if found and found.lesson else readable(module)


def readable(name: str) -> str:
    """Make words of a name."""
    return name.replace("-", " ").strip().capitalize()


def _entry(
    catalog: Catalog, name: str, now: Written | None, older: Sequence[Written], shared: Snapshot | None
) -> Entry:
    where, here = parted(name)
    module = _module(catalog, where)
    prompt = module.reflections.get(here) if module else None
    place = place_of(module, "reflection", here) if module and prompt else ""
    title = prompt.title if prompt else readable(here)
    return Entry(here, title, prompt.prompt if prompt else (), place, now, tuple(older), shared)


def place_of(module: Module, kind: str, name: str) -> str:
    """Give the address of an activity, from the course's own pages. Empty where no lesson holds it."""
    activities = module.lesson.activities if module.lesson else ()
    cell = next((each.cell for each in activities if each.kind == kind and name in each.names), "")
    return f"{module.folder.name}/lesson.ipynb#at-{cell}" if cell else ""


def _module(catalog: Catalog, name: str) -> Module | None:
    return next((module for module in catalog.modules if module.id == name), None)


def _in_order(catalog: Catalog, module: str, entries: Mapping[str, Entry]) -> tuple[Entry, ...]:
    """Give a module's entries as their prompts stand in the course, and those without one after them."""
    found = _module(catalog, module)
    order = list(found.reflections) if found else []
    known = [entries[name] for name in order if name in entries]
    return (*known, *(entry for name, entry in entries.items() if name not in order))


def _written(thing: Thing) -> Written | None:
    """Read words that were kept. None where there are none."""
    value = thing.value
    text = value.get("text") if isinstance(value, Mapping) else None
    if not isinstance(text, str) or not text.strip():
        return None
    return Written(text, isinstance(value, Mapping) and value.get("other") is True, thing.saved)
