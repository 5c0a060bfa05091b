"""Every rule has a file that breaks it, named for it, and an `.expected` file with the faults that it must give.

A line of `.expected` is `line: message`; a fault of another file stands there as `path:line: message`.
"""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from alongside import checks
from alongside.catalog import Catalog
from alongside.checks import bank, check_course, course, design, glossary, lesson, prompts, question, scenario
from tests.course.small import TODAY

FAULTS = Path(__file__).parents[1] / "faults"
BROKEN = sorted(FAULTS.glob("*.md"))
PACKAGE = Path(checks.__file__).parents[1]
PLACES = {
    "Scenarios": "modules/01-first/scenarios/talk.md",
    "Walks": "modules/01-first/scenarios/talk.walk.md",
    "Questions": "modules/01-first/practice.md",
    "Banks": "assessments/questions/first.md",
    "Lessons": "modules/01-first/lesson.md",
    "Home": "modules/home.md",
    "Work": "modules/my-work.md",
    "Lab": "modules/practice-lab.md",
    "Prompts": "modules/practice-lab-prompts.md",
    "Reflections": "modules/01-first/reflections.md",
    "Designs": "modules/01-first/design.md",
    "Glossary": "modules/glossary.md",
    "Facts": "course/facts.yaml",
}
WITHOUT_THE_REST = {
    # Files whose broken form holds other conversations, questions or prompts than the lesson names.
    "Questions": ("{{ practice heard }}", "{{ practice }}"),
    "Reflections": ("{{ reflection a-time }}", None),
}


def lay(root: Path, broken: Path) -> str:
    """Put a broken file, or what a recipe says, into the course. Gives the path that its faults are told of."""
    kind = broken.stem.partition("-")[0]
    if kind == "Course":
        for step in broken.read_text(encoding="utf-8").splitlines():
            follow(root, step)
        return ""
    text = broken.read_text(encoding="utf-8")
    (root / PLACES[kind]).write_text(text, encoding="utf-8")
    old, new = WITHOUT_THE_REST.get(kind, ("", ""))
    if old:
        path = root / PLACES["Lessons"]
        ids = re.findall(r"^## .*?\{#([^}]+)\}", text, re.MULTILINE) if new is None else []
        new = new or "\n".join(f"{{{{ reflection {one} }}}}" for one in dict.fromkeys(ids))
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    if kind == "Scenarios":
        (root / PLACES["Walks"]).unlink()  # it was written for the whole conversation
    return PLACES[kind]


def follow(root: Path, step: str) -> None:
    """Do one line of a recipe: `remove: path`, `copy: path → path`, `write: path → text`, `spoil: path`."""
    match = re.match(r"^- (?P<verb>\w+): (?P<path>\S+)(?: → (?P<to>.*))?$", step)
    if not match:
        return
    path, to = root / match["path"], match["to"] or ""
    if match["verb"] == "remove":
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    elif match["verb"] == "copy":
        shutil.copytree(path, root / to) if path.is_dir() else shutil.copy(path, root / to)
    elif match["verb"] == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(to, encoding="utf-8")
    elif match["verb"] == "spoil":
        path.write_bytes(path.read_bytes() + b"\nna\xefve\n")
    else:
        pytest.fail(f"This recipe has a step of no known kind: {step}")


# These name what stands in other files. What they say when such a file breaks is shown by files of their own.
NAMING = ("Designs", "Glossary")


def told(root: Path, path: str) -> list[str]:
    """Give the faults of a course as an `.expected` file writes them."""
    apart = {PLACES[kind] for kind in NAMING} if path and path not in {PLACES[kind] for kind in NAMING} else set()
    found = [fault for fault in check_course(Catalog(root, environ={}), TODAY) if fault.path not in apart]
    return [f"{fault.line}: {fault.message}" if fault.path == path else str(fault) for fault in found]


def test_the_minimal_course_has_no_fault(minimal_course: Path) -> None:
    """What the broken files are laid into is itself whole, so a fault can only come from them."""
    assert told(minimal_course, "") == []


def test_there_are_broken_files() -> None:
    """The folder of broken files is found and is not empty, and each has what it must give beside it."""
    assert len(BROKEN) > 100
    assert [path.name for path in BROKEN if not path.with_suffix(".expected").is_file()] == []


@pytest.mark.parametrize("broken", BROKEN, ids=lambda path: path.stem)
def test_a_broken_file_gives_exactly_these_faults(broken: Path, minimal_course: Path) -> None:
    """The faults of a broken file are those of its `.expected`: no more, no fewer, in these words, on these lines."""
    path = lay(minimal_course, broken)
    expected = broken.with_suffix(".expected").read_text(encoding="utf-8").splitlines()
    assert expected, "an .expected file without a line shows nothing"
    assert told(minimal_course, path) == expected


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


@pytest.mark.parametrize(
    ("kind", "rules"),
    [
        ("Scenarios", scenario.RULES),
        ("Lessons", lesson.RULES),
        ("Course", course.RULES),
        ("Designs", design.RULES),
        ("Glossary", glossary.RULES),
        ("Prompts", prompts.RULES),
    ],
    ids=["scenarios", "lessons", "course", "designs", "glossary", "prompts"],
)
def test_every_rule_has_a_file_of_its_name(kind: str, rules: tuple[object, ...]) -> None:
    """A rule cannot be added without a file that breaks it, named for its function."""
    names = [path.stem for path in BROKEN]
    missing = [f"{kind}-{_camel(rule.__name__)}" for rule in rules]  # type: ignore[attr-defined]
    assert [name for name in missing if not any(each.startswith(name) for each in names)] == []


@pytest.mark.parametrize(("kind", "rules"), [("Questions", question.RULES), ("Banks", bank.RULES)])
def test_every_numbered_rule_has_a_file_of_its_name(kind: str, rules: tuple[object, ...]) -> None:
    """The same for the numbered item-writing rules: `q05_key_not_longest` has `Questions-Q05-KeyNotLongest.md`."""
    names = {path.stem for path in BROKEN}
    for rule in rules:
        number, _, rest = rule.__name__.partition("_")  # type: ignore[attr-defined]
        assert f"{kind}-{number.upper()}-{_camel(rest)}" in names


def _messages(path: Path) -> Iterator[str]:
    """Give every message of a fault that a module can write, as a pattern."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in {"Fault", "fault", "_fault"}:
                yield from filter(None, map(_pattern, node.args))
        for body in (getattr(node, "body", None), getattr(node, "orelse", None)):
            if isinstance(body, list):
                yield from _assigned(body)


def _assigned(body: list[ast.stmt]) -> Iterator[str]:
    for at, statement in enumerate(body):
        names = [getattr(target, "id", "") for target in statement.targets] if isinstance(statement, ast.Assign) else []
        after = body[at + 1] if at + 1 < len(body) else None
        raised = isinstance(after, ast.Raise) and "NotACondition" not in ast.dump(after)
        if "message" in names and isinstance(statement, ast.Assign) and not raised:
            pattern = _pattern(statement.value)
            if pattern:
                yield pattern


def _pattern(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        parts = [re.escape(node.value)]
    elif isinstance(node, ast.JoinedStr):
        parts = [re.escape(part.value) if isinstance(part, ast.Constant) else ".*" for part in node.values]
    else:
        return ""
    return "".join(parts) if " " in "".join(parts) else ""


READERS = [
    "blocks", "front", "condition", "scenario_reader", "question_reader", "reflection", "lesson", "catalog", "explore",
    "facts", "glossary", "objective", "prompts",
]  # fmt: skip
RULES = [
    "bank",
    "course",
    "design",
    "glossary",
    "language",
    "lesson",
    "prompts",
    "question",
    "scenario",
    "walk",
    "__init__",
]


@pytest.mark.parametrize("module", [*(f"{name}.py" for name in READERS), *(f"checks/{name}.py" for name in RULES)])
def test_every_message_is_given_by_some_broken_file(module: str) -> None:
    """Each sentence that a reader or a rule can tell an author is told by some file here, so each has been read."""
    expected = "\n".join(path.read_text(encoding="utf-8") for path in sorted(FAULTS.glob("*.expected")))
    messages = _messages(PACKAGE / module)
    assert messages
    assert [pattern for pattern in messages if not re.search(pattern, expected)] == []
