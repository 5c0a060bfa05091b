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
from alongside.marking import key
from alongside.question import Bank
from alongside.store import write_bytes
from alongside_grading.banks import graded_bank, mend_first
from alongside_grading.config import BankInRepository, course_directory
from alongside_grading.handed_in.given import given_answers
from alongside_grading.marking.regrade import Decisions, decided_score
from alongside_grading.marking.regrade_reader import find_decisions
from alongside_grading.results.feedback_page import as_html, as_text, feedback_page
from alongside_grading.results.grades import NotExported, QuestionMark, open_gradebook, read_cohort, read_questions
from alongside_grading.rubrics.rubric import Choice
from alongside_grading.rubrics.rubric_book import RubricBook, TooNew
from alongside_grading.wording import NEEDS_NBGRADER, shown_name

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
            raise NotExported(NEEDS_NBGRADER)  # noqa: TRY301
        return _feedback(unit, open_catalog())
    except (NotExported, BankInRepository) as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"{error.filename} could not be written ({error.strerror}). Run this again.", file=sys.stderr)
    return 1


def _feedback(unit: str, catalog: Catalog) -> int:
    bank = _bank(unit, catalog)
    words = read_words(catalog.root, bank.language)
    decisions, faults = find_decisions(catalog, unit)
    if faults:
        raise NotExported(mend_first(faults))
    from alongside_grading.settings import course_settings  # noqa: PLC0415  not there without nbgrader

    settings = course_settings(course_directory(catalog.root / "assessments"))
    with open_gradebook(settings.db_url) as session:
        cohort = read_cohort(session, [unit])
        questions = read_questions(session, unit)
    choices = _choices(Path(settings.root), unit)
    mode = _READABLE_BY_GROUP if settings.groupshared else _READABLE
    written, waiting, behind = 0, 0, 0
    gone = {name for marks in questions.values() for name in marks} - {each.id for each in bank.questions}
    for (learner, _), mark in cohort.marks.items():
        if Path(learner).name != learner:
            print(f"{shown_name(learner)} is no name for a folder, so there is no page.", file=sys.stderr)
            continue
        marked = _folder(settings, settings.autograded_directory, learner, unit)
        out = _folder(settings, settings.feedback_directory, learner, unit)
        answers = given_answers(settings, bank, learner)
        marks = questions.get(learner, {})
        of_learner = {name: each[learner] for name, each in choices.items() if learner in each}
        page = feedback_page(bank, learner, mark, marks, answers, words, decisions=decisions, choices=of_learner)
        behind += _is_behind(bank, marks, answers, decisions)
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
    if behind:
        print(
            f"Pages whose points do not yet follow what was decided about faulty questions: {behind}. Run "
            f"`alongside regrade {unit}`, and then this again."
        )
    if waiting:
        print(f"Pages on which an answer still waits for a mark by hand, and says so: {waiting}.")
    print(
        f"Pages written: {written}, each as {unit}.html and {unit}.txt in "
        f"{_folder(settings, settings.feedback_directory, '<learner>', unit)}.\n"
        f"Send them yourself, or, where learners handed in through nbgrader: nbgrader release_feedback {unit}"
    )
    return 0


def _choices(folder: Path, unit: str) -> Mapping[str, Mapping[str, Choice]]:
    """The levels chosen by rubric. Points do not depend on them, so pages are written without where they are lost."""
    try:
        return RubricBook(folder, unit).read().choices
    except (OSError, ValueError, TooNew):
        print("The levels that were chosen by rubric could not be read, so the pages show points without them.")
        return {}


def _bank(unit: str, catalog: Catalog) -> Bank:
    bank, why = graded_bank(catalog, unit)
    if bank is None:
        raise NotExported(why)
    return bank


def _is_behind(
    bank: Bank, marks: Mapping[str, QuestionMark], answers: Mapping[str, object], decisions: Decisions
) -> bool:
    """Whether a learner has fewer points than was decided, and no person set them."""
    return any(
        decided_score(key(question), answers.get(question.id), decisions[question.id]) > marks[question.id].score
        for question in bank.questions
        if question.id in decisions and question.id in marks and not marks[question.id].by_hand
    )


def _folder(settings: Any, step: str, learner: str, unit: str) -> Path:  # noqa: ANN401  nbgrader's own
    return Path(settings.format_path(step, learner, unit))


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
