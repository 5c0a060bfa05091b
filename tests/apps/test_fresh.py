"""The Makefile on a machine that has nothing: it says what to install, in plain words."""

from __future__ import annotations

import os
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.apps import browser
from tests.apps.servers import ROOT

# What the Makefile's own lines use besides Python.
TOOLS = ("sh", "cat", "cksum", "tr", "grep", "rm", "touch", "echo", "mktemp")


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A folder with the Makefile and its lists, and beside it a folder of programs without any Python."""
    course, programs = tmp_path / "course", tmp_path / "programs"
    course.mkdir()
    programs.mkdir()
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, course / name)
    for name in TOOLS:
        (programs / name).symlink_to(str(shutil.which(name)))
    return course


def make(course: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make where only our own few programs are found."""
    environ = {"PATH": str(course.parent / "programs"), "HOME": str(course.parent)}
    command = [str(shutil.which("make")), "-C", str(course), *arguments]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=120)


def program(course: Path, name: str, text: str) -> None:
    """Put a small shell program where make finds it."""
    path = course.parent / "programs" / name
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


def test_without_python_it_says_which_to_install(bare: Path) -> None:
    """No Python: one sentence that says what to get, and nothing is left behind."""
    done = make(bare, "open")
    assert done.returncode != 0
    assert "Python 3.11 or newer was not found" in done.stderr
    assert not (bare / ".venv").exists()


def test_a_python_that_is_too_old_counts_as_none(bare: Path) -> None:
    """An old Python is not tried, so nobody meets a syntax error."""
    program(bare, "python3", "exit 1")
    assert "Python 3.11 or newer was not found" in make(bare, "open").stderr


def test_without_venv_it_says_which_package_is_missing(bare: Path) -> None:
    """Debian and Ubuntu split Python: the message names the missing half."""
    program(bare, "python3", 'case "$2" in *ensurepip*) exit 1;; esac')
    done = make(bare, "open")
    assert done.returncode != 0
    assert "python3-venv" in done.stderr


def test_a_second_call_installs_nothing(bare: Path) -> None:
    """What is installed is remembered until the lists of packages change."""
    environment = bare / ".venv" / "bin"
    program(
        bare,
        "python3",
        f'[ "$1 $2" = "-m venv" ] && mkdir -p {environment} && cp {bare.parent}/made/* {environment}; :',
    )
    made = bare.parent / "made"
    made.mkdir()
    for name, text in (("python", f'echo "$*" >> {bare.parent}/log'), ("pip", f"# {bare}/.venv"), ("alongside", ":")):
        (made / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        (made / name).chmod(0o755)
    for name in ("mkdir", "cp"):
        (bare.parent / "programs" / name).symlink_to(str(shutil.which(name)))
    log = bare.parent / "log"

    def installs() -> int:
        done = make(bare, "open")
        assert done.returncode == 0, done.stderr
        return log.read_text(encoding="utf-8").count("pip install")

    assert [installs(), installs()] == [1, 1]
    with (bare / "constraints.txt").open("a", encoding="utf-8") as file:
        file.write(f"# changed{os.linesep}")
    assert [installs(), installs()] == [2, 2]


def test_every_package_that_we_ask_for_has_one_exact_version() -> None:
    """Two machines install the same, from wherever they get packages; what slows every start is not among them."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if not line.startswith("#")]
    exact = dict(row.split("==") for row in rows)
    names = {canonicalize_name(name) for name in exact}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    needed = {canonicalize_name(Requirement(one).name) for one in asked} - {canonicalize_name(project["name"])}
    assert needed <= names
    assert "rfc3987-syntax" not in names
    assert [row for row in rows if "/" in row or "@" in row] == []


@pytest.fixture
def no_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine on which no browser is found, and none can be fetched. Gives a folder that programs are found in."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv(browser.ENVIRONMENT, raising=False)
    monkeypatch.setattr(browser, "_MAC", tmp_path / "none")
    monkeypatch.setattr(browser, "install_browser", lambda: None)
    return tmp_path


def test_without_a_browser_it_says_which_to_install(no_browser: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is printed where make looks for a path, and a sentence where a person looks."""
    assert no_browser.is_dir()
    assert browser.main() == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "Install Chromium or Chrome" in said.err


def test_a_browser_that_does_not_start_is_passed_over(no_browser: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Some systems have a name that only points to a store: the next browser is taken."""
    for name, text in (("chromium", "exit 1"), ("google-chrome", "echo 1.0")):
        (no_browser / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        (no_browser / name).chmod(0o755)
    assert browser.main() == 0
    assert capsys.readouterr().out.strip() == str(no_browser / "google-chrome")
