"""`alongside feedback`: a page for each learner, in the folder from which nbgrader gives feedback back."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from alongside.catalog import Catalog, open_catalog
from alongside.course import read_words
from alongside.handin import from_cell
from alongside.question import Bank, Kind
from alongside.quiz_notebook import ANSWER_HERE
from alongside.responses import FILE, read_responses
from alongside.store import write_bytes
from alongside_grading.config import BankInRepository, course_directory
from alongside_grading.export_command import course_settings, shown_name
from alongside_grading.feedback_page import as_html, as_text, feedback_page
from alongside_grading.grades import NotExported, open_gradebook, read_cohort, read_questions

__all__ = ["feedback"]

_CARRIED = ("timestamp.txt", "submission_secret.txt")  # `nbgrader release_feedback` asks for both
_LARGEST = 10_000  # bytes of each of those; they hold a line
_READABLE, _READABLE_BY_GROUP = 0o644, 0o664  # as nbgrader leaves feedback: releasing it keeps the mode


def feedback(arguments: list[str]) -> int:
    """Write a page and a text for each learner whose work on a unit is marked. Gives 0 when they are there, else 1."""
    parser = argparse.ArgumentParser("alongside feedback", description="write each learner's page of feedback")
    parser.add_argument("unit", help="the unit, as its file in assessments/questions is called")
    unit = parser.parse_args(arguments).unit
    try:
        if find_spec("nbgrader") is None:
            raise NotExported('Marking needs nbgrader. Install it with: pip install "alongside-course[grade]"')  # noqa: EM101, TRY003, TRY301
        return _feedback(unit, open_catalog())
    except (NotExported, BankInRepository) as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"{error.filename} could not be written ({error.strerror}). Run this again.", file=sys.stderr)
    return 1


def _feedback(unit: str, catalog: Catalog) -> int:
    bank = _bank(unit, catalog)
    words = read_words(catalog.root, bank.language)
    settings = course_settings(course_directory(catalog.root / "assessments"))
    with open_gradebook(settings.db_url) as session:
        cohort = read_cohort(session, [unit])
        questions = read_questions(session, unit)
    mode = _READABLE_BY_GROUP if settings.groupshared else _READABLE
    written, waiting = 0, 0
    gone = {name for marks in questions.values() for name in marks} - {each.id for each in bank.questions}
    for (learner, _), mark in cohort.marks.items():
        if Path(learner).name != learner:
            print(f"{shown_name(learner)} is no name for a folder, so there is no page.", file=sys.stderr)
            continue
        marked = _folder(settings, settings.autograded_directory, learner, unit)
        handed_in = _folder(settings, settings.submitted_directory, learner, unit)
        out = _folder(settings, settings.feedback_directory, learner, unit)
        answers = _answers(bank, marked, handed_in)
        page = feedback_page(bank, learner, mark, questions.get(learner, {}), answers, words)
        for name in _CARRIED:
            _carry(marked / name, out / name, mode)
        _write(out / f"{unit}.txt", as_text(page, words), mode)
        _write(out / f"{unit}.html", as_html(page, words), mode)
        written, waiting = written + 1, waiting + mark.waiting
    if not written:
        message = f'No work on "{unit}" is marked yet. Mark what was handed in first.'
        raise NotExported(message)
    if gone:
        print(f"In the gradebook, but no longer among the questions, so not on the pages: {', '.join(sorted(gone))}.")
    if waiting:
        print(f"Pages on which an answer still waits for a mark by hand, and says so: {waiting}.")
    print(
        f"Pages written: {written}, each as {unit}.html and {unit}.txt in "
        f"{_folder(settings, settings.feedback_directory, '<learner>', unit)}.\n"
        f"Send them yourself, or, where learners handed in through nbgrader: nbgrader release_feedback {unit}"
    )
    return 0


def _bank(unit: str, catalog: Catalog) -> Bank:
    bank, faults = catalog.bank(unit)
    if faults:
        raise NotExported("\n".join(["Mend these first:", *map(str, faults)]))
    if bank is None:
        there = f"There are: {', '.join(sorted(catalog.bank_paths))}." if catalog.bank_paths else "There is none yet."
        message = f'There is no graded quiz called "{unit}". {there}'
        raise NotExported(message)
    return bank


def _folder(settings: Any, step: str, learner: str, unit: str) -> Path:  # noqa: ANN401  nbgrader's own
    return Path(settings.format_path(step, learner, unit))


def _answers(bank: Bank, marked: Path, handed_in: Path) -> Mapping[str, object]:
    """The answers that were marked: from the marked copy, else as handed in; written ones else from their cells."""
    places = (folder / FILE for folder in (marked, handed_in))
    path = next((path for path in places if path.is_file() and not path.is_symlink()), None)
    answers: dict[str, object] = dict(read_responses(path, bank.id).answers) if path else {}
    written = {each.id for each in bank.questions if each.kind is Kind.WRITTEN}
    missing = {name for name in written if not str(answers.get(name) or "").strip()}
    return answers | (_cells(marked / f"{bank.id}.ipynb", missing) if missing else {})


def _cells(path: Path, names: set[str]) -> dict[str, object]:
    from alongside_grading.submission import read_cells  # noqa: PLC0415  it loads nbconvert, and is seldom needed

    if path.is_symlink() or not path.is_file():
        return {}
    with path.open(encoding="utf-8", errors="replace") as file:
        cells = dict(reversed(read_cells(file)))
    found = {name: from_cell(cells[name]) or cells[name] for name in names & cells.keys()}
    return {name: text for name, text in found.items() if text.strip() != ANSWER_HERE}


def _carry(old: Path, new: Path, mode: int) -> None:
    with suppress(FileNotFoundError):
        if not old.is_symlink() and old.stat().st_size <= _LARGEST:
            _write_bytes(new, old.read_bytes(), mode)


def _write(path: Path, text: str, mode: int) -> None:
    _write_bytes(path, text.encode("utf-8", "replace"), mode)


def _write_bytes(path: Path, data: bytes, mode: int) -> None:
    """Write what is new. A page that is there already stays, so that giving feedback again is quick."""
    if path.is_symlink() or not path.is_file() or path.read_bytes() != data:
        write_bytes(path, data, mode)
