"""How nbgrader is set up for this course. nbgrader is not imported here: what it loads is named, and loaded later."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alongside.catalog import private_bank
from alongside.quiz_notebook import ANSWER_HERE
from alongside.responses import FILE

__all__ = ["HANDED_IN", "BankInRepository", "configure", "course_directory"]

HANDED_IN = (
    r"^(?P<before>.*?[a-z0-9])"  # folders, whatever a learning platform puts before the name, and the unit
    r"--(?P<student_id>(?![-. ])(?:(?!--)[^/\\<>:\"|?*&;{}\[\]$`'%#\x00-\x1f\x7f])+?)"
    r"--(?P<timestamp>\d{8}T\d{6}Z)"
    r"[^/\\]*[/\\](?:.*[/\\])?"  # " (1)", "-1" and the like, and folders inside the zip
    r"(?P<file_id>[a-z0-9][a-z0-9-]*\.ipynb|" + FILE.replace(".", r"\.") + r")$"
)
"""How the path of an unpacked hand-in tells learner, moment and file. The outermost folder that fits counts."""

_OURS = "alongside_grading.marking.preprocess."
_THEIRS = "nbgrader.preprocessors."


class BankInRepository(Exception):
    """The private bank lies where it could be committed and published."""


def course_directory(folder: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """Give nbgrader's course directory: the folder of a private bank when `ALONGSIDE_BANK` names one, else `folder`.

    Raises BankInRepository when the private bank lies in a copy of the course.
    """
    bank = private_bank(environ)
    if bank is None:
        return folder.resolve()
    for above in (bank, *bank.parents):
        if (above / "course" / "course.yaml").is_file():
            message = (
                f"ALONGSIDE_BANK names {bank}, which lies inside the course's own folder, {above}. A private bank "
                "could be published from there. Move it to a folder outside, and name that one in ALONGSIDE_BANK."
            )
            raise BankInRepository(message)
    if not bank.is_dir():
        message = f"ALONGSIDE_BANK names {bank}, but there is no such folder. Make it, or name another."
        raise BankInRepository(message)
    return bank


def configure(c: Any, folder: Path) -> None:  # noqa: ANN401  traitlets' own kind of mapping
    """Set up nbgrader for the course directory that `folder`, the place of `nbgrader_config.py`, stands for.

    Ends the program with a sentence when the private bank is in a place where it must not be: nbgrader would only log
    any other error, and go on without this set-up.
    """
    try:
        root = course_directory(folder)
    except BankInRepository as error:
        raise SystemExit(str(error)) from error
    c.CourseDirectory.course_id = "alongside"
    c.CourseDirectory.root = str(root)
    # A stranger's code beside the notebook would be found first by every import.
    c.CourseDirectory.ignore = [
        ".ipynb_checkpoints", "__pycache__", "feedback", "*.py", "*.pyc", "*.pyw", "*.pth", "*.so", "*.pyd", "*.zip",
        "*.egg", "*.html", "*.js",
    ]  # fmt: skip
    _set_release(c)
    _set_collect(c)
    _set_marking(c, root)


def _set_release(c: Any) -> None:  # noqa: ANN401
    c.IncludeHeaderFooter.header = c.IncludeHeaderFooter.footer = ""
    c.ClearSolutions.text_stub = ANSWER_HERE
    # The cell that says what was handed in hides its code too, and earns no points.
    c.ClearHiddenTests.enforce_metadata = False


def _set_collect(c: Any) -> None:  # noqa: ANN401
    c.ZipCollectApp.extractor_plugin = "alongside_grading.handed_in.collect.ExtractHandIns"
    c.ZipCollectApp.collector_plugin = "alongside_grading.handed_in.collect.CollectHandIns"
    c.FileNameCollectorPlugin.named_regexp = HANDED_IN
    c.FileNameCollectorPlugin.valid_ext = [".ipynb", ".json"]


def _set_marking(c: Any, root: Path) -> None:  # noqa: ANN401
    c.Autograde.exporter_class = "alongside_grading.handed_in.submission.HandedIn"
    c.Autograde.sanitize_preprocessors = [
        _OURS + "KeepOurCells",
        _OURS + "FillWritten",
        *(_THEIRS + name for name in ("ClearOutput", "DeduplicateIds", "OverwriteKernelspec", "OverwriteCells")),
        _THEIRS + "CheckCellMetadata",
    ]
    c.Autograde.autograde_preprocessors = [
        # In place of nbgrader's `Execute`: the keys are read as data, so no kernel starts and no code runs.
        "alongside_grading.marking.read_marks.ReadMarks",
        _OURS + "PlainMarks",
        _THEIRS + "IgnorePattern",
        "nbconvert.preprocessors.ClearMetadataPreprocessor",
        _THEIRS + "LimitOutput",
        # nbgrader's own, but for written answers whose points everybody gets (`alongside regrade`).
        "alongside_grading.marking.read_marks.SaveMarks",
        _THEIRS + "AssignLatePenalties",
        _THEIRS + "CheckCellMetadata",
        _OURS + "ShowAnswers",
    ]
    c.Autograde.exclude_overwriting = {unit: [FILE] for unit in _units(root)}
    c.OverwriteCells.add_missing_cells = True
    # A link or a pipe in one hand-in could hang the batch, and an impossible moment would keep formgrader from opening.
    c.Autograde.pre_convert_hook = "alongside_grading.handed_in.collect.tidy_all"
    c.GenerateFeedback.exporter_class = "alongside_grading.results.feedback.FeedbackPage"
    c.GenerateFeedback.preprocessors = [
        _THEIRS + "GetGrades",
        "alongside_grading.results.feedback.HideCode",
        "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    ]


def _units(root: Path) -> set[str]:
    """Every unit that this course directory may hold: those with a bank, and those made ready before."""
    banks = (path.stem for folder in (root, root / "questions") for path in folder.glob("*.md"))
    made = (path.name for path in (root / "source").glob("*") if path.is_dir())
    return {*banks, *made}
