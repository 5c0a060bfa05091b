"""Every word that is asked for is in en.toml, and every word there is asked for somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import alongside
from alongside.scenario import Rating
from alongside_widgets.base import STATIC
from tests.widgets.conftest import WORDS

PACKAGE = STATIC.parent
RULES = Path(alongside.__file__).parent
RATINGS = {rating.value.lower() for rating in Rating}  # asked for by their value
PARTS = {
    "roleplay.js": ("save", "roleplay"),
    "practice.js": ("save", "quiz"),
    "coach.js": ("coach",),
    "typing.js": ("roleplay",),
    "fields.js": ("quiz",),
    "quiz.js": ("save", "quiz", "graded"),
    "reflection.js": ("save", "reflection"),
    "share.js": ("share",),
    "progress.js": ("progress",),
    "resume.js": ("resume",),
    "journal.js": ("save", "work"),
    "conversations.js": ("save", "roleplay", "work"),
    "keeping.js": ("save", "work"),
    "deletion.js": ("save", "work"),
    "links.js": (),
    "looking.js": (),
    "sheet.js": (),
    "dispute.js": ("dispute",),
    "lab.js": ("save", "lab", "dispute"),
    "dom.js": ("save",),
    "unavailable.js": (),
    "dated.js": (),
}


def test_every_script_is_looked_at():
    assert {path.name for path in STATIC.glob("*.js")} == set(PARTS)


@pytest.mark.parametrize("name", sorted(PARTS))
def test_every_word_that_a_script_says_is_in_the_file_of_words(name):
    text = (STATIC / name).read_text(encoding="utf-8")
    known = {word for part in PARTS[name] for word in WORDS[part]}
    assert set(re.findall(r"\bwords\.(?!trim|split|replace)([a-z_]+)", text)) <= known
    assert set(re.findall(r"\bhand\.([a-z_]+)", text)) <= set(WORDS["handin"])


@pytest.mark.parametrize("path", sorted([*PACKAGE.glob("*.py"), *RULES.glob("*.py")]), ids=lambda path: path.name)
def test_every_word_that_python_says_is_in_the_file_of_words(path: Path):
    text = path.read_text(encoding="utf-8")
    for part, word in re.findall(r'words\["(\w+)"\]\["(\w+)"\]', text):
        assert word in WORDS[part]
    known = {word for part in WORDS.values() for word in part}
    assert set(re.findall(r'\bsaid\["(\w+)"\]', text)) <= known


def test_no_word_of_the_widgets_is_left_over():
    files = [*PACKAGE.glob("*.py"), *STATIC.glob("*.js"), *RULES.glob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    parts = (
        "roleplay", "quiz", "graded", "handin", "reflection", "share", "progress", "resume", "save", "work", "lab",
        "dispute",
    )  # fmt: skip
    for part in parts:
        for word in set(WORDS[part]) - RATINGS:
            asked = word.removesuffix("_one")  # what is counted is asked for by the word for many
            assert re.search(rf'["\.]{asked}(_one)?\b', text), f"{part}.{word}"


def test_two_parts_of_one_page_do_not_have_a_word_of_the_same_name():
    """The page gets them in one heap, where the second would hide the first."""
    pairs = (("save", "roleplay"), ("save", "quiz"), ("save", "reflection"), ("save", "graded"))
    for first, second in (*pairs, ("save", "share"), ("reflection", "share"), ("save", "work"), ("save", "lab")):
        assert not set(WORDS[first]) & set(WORDS[second])
