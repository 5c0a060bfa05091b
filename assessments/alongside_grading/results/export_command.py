"""`alongside export grades`: the marks in the gradebook become a file for Canvas, for Moodle or for a spreadsheet."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from alongside.catalog import Catalog, open_catalog
from alongside.store import write_bytes
from alongside_grading.config import BankInRepository, course_directory
from alongside_grading.results.canvas import Matches, canvas_rows, match, read_export
from alongside_grading.results.grades import Cohort, NotExported, as_csv, cohort_rows, open_gradebook, read_cohort
from alongside_grading.results.moodle import moodle_rows
from alongside_grading.wording import NEEDS_NBGRADER, shown_name

__all__ = ["export"]

_LIMIT = 50_000_000  # bytes; the export of a course of thousands is a tenth of that
_NEEDED = (
    "Canvas's own export is needed, to tell who is who. In Canvas, open Grades, choose Export and then Export Entire "
    "Gradebook, and name the file that it gives you with --canvas-file."
)


def export(arguments: list[str]) -> int:
    """Write the marks to a file, and say what is not in it and why. Gives 0 when it is written, and 1 when not."""
    parser = argparse.ArgumentParser("alongside export", description="write marks for Canvas, Moodle or a spreadsheet")
    parser.add_argument("what", choices=["grades"])
    parser.add_argument("--for", dest="form", choices=["canvas", "moodle", "csv"], required=True)
    parser.add_argument(
        "--unit", action="append", nargs="+", default=[], help="only these units; all, if none is named"
    )
    parser.add_argument("--to", type=Path, help="the file to write; beside the gradebook, if none is named")
    parser.add_argument("--canvas-file", type=Path, help="the file that Canvas's own export gave you")
    parser.add_argument("--with-unfinished", action="store_true", help="also scores that still wait for a hand mark")
    options = parser.parse_args(arguments)
    try:
        if find_spec("nbgrader") is None:
            raise NotExported(NEEDS_NBGRADER)  # noqa: TRY301
        return _export(options)
    except (NotExported, BankInRepository) as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"{error.filename} could not be written ({error.strerror}).", file=sys.stderr)
    return 1


def _export(options: argparse.Namespace) -> int:
    catalog = open_catalog()
    folder = course_directory(catalog.root / "assessments")
    to = options.to or folder / f"grades-{options.form}.csv"
    other = _read_canvas(options.canvas_file, to) if options.form == "canvas" else ""
    from alongside_grading.settings import course_settings  # noqa: PLC0415  not there without nbgrader

    with open_gradebook(course_settings(folder).db_url) as session:
        cohort = read_cohort(session, [unit for units in options.unit for unit in units])
    titles = _titles(catalog, cohort)
    notes: list[str] = []
    if options.form == "csv":
        rows = cohort_rows(cohort, unfinished=options.with_unfinished)
    elif options.form == "moodle":
        rows, notes = moodle_rows(cohort, titles, unfinished=options.with_unfinished)
    else:
        table = read_export(other)
        matches = match(cohort.learners, table.rows)
        rows, notes = canvas_rows(cohort, table, matches, titles, unfinished=options.with_unfinished)
        notes = [*_told(matches), *notes]
    write_bytes(to, as_csv(rows))
    for note in [*_waiting(cohort, unfinished=options.with_unfinished), *notes]:
        print(note)
    print(f"{to} is written. It holds marks and names: keep it where only you can read it.")
    return 0


def _read_canvas(path: Path | None, to: Path) -> str:
    if path is None:
        raise NotExported(_NEEDED)
    if to.resolve() == path.resolve():
        message = f"{path} is Canvas's own export. Name another file with --to, so that it stays as it is."
        raise NotExported(message)
    try:
        with path.open("rb") as file:
            raw = file.read(_LIMIT + 1)
        if len(raw) > _LIMIT:
            message = f"{path} is far too large for an export of Canvas's gradebook. {_NEEDED}"
            raise NotExported(message)
        return raw.decode("utf-8-sig")
    except OSError as error:
        message = f"{path} could not be opened ({error.strerror}). {_NEEDED}"
        raise NotExported(message) from error
    except UnicodeDecodeError as error:
        message = f"{path} is not in UTF-8. Export it from Canvas again, and do not save it from a spreadsheet."
        raise NotExported(message) from error


def _titles(catalog: Catalog, cohort: Cohort) -> Mapping[str, str]:
    banks = {unit: catalog.bank(unit)[0] for unit in cohort.most if unit in catalog.bank_paths}
    return {unit: bank.title for unit, bank in banks.items() if bank}


def _told(matches: Matches) -> Iterable[str]:
    yield f"Found in Canvas, and written: {len(matches.matched)}."
    for who, rows in matches.ambiguous.items():
        could_be = ", ".join(f'"{shown_name(row.student)}" (ID {row.id})' for row in rows)
        also = "" if len(rows) > 1 else ", and so could someone else"
        yield f"{shown_name(who)} is not clear, and was left out: could be {could_be}{also}. {_say_who(who)}"
    for who in matches.unmatched:
        yield f"{shown_name(who)} was not found in Canvas, and was left out. {_say_who(who)}"
    if matches.left_over:
        yield _list("In Canvas, and not in the gradebook", [row.student for row in matches.left_over])


def _say_who(learner: str) -> str:
    named = shlex.quote(shown_name(learner))
    return f"Say who it is with their number in Canvas: nbgrader db student add {named} --lms-user-id=ID"


def _waiting(cohort: Cohort, *, unfinished: bool) -> Iterable[str]:
    for unit in cohort.most:
        waiting = [who for (who, of), mark in cohort.marks.items() if of == unit and mark.waiting]
        missing = sum((learner.id, unit) not in cohort.marks for learner in cohort.learners)
        if missing:
            yield f"{unit}: without work, so without a score: {missing}."
        if waiting and unfinished:
            yield _list(f"{unit}: written although an answer still waits for a mark by hand", waiting)
        elif waiting:
            yield _list(f"{unit}: left blank, since an answer still waits for a mark by hand", waiting)


def _list(what: str, names: Sequence[str]) -> str:
    return f"{what}: {len(names)} ({'; '.join(map(shown_name, names))})."
