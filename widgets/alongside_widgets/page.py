"""A page of the course: its activities by name. Whatever is broken or missing becomes a short note in its place."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NoReturn

from alongside.catalog import Catalog, Module, open_catalog
from alongside.facts import stale
from alongside.question import Question
from alongside.record import Kept, Place, Record, Space, open_record
from alongside.reflection import Reflection
from alongside_widgets.base import Activity
from alongside_widgets.unavailable import Unavailable

__all__ = ["GlossaryPage", "HomePage", "LabPage", "LessonPage", "Nowhere", "WorkPage", "open_quiz"]

Words = Mapping[str, Mapping[str, str]]
_NO_FOLDER = Path(os.devnull) / "nowhere"  # nothing can ever be made in it, so no two learners can meet there


class Nowhere(Record):
    """A record that keeps nothing, for when there is no telling whose space this is."""

    def __init__(self) -> None:
        """Open no space at all."""
        super().__init__(Space(_NO_FOLDER, Place.OPEN))

    def trouble(self) -> str:
        """Say that nothing can be kept."""
        return "there is no space"

    def get(self, kind: str, name: str) -> object:  # noqa: ARG002  nothing was kept
        """Give nothing."""
        return None

    def kept(self, kind: str, name: str) -> Kept | None:  # noqa: ARG002  nothing was kept
        """Give nothing."""
        return None

    def put(self, kind: str, name: str, value: object, *, based_on: int | None = None) -> int:  # noqa: ARG002  as above
        """Refuse. Raises OSError."""
        raise OSError(self.trouble())

    def set_aside(self, kind: str, name: str, value: object) -> None:
        """Refuse. Raises OSError."""
        self.put(kind, name, value)

    def drop(self, kind: str, name: str) -> None:
        """Refuse. Raises OSError."""
        self.put(kind, name, None)

    def of(self, kind: str) -> tuple[Kept, ...]:  # noqa: ARG002  nothing was kept
        """Give nothing."""
        return ()

    def names(self, kind: str) -> frozenset[str]:  # noqa: ARG002  nothing was kept
        """Give no names."""
        return frozenset()

    def stamps(self, kind: str) -> Mapping[str, int]:  # noqa: ARG002  nothing was kept
        """Give no moments."""
        return {}

    def changing(self) -> NoReturn:
        """Refuse. Raises OSError."""
        raise OSError(self.trouble())

    def delete_everything(self) -> None:
        """Have nothing to delete."""


def _own_record() -> Record:
    """Open the learner's own record, or one that keeps nothing when there is no telling whose it is."""
    try:
        return open_record()
    except (ValueError, RuntimeError):  # a visitor's name that is none of ours; a home folder that is not there
        return Nowhere()


class _Page:
    """What lessons and the home page share."""

    def __init__(self, language: str) -> None:
        self._language = language or "en"
        self._words: Words = {}
        self._catalog: Catalog | None = None
        try:
            self._catalog = open_catalog(language=language)
            self._language, self._words = self._catalog.language, self._catalog.words
        except Exception:  # noqa: BLE001, S110  a learner never sees what is wrong with the course; `alongside check` tells
            pass
        self._record = _own_record()

    def _show(self, kind: str, make: Callable[[Catalog], Activity]) -> Activity:
        """Make an activity, or the note that stands in its place."""
        if self._catalog is not None:
            try:
                return make(self._catalog)
            except Exception:  # noqa: BLE001, S110  as above: one broken activity never takes the page with it
                pass
        return Unavailable(kind, self._words, self._language)

    def _held(self, catalog: Catalog) -> Iterable[str]:
        """Give the names of the dated facts that the page holds."""
        raise NotImplementedError

    def dated_facts(self) -> Activity | None:
        """Show a note when some of the page's dated facts were due for a new check before today; else nothing."""
        if self._catalog is None:
            return None
        try:
            from alongside_widgets.dated import Dated, today  # noqa: PLC0415  loaded only where a page has such facts

            known = self._catalog.course.facts
            due = stale((known[name] for name in self._held(self._catalog) if name in known), today())
            return Dated(due, self._words, self._language) if due else None
        except Exception:  # noqa: BLE001  as above: the text itself shows the day of every check
            return None


class LessonPage(_Page):
    """A lesson's activities. `course.roleplay("a-rough-week")` shows one."""

    def __init__(self, name: str, language: str = "") -> None:
        """Open the lesson of a module. Nothing is read that is not shown."""
        super().__init__(language)
        self._name = name

    def __repr__(self) -> str:
        """Give the same short text every time."""
        return "<LessonPage>"

    def _held(self, catalog: Catalog) -> Iterable[str]:
        lesson = self._module(catalog).lesson
        return lesson.facts if lesson else ()

    def _module(self, catalog: Catalog) -> Module:
        return catalog.module(self._name)

    def roleplay(self, name: str) -> Activity:
        """Show a conversation by the name of its file."""

        def make(catalog: Catalog) -> Activity:
            from alongside_widgets.roleplay import RolePlay  # noqa: PLC0415  loaded when first shown

            module = self._module(catalog)
            return RolePlay(module.scenarios[name], module.id, catalog.course, catalog.words, self._record)

        return self._show("roleplay", make)

    def practice(self, *questions: str) -> Activity:
        """Show practice questions by their ids; with none, all of the lesson's."""

        def make(catalog: Catalog) -> Activity:
            from alongside_widgets.practice import Practice  # noqa: PLC0415  loaded when first shown

            module = self._module(catalog)
            chosen = _chosen(module.questions, questions)
            return Practice(chosen, module.id, catalog.course, catalog.words, self._record, catalog.language)

        return self._show("practice", make)

    def reflection(self, name: str) -> Activity:
        """Show a place to write, by its id."""

        def make(catalog: Catalog) -> Activity:
            from alongside_widgets.reflection import Writing  # noqa: PLC0415  loaded when first shown

            module = self._module(catalog)
            has_quiz = module.lesson is not None and any(
                each.kind == "graded-quiz" for each in module.lesson.activities
            )
            return Writing(
                module.reflections[name], module.id, catalog.words, self._record, catalog.language, has_quiz=has_quiz
            )

        return self._show("reflection", make)

    def progress(self) -> Activity:
        """Show how far one has come in this lesson."""

        def make(catalog: Catalog) -> Activity:
            from alongside_widgets.progress import Progress  # noqa: PLC0415  loaded when first shown

            return Progress(catalog, self._record, only=self._module(catalog))

        return self._show("progress", make)


class HomePage(_Page):
    """The course's home page."""

    def __init__(self, language: str = "") -> None:
        """Open the home page."""
        super().__init__(language)

    def _held(self, catalog: Catalog) -> Iterable[str]:
        lesson, _ = catalog.home
        return lesson.facts if lesson else ()

    def __repr__(self) -> str:
        """Give the same short text every time."""
        return "<HomePage>"

    def progress(self) -> Activity:
        """Show every lesson, with a link and how far one has come."""

        def make(catalog: Catalog) -> Activity:
            from alongside_widgets.progress import Progress  # noqa: PLC0415  loaded when first shown

            return Progress(catalog, self._record)

        return self._show("progress", make)

    def resume(self) -> Activity:
        """Show the way back to where the learner was, or nothing when they have begun nothing."""

        def make(catalog: Catalog) -> Activity:
            from alongside_widgets.resume import Resume  # noqa: PLC0415  loaded when first shown

            return Resume(catalog, self._record)

        return self._show("resume", make)


class WorkPage(_Page):
    """My work: all that a learner did, to read, keep, take elsewhere and delete."""

    def __repr__(self) -> str:
        """Give the same short text every time."""
        return "<WorkPage>"

    def _held(self, catalog: Catalog) -> Iterable[str]:
        page, _ = catalog.my_work
        return page.facts if page else ()

    def journal(self) -> Activity:
        """Show what was written."""

        def make(catalog: Catalog) -> Activity:
            from alongside_widgets.journal import Journal  # noqa: PLC0415  loaded when first shown

            return Journal(catalog, self._record)

        return self._show("journal", make)

    def conversations(self) -> Activity:
        """Show the conversations that were practiced."""

        def make(catalog: Catalog) -> Activity:
            from alongside_widgets.conversations import Conversations  # noqa: PLC0415  loaded when first shown

            return Conversations(catalog, self._record)

        return self._show("conversations", make)

    def keep(self) -> Activity:
        """Show the ways to save work and to bring it back."""

        def make(catalog: Catalog) -> Activity:
            from alongside_widgets.keeping import Keeping  # noqa: PLC0415  loaded when first shown

            return Keeping(catalog, self._record)

        return self._show("keep", make)

    def delete(self) -> Activity:
        """Show the way to delete everything."""

        def make(catalog: Catalog) -> Activity:
            from alongside_widgets.deletion import Deletion  # noqa: PLC0415  loaded when first shown

            return Deletion(catalog, self._record)

        return self._show("delete", make)


class LabPage(_Page):
    """The practice lab: one reply at a time."""

    def __repr__(self) -> str:
        """Give the same short text every time."""
        return "<LabPage>"

    def _held(self, catalog: Catalog) -> Iterable[str]:
        page, _ = catalog.practice_lab
        return page.facts if page else ()

    def lab(self) -> Activity:
        """Show lines to answer, and what the coach hears."""

        def make(catalog: Catalog) -> Activity:
            from alongside_widgets.lab import Lab  # noqa: PLC0415  loaded when first shown

            prompts, _ = catalog.prompts
            if prompts is None:
                raise KeyError(catalog.shown(catalog.root / "modules"))
            return Lab(prompts, catalog, self._record)

        return self._show("lab", make)


class GlossaryPage(_Page):
    """What words mean: a page of text, which may hold dated facts."""

    def __repr__(self) -> str:
        """Give the same short text every time."""
        return "<GlossaryPage>"

    def _held(self, catalog: Catalog) -> Iterable[str]:
        glossary, _ = catalog.glossary
        return glossary.fact_names if glossary else ()


def open_quiz(unit: str, language: str = "") -> Activity | None:
    """Show the graded quiz of a unit, or the note that stands in its place. Never raises. None while it is marked."""
    if "NBGRADER_EXECUTION" in os.environ:
        return None
    page = _Page(language)

    def make(catalog: Catalog) -> Activity:
        from alongside_widgets.copies import find_copy  # noqa: PLC0415  loaded when first shown
        from alongside_widgets.graded_quiz import GradedQuiz  # noqa: PLC0415  loaded when first shown

        here = Path.cwd()
        quiz, book = find_copy(unit, here, catalog)
        record = page._record  # noqa: SLF001  the same module
        beside, prompts = record.space.beside(here, catalog.root), _prompts(quiz.unit, catalog)
        return GradedQuiz(quiz, book, catalog.words, record, beside=beside, prompts=prompts)

    return page._show("quiz", make)  # noqa: SLF001  the same module


def _prompts(unit: str, catalog: Catalog) -> dict[str, Reflection]:
    """Give the reflections of a unit's module, by the names that they are kept by."""
    modules = (module for module in catalog.modules if catalog.unit(module) == unit)
    return {f"{module.id}--{each.id}": each for module in modules for each in module.reflections.values()}


def _chosen(questions: Mapping[str, Question], names: tuple[str, ...]) -> list[Question]:
    """Give the questions by name, or all. Raises KeyError when one is missing or there are none."""
    chosen = [questions[name] for name in names] if names else list(questions.values())
    if not chosen:
        message = "There are no practice questions."
        raise KeyError(message)
    return chosen
