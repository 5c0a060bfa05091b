"""One pass over one unit's work: what is new is read, marked, laid into `autograded/` and written to the gradebook."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from alongside_grading.handed_in.clock import moment_in
from alongside_grading.handed_in.collect import tidy
from alongside_grading.marking.cohort import Handed, handed_in, is_finished, read_work, write_marked
from alongside_grading.marking.ledger import NotMarkable
from alongside_grading.marking.marked import Form, Work, mark_work, stale_questions
from alongside_grading.marking.unit import Unit

__all__ = ["Tally", "mark_unit"]

Progress = Callable[[list[Handed]], Iterable[Handed]]
_NO_USE_GOING_ON = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


@dataclass
class Tally:
    """What came of one pass: how many were marked now and before, and whose work could not be."""

    unit: str
    marked: int = 0
    before: int = 0
    failed: int = 0
    waiting: int = 0
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        parts = [f"{self.marked} marked"]
        parts += [f"{self.before} marked before"] if self.before else []
        parts += [f"{self.failed} could not be marked"] if self.failed else []
        wait = f" Written answers that wait for you in formgrader: {self.waiting}." if self.waiting else ""
        return f"{self.unit}: {', '.join(parts)}.{wait}"


def mark_unit(unit: Unit, progress: Progress, tell: Callable[[str], None], *, force: bool) -> Tally:
    """Mark all that is new, or with `force` all there is. Each problem is told in one line, and the others go on.

    Raises OSError when nothing more can be written at all, and what SQLAlchemy raises when the gradebook cannot be.
    """
    form = unit.form
    tally = Tally(form.unit)
    recorded = {} if force else unit.ledger.recorded()
    waiting: list[Handed] = []
    for handed in handed_in(unit.converter.coursedir, form.unit):
        try:
            for sentence in tidy(handed.folder):
                tell(f"{handed.learner}: {sentence}")
        except OSError as error:
            tell(f"{handed.learner}: a file that they handed in could not be looked at ({error.strerror}).")
        if not force and is_finished(handed, form.unit, _moment(handed)[0], recorded):
            tally.before += 1
        else:
            waiting.append(handed)
    for name in stale_questions(form) if waiting else ():
        tell(
            f'The key of "{name}" has changed since the quiz was given out; the older key counts. To mark by the new '
            f"one, run `alongside release {form.unit}`, and then mark again with --force."
        )
    for handed in progress(waiting):
        problem = _mark_one(unit, handed, tell)
        if problem:
            tally.failed += 1
            tell(f"{handed.learner}: {problem} Nothing was recorded.")
        else:
            tally.marked += 1
    tally.waiting = unit.ledger.waiting()
    return tally


def _mark_one(unit: Unit, handed: Handed, tell: Callable[[str], None]) -> str:
    """Mark one learner's work. Gives nothing when it is done, and else what is wrong."""
    form = unit.form
    moment, doubt = _moment(handed)
    try:
        work = read_work(handed.folder, form.unit)
        marked = mark_work(form, work)
        write_marked(handed, form.unit, marked.notebook, unit.converter)
        unit.ledger.record(handed.learner, moment, marked)
    except FileNotFoundError:
        return f"neither {form.unit}.ipynb nor responses.json is in what they handed in. Ask for it again."
    except NotMarkable as error:
        return f"{error}."
    except OSError as error:
        if error.errno in _NO_USE_GOING_ON:
            raise
        return f"a file could not be read or written ({error.strerror})."
    except (
        UnicodeError,
        ValueError,
        RecursionError,
        MemoryError,
    ):  # whatever a stranger's file does, the batch goes on
        return "their work could not be read."
    for sentence in (doubt, *_doubts(form, work)):
        if sentence:
            tell(f"{handed.learner}: {sentence}")
    return ""


def _moment(handed: Handed) -> tuple[datetime | None, str]:
    """When it was handed in, or what is wrong with the file that should say so."""
    try:
        return moment_in(handed.folder), ""
    except (OSError, ValueError) as error:
        return None, f"{error}." if isinstance(error, ValueError) else "timestamp.txt could not be opened."


def _doubts(form: Form, work: Work) -> Iterator[str]:
    """What an instructor should know of an answer file, without a word of the learner's."""
    yield work.responses.note
    known = {cell.name for cell in form.cells}
    strange = sum(name not in known for name in work.responses.answers)
    if strange:
        yield f"{strange} of the answers in responses.json belong to no question of this quiz and were left out."
