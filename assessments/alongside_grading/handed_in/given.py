"""The answers that one learner gave, as they were marked: from their answer file, else from the cells of their copy."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alongside.handin import from_cell
from alongside.question import Bank, Kind
from alongside.quiz_notebook import ANSWER_HERE
from alongside.responses import FILE, read_responses

__all__ = ["given_answers"]


def given_answers(settings: Any, bank: Bank, learner: str) -> Mapping[str, object]:  # noqa: ANN401  nbgrader's own
    """Give answers by question id: from the marked copy, else as handed in; written ones else from their cells.

    `settings` name the learner's folders, which may be missing. Raises OSError when a file cannot be read.
    """
    steps = (settings.autograded_directory, settings.submitted_directory)
    marked, handed_in = (Path(settings.format_path(step, learner, bank.id)) for step in steps)
    places = (folder / FILE for folder in (marked, handed_in))
    path = next((path for path in places if path.is_file() and not path.is_symlink()), None)
    answers: dict[str, object] = dict(read_responses(path, bank.id).answers) if path else {}
    written = {each.id for each in bank.questions if each.kind is Kind.WRITTEN}
    missing = {name for name in written if not str(answers.get(name) or "").strip()}
    return answers | (_cells(marked / f"{bank.id}.ipynb", missing) if missing else {})


def _cells(path: Path, names: set[str]) -> dict[str, object]:
    from alongside_grading.handed_in.submission import read_cells  # noqa: PLC0415  it loads nbconvert, and is seldom needed

    if path.is_symlink() or not path.is_file():
        return {}
    with path.open(encoding="utf-8", errors="replace") as file:
        cells = dict(reversed(read_cells(file)))
    found = {name: from_cell(cells[name]) or cells[name] for name in names & cells.keys()}
    return {name: text for name, text in found.items() if text.strip() != ANSWER_HERE}
