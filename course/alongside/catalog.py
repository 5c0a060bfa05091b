"""What the course holds, found by looking: modules by their folders, graded units by their files. There is no list."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from alongside.blocks import Fault
from alongside.course import Course, read_course, read_words
from alongside.glossary import Glossary, read_glossary
from alongside.lesson import Lesson, read_lesson
from alongside.objective import Design, read_design
from alongside.paths import course_root
from alongside.prompts import Prompts, read_prompts
from alongside.question import Bank, Question
from alongside.question_reader import read_bank
from alongside.reflection import Reflection, read_reflections
from alongside.scenario import Scenario
from alongside.scenario_reader import read_scenario

__all__ = ["Catalog", "Module", "open_catalog", "private_bank", "read_text"]

_FOLDER = re.compile(r"^(\d{2})-([a-z0-9]+(?:-[a-z0-9]+)*)$")
_LANGUAGE = re.compile(r"^(?:lesson|home)\.([a-z]{2,3})\.md$")
WALK = ".walk.md"


def read_text(path: Path) -> str:
    """Read a file of the course. Bytes that are not UTF-8 are kept as marks, so that a check can tell."""
    return path.read_text(encoding="utf-8", errors="replace")


def private_bank(environ: Mapping[str, str] = os.environ) -> Path | None:
    """Give the instructor's own folder of graded questions, named by `ALONGSIDE_BANK`, or None."""
    named = environ.get("ALONGSIDE_BANK", "").strip()
    return Path(named).expanduser().resolve() if named else None


class Module:
    """One folder under `modules/`. Files are read when they are first asked for, and faults are kept beside them."""

    def __init__(self, folder: Path, number: int, name: str, catalog: Catalog) -> None:
        """Name a module's folder; nothing is read yet."""
        self.folder = folder
        self.number = number
        self.id = name
        self._catalog = catalog
        self._course = catalog.course

    def path(self, path: Path) -> str:
        """Give a file's path as people see it: from the course's root."""
        return self._catalog.shown(path)

    @cached_property
    def _lesson(self) -> tuple[Lesson | None, tuple[Fault, ...]]:
        path = self._catalog.localized(self.folder / "lesson.md")
        if not path.is_file():
            return None, (Fault(self.path(path), 1, "This module has no lesson. Write one in a file of this name."),)
        return read_lesson(read_text(path), self.path(path), self._course)

    @cached_property
    def _scenarios(self) -> tuple[dict[str, Scenario], tuple[Fault, ...]]:
        good: dict[str, Scenario] = {}
        faults: list[Fault] = []
        for path in sorted((self.folder / "scenarios").glob("*.md")):
            if path.name.endswith(WALK) or "." in path.stem:
                continue
            shown = self._catalog.localized(path)
            scenario, found = read_scenario(read_text(shown), self.path(shown), path.stem, self._course)
            faults.extend(found)
            if scenario:
                good[path.stem] = scenario
        return good, tuple(faults)

    @cached_property
    def _reflections(self) -> tuple[tuple[Reflection, ...], tuple[Fault, ...]]:
        path = self._catalog.localized(self.folder / "reflections.md")
        return read_reflections(read_text(path), self.path(path), self._course) if path.is_file() else ((), ())

    @cached_property
    def _practice(self) -> tuple[Bank | None, tuple[Fault, ...]]:
        path = self._catalog.localized(self.folder / "practice.md")
        return read_bank(read_text(path), self.path(path), self.id, self._course) if path.is_file() else (None, ())

    @cached_property
    def design(self) -> tuple[Design | None, tuple[Fault, ...]]:
        """The objectives, as `design.md` gives them for trainers and authors, and its faults. Learners never see it."""
        path = self.folder / "design.md"
        if not path.is_file():
            message = "This module does not say what it is for. Write its objectives in a file of this name."
            return None, (Fault(self.path(path), 1, message),)
        return read_design(read_text(path), self.path(path))

    @property
    def lesson(self) -> Lesson | None:
        """The lesson, or None when it has faults."""
        return self._lesson[0]

    @property
    def scenarios(self) -> dict[str, Scenario]:
        """The conversations that read without fault, by name."""
        return self._scenarios[0]

    @property
    def reflections(self) -> dict[str, Reflection]:
        """The reflections, by id."""
        return {reflection.id: reflection for reflection in self._reflections[0]}

    @property
    def practice(self) -> Bank | None:
        """The practice questions, or None when there are none or they have faults."""
        return self._practice[0]

    @property
    def questions(self) -> dict[str, Question]:
        """The practice questions, by id."""
        return {question.id: question for question in (self.practice.questions if self.practice else ())}

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Every fault that reading this module's files found."""
        return (*self._lesson[1], *self._scenarios[1], *self._reflections[1], *self._practice[1])


class Catalog:
    """The course under one root, in one language."""

    def __init__(self, root: Path, language: str = "", environ: Mapping[str, str] = os.environ) -> None:
        """Open the course under `root`. Only the shared facts are read now."""
        self.root = root
        self.course: Course = read_course(root)
        self.language = language or self.course.language
        self.words = read_words(root, self.language)
        self._environ = environ

    def shown(self, path: Path) -> str:
        """Give a path as people see it: from the root where it lies under it."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)

    def localized(self, path: Path) -> Path:
        """Give the file in this catalog's language (`lesson.es.md` beside `lesson.md`) where there is one."""
        other = path.with_name(f"{path.stem}.{self.language}{path.suffix}")
        return other if self.language != self.course.language and other.is_file() else path

    @cached_property
    def home(self) -> tuple[Lesson | None, tuple[Fault, ...]]:
        """The home page, `modules/home.md`, which is a lesson without a folder."""
        path = self.localized(self.root / "modules" / "home.md")
        if not path.is_file():
            return None, (Fault(self.shown(path), 1, "The course has no home page. Write one in a file of this name."),)
        return read_lesson(read_text(path), self.shown(path), self.course)

    @cached_property
    def my_work(self) -> tuple[Lesson | None, tuple[Fault, ...]]:
        """The page of all that a learner did, `modules/my-work.md`. None without faults means that there is none."""
        return self._page("my-work.md")

    @cached_property
    def practice_lab(self) -> tuple[Lesson | None, tuple[Fault, ...]]:
        """The page to practise single replies on, `modules/practice-lab.md`. None without faults: there is none."""
        return self._page("practice-lab.md")

    def _page(self, name: str) -> tuple[Lesson | None, tuple[Fault, ...]]:
        path = self.localized(self.root / "modules" / name)
        return read_lesson(read_text(path), self.shown(path), self.course) if path.is_file() else (None, ())

    @cached_property
    def prompts(self) -> tuple[Prompts | None, tuple[Fault, ...]]:
        """The lines to answer there, `modules/practice-lab-prompts.md`. None without faults: there are none."""
        path = self.localized(self.root / "modules" / "practice-lab-prompts.md")
        return read_prompts(read_text(path), self.shown(path)) if path.is_file() else (None, ())

    @cached_property
    def glossary(self) -> tuple[Glossary | None, tuple[Fault, ...]]:
        """The glossary, `modules/glossary.md`. None without faults means that there is none."""
        path = self.localized(self.root / "modules" / "glossary.md")
        if not path.is_file():
            return None, ()
        return read_glossary(read_text(path), self.shown(path), self.course)

    @cached_property
    def modules(self) -> tuple[Module, ...]:
        """The modules in the order of their numbers. A folder whose name starts with `_` is not one."""
        folders = sorted((self.root / "modules").iterdir()) if (self.root / "modules").is_dir() else []
        found = ((folder, _FOLDER.match(folder.name)) for folder in folders if folder.is_dir())
        return tuple(Module(folder, int(match[1]), match[2], self) for folder, match in found if match)

    def module(self, name: str) -> Module:
        """Find a module by its name, with or without its number. Raises KeyError with the names there are."""
        for module in self.modules:
            if name in {module.id, module.folder.name}:
                return module
        names = ", ".join(module.id for module in self.modules)
        message = f"There is no module called {name}. The modules are: {names}."
        raise KeyError(message)

    @cached_property
    def bank_paths(self) -> dict[str, Path]:
        """The graded banks by unit. A private bank's file takes the place of the public one of the same name.

        A bank in another language is a unit of its own (`empathy.es.md` is `empathy-es`), since nbgrader marks a unit
        by one key, and the key is made of words.
        """
        folders = [self.root / "assessments" / "questions", private_bank(self._environ)]
        found = (path for folder in folders if folder and folder.is_dir() for path in sorted(folder.glob("*.md")))
        return {path.stem.replace(".", "-"): path for path in found}

    def bank(self, unit: str) -> tuple[Bank | None, tuple[Fault, ...]]:
        """Read the graded bank of a unit. None without faults means that there is none."""
        path = self.bank_paths.get(unit)
        if path is None:
            return None, ()
        return read_bank(read_text(path), self.shown(path), unit, self.course)

    def unit(self, module: Module) -> str:
        """Give the name of a module's graded unit in this catalog's language."""
        return module.id if self.language == self.course.language else f"{module.id}-{self.language}"

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The course's own language first, then those that some lesson is also written in."""
        files = (self.root / "modules").rglob("*.*.md")
        other = {match[1] for path in files if (match := _LANGUAGE.search(path.name))}
        return (self.course.language, *sorted(other - {self.course.language}))


def open_catalog(start: Path | None = None, language: str = "") -> Catalog:
    """Open the course that `start` (or the working directory) belongs to."""
    return Catalog(course_root(start), language)
