"""One unit marked again where its decisions ask for it: only those questions, and only the marks that change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from alongside.store import write_bytes
from alongside_grading.handed_in.clock import moment_in
from alongside_grading.marking.cohort import read_work
from alongside_grading.marking.ledger import NotMarkable, Recorded
from alongside_grading.marking.marked import Form, FormCell, Work, mark_work, written_score
from alongside_grading.marking.quiz_key import points
from alongside_grading.marking.unit import Unit

__all__ = ["Change", "Regraded", "regrade_unit"]


@dataclass(frozen=True)
class Change:
    """One learner's total before and after, late penalty and all, and by how much each question changed."""

    learner: str
    before: float
    after: float
    by: Mapping[str, float]


@dataclass
class Regraded:
    """What came of one pass: whose marks changed, whose stay and why, by question where that tells more."""

    looked_at: int = 0
    changes: list[Change] = field(default_factory=list)
    by_hand: dict[str, list[str]] = field(default_factory=dict)
    lower: dict[str, list[str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def count(self) -> tuple[int, int, int]:
        """How many totals go up, go down, and stay the same."""
        up = sum(change.after > change.before for change in self.changes)
        down = sum(change.after < change.before for change in self.changes)
        return up, down, self.looked_at - up - down


def regrade_unit(unit: Unit, *, dry_run: bool) -> Regraded:
    """Mark the questions that were decided about again, for everyone whose work is marked. Nobody else is looked at.

    A mark is never lowered: where a decision was changed or taken back, it is told. With `dry_run` nothing is kept.
    Raises NotMarkable when the gradebook does not hold such a question, and what SQLAlchemy raises when it cannot be
    written.
    """
    form = unit.form
    cells = {cell.name: cell for cell in form.cells if cell.name in form.decisions and (cell.test or cell.written)}
    missing = sorted(form.decisions.keys() - cells.keys())
    if missing:
        message = f"Not among the questions that were given out, so not decided about: {', '.join(missing)}."
        raise NotMarkable(message)
    found = Regraded()
    for learner, known in unit.ledger.marks(cells).items():
        try:
            _regrade(unit, cells, learner, known, found, dry_run=dry_run)
        except NotMarkable as error:
            found.problems.append(f"{learner}: {error}.")
        except OSError as error:
            found.problems.append(f"{learner}: a file could not be read or written ({error.strerror}).")
        except (ValueError, RecursionError, MemoryError):  # whatever a stranger's file does, the others go on
            found.problems.append(f"{learner}: their work could not be read.")
    return found


def _regrade(
    unit: Unit, cells: Mapping[str, FormCell], learner: str, known: Recorded, found: Regraded, *, dry_run: bool
) -> None:
    form = unit.form
    folder = _folder(unit, learner)
    work = _marked_work(folder, form.unit, known)
    new = {name: earned for name, earned in _points(form, cells, work) if earned is not None}
    more = {name: earned - (known.ours[name] or 0.0) for name, earned in new.items()}
    raised = {name: earned for name, earned in new.items() if known.ours[name] is None or more[name] > 0}

    def lay() -> None:
        _marked_work(folder, form.unit, known)  # nothing newer was put there meanwhile
        _lay(unit, folder, work)

    if raised:
        before, after = unit.ledger.change(learner, known, raised, None if dry_run else lay)
        counted = {name: more[name] for name in raised if name not in known.by_hand}
        if counted:
            found.changes.append(Change(learner, before, after, counted))
    found.looked_at += 1
    for name, earned in new.items():
        if name in known.by_hand and earned != known.by_hand[name]:
            found.by_hand.setdefault(name, []).append(learner)
        elif name not in known.by_hand and more[name] < 0:
            found.lower.setdefault(name, []).append(learner)


def _points(form: Form, cells: Mapping[str, FormCell], work: Work) -> Iterator[tuple[str, float | None]]:
    for name, cell in cells.items():
        if cell.test:
            yield name, points(cell.test, work.responses.answers.get(name), form.decisions[name])
        else:
            yield name, written_score(cell, form.decisions[name], unanswered=False)


def _folder(unit: Unit, learner: str) -> Path:
    coursedir = unit.converter.coursedir
    if Path(learner).name != learner:
        message = "this is no name for a folder, so their work was not looked for"
        raise NotMarkable(message)
    return Path(coursedir.format_path(coursedir.autograded_directory, learner, unit.form.unit))


def _marked_work(folder: Path, unit: str, known: Recorded) -> Work:
    """The work that the recorded marks are for. Raises NotMarkable when the marked copy is missing or of other work."""
    message = f"the marked copy of their work is missing or newer than their marks. Run `alongside mark {unit}` first"
    if not (folder / f"{unit}.ipynb").is_file():
        raise NotMarkable(message)
    try:
        moment = moment_in(folder)
    except ValueError:  # it does not say when, so it cannot be told to be another
        moment = None
    if moment is not None and moment != known.moment:
        raise NotMarkable(message)
    return read_work(folder, unit)


def _lay(unit: Unit, folder: Path, work: Work) -> None:
    """Show the new marks, and why, in the marked copy too."""
    book = mark_work(unit.form, work).notebook
    write_bytes(folder / f"{unit.form.unit}.ipynb", book, int(str(unit.converter.permissions), 8))
    if unit.converter.coursedir.groupshared:
        unit.converter.set_permissions(unit.form.unit, folder.parent.name)
