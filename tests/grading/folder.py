"""A small course of its own in a folder, and what an instructor runs there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from alongside.catalog import Catalog
from alongside.question import Bank

ROOT = Path(__file__).resolve().parents[2]
UNIT = "listening"
WRITTEN = "a-talk"


@dataclass(frozen=True)
class Run:
    """What a command gave back."""

    code: int
    out: str


@dataclass(frozen=True)
class CourseFolder:
    """A course of its own in a folder, and its bank."""

    root: Path
    bank: Bank
    catalog: Catalog

    @property
    def assessments(self) -> Path:
        """nbgrader's course directory."""
        return self.root / "assessments"

    def run(self, *command: str, **environ: str) -> Run:
        """Run a module of this Python where an instructor would."""
        keep = {name: value for name, value in os.environ.items() if not name.startswith("ALONGSIDE_")}
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=self.assessments,
            env={**keep, "ALONGSIDE_ROOT": str(self.root), **environ},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return Run(done.returncode, done.stdout + done.stderr)


def make_course(root: Path) -> CourseFolder:
    """Lay out the shared files of the real course and one small bank."""
    (root / "course").mkdir(parents=True)
    for name in ("course.yaml", "sources.toml", "facts.yaml"):
        shutil.copy(ROOT / "course" / name, root / "course")
    shutil.copytree(ROOT / "course" / "words", root / "course" / "words")
    questions = root / "assessments" / "questions"
    questions.mkdir(parents=True)
    shutil.copy(ROOT / "tests" / "grading" / "bank.md", questions / f"{UNIT}.md")
    shutil.copy(ROOT / "assessments" / "nbgrader_config.py", root / "assessments")
    catalog = Catalog(root, environ={})
    bank, faults = catalog.bank(UNIT)
    if bank is None:
        raise ValueError("\n".join(map(str, faults)))
    return CourseFolder(root, bank, catalog)


def autograded(course: CourseFolder) -> list[Path]:
    """The marked notebooks, one for each learner."""
    return sorted((course.assessments / "autograded").glob(f"*/{UNIT}/{UNIT}.ipynb"))


@dataclass(frozen=True)
class Marked:
    """A course in which everything was handed in, collected, marked and answered."""

    course: CourseFolder
    trace: Path
    runs: dict[str, Run]
    by_hand: dict[str, float]
    before: dict[str, bytes]
