"""The rooms of marking stand in a row: each uses those before it and none after. One has a page for the web."""

import ast
from pathlib import Path

import pytest

import alongside_grading
import alongside_web
import alongside_widgets

PACKAGE = Path(alongside_grading.__file__).parent
ROW = ("release", "handed_in", "marking", "rubrics", "results")
WEB = (alongside_web, alongside_widgets)


def imported(path: Path) -> set[str]:
    """Name the modules that a module imports from, wherever in it the import stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        found |= {node.module or ""} if isinstance(node, ast.ImportFrom) else set()
        found |= {each.name for each in node.names} if isinstance(node, ast.Import) else set()
    return found


def used(path: Path) -> set[str]:
    """Name the rooms that a module imports from."""
    return {name.split(".")[1] for name in imported(path) if name.startswith("alongside_grading.")} & set(ROW)


@pytest.mark.parametrize("room", ROW)
def test_a_room_uses_only_those_before_it(room):
    modules = [path for path in (PACKAGE / room).glob("*.py") if path.name != "__init__.py"]
    assert modules
    for path in modules:
        assert used(path) <= set(ROW[: ROW.index(room) + 1]), path.name


def test_every_folder_of_code_is_a_room():
    assert {path.parent.name for path in PACKAGE.glob("*/*.py")} == set(ROW)


def test_one_room_uses_the_web_and_the_web_uses_none():
    web = {package.__name__ for package in WEB}
    users = {
        path.parent.name for path in PACKAGE.rglob("*.py") if {name.split(".")[0] for name in imported(path)} & web
    }
    assert users == {"rubrics"}
    modules = [path for package in WEB for path in Path(package.__file__).parent.rglob("*.py")]
    assert modules
    assert not [path for path in modules if {name.split(".")[0] for name in imported(path)} & {PACKAGE.name}]
