"""The command says what is wrong in one go, and ends with a code that a script can read."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from alongside.cli import main
from alongside.paths import course_root

ROOT = course_root(Path(__file__))
COMMANDS = (
    "check", "build", "coverage", "new", "open", "preview",
    "release", "mark", "rubric", "regrade", "feedback", "shared", "export",
)  # fmt: skip


def test_without_a_command_it_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    """Every command is named, those of other packages too."""
    assert main([]) == 0
    said = capsys.readouterr().out
    assert all(f"alongside {name}" in said for name in COMMANDS)


def test_an_unknown_command_is_named_and_ends_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    """The list of commands stands below the mistake."""
    assert main(["chekc"]) == 2
    assert 'There is no command "chekc".' in capsys.readouterr().err


def test_every_command_that_is_listed_can_be_loaded_and_says_how_it_is_used() -> None:
    """`--help` works for each."""
    for name in COMMANDS:
        command = [sys.executable, "-m", "alongside", name, "--help"]
        done = subprocess.run(command, capture_output=True, check=False, cwd=ROOT)
        assert done.returncode == 0, done.stderr.decode()
        assert b"usage: alongside" in done.stdout


def test_all_faults_are_told_at_once_with_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two mistakes in two files give two lines, and the command ends with 1."""
    for part in ("course", "modules", "assessments"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    talk = tmp_path / "modules" / "02-empathy" / "scenarios" / "a-rough-week.md"
    talk.write_text(talk.read_text(encoding="utf-8").replace("(#opens-up)", "(#open-up)", 1), encoding="utf-8")
    bank = tmp_path / "assessments" / "questions" / "empathy.md"
    bank.write_text(bank.read_text(encoding="utf-8").replace("- [x]", "- [ ]", 1), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["check"]) == 1
    said = capsys.readouterr().out
    assert "a-rough-week.md:17: " in said
    assert "Did you mean `[Opens up](#opens-up)`?" in said
    assert "assessments/questions/empathy.md:" in said


def test_outside_a_course_it_says_where_to_go(tmp_path: Path) -> None:
    """No traceback, and a sentence about what to do."""
    elsewhere = {"ALONGSIDE_ROOT": str(tmp_path), "PATH": ""}
    command = [sys.executable, "-m", "alongside", "check"]
    done = subprocess.run(command, capture_output=True, check=False, cwd=tmp_path, env=elsewhere)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert b"Name the folder that holds" in done.stderr
