"""`alongside regrade`: a question turned out to be faulty, and the marks that this changes are changed, and told."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from alongside.catalog import Catalog, open_catalog
from alongside_grading.banks import mend_first, no_such_quiz
from alongside_grading.config import BankInRepository, course_directory
from alongside_grading.marking.regrade_reader import decisions_path, find_decisions
from alongside_grading.wording import NEEDS_NBGRADER, number, shown_name

if TYPE_CHECKING:
    from alongside_grading.marking.marked import Form
    from alongside_grading.marking.regrader import Change, Regraded

__all__ = ["regrade"]

_WRONG = (
    "The gradebook could not be written. Another program may hold it, or the disk may be full. What is changed is "
    "kept. Close other programs that use it, and run the same command to go on."
)


def regrade(arguments: list[str]) -> int:
    """Change the marks that a unit's decisions ask for. Gives 0 when all that is to change has, and 1 when not."""
    parser = argparse.ArgumentParser(
        "alongside regrade", description="change marks where a question turned out to be faulty"
    )
    parser.add_argument("unit", help="the unit, as its file in assessments/questions is called")
    parser.add_argument("--dry-run", action="store_true", help="only say what would change")
    options = parser.parse_args(arguments)
    if find_spec("nbgrader") is None:
        _tell(NEEDS_NBGRADER)
        return 1
    try:
        return _regrade(options.unit, open_catalog(), dry_run=options.dry_run)
    except KeyboardInterrupt:
        _tell("Stopped. What is changed is kept. Run the same command to go on.")
    except BankInRepository as error:
        _tell(str(error))
    except OSError as error:
        _tell(f"{error.filename} could not be read or written ({error.strerror}). What is changed is kept.")
    return 1


def _regrade(unit: str, catalog: Catalog, *, dry_run: bool) -> int:
    missing = _not_decided(unit, catalog)
    if missing:
        _tell(missing)
        return 1
    from nbgrader.coursedir import CourseDirectory  # noqa: PLC0415  slow to load, and not there without nbgrader
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    from alongside_grading.marking.cohort import one_marker  # noqa: PLC0415
    from alongside_grading.marking.ledger import NotMarkable  # noqa: PLC0415
    from alongside_grading.marking.regrader import regrade_unit  # noqa: PLC0415
    from alongside_grading.marking.unit import open_gradebook, open_unit  # noqa: PLC0415
    from alongside_grading.settings import course_config  # noqa: PLC0415

    try:
        config = course_config(course_directory(catalog.root / "assessments"))
        coursedir = CourseDirectory(config=config)
        with one_marker(Path(coursedir.root), _tell), open_gradebook(coursedir) as gradebook:
            ready = open_unit(gradebook, coursedir, config, unit, catalog)
            coursedir.assignment_id = unit
            found = regrade_unit(ready, dry_run=dry_run)
    except NotMarkable as error:
        _tell(str(error))
        return 1
    except SQLAlchemyError:
        _tell(_WRONG)
        return 1
    for sentence in found.problems:
        _tell(shown_name(sentence))
    for row in _report(ready.form, found, dry_run=dry_run):
        print(row)
    return 1 if found.problems else 0


def _not_decided(unit: str, catalog: Catalog) -> str:
    """Why there is nothing to do, or nothing that can be done, for a unit."""
    if unit not in catalog.bank_paths:
        return no_such_quiz(unit, catalog)
    decisions, faults = find_decisions(catalog, unit)
    if faults:
        return mend_first(faults)
    if not decisions:
        path = catalog.shown(decisions_path(catalog, unit))
        return (
            f'Nothing is decided about "{unit}". Write what is into {path}, for each faulty question:\n\n'
            '[id-of-the-question]\ndo = "accept-also"  # or "full-marks", or "drop"\n'
            'also = ["the words of the option that counts too"]  # with "accept-also" alone\n'
            'reason = "Why, in words that learners may read."\ndecided = 2026-11-21'
        )
    return ""


def _report(form: Form, found: Regraded, *, dry_run: bool) -> Iterator[str]:
    """Totals first, then why, then whose; names come last, so that the top can be shown around."""
    up, down, same = found.count()
    would = "would go" if dry_run else "went"
    yield f"{form.unit}: totals that {would} up: {up}, down: {down}, that stay the same: {same}."
    if dry_run:
        yield "Nothing was changed: this was only to see."
    yield "What was decided:"
    for name, decision in form.decisions.items():
        times = sum(name in change.by for change in found.changes)
        yield f"  {name}: {decision.do.value}, {decision.decided}, changes {times}. {decision.reason}"
    for name, learners in found.by_hand.items():
        yield f"  {name}: points that a person set and that stay: {len(learners)}."
    for name, learners in found.lower.items():
        yield (
            f"  {name}: points that are higher than what is decided now, and stay: {len(learners)}. To take them down, "
            f"run `alongside mark {form.unit} --force`."
        )
    most = sum(float(cell.data["metadata"]["nbgrader"].get("points", 0)) for cell in form.cells)
    yield from _whose(found.changes, most)
    yield from _kept("Set by a person, so not changed", found.by_hand)
    yield from _kept("Higher than what is decided now, so not changed", found.lower)


def _whose(changes: Sequence[Change], most: float) -> Iterator[str]:
    if changes:
        yield "Whose:"
    for change in changes:
        parts = ", ".join(f"{name} +{number(points)}" for name, points in change.by.items())
        moved = sum(change.by.values())
        late = "; less for coming in late" if abs(change.after - change.before - moved) > 1e-9 else ""  # noqa: PLR2004  as floats add up
        yield (
            f"  {shown_name(change.learner)}: {number(change.before)} to {number(change.after)} of {number(most)} "
            f"({parts}{late})"
        )


def _kept(why: str, found: Mapping[str, Sequence[str]]) -> Iterator[str]:
    if found:
        yield f"{why}:"
    for name, learners in found.items():
        yield f"  {name}: {', '.join(map(shown_name, learners))}"


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr)
