"""Valid, playable starts: a module, a scenario, a question. What is made passes every check as it stands."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from alongside.catalog import Catalog

__all__ = ["NotMade", "new_module", "new_question", "new_scenario"]

_NAME = re.compile(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
_TEMPLATE = "_template"
_QUESTION = "_question.md"


class NotMade(Exception):
    """Nothing was made. The message says why, and what to do."""


def new_module(catalog: Catalog, name: str) -> Path:
    """Copy `modules/_template` to a folder with the next number. Gives the folder."""
    _check(name)
    if any(module.id == name for module in catalog.modules):
        message = f"There is a module called {name} already. Choose another name."
        raise NotMade(message)
    number = max((module.number for module in catalog.modules), default=0) + 1
    folder = catalog.root / "modules" / f"{number:02d}-{name}"
    shutil.copytree(catalog.root / "modules" / _TEMPLATE, folder, ignore=shutil.ignore_patterns("_*"))
    title = name.replace("-", " ").capitalize()
    for path in folder.rglob("*.md"):
        path.write_text(path.read_text(encoding="utf-8").replace("New module", title), encoding="utf-8")
    return folder


def new_scenario(catalog: Catalog, module: str, name: str) -> Path:
    """Copy the template's scenario into a module and place it in the lesson. Gives the file."""
    _check(name)
    home = _module(catalog, module)
    path = home / "scenarios" / f"{name}.md"
    if path.exists():
        message = f"{catalog.shown(path)} is there already. Choose another name."
        raise NotMade(message)
    path.parent.mkdir(exist_ok=True)
    source = catalog.root / "modules" / _TEMPLATE / "scenarios" / "a-first-hello.md"
    text = source.read_text(encoding="utf-8").replace("A first hello", name.replace("-", " ").capitalize())
    path.write_text(text, encoding="utf-8")
    _place(home / "lesson.md", f"{{{{ roleplay {name} }}}}")
    return path


def new_question(catalog: Catalog, module: str, name: str) -> Path:
    """Add the template's question to a module's practice quiz and place it in the lesson. Gives the file."""
    _check(name)
    home = _module(catalog, module)
    path = home / "practice.md"
    text = path.read_text(encoding="utf-8").rstrip("\n") + "\n\n" if path.is_file() else ""
    if f"{{#{name}}}" in text:
        message = f"{catalog.shown(path)} has a question with the id {name} already. Choose another."
        raise NotMade(message)
    question = (catalog.root / "modules" / _TEMPLATE / _QUESTION).read_text(encoding="utf-8")
    title = name.replace("-", " ").capitalize()
    question = question.replace("A new question {#a-new-question}", f"{title} {{#{name}}}")
    path.write_text(text + question, encoding="utf-8")
    _place(home / "lesson.md", f"{{{{ practice {name} }}}}")
    return path


def _check(name: str) -> None:
    if not _NAME.match(name):
        message = f'"{name}" cannot be a name here. Use small letters, digits and dashes, as in a-rough-week.'
        raise NotMade(message)


def _module(catalog: Catalog, name: str) -> Path:
    try:
        return catalog.module(name).folder
    except KeyError as error:
        raise NotMade(str(error.args[0])) from None


def _place(lesson: Path, line: str) -> None:
    """Put an activity into a lesson, before its closing section, where the author can move it from."""
    text = lesson.read_text(encoding="utf-8")
    closing = re.search(r"^## Take with you\b", text, re.MULTILINE)
    at = closing.start() if closing else len(text)
    lesson.write_text(f"{text[:at].rstrip()}\n\n{line}\n\n{text[at:]}", encoding="utf-8")
