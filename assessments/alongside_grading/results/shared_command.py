"""`alongside shared`: what learners chose to share with their hand-ins, on one page for the instructor alone."""

from __future__ import annotations

import argparse
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from alongside.catalog import Catalog, open_catalog
from alongside.course import read_words
from alongside.question import Bank
from alongside.reflection import Reflection
from alongside.responses import FILE, Shown, read_responses
from alongside.store import write_bytes
from alongside_grading.banks import graded_bank
from alongside_grading.config import BankInRepository, course_directory
from alongside_grading.handed_in.clock import is_plain
from alongside_grading.results.shared_page import as_html, as_text, shared_page
from alongside_grading.wording import NEEDS_NBGRADER

__all__ = ["FOLDER", "shared"]

FOLDER = "shared"
"""Where the pages lie in nbgrader's course directory. Nothing is given out from there, and Git passes it by."""

_PRIVATE, _PRIVATE_TO_GROUP = 0o600, 0o660


class NoPage(Exception):
    """Why there is no page, in words for an instructor."""


def shared(arguments: list[str]) -> int:
    """Write what was shared with a unit's hand-ins. Gives 0 when there is a page or nothing to put on it, else 1."""
    parser = argparse.ArgumentParser("alongside shared", description="read what learners chose to share with you")
    parser.add_argument("unit", help="the unit, as its file in assessments/questions is called")
    unit = parser.parse_args(arguments).unit
    try:
        if find_spec("nbgrader") is None:
            raise NoPage(NEEDS_NBGRADER)  # noqa: TRY301
        print(_write(unit, open_catalog()))
    except (NoPage, BankInRepository) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename} could not be read or written ({error.strerror}). Run this again.", file=sys.stderr)
        return 1
    return 0


def _write(unit: str, catalog: Catalog) -> str:
    """Write the page and the text, or take away those of before. Says how it went."""
    bank, why = graded_bank(catalog, unit)
    if bank is None:
        raise NoPage(why)
    from alongside_grading.settings import course_settings  # noqa: PLC0415  not there without nbgrader

    settings = course_settings(course_directory(catalog.root / "assessments"))
    work = _handed_in(settings, unit)
    if not work:
        message = f'No work on "{unit}" came in yet. Collect it first: alongside mark {unit}'
        raise NoPage(message)
    page = shared_page(bank.title, bank.language, work, _prompts(bank, catalog))
    folder = Path(settings.root) / FOLDER
    html, text = folder / f"{unit}.html", folder / f"{unit}.txt"
    if not page.learners:
        for path in (html, text):  # what was on them may have been taken back since
            path.unlink(missing_ok=True)
        return f"Nobody shared anything with their work on {unit}. Looked at: {len(work)}."
    words = read_words(catalog.root, bank.language)
    mode = _PRIVATE_TO_GROUP if settings.groupshared else _PRIVATE
    write_bytes(html, as_html(page, words).encode("utf-8", "replace"), mode)
    write_bytes(text, as_text(page, words).encode("utf-8", "replace"), mode)
    texts = sum(len(each.texts) for each in page.learners)
    return (
        f"Learners who shared something: {len(page.learners)} of {len(work)}. Texts: {texts}.\n"
        f"Open {html}, or read {text}.\n"
        "They chose to show this to you and to nobody else."
    )


def _handed_in(settings: Any, unit: str) -> dict[str, tuple[Shown, ...]]:  # noqa: ANN401  nbgrader's own
    """Give what was shown with each learner's work, read as if by a stranger."""
    from alongside_grading.marking.cohort import handed_in  # noqa: PLC0415  it loads nbconvert

    files = {work.learner: work.folder / FILE for work in handed_in(settings, unit)}
    return {name: read_responses(path, unit).shown if is_plain(path) else () for name, path in files.items()}


def _prompts(bank: Bank, catalog: Catalog) -> dict[str, Reflection]:
    """Give the reflections of the module that a unit belongs to, by id, in the language of its bank."""
    there = catalog if bank.language == catalog.language else Catalog(catalog.root, bank.language)
    modules = (module for module in there.modules if there.unit(module) == bank.id)
    return {each.id: each for module in modules for each in module.reflections.values()}
