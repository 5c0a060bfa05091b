"""The rooms of marking stand in a row: each uses those before it and none after."""

import ast
from pathlib import Path

import pytest

import alongside_grading

PACKAGE = Path(alongside_grading.__file__).parent
ROW = ("release", "handed_in", "marking", "rubrics", "results")


def used(path: Path) -> set[str]:
    """Name the rooms that a module imports from, wherever in it the import stands."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [each.name for each in node.names] if isinstance(node, ast.Import) else []
        found |= {name.split(".")[1] for name in names if name.startswith("alongside_grading.")}
    return found & set(ROW)


@pytest.mark.parametrize("room", ROW)
def test_a_room_uses_only_those_before_it(room):
    modules = [path for path in (PACKAGE / room).glob("*.py") if path.name != "__init__.py"]
    assert modules
    for path in modules:
        assert used(path) <= set(ROW[: ROW.index(room) + 1]), path.name


def test_every_folder_of_code_is_a_room():
    assert {path.parent.name for path in PACKAGE.glob("*/*.py")} == set(ROW)
