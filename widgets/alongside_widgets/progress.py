"""The lessons of the course and how far one has come, each with a link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from alongside.catalog import Catalog, Module
from alongside.due import Due, How, find_due
from alongside.lesson import Activity as Placed
from alongside.record import FINISHED, GRADED, HANDED, PRACTICE, REFLECTIONS, Record
from alongside_widgets.base import Activity, Answer, View, fill
from alongside_widgets.copies import NoQuiz, find_copy

__all__ = ["Progress", "due_of", "view"]


def view(catalog: Catalog, record: Record, *, only: Module | None = None) -> View:
    """Give every module (or one) with what is done in it. A lesson that cannot be read is listed as not available."""
    said = catalog.words["progress"]
    modules = [only] if only else list(catalog.modules)
    lead = "" if only is None else "../"
    return {
        "lang": catalog.language,
        "words": dict(said),
        "new_tab": catalog.words["quiz"]["new_tab"],
        "one": only is not None,
        "modules": [_module(module, record, catalog, lead) for module in modules],
        "note": "" if record.space.keeps_reflections else said["not_kept"],
    }


def _module(module: Module, record: Record, catalog: Catalog, lead: str) -> View:
    said = catalog.words["progress"]
    lesson = module.lesson
    if lesson is None:
        return {"title": module.id.replace("-", " ").capitalize(), "broken": said["broken"]}
    graded = module.id in catalog.bank_paths
    due = due_of(module, record, catalog) if graded else None
    steps = list(_steps(lesson.activities, module.id, record, started=bool(due and due.done)))
    done, total = sum(steps), len(steps)
    key = "none_yet" if not done else "all_done" if done == total else "done"
    row: View = {
        "title": lesson.title,
        "href": f"{lead}{module.folder.name}/lesson.ipynb",
        "minutes": fill(said["minutes"], minutes=lesson.minutes) if lesson.minutes else "",
        "note": lesson.note,
        "done": done,
        "total": total,
        "said": fill(said[key], done=done, total=total),
        "label": fill(said["label"], title=lesson.title),
    }
    if graded:
        row["quiz"] = {
            "words": fill(said["quiz"], title=lesson.title),
            "href": f"{lead}{module.folder.name}/quiz.ipynb",
            "said": _due_in_words(due, said) if due else "",
            "made": due.made if due else 0,
        }
    return row


def due_of(module: Module, record: Record, catalog: Catalog) -> Due | None:
    """Say how far a module's graded quiz is on its way to the instructor. None: nothing was answered."""
    unit = next((unit for unit in (catalog.unit(module), module.id) if unit in catalog.bank_paths), "")
    kept, handed = (record.get(kind, unit) if unit else None for kind in (GRADED, HANDED))
    if kept is None and handed is None:
        return None
    try:
        quiz, _ = find_copy(unit, module.folder, catalog)
    except NoQuiz:
        return None
    return find_due(quiz, kept, handed)


def _due_in_words(due: Due, said: Mapping[str, str]) -> str:
    """Say how far a quiz is. The page puts in the day of a file, by the learner's own clock."""
    sentences = {
        How.BEGUN: said["due_begun"],
        How.ANSWERED: said["due_answered"],
        How.MADE: said["due_made"],
        How.CHANGED: said["due_changed"],
    }
    return fill(sentences[due.how], done=due.done, total=due.total)


def _steps(placed: Iterable[Placed], module: str, record: Record, *, started: bool) -> Iterable[bool]:
    """Say of each thing to do whether it is done. Practice counts by the place where it stands, not by the question."""
    finished, practised = record.names(FINISHED), record.names(PRACTICE)
    for activity in placed:
        names = [f"{module}--{name}" for name in activity.names]
        if activity.kind == "roleplay":
            yield names[0] in finished
        elif activity.kind == "practice":
            mine = names or [name for name in practised if name.startswith(f"{module}--")]
            yield bool(mine) and all(name in practised for name in mine)
        elif activity.kind == "reflection" and record.space.keeps_reflections:
            yield _written(record.get(REFLECTIONS, names[0]))
        elif activity.kind == "graded-quiz":
            yield started


def _written(kept: object) -> bool:
    text = kept.get("text") if isinstance(kept, Mapping) else None
    return isinstance(text, str) and bool(text.strip())


class Progress(Activity):
    """The list of lessons, as links."""

    JS: ClassVar[str] = "progress.js"
    CSS: ClassVar[tuple[str, ...]] = ("base.css", "progress.css")

    def __init__(self, catalog: Catalog, record: Record, *, only: Module | None = None) -> None:
        """Draw the list as things stand now."""
        self._catalog, self._record, self._only = catalog, record, only
        super().__init__(view(catalog, record, only=only))

    def handle(self, do: str, message: Mapping[str, Any]) -> Answer | None:  # noqa: ARG002  it has nothing to say
        """Look again ("look"), when something was done or the learner comes back to the page."""
        if do != "look":
            return None
        self.view = view(self._catalog, self._record, only=self._only)
        return Answer()
