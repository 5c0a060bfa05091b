"""Hand-ins that attack, break off or pretend, by name: what lies in each one's folder, and the marks that it earns.

None is answered with more than its answers earn. `marks` is None where there is nothing that could be marked; then a
plain line has to name the case.
"""

from __future__ import annotations

import io
import json
import os
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.grading.folder import UNIT, WRITTEN
from tests.grading.hand_ins import ATTACKS, HOSTILE_TEXT

BOOK, ANSWERS, CLOCK = f"{UNIT}.ipynb", "responses.json", "timestamp.txt"
FULL, NONE, PART = (2.0, 3.0, 4.0, 3.0, 1.0), (0.0,) * 5, (0.0, 1.0, 2.0, 2.0, 0.0)
Marks = tuple[float, ...] | None


@dataclass(frozen=True)
class Link:
    """A link in place of a file."""

    to: str


class Pipe:
    """A pipe in place of a file: whoever opens it waits for ever."""


@dataclass(frozen=True)
class Case:
    """The files of one hand-in, by name, and its marks."""

    files: Mapping[str, bytes | Link | Pipe]
    marks: Marks


@dataclass(frozen=True)
class Bench:
    """What cases are made from: an honest notebook, answers, and the canaries that no case may reach."""

    book: Mapping[str, Any]
    right: Mapping[str, Any]
    partly: Mapping[str, Any]
    trace: Path
    port: int
    root: Path

    def notebook(self, change: Callable[[dict[str, Any]], object] = lambda _: None) -> bytes:
        """An honest notebook, with a change made to it."""
        book = json.loads(json.dumps(self.book))
        change(book)
        return json.dumps(book).encode()

    def answers(self, answers: Mapping[str, Any] | None = None, **other: Any) -> bytes:
        """Answers as `responses.json` has them; by default some of each right."""
        return json.dumps(
            {"format": 1, "unit": UNIT, "answers": dict(self.partly if answers is None else answers), **other}
        ).encode()


def lay(case: Case, folder: Path) -> None:
    """Put a case's files where nbgrader finds them."""
    for name, data in case.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(data, Link):
            path.symlink_to(data.to)
        elif isinstance(data, Pipe):
            os.mkfifo(path)
        else:
            path.write_bytes(data)


def cases(bench: Bench) -> dict[str, Case]:
    """Every case that lies in `submitted/`, by the name of its learner."""
    groups = (_codes, _texts, _books, _ids, _answers, _shown, _values, _words, _files, _clocks)
    return {name: case for group in groups for name, case in group(bench)}


Named = Iterator[tuple[str, Case]]


def _codes(bench: Bench) -> Named:
    """Cells of code. Each first leaves a trace, so that it is seen to have run whatever it does next."""
    trace = f"open({str(bench.trace)!r}, 'a').write('ran')\n"
    for name, code in {
        "reads-the-key": f"open({str(bench.root / 'assessments/source' / UNIT / BOOK)!r}).read()",
        "patches-assert": "import builtins; builtins.AssertionError = Warning; builtins.min = builtins.max",
        "patches-marks": "import alongside_grading.marks as m; m.mark = lambda *a: 4.0",
        "exits": "import sys; sys.exit(0)",
        "exits-hard": "import os; os._exit(0)",
        "forks": "import os\nwhile True: os.fork()",
        "loops": "while True: pass",
        "allocates": "x = bytearray(10**12)",
        "opens-a-socket": f"import socket; socket.create_connection(('127.0.0.1', {bench.port})).send(b'x')",
        "deletes-files": f"import shutil; shutil.rmtree({str(bench.root)!r})",
        "writes-outside": f"open({str(bench.root.parent / 'outside.txt')!r}, 'w').write('x')",
        "kills-its-parent": "import os; os.kill(os.getppid(), 9)",
        "writes-marks": "import sqlite3; sqlite3.connect('../../../gradebook.db').execute('DELETE FROM grade')",
        "runs-a-shell": f"!touch {bench.trace}",
        "runs-a-magic": f"%%bash\ntouch {bench.trace}",
        "unpickles": "import pickle; pickle.loads(b\"cos\\nsystem\\n(S'true'\\ntR.\")",
        "prints-a-mark": "4.0",
        "shows-a-page": "from IPython.display import HTML; HTML('<script>hacked=1</script>')",
    }.items():

        def change(book: dict[str, Any], code: str = code) -> None:
            for cell in book["cells"]:
                if cell["cell_type"] == "code":
                    cell["source"] = trace + code
            extra = {"cell_type": "code", "execution_count": 1, "id": "x", "metadata": {}, "outputs": []}
            book["cells"].insert(0, {**extra, "source": trace + code})

        yield name, Case({BOOK: bench.notebook(change), ANSWERS: bench.answers()}, PART)


def _texts(bench: Bench) -> Named:
    """Words that a page could take for more than words: in answers, in cells, in outputs, beside cells."""
    names = (
        "a-script",
        "a-handler",
        "a-javascript-link",
        "an-svg",
        "a-formula",
        "a-command-linker",
        "an-end-tag",
        "a-frame",
    )
    for name, attack in zip(names, ATTACKS, strict=True):

        def change(book: dict[str, Any], attack: str = attack) -> None:
            for cell in book["cells"]:
                if cell["cell_type"] == "markdown":
                    cell["source"] = attack

        answers = {**bench.partly, WRITTEN: attack}
        yield name, Case({BOOK: bench.notebook(change), ANSWERS: bench.answers(answers)}, PART)
    everywhere = bench.answers(_all(bench, HOSTILE_TEXT))
    yield "scripts-as-every-answer", Case({BOOK: bench.notebook(), ANSWERS: everywhere}, NONE)

    def outputs(book: dict[str, Any]) -> None:
        data = {"text/html": ATTACKS[0], "application/javascript": "hacked=1", "text/plain": "4.0"}
        data["application/vnd.jupyter.widget-view+json"] = {"model_id": "x"}
        for cell in book["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"] = [
                    {"output_type": "execute_result", "execution_count": 1, "data": data, "metadata": {}}
                ]

    def attachments(book: dict[str, Any]) -> None:
        for cell in book["cells"]:
            cell["attachments"] = {"x.svg": {"image/svg+xml": ATTACKS[3]}}
            cell["metadata"]["html"] = HOSTILE_TEXT

    yield "outputs", Case({BOOK: bench.notebook(outputs), ANSWERS: bench.answers()}, PART)
    yield "attachments", Case({BOOK: bench.notebook(attachments), ANSWERS: bench.answers()}, PART)


def _all(bench: Bench, text: str) -> dict[str, Any]:
    """A text in every place that an answer has: itself, in a list, and as both sides of a pair."""
    shapes = {"what-shows-listening": [text], "in-order": [text], "what-kind": {text: text}}
    return {question: shapes.get(question, text) for question in bench.right}


def _books(bench: Bench) -> Named:
    """Notebooks that are none, or not this one. The answers beside them are whole, and count."""
    other = bench.notebook(lambda book: book["metadata"]["alongside"]["quiz"].update(unit="empathy"))
    three = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {},
        "worksheets": [{"cells": [{"cell_type": "code", "input": "1"}]}],
    }
    deep = b"[" * 10_000
    for name, data in {
        "torn-book": bench.notebook()[:700],
        "empty-book": b"",
        "huge-book": b'{"cells": ["' + b"x" * 20_000_001 + b'"]}',
        "deep-book": b'{"cells": ' + deep + b"]" * 10_000 + b"}",
        "deep-torn-book": b'{"cells": ' + deep,
        "deep-metadata": b'{"metadata": ' + b'{"a":' * 10_000 + b"1" + b"}" * 10_000 + b', "cells": []}',
        "latin-1-book": bench.notebook(lambda book: book["cells"][0].update(source="caf")) + "\xe9".encode("latin-1"),
        "utf-16-book": bench.notebook().decode().encode("utf-16"),
        "book-is-a-list": b"[]",
        "book-is-null": b"null",
        "book-is-a-zip": b"PK\x03\x04",
        "cells-are-text": b'{"cells": "cells"}',
        "cells-of-all-types": b'{"cells": [null, 1, "x", [], {}, {"metadata": 1}, {"metadata": {"nbgrader": []}}]}',
        "cells-without-end": b'{"cells": [' + b"{}," * 200_000 + b"{}]}",
        "nan-in-the-book": b'{"cells": [], "nbformat": NaN, "metadata": {"x": -Infinity, "y": 1e999}}',
        "version-3": json.dumps(three).encode(),
        "version-99": bench.notebook(lambda book: book.update(nbformat=99, nbformat_minor=99)),
        "another-unit": other,
        "another-course": json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode(),
        "r-kernel": bench.notebook(lambda book: book["metadata"].update(kernelspec={"name": "ir", "language": "R"})),
        "no-kernel": bench.notebook(lambda book: book["metadata"].update(kernelspec=None, language_info=7)),
        "lone-surrogate-in-the-book": bench.notebook(lambda book: book["cells"][-1].update(source="\ud800 \0 \u202e")),
    }.items():
        yield name, Case({BOOK: data, ANSWERS: bench.answers()}, PART)


def _ids(bench: Bench) -> Named:
    """Grade ids that were renamed, copied, invented or given other rights."""

    def each(change: Callable[[dict[str, Any]], object]) -> bytes:
        return bench.notebook(lambda book: [change(cell["metadata"]["nbgrader"]) for cell in book["cells"]])

    def copied(book: dict[str, Any]) -> None:
        book["cells"] = [*book["cells"] * 3, {**book["cells"][-1], "source": "a copy"}]

    def swapped(book: dict[str, Any]) -> None:
        ids = [cell["metadata"]["nbgrader"]["grade_id"] for cell in book["cells"]]
        for cell, name in zip(book["cells"], reversed(ids), strict=True):
            cell["metadata"]["nbgrader"]["grade_id"] = name

    for name, data in {
        "renamed-ids": each(lambda about: about.update(grade_id=f"{about['grade_id']}-2")),
        "one-id-for-all": each(lambda about: about.update(grade_id=WRITTEN)),
        "swapped-ids": bench.notebook(swapped),
        "unknown-ids": each(lambda about: about.update(grade_id="../../../etc/passwd")),
        "ids-of-other-types": each(lambda about: about.update(grade_id=["x"])),
        "copied-cells": bench.notebook(copied),
        "points-raised": each(lambda about: about.update(points=1000)),
        "all-solutions": each(lambda about: about.update(solution=True, locked=False, grade=True)),
        "checksums-off": each(lambda about: about.update(checksum="0" * 32)),
        "old-schema": each(lambda about: about.update(schema_version=0)),
        "future-schema": each(lambda about: about.update(schema_version=999)),
        "no-nbgrader": bench.notebook(lambda book: [cell["metadata"].clear() for cell in book["cells"]]),
    }.items():
        yield name, Case({BOOK: data, ANSWERS: bench.answers()}, PART)


def _answers(bench: Bench) -> Named:
    """`responses.json` that is none, or not this one."""
    whole = bench.answers(bench.right)
    for name, data in {
        "torn": whole[: len(whole) // 2],
        "empty": b"",
        "only-blanks": b" \n" * 1000,
        "huge": b'{"format": 1, "unit": "listening", "answers": {"x": "' + b"x" * 1_000_000 + b'"}}',
        "deep": b"[" * 10_000 + b"]" * 10_000,
        "deep-torn": b'{"a":' * 10_000,
        "latin-1": whole.replace(b"My words", "M\xfd words".encode("latin-1")),
        "a-list": b"[]",
        "null": b"null",
        "another-units-answers": bench.answers(bench.right, unit="empathy"),
        "another-courses-answers": b'{"answers": {"naming-a-feeling": 1}}',
        "unit-of-another-type": bench.answers(bench.right, unit=[UNIT]),
        "another-format": bench.answers(bench.right, format=999),
        "answers-are-a-list": b'{"format": 1, "unit": "listening", "answers": []}',
        "a-number-of-5000-digits": b'{"format": 1, "unit": "listening", "answers": {"how-long": ' + b"9" * 5000 + b"}}",
        "an-archive": b"PK\x03\x04",
    }.items():
        yield name, Case({BOOK: bench.notebook(), ANSWERS: data}, NONE)
    # JSON may be written so, and says so itself: nothing is lost.
    yield "utf-16", Case({BOOK: bench.notebook(), ANSWERS: whole.decode().encode("utf-16")}, FULL)
    repeated = whole.replace(b'"answers": {', b'"answers": {"how-long": 5, "what-kind": [], ')
    yield "ids-twice", Case({BOOK: bench.notebook(), ANSWERS: repeated}, FULL)
    unknown = bench.answers({**bench.right, "not-ours": 1, "__class__": "x", "../x": "y", "": [], "a" * 10_000: "z"})
    yield "ids-unknown", Case({BOOK: bench.notebook(), ANSWERS: unknown}, FULL)
    renamed = bench.answers({f"{question} ": answer for question, answer in bench.right.items()})
    yield "ids-renamed", Case({BOOK: bench.notebook(), ANSWERS: renamed}, NONE)
    many = bench.answers({**{f"q{number}": "x" for number in range(5000)}, **bench.right})
    yield "ids-too-many", Case({BOOK: bench.notebook(), ANSWERS: many}, NONE)


def _shown(bench: Bench) -> Named:
    """What a learner would show beside their answers, which are all right."""
    row = {"id": "a", "title": "A", "text": "words", "other": False, "shared": "2026-11-21T10:15:00+00:00"}
    for name, shared in {
        "thousands": [{**row, "id": f"n{number}"} for number in range(5000)],
        "of-other-types": [{**row, each: value} for each in row for value in (None, [], {}, True, -1, "\0")],
        "huge": [{**row, "text": "x" * 900_000}],
        "attacks": [{**row, "id": f"n{place}", "title": text, "text": text} for place, text in enumerate(ATTACKS)],
    }.items():
        answers = bench.answers(bench.right, shared=shared)
        yield f"shown-{name}", Case({BOOK: bench.notebook(), ANSWERS: answers}, FULL)


def _values(bench: Bench) -> Named:
    """For every kind of question an answer of every other kind, and numbers that are none."""
    wrong = {
        "naming-a-feeling": ([], {}, 1, True, None, 1e308, [["x"]]),
        "what-shows-listening": ("x", {}, 1, False, None, [1, None], {"a": "b"}),
        "in-order": ("x", {}, 1, True, None, [[]], ["x"] * 99),
        "what-kind": ("x", [], 1, True, None, {"a": 1}, {"a": {"b": "c"}}),
        "how-long": ("50", [], {}, True, None, [50], {"50": "50"}),
    }
    for number, values in enumerate(zip(*wrong.values(), strict=True)):
        answers = bench.answers({**bench.right, **dict(zip(wrong, values, strict=True))})
        yield f"wrong-types-{number}", Case({BOOK: bench.notebook(), ANSWERS: answers}, NONE)
    for place, (question, values) in enumerate(wrong.items()):
        marks = tuple(0.0 if index == place else most for index, most in enumerate(FULL))
        answers = bench.answers({**bench.right, question: values[-1]})
        yield f"wrong-type-of-{question}", Case({BOOK: bench.notebook(), ANSWERS: answers}, marks)
    for name, text in {
        "nan": "NaN",
        "infinity": "Infinity",
        "minus-infinity": "-Infinity",
        "huge-number": "1e400",
    }.items():
        answers = bench.answers({**bench.right, "how-long": "HERE"}).replace(b'"HERE"', text.encode())
        yield name, Case({BOOK: bench.notebook(), ANSWERS: answers}, (*FULL[:4], 0.0))
    every = {**bench.right, "what-shows-listening": [*bench.right["what-shows-listening"]] * 30}
    yield "the-right-ones-thirty-times", Case({BOOK: bench.notebook(), ANSWERS: bench.answers(every)}, FULL)


def _words(bench: Bench) -> Named:
    """Characters that break files, lines and reading."""
    for name, text in {
        "lone-surrogates": "half \ud800 a \udfff character",
        "a-nul": "before\0after",
        "right-to-left": "\u202eevil\u202c \u2066x\u2069",
        "control-characters": "".join(map(chr, range(32))),
        "no-characters": "\ufffe\uffff\U0010ffff",
        "combining-marks": "Z" + "\u0335\u0489" * 5000,
        "terminal-codes": "\x1b]0;hacked\x07\x1b[2J",
        "a-template": "{{ config }} {% include 'x' %} ${x} %s {0}",
        "a-query": "'; DROP TABLE grade; --",
        "sixty-thousand-letters": "x" * 60_000,
    }.items():
        answers = bench.answers({**bench.partly, WRITTEN: text, "second-try": text})
        yield name, Case({BOOK: bench.notebook(), ANSWERS: answers}, PART)


def _files(bench: Bench) -> Named:
    """Things in place of files, and files that Python, Jupyter or nbgrader might pick up."""
    book, answers = bench.notebook(), bench.answers()
    secret = str(bench.root.parent / "secret.json")
    yield "answers-link-to-a-secret", Case({BOOK: book, ANSWERS: Link(secret)}, NONE)
    yield "answers-link-to-zeros", Case({BOOK: book, ANSWERS: Link("/dev/zero")}, NONE)
    yield "answers-link-to-themselves", Case({BOOK: book, ANSWERS: Link(ANSWERS)}, NONE)
    yield "answers-are-a-pipe", Case({BOOK: book, ANSWERS: Pipe()}, NONE)
    yield "answers-are-a-folder", Case({BOOK: book, f"{ANSWERS}/x": b"x"}, NONE)
    key = str(bench.root / "assessments" / "source" / UNIT / BOOK)
    yield "book-links-to-the-key", Case({BOOK: Link(key), ANSWERS: answers}, PART)
    yield "book-links-to-zeros", Case({BOOK: Link("/dev/zero"), ANSWERS: answers}, PART)
    yield "book-is-a-pipe", Case({BOOK: Pipe(), ANSWERS: answers}, PART)
    yield "more-links", Case({BOOK: book, ANSWERS: answers, "data/x.csv": Link(secret), "up": Link("..")}, PART)
    code = f"open({str(bench.trace)!r}, 'a').write('imported')".encode()
    names = ("alongside", "alongside_grading", "json", "sitecustomize", "conftest", "nbgrader_config", "ipython_config")
    yield "modules-beside", Case({BOOK: book, ANSWERS: answers, **{f"{name}.py": code for name in names}}, PART)
    folders = {f"{name}/__init__.py": code for name in names}
    yield "packages-beside", Case({BOOK: book, ANSWERS: answers, **folders, "x.pth": b"import os"}, PART)
    extra = {BOOK: book, ANSWERS: answers, "other.ipynb": bench.notebook(), "index.html": ATTACKS[0].encode()}
    yield "another-notebook-beside", Case(extra, PART)


def _clocks(bench: Bench) -> Named:
    """Moments: nbgrader reads them from a file of their own."""
    for name, text in {
        "late": "2026-12-24 10:15:00",
        "from-the-future": "2999-12-31 23:59:59",
        "before-1970": "1905-11-21 10:15:00",
        "year-one": "0001-01-01 00:00:00",
    }.items():
        yield name, Case({BOOK: bench.notebook(), ANSWERS: bench.answers(), CLOCK: text.encode()}, PART)
    for name, data in {
        "no-clock": b"half past ten",
        "clock-of-zeros": b"\0" * 100,
        "clock-of-latin-1": b"\xe9",
    }.items():
        yield name, Case({BOOK: bench.notebook(), ANSWERS: bench.answers(), CLOCK: data}, PART)
    yield "Twin", Case({BOOK: bench.notebook(), ANSWERS: bench.answers()}, PART)
    yield "twin", Case({BOOK: bench.notebook(), ANSWERS: bench.answers(bench.right)}, FULL)


def sent(bench: Bench) -> dict[str, tuple[bytes, Marks]]:
    """Every case that comes in as a file, by the file's name, with the marks of the learner that it names, if any."""

    def named(learner: str, moment: str = "20261121T101500Z", end: str = ".zip") -> str:
        return f"{UNIT}--{learner}--{moment}{end}"

    def zipped(*files: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files:
                archive.writestr(name, data)
        return out.getvalue()

    def tarred() -> bytes:
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w:gz") as archive:
            archive.addfile(tarfile.TarInfo("../../x"))
        return out.getvalue()

    link = zipfile.ZipInfo(ANSWERS)
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    book, answers, right = (BOOK, bench.notebook()), (ANSWERS, bench.answers()), (ANSWERS, bench.answers(bench.right))
    honest = zipped(book, answers)
    out = str(bench.root.parent / "outside.txt")
    return {
        named("zip-leads-out"): (zipped(("../../../../outside.txt", b"x"), (out, b"x"), book, answers), PART),
        named("zip-names-a-drive"): (zipped(("C:\\outside.ipynb", b"x"), book, answers), PART),
        named("zip-holds-a-link"): (zipped((link, b"/etc/passwd"), book), NONE),
        named("zip-is-a-bomb"): (zipped((ANSWERS, bytes(40_000_000)), book), None),
        named("zip-holds-everything"): (zipped(*((f"{number}.txt", b"") for number in range(300)), answers), None),
        named("zip-is-torn"): (honest[: len(honest) // 2], None),
        named("zip-in-capitals"): (zipped(("RESPONSES.JSON", right[1]), book), NONE),
        named("tar", end=".tar.gz"): (tarred(), None),
        named("tar-called-zip"): (tarred(), None),
        "...zip": (zipped(right), None),
        named("no-such-day", "20261399T101500Z"): (honest, None),
        named("no-such-year", "00000101T000000Z"): (honest, None),
        named("clock-at-zero", "19700101T000000Z"): (honest, PART),
        named("TWO-CASES"): (zipped(book, right), PART),
        named("two-cases", "20261121T111500Z"): (honest, PART),
        f"Ada Byron_1_file_{named('two-people')}": (zipped(book, right), PART),
        f"Ada King_2_file_{named('two-people', '20261121T111500Z')}": (honest, PART),
    }
