"""`alongside mark` beside stock `nbgrader autograde` on the same work. For information; it never fails.

`bench(many, few)` lays out the course with the real quiz on empathy, marks `many` hand-ins with ours and `few` of them
with nbgrader, and prints seconds, milliseconds for each, start-up and peak memory.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
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
_KERNEL = """
import pathlib
here = pathlib.Path(__file__).parent
from alongside_grading.config import configure
configure(get_config(), here)
c = get_config()
steps = c.Autograde.autograde_preprocessors
c.Autograde.autograde_preprocessors = [
    "nbgrader.preprocessors.Execute" if "ReadMarks" in str(step) else step for step in steps
]
"""


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


def run(folder: Path, *command: str) -> tuple[float, float]:
    """Run this Python in a folder. Gives its seconds, and the most megabytes that any run so far has held."""
    begun = time.perf_counter()
    environ = {**os.environ, "ALONGSIDE_ROOT": str(folder.parent)}
    environ.pop("ALONGSIDE_BANK", None)
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


_OURS = "import sys; from alongside_grading.mark_command import mark; sys.exit(mark(sys.argv[1:]))"


def bench(many: int = 200, few: int = 20) -> None:
    """Print both side by side."""
    with tempfile.TemporaryDirectory(prefix="alongside-bench-") as room:
        folder = lay(Path(room) / "ours", 1)
        start_up, _ = run(folder, "-c", _OURS, UNIT)
        folder = lay(Path(room) / "many", many)
        ours, megabytes = run(folder, "-c", _OURS, UNIT)
        again, _ = run(folder, "-c", _OURS, UNIT)
        each = 1000 * (ours - start_up) / max(many - 1, 1)
        write(f"alongside mark, {many}: {ours:6.1f} s, {each:5.1f} ms each, {megabytes:.0f} MB at most (goal 25 ms)")
        write(f"  the whole command for one: {start_up:.2f} s; for {many} marked before: {again:.2f} s")
        for name, config in (
            ("nbgrader autograde, our settings", None),
            ("nbgrader autograde, its own kernel", _KERNEL),
        ):
            folder = lay(Path(room) / name.rsplit(maxsplit=1)[-1], few)
            if config:
                (folder / "nbgrader_config.py").write_text(config, encoding="utf-8")
            run(folder, "-m", "nbgrader", "zip_collect", UNIT)
            stock, _ = run(folder, "-m", "nbgrader", "autograde", UNIT)
            write(
                f"{name}, {few}: {stock:6.1f} s, {1000 * stock / few:6.1f} ms each, "
                f"so {stock / few * many:.0f} s for {many}"
            )
            write(f"  ours takes {stock / few * many / ours:.0f} times less, with nbgrader's own collecting left out")


def write(line: str) -> None:
    """Print one line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    bench(*map(int, sys.argv[1:]))
