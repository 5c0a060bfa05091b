"""Text becomes notebooks: lessons and the pages beside them, the graded quizzes; and the page of what is covered."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from alongside.blocks import Fault
from alongside.catalog import Catalog, Module
from alongside.coverage import coverage, page
from alongside.notebook import Notebook, digest, dump
from alongside.page_notebook import glossary_notebook, lesson_notebook
from alongside.quiz_notebook import learner_notebook, source_notebook
from alongside.store import write_bytes

__all__ = ["Built", "build", "changed_by_hand", "out_of_date", "planned", "write"]


# Only public banks are built into the course: a private one never comes into its folders.
_PUBLIC: Mapping[str, str] = {}


@dataclass(frozen=True)
class Built:
    """A file that the course's text makes, where it goes, and its content."""

    path: Path
    shown: str
    text: str


def planned(catalog: Catalog) -> tuple[tuple[Built, ...], tuple[Fault, ...]]:
    """Make every notebook in memory, in every language. Pages with faults are left out, and their faults told."""
    covered = catalog.root / "course" / "COVERAGE.md"
    found = [Built(covered, catalog.shown(covered), page(coverage(Catalog(catalog.root, environ=_PUBLIC))))]
    faults: list[Fault] = []
    for language in catalog.languages:
        made, wrong = _in_one_language(Catalog(catalog.root, language, _PUBLIC))
        found.extend(made)
        faults.extend(wrong)
    return tuple({built.path: built for built in found}.values()), tuple(dict.fromkeys(faults))


def _in_one_language(catalog: Catalog) -> tuple[list[Built], list[Fault]]:
    """Make what is written in one language. What is not translated is there in the course's own language already."""
    found: list[Built] = []
    faults: list[Fault] = []
    home, home_faults = catalog.home
    faults.extend(home_faults)
    if home:
        found.append(_built(catalog, home.path, lesson_notebook(home, None, catalog)))
    my_work, work_faults = catalog.my_work
    faults.extend(work_faults)
    if my_work:
        found.append(_built(catalog, my_work.path, lesson_notebook(my_work, None, catalog, opens="my_work")))
    practice_lab, lab_faults = catalog.practice_lab
    faults.extend(lab_faults)
    if practice_lab:
        book = lesson_notebook(practice_lab, None, catalog, opens="practice_lab")
        found.append(_built(catalog, practice_lab.path, book))
    glossary, glossary_faults = catalog.glossary
    faults.extend(glossary_faults)
    if glossary:
        found.append(_built(catalog, glossary.path, glossary_notebook(glossary, catalog)))
    for module in catalog.modules:
        faults.extend(module.faults)
        if module.lesson:
            found.append(_built(catalog, module.lesson.path, lesson_notebook(module.lesson, module, catalog)))
        quiz, quiz_faults = _quiz(catalog, module)
        found.extend(quiz)
        faults.extend(quiz_faults)
    main = catalog.language == catalog.course.language
    return [built for built in found if main or _is_in(catalog.language, built.path)], faults


def _is_in(language: str, path: Path) -> bool:
    """Whether a notebook's name says that it is in a language: `lesson.es.ipynb`, or a unit's `empathy-es.ipynb`."""
    return path.stem.endswith((f".{language}", f"-{language}"))


def _built(catalog: Catalog, source: str, book: Notebook) -> Built:
    path = (catalog.root / source).with_suffix(".ipynb")
    return Built(path, catalog.shown(path), dump(book))


def _quiz(catalog: Catalog, module: Module) -> tuple[list[Built], tuple[Fault, ...]]:
    """A unit with a bank has the instructor's copy under `assessments/source/` and the learner's beside the lesson."""
    unit = catalog.unit(module)
    bank, faults = catalog.bank(unit)
    if bank is None:
        return [], faults
    words = catalog.words["lesson"]
    source = catalog.root / "assessments" / "source" / unit / f"{unit}.ipynb"
    learner = module.folder / f"quiz{unit.removeprefix(module.id).replace('-', '.')}.ipynb"
    return [
        Built(source, catalog.shown(source), dump(source_notebook(bank, words))),
        Built(learner, catalog.shown(learner), dump(learner_notebook(bank, words))),
    ], faults


def out_of_date(catalog: Catalog) -> tuple[tuple[str, ...], tuple[Fault, ...]]:
    """Name the built files that differ from what the text makes now, and those that no text makes any more."""
    plan, faults = planned(catalog)
    stale = [each.shown for each in plan if not each.path.is_file() or each.path.read_bytes() != each.text.encode()]
    expected = {each.path for each in plan}
    orphans = [catalog.shown(path) for path in _notebooks(catalog.root) if path not in expected]
    return (*stale, *orphans), faults


def build(catalog: Catalog) -> tuple[tuple[str, ...], tuple[Fault, ...]]:
    """Write every file that is out of date. Gives the paths that were written, and the faults that stopped others.

    A notebook that someone changed by hand is not overwritten; that is a fault which says what to do.
    """
    plan, faults = planned(catalog)
    written: list[str] = []
    refused: list[Fault] = []
    for each in plan:
        if each.path.is_file() and each.path.read_bytes() == each.text.encode():
            continue
        if each.path.suffix == ".ipynb" and changed_by_hand(each.path):
            refused.append(
                Fault(
                    each.shown,
                    1,
                    "This notebook was changed by hand, so it was not overwritten. Copy your change into the text file "
                    "it is made from, delete this notebook, and build again.",
                )
            )
            continue
        write(each)
        written.append(each.shown)
    return tuple(written), (*faults, *refused)


def write(built: Built) -> None:
    """Write one file in one step."""
    write_bytes(built.path, built.text.encode(), mode=0o644)


def _notebooks(root: Path) -> Iterator[Path]:
    for folder in (root / "modules", root / "assessments" / "source"):
        for path in sorted(folder.rglob("*.ipynb")):
            if not any(part.startswith((".", "_")) for part in path.relative_to(root).parts):
                yield path


def changed_by_hand(path: Path) -> bool:
    """Whether a notebook's words differ from those it was built with. Running or saving it changes none.

    One that cannot be read counts as changed; one that is not there does not.
    """
    if not path.is_file():
        return False
    try:
        book = json.loads(path.read_bytes())
        return bool(digest(book) != book["metadata"]["alongside"]["built"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return True
