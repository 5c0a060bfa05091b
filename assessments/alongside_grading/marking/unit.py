"""One unit made ready to be marked: nbgrader's settings, our own cells as the gradebook has them, and the gradebook."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from nbgrader.api import Assignment, Gradebook
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties, OverwriteCells, OverwriteKernelspec
from nbgrader.utils import is_grade, is_solution
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from traitlets.config import Config

from alongside.catalog import Catalog
from alongside_grading.banks import mend_first
from alongside_grading.handed_in.quiet import quiet_log
from alongside_grading.marking.ledger import Ledger, NotMarkable, patient
from alongside_grading.marking.marked import Form, FormCell
from alongside_grading.marking.preprocess import KeepOurCells
from alongside_grading.marking.quiz_key import KeyNotRead, is_note, read_test
from alongside_grading.marking.regrade_reader import find_decisions

__all__ = ["Unit", "open_gradebook", "open_unit", "units"]


@dataclass(frozen=True)
class Unit:
    """What marking one unit needs beside the work itself."""

    form: Form
    ledger: Ledger
    converter: Autograde


@contextmanager
def open_gradebook(coursedir: CourseDirectory) -> Iterator[Gradebook]:
    """Open the gradebook. Raises NotMarkable when there is none, or when it cannot be read."""
    path = coursedir.db_url.removeprefix("sqlite:///")
    if path != coursedir.db_url and not Path(path).is_file():
        message = "There is no gradebook yet. Run `alongside release` for a unit first."
        raise NotMarkable(message)
    try:
        gradebook = Gradebook(patient(coursedir.db_url), coursedir.course_id)
    except SQLAlchemyError as error:
        message = (
            "The gradebook could not be opened. Another program may hold it: close what else uses it, and try again. "
            "Or it comes from another version of nbgrader: keep a copy, and run `nbgrader db upgrade` where it lies."
        )
        raise NotMarkable(message) from error
    with gradebook:
        yield gradebook


def units(gradebook: Gradebook) -> list[str]:
    """Name every unit in the gradebook."""
    return sorted(gradebook.db.scalars(select(Assignment.name)))


def open_unit(gradebook: Gradebook, coursedir: CourseDirectory, config: Config, unit: str, catalog: Catalog) -> Unit:
    """Make one unit ready.

    Raises NotMarkable when it is not one that `alongside release` made, or what was decided about it has faults, and
    OSError when that cannot be opened.
    """
    converter = Autograde(coursedir=coursedir, config=config)
    converter.log = quiet_log()
    late = AssignLatePenalties(parent=converter)
    late.init_plugin()
    ledger = Ledger(gradebook, unit, late.plugin_inst.late_submission_penalty)
    book = _own_cells(converter, unit)
    try:
        cells = tuple(_cell(each, unit) for each in book.cells)
    except KeyNotRead as error:
        message = f"{error}. Run `alongside release {unit}`, and mark again."
        raise NotMarkable(message) from error
    bank, _ = catalog.bank(unit)
    decisions, faults = find_decisions(catalog, unit)
    if faults:
        raise NotMarkable(mend_first(faults))
    return Unit(Form(unit, cells, _plain(book.metadata), bank, catalog.words, decisions), ledger, converter)


def _own_cells(converter: Autograde, unit: str) -> NotebookNode:
    """What nbgrader's own steps make of a notebook that holds nothing: our cells, in order, checked."""
    about = {"nbgrader": {"notebook": unit, "assignment": unit, "student": "", "db_url": converter.coursedir.db_url}}
    exporter = converter.exporter_class(parent=converter, config=converter.config)
    book: NotebookNode = new_notebook()
    try:
        for step in (KeepOurCells, OverwriteKernelspec, OverwriteCells):
            book, _ = step(parent=exporter).preprocess(book, about)
    except RuntimeError as error:  # a checksum is off
        message = f'The gradebook\'s copy of "{unit}" is not whole. Run `alongside release {unit}`, and mark again.'
        raise NotMarkable(message) from error
    return book


def _cell(node: NotebookNode, unit: str) -> FormCell:
    name = node.metadata.nbgrader["grade_id"]
    data = _plain(node)
    if is_solution(node) and node.cell_type == "markdown":
        return FormCell(data, name, written=True)
    if is_grade(node):
        test = read_test(node.source) if node.cell_type == "code" else None
        if test is None or (test.unit, test.question) != (unit, name) or test.key["points"] > _points(node):
            message = f'"{name}" is not a question that `alongside release` made'
            raise KeyNotRead(message)
        return FormCell(data, name, test=test)
    return FormCell(data, name, note=node.cell_type == "code" and is_note(node.source))


def _points(node: NotebookNode) -> float:
    """The points that the gradebook gives a cell."""
    return float(node.metadata.nbgrader["points"])


def _plain(value: Any) -> Any:  # noqa: ANN401
    """Plain data from a notebook's own kind of mapping."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value
