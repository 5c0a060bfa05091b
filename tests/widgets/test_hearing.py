"""The coach listens where it can, is loaded late, and what it hears is remembered while a talk is open."""

from __future__ import annotations

import subprocess
import sys

import pytest

from alongside.coding.model import NoModel
from alongside.own_words import LONGEST
from alongside_widgets.hearing import Ear


def test_no_page_loads_the_coach_before_words_are_asked_for():
    """A conversation without a place for own words costs what it did before."""
    code = (
        "import sys; import alongside_widgets.roleplay; from alongside_widgets.hearing import Ear; Ear({}, '', 'en');"
        "print([name for name in sys.modules if name.startswith('alongside.coding.m')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_is_heard_has_its_kind_its_view_and_its_deeds(words):
    """As the coach gives it."""
    heard = Ear(words["coach"], "Alex", "en-US").hear("What was the worst of it?", "It has been a week.")
    assert (heard.kind, heard.deeds) == ("heard", {"asks", "asks-open"})
    assert "".join(part["words"] for part in heard.view["parts"]) == "What was the worst of it?"


def test_a_text_without_end_is_not_listened_to(words, monkeypatch):
    """It is said to be long, and nothing is spent on it."""
    monkeypatch.setattr("alongside.coding.listening.listen", lambda *_: pytest.fail("listened"))
    heard = Ear(words["coach"], "Alex", "en").hear("x" * (LONGEST + 1), "")
    assert (heard.kind, heard.view["said"]) == ("odd", [words["coach"]["odd_huge"]])


def test_what_was_heard_once_is_known(words, monkeypatch):
    """A log that is drawn again does not listen again."""
    ear = Ear(words["coach"], "Alex", "en")
    first = ear.hear("A long week.", "")
    monkeypatch.setattr("alongside.coding.listening.listen", lambda *_: pytest.fail("listened"))
    assert ear.hear("A long week.", "") is first


def test_nobody_listens_without_weights_or_in_another_language(words, monkeypatch):
    """Then own words are not asked for."""
    assert Ear(words["coach"], "Alex", "es").hear("Hola.", "") is None

    def missing() -> None:
        raise NoModel

    monkeypatch.setattr("alongside.coding.model.load", missing)
    ear = Ear(words["coach"], "Alex", "en")
    assert not ear.ready
    assert ear.hear("A long week.", "") is None
