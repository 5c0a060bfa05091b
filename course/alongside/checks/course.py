"""Rules for the course as a whole: that there is one, that its parts belong together, that its files can be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from alongside.blocks import Fault
from alongside.catalog import Catalog, read_text

if TYPE_CHECKING:
    from alongside.catalog import Module

__all__ = ["RULES", "check_shape"]

_FOLDER = re.compile(r"^\d{2}-[a-z0-9]+(?:-[a-z0-9]+)*$")
_FILE = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.walk)?(?:\.[a-z]{2,3})?\.md$")
_LOST = "\ufffd"


def there_are_modules(catalog: Catalog) -> Iterator[Fault]:
    """A course holds a module."""
    if not catalog.modules:
        yield Fault("modules", 1, "No module was found. Add a folder named like `01-what-peer-support-is`.")


def there_are_scenarios(catalog: Catalog) -> Iterator[Fault]:
    """A course holds a conversation, whether or not it reads without fault."""
    if not any(_scenarios(module) for module in catalog.modules):
        yield Fault("modules", 1, "No conversation was found. Add one in a module's folder `scenarios`.")


def there_are_questions(catalog: Catalog) -> Iterator[Fault]:
    """A course holds a question, to practise or graded."""
    practised = any((module.folder / "practice.md").is_file() for module in catalog.modules)
    if not practised and not catalog.bank_paths:
        yield Fault("modules", 1, "No question was found. Add a file `practice.md` to a module's folder.")


def module_numbers_differ(catalog: Catalog) -> Iterator[Fault]:
    """No two modules have one number, which is their place in the course."""
    yield from _twice(catalog, lambda module: str(module.number), "number")


def module_names_differ(catalog: Catalog) -> Iterator[Fault]:
    """No two modules have one name, by which everything else knows them."""
    yield from _twice(catalog, lambda module: module.id, "name")


def folders_are_modules(catalog: Catalog) -> Iterator[Fault]:
    """Every folder under `modules` is a module, or starts with `_`: any other would be left out in silence."""
    root = catalog.root / "modules"
    for folder in sorted(root.iterdir()) if root.is_dir() else ():
        if folder.is_dir() and not folder.name.startswith(("_", ".")) and not _FOLDER.match(folder.name):
            message = (
                "This folder is left out of the course. Name it like `03-listening`: two digits, then small letters."
            )
            yield Fault(catalog.shown(folder), 1, message)


def scenario_files_are_named(catalog: Catalog) -> Iterator[Fault]:
    """Every file of a conversation has a name that a lesson can use."""
    for module in catalog.modules:
        folder = module.folder / "scenarios"
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.suffix.lower() in {".md", ".markdown", ".txt"} and not _FILE.match(path.name):
                message = (
                    "Lessons and links need another name. "
                    "Name this file like `a-rough-week.md`: small letters, digits and dashes."
                )
                yield Fault(catalog.shown(path), 1, message)


def banks_belong_to_modules(catalog: Catalog) -> Iterator[Fault]:
    """Every graded bank has the name of a module."""
    names = {module.id for module in catalog.modules}
    for unit, path in catalog.bank_paths.items():
        if unit not in names:
            message = f"There is no module called {unit}. Name this file after one of: {', '.join(sorted(names))}."
            yield Fault(catalog.shown(path), 1, message)


def text_is_utf8(catalog: Catalog) -> Iterator[Fault]:
    """Every file of text is saved as UTF-8, so that no letter is lost."""
    folders = [catalog.root / "modules" / "home.md", *(module.folder for module in catalog.modules)]
    paths = [path for folder in folders for path in ([folder] if folder.is_file() else sorted(folder.rglob("*.md")))]
    for path in (*paths, *catalog.bank_paths.values()):
        if path.is_file():
            for number, row in enumerate(read_text(path).split("\n"), start=1):
                if _LOST in row:
                    message = "A letter on this line cannot be read. Type it again, and save the file as UTF-8."
                    yield Fault(catalog.shown(path), number, message)


def crisis_lines_are_facts(catalog: Catalog) -> Iterator[Fault]:
    """What course.yaml names as somewhere to turn is a dated fact that says whom to call and how, and there is one."""
    for name in catalog.course.crisis_names:
        fact = catalog.course.facts.get(name)
        if fact is None or not fact.how:
            message = f"{name} is not a line to call. Add it to course/facts.yaml with `title: ...` and `how: ...`."
            yield Fault("course/course.yaml", 1, message)
    if not catalog.course.crisis_names:
        yield Fault("course/course.yaml", 1, "There is nowhere to turn on a hard day. Write `crisis: [lifeline-988]`.")


Rule = Callable[[Catalog], Iterator[Fault]]

RULES: tuple[Rule, ...] = (
    there_are_modules, there_are_scenarios, there_are_questions, module_numbers_differ, module_names_differ,
    folders_are_modules, scenario_files_are_named, banks_belong_to_modules, text_is_utf8,
    crisis_lines_are_facts,
)  # fmt: skip


def check_shape(catalog: Catalog) -> Iterator[Fault]:
    """Hold the course against every rule that looks at it as a whole."""
    for rule in RULES:
        yield from rule(catalog)


def _scenarios(module: Module) -> list[Path]:
    return [path for path in (module.folder / "scenarios").glob("*.md") if "." not in path.stem]


def _twice(catalog: Catalog, tell: Callable[[Module], str], what: str) -> Iterator[Fault]:
    first: dict[str, Module] = {}
    for module in catalog.modules:
        other = first.setdefault(tell(module), module)
        if other is not module:
            message = f"This module has the same {what} as {other.folder.name}. Rename one of the two folders."
            yield Fault(catalog.shown(module.folder), 1, message)
