"""Marks for Canvas: its own export says who is there, and only those who were found in it are written.

Canvas reads the five columns below in this order, then a row of the points that can be had, then the learners. It finds
a learner by the number in `ID`, so an apostrophe before a name does no harm there.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from alongside.handin import listed_as
from alongside_grading.results.grades import Cohort, Learner, NotExported, guard
from alongside_grading.wording import number

__all__ = ["CanvasExport", "CanvasRow", "Matches", "canvas_rows", "match", "read_export"]

COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POINTS_ROW = "    Points Possible"
_NUMBER = re.compile(r"\d+(~\d+)?$")  # a learner of another Canvas that shares with this one has a tilde
_TITLE = re.compile(r"^(?P<title>.*?)\s*(?:\(\d+\))?$", re.DOTALL)
_KEPT = re.compile(r"-?\d+([.,]\d+)?%?$|EX$|[A-F][+-]?$", re.IGNORECASE)
_WRAPPED = re.compile(r'^="(.*)"$', re.DOTALL)  # Canvas's own guard around a name like a formula
_HOW = (
    "In Canvas, open Grades, choose Export and then Export Entire Gradebook, and name the file that it gives you "
    "with --canvas-file."
)


@dataclass(frozen=True)
class CanvasRow:
    """One learner as Canvas knows them, and all cells of their row."""

    student: str
    id: str
    sis: str
    login: str
    section: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class CanvasExport:
    """An export of Canvas's gradebook: its headings, the points that can be had, and its learners."""

    headings: tuple[str, ...]
    points: tuple[str, ...]
    rows: tuple[CanvasRow, ...]


@dataclass(frozen=True)
class Matches:
    """Who is who. `ambiguous` names all rows of Canvas that a learner could be, or that several could be."""

    matched: Mapping[str, CanvasRow]
    ambiguous: Mapping[str, tuple[CanvasRow, ...]]
    unmatched: tuple[str, ...]
    left_over: tuple[CanvasRow, ...]


def read_export(text: str) -> CanvasExport:
    """Read Canvas's export, with commas or semicolons. Raises NotExported when it is not one, with what to do."""
    first = text.partition("\n")[0]
    try:
        separator = ";" if first.count(";") > first.count(",") else ","
        table = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if any(row)]
    except csv.Error as error:
        message = f"The Canvas file could not be read. {_HOW}"
        raise NotExported(message) from error
    headings = tuple(cell.strip() for cell in table[0]) if table else ()
    place = {heading: index for index, heading in reversed(list(enumerate(headings)))}
    points = next((row for row in table[1:] if row[0].strip().startswith("Points Possible")), None)
    named = "Student" in place or {"LastName", "FirstName"} <= place.keys()
    if not (named and {"ID", "Section"} <= place.keys()) or points is None:
        message = (
            'The Canvas file does not have Canvas\'s columns ("Student", "ID", "Section") and its row of points '
            f"possible. {_HOW}"
        )
        raise NotExported(message)
    width = len(headings)

    def cell(row: Sequence[str], heading: str) -> str:
        return row[place[heading]].strip() if heading in place and place[heading] < len(row) else ""

    def name(row: Sequence[str]) -> str:
        return cell(row, "Student") or ", ".join(filter(None, (cell(row, "LastName"), cell(row, "FirstName"))))

    rows = tuple(
        CanvasRow(
            name(row), cell(row, "ID"), cell(row, "SIS User ID"), cell(row, "SIS Login ID"), cell(row, "Section"),
            _wide(row, width),
        )
        for row in table[1:]
        if row is not points and _NUMBER.match(cell(row, "ID"))
    )  # fmt: skip
    return CanvasExport(headings, _wide(points, width), rows)


def _wide(row: Sequence[str], width: int) -> tuple[str, ...]:
    return tuple([*row, *[""] * width][:width])


def match(learners: Iterable[Learner], rows: Sequence[CanvasRow]) -> Matches:
    """Find each learner's row by number, login, address or name, as they are spelled in nbgrader's list.

    Where the instructor gave nbgrader the learner's number in Canvas, that alone counts. Nothing is guessed: one who
    could be two rows, and two who could be one row, are told and left out.
    """
    by_number, by_key = _index(rows, lambda row: {row.id}), _index(rows, _row_keys)
    found: dict[str, tuple[CanvasRow, ...]] = {}
    for learner in learners:
        keys = {learner.lms} if learner.lms else _learner_keys(learner)
        places = {index for key in keys for index in (by_number if learner.lms else by_key).get(key, ())}
        found[learner.id] = tuple(rows[index] for index in sorted(places))
    taken = Counter(each.id for candidates in found.values() for each in candidates)
    alone = {who: each[0] for who, each in found.items() if len(each) == 1 and taken[each[0].id] == 1}
    return Matches(
        alone,
        {who: each for who, each in found.items() if each and who not in alone},
        tuple(who for who, each in found.items() if not each),
        tuple(row for row in rows if row.id not in taken),
    )


def _index(rows: Sequence[CanvasRow], keys: Callable[[CanvasRow], set[str]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        for key in keys(row):
            found.setdefault(key, []).append(index)
    return found


def _row_keys(row: CanvasRow) -> set[str]:
    name = _WRAPPED.sub(r"\1", row.student)
    last, _, first = name.partition(",")
    spelled = (row.id, row.sis, row.login, row.login.partition("@")[0], name, f"{first} {last}")
    return {key for key in map(_key, spelled) if key}


def _learner_keys(learner: Learner) -> set[str]:
    spelled = [learner.id, learner.email, learner.email.partition("@")[0]]
    if learner.first and learner.last:
        spelled.append(f"{learner.first} {learner.last}")
    return {key for key in map(_key, spelled) if key}


def _key(text: str) -> str:
    """A name as the instructor's list has it, whoever spelled it."""
    try:
        return listed_as(text)
    except ValueError:
        return ""


def canvas_rows(
    cohort: Cohort, export: CanvasExport, matches: Matches, titles: Mapping[str, str], *, unfinished: bool
) -> tuple[list[list[str]], list[str]]:
    """Give the table for Canvas, and what the instructor should know about it.

    Where there is no score to give, what Canvas has is left as it is: Canvas takes an empty cell for "no score" and
    would delete one that is there. Raises NotExported when a unit's column is not clear.
    """
    places = {unit: _column(export, unit, titles.get(unit, unit)) for unit in cohort.most}
    notes, kept = [], 0
    heads, points = [], []
    for unit, place in places.items():
        if place is None:
            heads.append(guard(titles.get(unit, unit)))
            notes.append(
                f'Canvas has no assignment called "{titles.get(unit, unit)}". It will offer to make one. If it has '
                "one under another name, rename that one, export again, and run this again."
            )
        else:
            heads.append(guard(export.headings[place]))
            _refuse_other_points(export, place, cohort.most[unit])
        points.append(number(cohort.most[unit]))
    rows = [[*COLUMNS, *heads], [POINTS_ROW, "", "", "", "", *points]]
    for who, row in matches.matched.items():
        cells = []
        for unit, place in places.items():
            score = cohort.given(who, unit, unfinished=unfinished)
            there = row.cells[place].strip() if place is not None else ""
            there = there if _KEPT.match(there) else ""
            kept += score is None and bool(there)
            cells.append(there if score is None else number(score))
        rows.append([*map(guard, (row.student, row.id, row.sis, row.login, row.section)), *cells])
    if kept:
        notes.append(f"Without a score to give, what Canvas has was left as it is: {kept}.")
    return rows, notes


def _column(export: CanvasExport, unit: str, title: str) -> int | None:
    wanted = {_key(unit), _key(title)}
    places = [
        index
        for index, heading in enumerate(export.headings)
        if heading not in COLUMNS
        and _key(_TITLE.sub(r"\g<title>", heading)) in wanted
        and "read only" not in export.points[index]
    ]
    if len(places) > 1:
        names = ", ".join(f'"{export.headings[place]}"' for place in places)
        message = f'More than one column in Canvas could be "{title}": {names}. Rename all but one, and export again.'
        raise NotExported(message)
    return places[0] if places else None


def _refuse_other_points(export: CanvasExport, place: int, most: float) -> None:
    """A score out of 22 would be wrong in an assignment of 10 points."""
    there = export.points[place].strip().replace(",", ".")
    if there and (not re.fullmatch(r"\d+(\.\d+)?", there) or float(there) != round(most, 2)):
        message = (
            f'In Canvas "{export.headings[place]}" has {there} points, and the quiz has {number(most)}. Set its points '
            f"in Canvas to {number(most)}, export again, and run this again."
        )
        raise NotExported(message)
