"""`alongside coding train | evaluate | predict`: for those who look after the coder, or want to measure it."""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from alongside.catalog import Catalog
from alongside.coding.coder import CodedReply, code_reply
from alongside.coding.codes import CODES, EMPATHY, HURTS
from alongside.coding.deeds import DEEDS
from alongside.coding.evaluation import calibration_error, interval, kappa, macro_f1, score
from alongside.coding.features import plain
from alongside.coding.listening import listen
from alongside.coding.model import FILE, NoModel, pack
from alongside.coding.safety_lines import HELD_OUT, SAFETY, SafetyLine, read_safety
from alongside.coding.voices import FOLDER, read_second, read_voices
from alongside.paths import course_root
from alongside.store import write_bytes

if TYPE_CHECKING:
    from alongside.coding.training import Answers, Learned

__all__ = ["coding", "digest", "with_previous"]

_FIELDS = ("behaviour", "question", "reflection", "input")
_GROUPS = ("conversation", "transcript")
_NEEDED = ("text", "previous")


def coding(arguments: list[str]) -> int:
    """Run one of its parts. Gives 0 when all is well, 1 when something is wrong with what was given."""
    parser = argparse.ArgumentParser(
        "alongside coding", description="What replies in one's own words do: learn, measure."
    )
    parts = parser.add_subparsers(dest="part", required=True)
    parts.add_parser("train", help="learn from course/coding/voices and write the weights (needs scikit-learn)")
    measured = parts.add_parser("evaluate", help="hold codes against those of a CSV file, by value, with intervals")
    measured.add_argument("file", type=Path, help=f"columns text and previous, and any codes or {', '.join(_FIELDS)}")
    measured.add_argument("--plain", action="store_true", help="take marks and capitals away first, as phones do")
    measured.add_argument("--least", type=int, default=0, metavar="WORDS", help="only texts of so many words or more")
    parts.add_parser("agreement", help="hold the codes of the second reader against the first")
    parts.add_parser("safety", help="measure what is noticed of the lines that are held out for it")
    parts.add_parser("predict", help='read JSON lines {"text": ..., "previous": ...} and write them with their codes')
    options = parser.parse_args(arguments)
    try:
        if options.part == "train":
            return _train()
        if options.part == "agreement":
            return _agreement(course_root())
        if options.part == "safety":
            return _safety(course_root())
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
        model, learned = train(examples, (*lines, *_ways(root)), {"replies": len(examples), "examples": digest(root)})
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


def _ways(root: Path) -> Iterator[SafetyLine]:
    """Give the ways to answer that stand in the practice lab: none of them hurts."""
    prompts, _ = Catalog(root).prompts
    for prompt in prompts.prompts.values() if prompts else ():
        for way in prompt.ways:
            yield SafetyLine(HURTS[0], unsafe=False, previous=prompt.words, reply=way, group="practice-lab")


def _unseen(name: str, made: Learned) -> None:
    """Print how well each answer was found in the replies of writers who were not learned from."""
    from alongside.coding.training import best_cut, deed_answers  # noqa: PLC0415  with scikit-learn

    print(f"\nWriters not seen, {name} text")
    _scored("codes", {code: (made.answers[code], made.head[code].cut) for code in CODES})
    _scored("deeds", {deed: (each, best_cut(each)) for deed in DEEDS for each in [deed_answers(made, deed)]})
    levels = [f"{part}{level}" for part in EMPATHY for level in (1, 2)]
    _scored("levels of empathy", {each: (made.answers[each], made.head[each].cut) for each in levels})
    error = calibration_error(made.harm.sure, made.harm.truth)
    print(f"  harm, on the safety list: expected calibration error {error:.3f}")


def _scored(what: str, answers: Mapping[str, tuple[Answers, float]]) -> None:
    f1, errors = [], []
    for name, (each, cut) in answers.items():
        found = [sure >= cut for sure in each.sure]
        f1.append(score(each.truth, found).f1)
        errors.append(calibration_error(each.sure, each.truth))
        _row(f"  {name}", each.truth, found)
    error = sum(errors) / len(errors)
    print(
        f"  {what}: macro-F1 {sum(f1) / len(f1):.3f}, expected calibration error {error:.3f}, at most {max(errors):.3f}"
    )


def digest(root: Path) -> str:
    """Tell the voices that weights were learned from."""
    whole = hashlib.sha256()
    for path in sorted(path for folder in (FOLDER, SAFETY) for path in (root / folder).glob("*.txt")):
        whole.update(path.read_bytes())
    return whole.hexdigest()[:16]


def _agreement(root: Path) -> int:
    """Print how far two readers agree, clause by clause."""
    examples, _ = read_voices(root)
    first = {(example.previous, example.text): example for example in examples}
    second, faults = read_second(root)
    pairs = [
        (one, two)
        for example in second
        if (example.previous, example.text) in first
        for one, two in zip(first[example.previous, example.text].clauses, example.clauses, strict=True)
    ]
    for fault in faults:
        print(fault)
    if faults or not pairs:
        print("There is nothing to compare: mend the second reader's file first.")
        return 1
    same = sum(one.codes == two.codes for one, two in pairs)
    print(f"{len(pairs)} clauses, all codes the same in {same / len(pairs):.0%}. Cohen's kappa:")
    for code in CODES:
        one, two = ([code in side.codes for side in sides] for sides in zip(*pairs, strict=True))
        print(f"  {code:<20} {kappa(one, two):.2f}  of {sum(one)}")
    return 0


def _safety(root: Path) -> int:
    """Print what is told, and what is noticed, of lines that hurt and of lines that look like them."""
    lines, faults = read_safety(root, HELD_OUT)
    for fault in faults:
        print(fault)
    if faults or not lines:
        print("There is nothing to measure: mend the held-out lines first.")
        return 1
    for name, shape in (("as typed", str), ("plain", plain)):
        found = [listen(shape(line.reply), shape(line.previous)) for line in lines]
        truth = [line.unsafe for line in lines]
        print(f"{len(lines)} lines, {name}")
        _row("  told", truth, [bool(each.harms) for each in found])
        _row("  noticed", truth, [each.careful for each in found])
        for kind in HURTS:
            some = [place for place, line in enumerate(lines) if line.kind == kind]
            _row(f"    {kind}", [truth[at] for at in some], [found[at].careful for at in some])
    return 0


def _evaluate(path: Path, *, plainly: bool, least: int) -> int:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = with_previous(list(csv.DictReader(file)))
    except (OSError, ValueError) as error:
        print(f"{path} cannot be read: {error}.", file=sys.stderr)
        return 1
    missing = [name for name in _NEEDED if not rows or name not in rows[0]]
    if missing:
        print(f"{path} has no rows, or no column called {' or '.join(missing)}.", file=sys.stderr)
        return 1
    rows = [row for row in rows if len(row["text"].split()) >= least]
    shape = plain if plainly else str
    found = [code_reply(shape(row["text"]), shape(row["previous"] or "")) for row in rows]
    groups = [_talk_of(row, str(place)) for place, row in enumerate(rows)]
    print(f"{len(rows)} texts, {len(set(groups))} conversations. In brackets: 95 of 100 draws of conversations.")
    for name in (name for name in _FIELDS if rows and name in rows[0]):
        _told(name, [row[name] for row in rows], [each.annomi[name] for each in found], groups)
    for code in (code for code in CODES if rows and code in rows[0]):
        truth = [str(row[code]).strip().lower() in {"1", "true", "yes"} for row in rows]
        _row(code, truth, [code in each.codes for each in found], groups)
        sure = [max((clause.probabilities[code] for clause in each.clauses), default=0.0) for each in found]
        print(f"  {'':<22} expected calibration error {calibration_error(sure, truth):.3f}")
    return 0


def with_previous(rows: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Give rows with the line before: of a talk with its speakers, those with gold, after the other's last line."""
    if not rows or "previous" in rows[0] or "speaker" not in rows[0]:
        return list(rows)
    made, last, talk = [], "", ""
    for row in rows:
        here = _talk_of(row, "")
        last, talk = (last, talk) if here == talk else ("", here)
        if any(row.get(name) for name in (*_FIELDS, *CODES)):
            made.append({**row, "previous": last})
        else:
            last = row["text"]
    return made


def _talk_of(row: Mapping[str, str], other: str) -> str:
    return next((row[name] for name in _GROUPS if name in row), other)


def _told(name: str, truth: Sequence[str], found: Sequence[str], groups: Sequence[str]) -> None:
    low, high = interval(groups, lambda at: macro_f1([truth[each] for each in at], [found[each] for each in at]))
    print(f"\n{name}: macro-F1 {macro_f1(truth, found):.3f} [{low:.3f} to {high:.3f}]")
    values = sorted({*truth, *found})
    for value in values:
        _row(f"  {value}", [each == value for each in truth], [each == value for each in found], groups)
    width = max(map(len, values)) + 2
    print(f"  {'found: ':>{width + 2}}" + "".join(f"{value:>{width}}" for value in values))
    for value in values:
        counts = [sum(pair == (value, other) for pair in zip(truth, found, strict=True)) for other in values]
        print(f"  {value:>{width}}" + "".join(f"{count:>{width}}" for count in counts))


def _row(name: str, truth: Sequence[bool], found: Sequence[bool], groups: Sequence[str] = ()) -> None:
    made, spread = score(truth, found), ""
    if groups:
        low, high = interval(groups, lambda at: score([truth[each] for each in at], [found[each] for each in at]).f1)
        spread = f" [{low:.2f} to {high:.2f}]"
    both = f"precision {made.precision:.2f}  recall {made.recall:.2f}"
    print(f"{name:<22} {both}  F1 {made.f1:.2f}{spread}  of {made.there}")


def _predict(given: TextIO, out: TextIO) -> int:
    wrong = 0
    for number, row in enumerate(given, start=1):
        if not row.strip():
            continue
        try:
            data = json.loads(row)
            text, previous = data["text"], data.get("previous") or ""
        except (ValueError, KeyError, TypeError, AttributeError):
            text = previous = None
        if not isinstance(text, str) or not isinstance(previous, str):
            print(f"Row {number} is no JSON with a text in it.", file=sys.stderr)
            wrong = 1
            continue
        out.write(json.dumps({**data, **_predicted(code_reply(text, previous))}) + "\n")
    return wrong


def _predicted(coded: CodedReply) -> dict[str, object]:
    clauses = []
    for each in coded.clauses:
        carried = {code: each.carried(code) for code in sorted(each.codes)}
        clauses.append({
            "text": each.span.text,
            "start": each.span.start,
            "end": each.span.end,
            "codes": sorted(each.codes),
            "carried": {code: [span.start, span.end] for code, span in carried.items()},
            "probabilities": {code: round(value, 3) for code, value in each.probabilities.items()},
        })  # fmt: skip
    harm = {kind: round(value, 3) for kind, value in coded.hurts.items()}
    return {"codes": sorted(coded.codes), "clauses": clauses, "empathy": coded.levels, "harm": harm, **coded.annomi}
