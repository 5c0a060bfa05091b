"""`alongside coding train | evaluate | predict`: for those who look after the coder, or want to measure it."""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from alongside.coding.coder import code_reply
from alongside.coding.codes import CODES
from alongside.coding.evaluation import calibration_error, interval, macro_f1, score
from alongside.coding.features import plain
from alongside.coding.model import FILE, NoModel, pack
from alongside.coding.safety_lines import SAFETY, read_safety
from alongside.coding.voices import FOLDER, read_voices
from alongside.paths import course_root
from alongside.store import write_bytes

if TYPE_CHECKING:
    from alongside.coding.training import Learned

__all__ = ["coding"]

_FIELDS = ("behaviour", "question", "reflection", "input")
_GROUPS = ("conversation", "transcript")
_NEEDED = ("text", "previous")


def coding(arguments: list[str]) -> int:
    """Run one of the three. Gives 0 when all is well, 1 when something is wrong with what was given."""
    parser = argparse.ArgumentParser(
        "alongside coding", description="What replies in one's own words do: learn, measure."
    )
    parts = parser.add_subparsers(dest="part", required=True)
    parts.add_parser("train", help="learn from course/coding/voices and write the weights (needs scikit-learn)")
    measured = parts.add_parser("evaluate", help="hold codes against those of a CSV file, by value, with intervals")
    measured.add_argument("file", type=Path, help=f"columns text and previous, and any of {', '.join(_FIELDS)}")
    measured.add_argument("--plain", action="store_true", help="take marks and capitals away first, as phones do")
    measured.add_argument("--least", type=int, default=0, metavar="WORDS", help="only texts of so many words or more")
    parts.add_parser("predict", help='read JSON lines {"text": ..., "previous": ...} and write them with their codes')
    options = parser.parse_args(arguments)
    try:
        if options.part == "train":
            return _train()
        if options.part == "evaluate":
            return _evaluate(options.file, plainly=options.plain, least=options.least)
        return _predict(sys.stdin, sys.stdout)
    except NoModel:
        print("The weights are missing or torn. Run `alongside coding train`.", file=sys.stderr)
        return 1


def _train() -> int:
    from alongside.coding.training import train  # noqa: PLC0415  with scikit-learn

    root = course_root()
    examples, faults = read_voices(root)
    lines, wrong = read_safety(root)
    for fault in (*faults, *wrong):
        print(fault)
    if faults or wrong or not examples or not lines:
        print("Nothing was learned: mend the examples first, or add some.")
        return 1
    try:
        model, learned = train(examples, lines, {"replies": len(examples), "examples": _digest(root)})
    except ModuleNotFoundError:
        print("Learning needs scikit-learn. Install the course's `dev` extra first.", file=sys.stderr)
        return 1
    data = pack(model)
    write_bytes(FILE, data, mode=0o644)
    for name, made in learned.items():
        _unseen(name, made)
    print(
        "\nTold to learners from this probability on: " + ", ".join(f"{name} {at}" for name, at in model.shown.items())
    )
    print(f"Learned from {len(examples)} replies. Weights: {len(data) // 1000} KB.")
    return 0


def _unseen(name: str, made: Learned) -> None:
    """Print how well each code was found in the replies of writers who were not learned from."""
    print(f"\nWriters not seen, {name} text")
    f1, errors = [], []
    for code in CODES:
        truth, sure = [code in each for each in made.truth], [each[code] for each in made.unseen]
        found = [code in each for each in made.found]
        f1.append(score(truth, found).f1)
        errors.append(calibration_error(sure, truth))
        _row(f"  {code}", truth, found)
    error = sum(errors) / len(errors)
    print(f"  macro-F1 {sum(f1) / len(f1):.3f}, expected calibration error {error:.3f}, at most {max(errors):.3f}")


def _digest(root: Path) -> str:
    """Tell the voices that weights were learned from."""
    whole = hashlib.sha256()
    for path in sorted(path for folder in (FOLDER, SAFETY) for path in (root / folder).glob("*.txt")):
        whole.update(path.read_bytes())
    return whole.hexdigest()[:16]


def _evaluate(path: Path, *, plainly: bool, least: int) -> int:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if len((row.get("text") or "").split()) >= least]
    except (OSError, ValueError) as error:
        print(f"{path} cannot be read: {error}.", file=sys.stderr)
        return 1
    missing = [name for name in _NEEDED if not rows or name not in rows[0]]
    if missing:
        print(f"{path} has no rows, or no column called {' or '.join(missing)}.", file=sys.stderr)
        return 1
    shape = plain if plainly else str
    found = [code_reply(shape(row["text"]), shape(row["previous"] or "")) for row in rows]
    groups = [next((row[name] for name in _GROUPS if name in row), str(place)) for place, row in enumerate(rows)]
    print(f"{len(rows)} texts, {len(set(groups))} conversations.")
    for name in (name for name in _FIELDS if name in rows[0]):
        _told(name, [row[name] for row in rows], [each.annomi[name] for each in found], groups)
    for code in (code for code in CODES if code in rows[0]):
        truth = [str(row[code]).strip().lower() in {"1", "true", "yes"} for row in rows]
        _row(code, truth, [code in each.codes for each in found])
    return 0


def _told(name: str, truth: Sequence[str], found: Sequence[str], groups: Sequence[str]) -> None:
    low, high = interval(groups, lambda at: macro_f1([truth[each] for each in at], [found[each] for each in at]))
    print(f"\n{name}: macro-F1 {macro_f1(truth, found):.3f} ({low:.3f} to {high:.3f})")
    for value in sorted(set(truth)):
        _row(f"  {value}", [each == value for each in truth], [each == value for each in found])


def _row(name: str, truth: Sequence[bool], found: Sequence[bool]) -> None:
    made = score(truth, found)
    print(f"{name:<22} precision {made.precision:.2f}  recall {made.recall:.2f}  F1 {made.f1:.2f}  of {made.there}")


def _predict(given: TextIO, out: TextIO) -> int:
    wrong = 0
    for number, row in enumerate(given, start=1):
        if not row.strip():
            continue
        try:
            data = json.loads(row)
            text, previous = data["text"], data.get("previous") or ""
            coded = code_reply(str(text), str(previous))
        except (ValueError, KeyError, TypeError, AttributeError):
            print(f"Row {number} is no JSON with a text in it.", file=sys.stderr)
            wrong = 1
            continue
        clauses = [
            {
                "text": each.span.text, "start": each.span.start, "end": each.span.end, "codes": sorted(each.codes),
                "probabilities": {code: round(value, 3) for code, value in each.probabilities.items()},
            }
            for each in coded.clauses
        ]  # fmt: skip
        out.write(json.dumps({**data, "codes": sorted(coded.codes), "clauses": clauses, **coded.annomi}) + "\n")
    return wrong
