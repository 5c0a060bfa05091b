"""Answers and handed-in files of every kind, kind and hostile."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from alongside.handin import hand_in
from alongside.question import Bank
from alongside.quiz_notebook import learner_notebook
from tests.grading.folder import UNIT, WRITTEN, CourseFolder

START = datetime(2026, 11, 21, 10, 15, tzinfo=UTC)
ATTACKS = (
    "<script>window.hacked = 1</script>",
    '<img src=x onerror="window.hacked = 2">',
    "[a link](javascript:window.hacked=3) and <a href='javascript:window.hacked=4'>another</a>",
    "<svg onload=window.hacked=5><animate onbegin=window.hacked=6></svg>",
    r"$\href{javascript:window.hacked=7}{x}$ and \(\unicode{x}\) and $$\class{a}{b}$$",
    '<a data-commandlinker-command="terminal:create-new" href="#">press</a>',
    "```\n</pre><script>window.hacked = 8</script>\n```",
    "![x](x onerror=window.hacked=9)\n\n</pre></div>\n\n<iframe srcdoc='<script>parent.hacked=10</script>'></iframe>",
)
HOSTILE_TEXT = "\n\n".join(ATTACKS)


def perfect(bank: Bank) -> dict[str, Any]:
    """The right answer to every question, and words for the written ones."""
    answers: dict[str, Any] = {}
    for question in bank.questions:
        right = [option.id for option in question.options if option.right]
        answers[question.id] = {
            "single": right[0] if right else "",
            "several": right,
            "order": right,
            "match": {option.id: option.other for option in question.options},
            "number": 50,
            "written": f"My words for {question.id}.\n\nA second paragraph.",
        }[question.kind.value]
    return answers


def partly(bank: Bank) -> dict[str, Any]:
    """Some of each right. Worth 0 + 1 + 2 + 2 + 0 of 2 + 3 + 4 + 3 + 1, with one written answer."""
    right = perfect(bank)
    several = next(question for question in bank.questions if question.id == "what-shows-listening")
    pairs = list(right["what-kind"].items())
    order = right["in-order"]
    return {
        "naming-a-feeling": bank.questions[0].options[0].id,
        "what-shows-listening": [*right["what-shows-listening"][:2], several.options[2].id],
        "in-order": [order[1], order[2], order[0], order[3], order[4]],
        "what-kind": dict([*pairs[:2], (pairs[2][0], pairs[0][1])]),
        "how-long": 5,
        WRITTEN: "You're worn out.",
    }


def zipped(data: bytes, **changed: bytes | None) -> bytes:
    """A hand-in with files put in place of its own (`responses` or `notebook`), or taken out."""
    kept = {"responses.json": "responses", f"{UNIT}.ipynb": "notebook"}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name, key in kept.items():
            content = changed.get(key, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def hostile_notebook(data: bytes, trace: Path) -> bytes:
    """A hand-in whose every cell attacks: code that leaves a trace, marks of its own, ids renamed and copied, HTML."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book = json.loads(archive.read(f"{UNIT}.ipynb"))
    code = (
        f"open({str(trace)!r}, 'a').write('ran')\nimport builtins, sys, warnings\nprint('x', file=sys.stderr)\n"
        "import alongside_grading.marks as m\nm.mark = lambda *a: 4.0\nbuiltins.min = builtins.max\n"
    )
    evil = {"cell_type": "code", "execution_count": 1, "id": "e", "metadata": {}, "outputs": [], "source": code}
    shown = {"output_type": "display_data", "data": {"text/html": ATTACKS[0]}, "metadata": {}}
    cells = [evil]
    for cell in book["cells"]:
        about = cell["metadata"]["nbgrader"]
        if cell["cell_type"] == "code":
            cells.append({**cell, "source": code + "4.0", "outputs": [shown]})
        elif about["grade_id"] == "second-try":  # its own words in place of ours, and no entry in responses.json
            cells.append({**cell, "source": HOSTILE_TEXT, "attachments": {"x.svg": {"image/svg+xml": ATTACKS[3]}}})
        elif about["grade_id"] == "intro":
            cells.append({**cell, "source": HOSTILE_TEXT})
        else:
            cells.append(cell)
    renamed = json.loads(json.dumps(cells[-3]))
    renamed["metadata"]["nbgrader"]["grade_id"] = "not-ours"
    book["cells"] = [*cells, *cells[1:6], renamed, {**evil, "source": "import os; os._exit(3)"}]
    book["metadata"] = {"kernelspec": {"name": "bash", "display_name": "x", "language": "bash"}, "x": HOSTILE_TEXT}
    return json.dumps(book).encode()


def hand_ins(course: CourseFolder, trace: Path) -> dict[str, bytes]:
    """The files that an instructor finds in the morning, by name."""
    book = learner_notebook(course.bank, course.catalog.words["lesson"])
    right = perfect(course.bank)

    def send(name: str, answers: dict[str, Any], minutes: int = 0) -> tuple[str, bytes]:
        made = hand_in(book, UNIT, answers, name, START + timedelta(minutes=minutes))
        return made.filename, made.data

    files = dict([send("Perfect", right), send("blank", {})])
    name, data = send("Zoë Ñandú", partly(course.bank))
    files[f"Zoe Nandu_123_assignsubmission_file_{name.removesuffix('.zip')} (1).zip"] = data
    for who, responses in {
        "torn": b'{"format": 1, "answers": {"naming-a-fee',
        "missing": None,
        "oversized": b"[" + b"1," * 600_000 + b"1]",
        "foreign": json.dumps({"format": 1, "unit": "empathy", "answers": right}).encode(),
        "odd": json.dumps({"format": 1, "unit": UNIT, "answers": {
            "naming-a-feeling": [[[]]], "what-shows-listening": {"a": "b"}, "in-order": ["x"] * 5, "what-kind": 7,
            "how-long": -1e300, WRITTEN: "half a character: \ud800, and none: \0", "second-try": 12,
        }}).encode(),
    }.items():  # fmt: skip
        name, data = send(who, {})
        files[name] = zipped(data, responses=responses)
    name, data = send("hostile", {**partly(course.bank), WRITTEN: HOSTILE_TEXT})
    files[name] = zipped(data, notebook=hostile_notebook(data, trace))
    name, data = send("no-notebook", right)
    files[name] = zipped(data, notebook=None)
    name, data = send("torn-notebook", right)
    files[name] = zipped(data, notebook=b'{"cells": [' + b"[" * 100_000)
    # The second hand-in counts, although a platform's prefix sorts it first.
    first, second = send("twice", {}, 5), send("twice", {**right, "how-long": 5}, 65)
    files |= {f"b_{first[0]}": first[1], f"a_{second[0]}": second[1]}
    files["listening--cut--20261121T101500Z.zip"] = files["listening--perfect--20261121T101500Z.zip"][:400]
    files["notes.txt"] = b"hello"
    return files
