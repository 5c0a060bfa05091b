"""`alongside release`: a graded quiz becomes the copy to give out, without its key."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from alongside.build import changed_by_hand
from alongside.catalog import Catalog, open_catalog, private_bank
from alongside.notebook import Notebook, dump
from alongside.question import Bank
from alongside.quiz_notebook import source_notebook
from alongside.store import write_bytes
from alongside_grading.banks import graded_bank
from alongside_grading.config import BankInRepository, course_directory
from alongside_grading.release.leaks import leaks
from alongside_grading.wording import NEEDS_NBGRADER

__all__ = ["NotReleased", "release"]

_CONFIG = """import os
from pathlib import Path

from alongside_grading.banks import graded_bank
from alongside_grading.config import configure

os.environ.setdefault("ALONGSIDE_BANK", str(Path(__file__).parent))
configure(get_config(), Path(__file__).parent)
"""


class NotReleased(Exception):
    """Why a quiz was not made ready, and what to do, in words for an instructor."""


def release(arguments: list[str]) -> int:
    """Make one graded quiz ready to give out. Gives 0 when it is, and 1 when something must be mended first."""
    about = "make a graded quiz ready to give out, without its key"
    parser = argparse.ArgumentParser("alongside release", description=about)
    parser.add_argument("unit", help="the unit, as its file in assessments/questions is called")
    unit = parser.parse_args(arguments).unit
    try:
        if find_spec("nbgrader") is None:
            raise NotReleased(NEEDS_NBGRADER)  # noqa: TRY301
        made = _release(unit, open_catalog())
    except (NotReleased, BankInRepository) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename} could not be written ({error.strerror}). Nothing was given out.", file=sys.stderr)
        return 1
    folder = made.parents[2]
    print(
        f"{_shown(made)} is ready to give out. Neither the key nor a reason is in it.\n"
        f"When work comes back, put the files in {_shown(folder / 'downloaded' / unit / 'archive')}, and run:\n"
        f"  alongside mark {unit}\n"
        f"Mark the written answers, and give feedback:\n  alongside rubric {unit}\n  alongside feedback {unit}\n"
        f"Read what learners chose to share with you:\n  alongside shared {unit}"
    )
    return 0


def _release(unit: str, catalog: Catalog) -> Path:
    bank = _bank(unit, catalog)
    folder = course_directory(catalog.root / "assessments")
    source = folder / "source" / unit / f"{unit}.ipynb"
    book = source_notebook(bank, catalog.words["lesson"])
    _refuse_changed_by_hand(source)
    _refuse_marked(folder, unit, book)
    text = dump(book).encode()
    if not source.is_file() or source.read_bytes() != text:
        write_bytes(source, text)
    config = folder / "nbgrader_config.py"
    if private_bank() and not config.is_file():
        write_bytes(config, _CONFIG.encode())
    released = folder / "release" / unit
    _generate(folder, unit)
    found = leaks(released, bank)
    if found:
        shutil.rmtree(released)
        message = (
            "The copy to give out was deleted again, because a learner could read from it what only you may know:\n"
            + "\n".join(f"  {sentence}" for sentence in found)
            + f"\nSee whether a question in {bank.path} gives away the words of an answer's reason."
        )
        raise NotReleased(message)
    return released / f"{unit}.ipynb"


def _bank(unit: str, catalog: Catalog) -> Bank:
    bank, why = graded_bank(catalog, unit, "There is none yet; write one in assessments/questions.")
    if bank is None:
        raise NotReleased(why)
    return bank


def _refuse_changed_by_hand(path: Path) -> None:
    """As `alongside build` does: what someone changed is theirs to put where it lasts."""
    if changed_by_hand(path):
        message = (
            f"{_shown(path)} was changed by hand, so it was not overwritten. Copy your change into the file of "
            "questions, delete this notebook, and run this again."
        )
        raise NotReleased(message)


def _refuse_marked(folder: Path, unit: str, book: Notebook) -> None:
    """Nbgrader cannot add or remove questions once work has come in, and would stop in the middle."""
    from alongside_grading.settings import course_settings  # noqa: PLC0415  not there without nbgrader

    address = course_settings(folder).db_url
    if address.startswith("sqlite:///") and not Path(address.removeprefix("sqlite:///")).is_file():
        return
    with _gradebook(address) as gradebook:
        from nbgrader.api import MissingEntry  # noqa: PLC0415  slow to load, and not there without nbgrader

        try:
            known = gradebook.find_notebook(unit, unit)
        except MissingEntry:
            return
        old = {cell.name for cell in known.source_cells} if known.submissions else set()
    new = {cell["metadata"]["nbgrader"]["grade_id"] for cell in book["cells"]}
    if old and old != new:
        changes = [f"new: {', '.join(sorted(new - old))}"] if new - old else []
        changes += [f"gone: {', '.join(sorted(old - new))}"] if old - new else []
        message = (
            f'Work on "{unit}" is in the gradebook already, so no question can be added, taken out or '
            f"renamed now ({'; '.join(changes)}). Put the questions back, or copy them into a file with another name "
            "and release that. Words, points and keys of the other questions may change."
        )
        raise NotReleased(message)


@contextmanager
def _gradebook(address: str) -> Iterator[Any]:
    from nbgrader.api import Gradebook  # noqa: PLC0415

    with Gradebook(address) as gradebook:
        yield gradebook


def _generate(folder: Path, unit: str) -> None:
    """Run nbgrader's own step. Marks in the gradebook stay: nbgrader puts the cells' new words beside them."""
    from nbgrader.apps.api import NbGraderAPI  # noqa: PLC0415
    from nbgrader.coursedir import CourseDirectory  # noqa: PLC0415

    from alongside_grading.settings import course_config  # noqa: PLC0415

    config = course_config(folder)
    with _tools_on_path():
        api = NbGraderAPI(CourseDirectory(config=config), config=config)
        result = api.generate_assignment(unit, force=True, create=True)
    if not result["success"]:
        shutil.rmtree(folder / "release" / unit, ignore_errors=True)
        log = [row for row in (result.get("log") or "").splitlines() if row.strip()]
        message = (
            f"nbgrader could not make the copy to give out. Its last words were: {log[-1] if log else 'none'}\n"
            f"To see all of them, go to {_shown(folder)} and run: nbgrader generate_assignment {unit} --force"
        )
        raise NotReleased(message)


@contextmanager
def _tools_on_path() -> Iterator[None]:
    """Nbgrader calls `alembic` by name when it makes a gradebook, and finds it only where this Python has it."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) and path != here else str(path)
