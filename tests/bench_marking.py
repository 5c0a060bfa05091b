"""`alongside mark` beside stock `nbgrader autograde` on the same work. For information; it never fails.

`python tests/bench_marking.py 200 10 2000` marks 200 hand-ins of the real quiz on empathy with ours, the first ten of
them with nbgrader too, and then 2,000 with ours. Run by `make bench`.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from alongside.catalog import Catalog
from alongside.handin import hand_in
from alongside.question import Bank, Kind
from alongside.quiz_notebook import learner_notebook

ROOT = Path(__file__).resolve().parents[1]
UNIT = "empathy"
START = datetime(2026, 11, 21, 10, tzinfo=UTC)
MARK = ("-m", "alongside", "mark", UNIT)
AUTOGRADE = ("-m", "nbgrader", "autograde", UNIT)
STARTS = 5
# nbgrader as it comes: a kernel for each hand-in. All else is set as the course needs it.
_KERNEL = """
steps = get_config().Autograde.autograde_preprocessors
get_config().Autograde.autograde_preprocessors = [
    "nbgrader.preprocessors.Execute" if "ReadMarks" in str(step) else step for step in steps
]
"""
_MARKS = """
SELECT submitted_assignment.student_id, base_cell.name, grade.auto_score, grade.needs_manual_grade FROM grade
JOIN base_cell ON base_cell.id = grade.cell_id
JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
"""


@dataclass(frozen=True)
class Took:
    """What one command took: seconds, those of a core's work, those until the first mark, ms for each, megabytes."""

    seconds: float
    worked: float
    first: float
    each: float
    megabytes: float


def answers(bank: Bank, number: int) -> dict[str, Any]:
    """Answers of one learner: the right ones, with some of them left out or wrong by the learner's number."""
    given: dict[str, Any] = {}
    for place, question in enumerate(bank.questions):
        right = [option.id for option in question.options if option.right]
        if (number + place) % 7 == 0:
            continue
        if question.kind is Kind.WRITTEN:
            given[question.id] = f"Words of learner {number}, who writes a little more than one line. " * 8
        elif question.kind is Kind.SINGLE:
            given[question.id] = right[0] if (number * place) % 3 else question.options[0].id
        elif question.kind is Kind.SEVERAL:
            given[question.id] = right
        elif question.kind is Kind.ORDER:
            given[question.id] = [option.id for option in question.options]
        elif question.kind is Kind.MATCH:
            given[question.id] = {option.id: option.other for option in question.options}
        else:
            given[question.id] = next(option.low for option in question.options if option.right)
    return given


def lay(root: Path, number: int) -> Path:
    """Lay out a course whose quiz is released and whose learners have all handed in. Gives nbgrader's folder."""
    (root / "course").mkdir(parents=True)
    for name in ("course.yaml", "sources.toml", "facts.yaml"):
        shutil.copy(ROOT / "course" / name, root / "course")
    shutil.copytree(ROOT / "course" / "words", root / "course" / "words")
    folder = root / "assessments"
    (folder / "questions").mkdir(parents=True)
    shutil.copy(ROOT / "assessments" / "questions" / f"{UNIT}.md", folder / "questions")
    shutil.copy(ROOT / "assessments" / "nbgrader_config.py", folder)
    run(folder, "-m", "alongside", "release", UNIT)
    catalog = Catalog(root, environ={})
    bank, faults = catalog.bank(UNIT)
    if bank is None:
        raise ValueError("\n".join(map(str, faults)))
    book = learner_notebook(bank, catalog.words["lesson"])
    archive = folder / "downloaded" / UNIT / "archive"
    archive.mkdir(parents=True)
    for each in range(number):
        made = hand_in(book, UNIT, answers(bank, each), f"learner {each:05}", START + timedelta(minutes=each))
        (archive / made.filename).write_bytes(made.data)
    return folder


def run(folder: Path, *command: str) -> Took:
    """Run this Python in a folder. When each marked notebook was written says how long each hand-in took."""
    environ = {**os.environ, "ALONGSIDE_ROOT": str(folder.parent)}
    environ.pop("ALONGSIDE_BANK", None)
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        began, begun = time.time(), time.perf_counter()
        process = subprocess.Popen([sys.executable, *command], cwd=folder, env=environ, stdout=said, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise RuntimeError(said.read())
    books = (folder / "autograded").glob(f"*/{UNIT}/{UNIT}.ipynb")
    moments = sorted(moment for moment in (path.stat().st_mtime for path in books) if moment >= began)
    # A disk's clock ticks every few milliseconds, so that short steps are told only ten at a time.
    step = max(1, min(10, len(moments) // 10))
    gaps = [1000 * (moments[at] - moments[at - step]) / step for at in range(step, len(moments))]
    return Took(
        seconds,
        used.ru_utime + used.ru_stime,
        moments[0] - began if moments else 0.0,
        statistics.median(gaps) if gaps else 0.0,
        used.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024),
    )


def marks(folder: Path) -> set[tuple[Any, ...]]:
    """Give what the gradebook holds for each learner and question."""
    connection = sqlite3.connect(folder / "gradebook.db")
    try:
        return set(connection.execute(_MARKS))
    finally:
        connection.close()


def start_up(room: Path) -> float:
    """Give the seconds from the command to the first marked notebook: the median of a few runs over one hand-in."""
    folder = lay(room / "one", 1)
    run(folder, *MARK)
    return statistics.median(run(folder, *MARK, "--force").first for _ in range(STARTS))


def bench(many: int = 200, few: int = 10, most: int = 2_000) -> None:
    """Print both side by side."""
    with tempfile.TemporaryDirectory(prefix="alongside-bench-") as place:
        room = Path(place)
        write(f"Marking {UNIT}, with its collecting, beside nbgrader without. Goals are for information.")
        starts = start_up(room)
        folder = lay(room / "many", many)
        shutil.copytree(folder.parent, room / "second")
        shutil.copytree(folder.parent, room / "third")
        runs = [run(each, *MARK) for each in (folder, room / "second" / folder.name, room / "third" / folder.name)]
        ours, mine = sorted(runs, key=lambda took: took.seconds)[1], marks(folder)
        write(f"{'':<46} {'in all':>9} {'of a core':>10} {'each':>10} {'first after':>12}")
        show(f"alongside mark, {many}", ours)
        kernel = ours
        for name, config in (("our settings", ""), ("its own kernel", _KERNEL)):
            folder = lay(room / name, few)
            with (folder / "nbgrader_config.py").open("a", encoding="utf-8") as file:
                file.write(config)
            run(folder, "-m", "nbgrader", "zip_collect", UNIT)
            kernel = run(folder, *AUTOGRADE)
            show(f"nbgrader autograde, {name}, {few}", kernel)
            same = "the same" if marks(folder) <= mine else "NOT the same"
            write(f"  its marks and ours are {same}")
        stock = kernel.seconds + (many - few) * kernel.each / 1000
        goal("the whole command, times faster (nbgrader: worked out)", stock / ours.seconds, "30 or more")
        goal("for each hand-in, times faster", kernel.each / ours.each, "30 or more")
        goal("ms for each hand-in", ours.each, "25 or less")
        goal("seconds until the first mark, of one hand-in", starts, "less than 1.5")
        folder = lay(room / "most", most)
        large = run(folder, *MARK)
        show(f"alongside mark, {most}", large)
        show(f"  again, with nothing new among {most}", run(folder, *MARK))
        goal(f"{most} take as long as {many}, times", large.seconds / ours.seconds, f"{1.1 * most / many:.0f} or less")
        goal(f"MB at most, for {most}", large.megabytes, "less than 400")


def show(what: str, took: Took) -> None:
    """Print what one command took."""
    each = f"{took.each:7.1f} ms" if took.each else ""
    first = f"{took.first:10.2f} s" if took.first else ""
    write(f"{what:<46} {took.seconds:7.1f} s {took.worked:8.1f} s {each:>10} {first:>12}")


def goal(what: str, figure: float, wanted: str) -> None:
    """Print a figure beside its goal."""
    write(f"  {what:<56} {figure:8.1f}   goal {wanted}")


def write(line: str) -> None:
    """Print one line at once."""
    sys.stdout.write(f"{line.rstrip()}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    bench(*map(int, sys.argv[1:]))
