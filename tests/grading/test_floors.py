"""Versions with known holes are named with the command that mends them, and nothing is asked of a server."""

from __future__ import annotations

import socket
import tomllib
from importlib.metadata import PackageNotFoundError

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from alongside.floors import FLOORS, floors, main
from tests.grading.folder import ROOT


def installed(**versions):
    def find(name):
        if name not in versions:
            raise PackageNotFoundError(name)
        return versions[name]

    return find


def nothing(_name):
    return None


def test_what_is_not_installed_needs_no_version():
    assert floors(installed(), nothing) == ()


@pytest.mark.parametrize(
    ("has", "fine"), [("0.5.12", False), ("0.5.13", True), ("0.5.13rc1", False), ("0.10.0", True), ("?", False)]
)
def test_versions_are_compared_as_versions(has, fine):
    assert (floors(installed(voila=has), nothing) == ()) is fine


def test_an_old_version_is_named_with_what_to_run():
    assert floors(installed(notebook="7.5.5"), nothing) == (
        'notebook 7.5.5 is too old to be safe. Run: pip install --upgrade "notebook>=7.5.6"',
    )


def test_the_slow_package_is_named():
    (sentence,) = floors(installed(), lambda name: name if name == "rfc3987_syntax" else None)
    assert "pip uninstall rfc3987-syntax" in sentence


def test_this_environment_is_above_every_floor():
    assert floors(importable=nothing) == ()


def test_no_server_is_asked(monkeypatch, capsys):
    def refuse(*_):
        raise AssertionError

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert main() == (1 if capsys.readouterr().out else 0)


def test_the_package_asks_for_the_same_floors():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [Requirement(row) for rows in project["optional-dependencies"].values() for row in rows]
    for name, lowest in FLOORS.items():
        (least,) = {str(Version(part.version)) for each in asked if each.name == name for part in each.specifier}
        assert Version(least) >= Version(lowest)
