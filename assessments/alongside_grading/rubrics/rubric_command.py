"""`alongside rubric`: mark written answers by rubric on a page of one's own, and bring past marks in line with it."""

from __future__ import annotations

import argparse
import socket
import sys
from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

from alongside.catalog import Catalog, open_catalog
from alongside_grading.config import BankInRepository
from alongside_grading.rubrics.rubric import Move, Step
from alongside_grading.wording import number, shown_name

if TYPE_CHECKING:
    from alongside_grading.rubrics.rubric_desk import Rescored

__all__ = ["report", "rubric"]


def rubric(arguments: list[str]) -> int:
    """Open the page, or re-score past work. Gives 0 when that was done, and 1 when something must be mended first."""
    about = "mark written answers by rubric, names hidden, into nbgrader's gradebook"
    parser = argparse.ArgumentParser("alongside rubric", description=about)
    parser.add_argument("unit", help="the unit, as its file in assessments/questions is called")
    parser.add_argument("--rescore", action="store_true", help="re-score past work by the rubric as it is now")
    parser.add_argument("--no-browser", action="store_true", help="only say the page's address")
    parser.add_argument("--port", type=int, default=0, help="the port to serve the page on (default: any that is free)")
    options = parser.parse_args(arguments)
    for package, extra in (("nbgrader", "grade"), ("voila", "learn")):
        if find_spec(package) is None:
            print(f'This needs {package}. Install it with: pip install "alongside-course[{extra}]"', file=sys.stderr)
            return 1
    return _rubric(options, open_catalog())


def _rubric(options: argparse.Namespace, catalog: Catalog) -> int:
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415  slow to load, and not there without nbgrader

    from alongside_grading.marking.ledger import NotMarkable  # noqa: PLC0415
    from alongside_grading.rubrics.rubric_book import TooNew  # noqa: PLC0415
    from alongside_grading.rubrics.rubric_desk import open_desk  # noqa: PLC0415

    try:
        with open_desk(catalog, options.unit) as (desk, note):
            if note:
                print(note, file=sys.stderr)
            found = desk.rescore(write=options.rescore)
            papers = sum(map(len, desk.papers.values()))
        if options.rescore:
            print("\n".join(report(options.unit, found)))
            return 0
        if not papers:
            print(
                f'No written answer to "{options.unit}" is in the gradebook yet. Run `alongside mark {options.unit}`.'
            )
            return 1
        changed = sum(_changes(step) for step in found.steps.values())
        if changed:
            print(
                f"The rubric has changed since some answers were marked. Marks that would change: {changed}. To bring "
                f"them in line, stop this and run `alongside rubric {options.unit} --rescore`."
            )
        return _open(options, catalog)
    except (NotMarkable, TooNew, BankInRepository, ValueError) as error:
        print(error, file=sys.stderr)
    except SQLAlchemyError:
        print(
            "The gradebook could not be read or written. Another program may hold it, or the disk may be full. What "
            "is marked is kept. Close other programs that use it, and run the same command again.",
            file=sys.stderr,
        )
    except OSError as error:
        print(f"{error.filename} could not be read or written ({error.strerror}).", file=sys.stderr)
    return 1


def _open(options: argparse.Namespace, catalog: Catalog) -> int:
    from alongside_grading.rubrics.rubric_server import serve  # noqa: PLC0415  Voila takes a second to load

    port = _free(options.port)
    if port is None:
        print(f"Port {options.port} is taken. Name another with --port, or leave it out.", file=sys.stderr)
        return 1
    serve(catalog, options.unit, _tell, port=port, browser=not options.no_browser)
    return 0


def _tell(address: str) -> None:
    print(
        f"The page is open at {address}\nWhoever has this address can read the answers and change marks: do not hand "
        "it on.\nTo stop, press Ctrl+C here. What is marked is kept.",
        flush=True,
    )


def _free(port: int) -> int | None:
    """Give the port if nobody listens on it, or any such when it is 0."""
    with socket.socket() as asked:
        try:
            asked.bind(("127.0.0.1", port))
        except OSError:
            return None
        found: int = asked.getsockname()[1]
        return found


def report(unit: str, found: Rescored) -> Iterator[str]:
    """Say what re-scoring did: the counts, what of the rubric is no more, then whose mark changed and by how much."""
    steps = found.steps
    moves = Counter(step.move if step.move is not Move.GIVE or _changes(step) else Move.SAME for step in steps.values())
    counts = (
        f"{moves[Move.GIVE]} changed",
        f"{moves[Move.SAME]} stay as they were",
        f"{moves[Move.WAIT]} wait again for a level",
        f"{moves[Move.OPEN]} not finished yet",
        f"{moves[Move.ELSEWHERE]} left as somebody set them in formgrader",
        f"{moves[Move.AGAIN]} left, since the answer was handed in again",
    )
    named = [each for each in counts if not each.startswith("0 ")]
    yield f"{unit}: {', '.join(named)}." if named else f"{unit}: nothing was marked by rubric yet."
    for (question, name), count in found.unused.items():
        yield (
            f'{question}: the rubric has no place for "{shown_name(name)}" as it was chosen {count} times. Those '
            "choices are kept, and count again if the rubric gets it back."
        )
    for (question, learner), step in steps.items():
        who = f"{shown_name(learner)}, {question}"
        if step.move is Move.GIVE and _changes(step):
            yield f"{who}: {_points(step.before)} → {_points(step.after)} points ({_by(step)})."
        elif step.move is Move.WAIT:
            left = ", ".join(f'"{shown_name(name)}"' for name in step.open)
            yield f"{who}: waits for {left}; {_points(step.before)} points until then."
        elif step.move is Move.ELSEWHERE:
            yield f"{who}: {_points(step.before)} points by formgrader, left as they are."


def _changes(step: Step) -> bool:
    return step.move is Move.WAIT or (step.move is Move.GIVE and step.before != step.after)


def _points(points: float | None) -> str:
    return "no" if points is None else number(points)


def _by(step: Step) -> str:
    change = (step.after or 0.0) - (step.before or 0.0)
    return f"{'+' if change > 0 else '-'}{number(abs(change))}" if change else "0"
