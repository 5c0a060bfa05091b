"""A small whole course with every kind of question, the real words, and a learner's space of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from alongside.catalog import Catalog
from alongside.course import read_words
from alongside.paths import course_root
from alongside.record import Record, Space
from tests.course.small import FILES

ROOT = course_root(Path(__file__))
WORDS = read_words(ROOT)
FACTS = "skill: reflecting · points: 2 · source: book-2020 · reviewed: 2026-11-21"

KINDS = f"""\
---
format: 1
title: Every kind
minutes: 5
---

## One {{#one}}

*{FACTS}*

Which one?

- [ ] Tea.
  > KEYREASON tea.
- [x] Worn out.
  > KEYREASON worn.
- [ ] My sister.
  > KEYREASON sister.

## Several {{#several}}

*{FACTS}*

Which ones?

- [x] Alpha.
  > KEYREASON alpha.
- [x] Beta.
  > KEYREASON beta.
- [ ] Gamma.
  > KEYREASON gamma.

## Steps {{#steps}}

*{FACTS}*

What order?

1. First thing.
   > KEYREASON first.
2. Second thing.
   > KEYREASON second.
3. Third thing.
   > KEYREASON third.

## Pairs {{#pairs}}

*{FACTS}*

What goes with what?

- Left a → Right a
  > KEYREASON a.
- Left b → Right b
  > KEYREASON b.
- Left c → Right a
  > KEYREASON c.

## Minutes {{#minutes}}

*{FACTS} · unit: minutes*

How long?

- [=] 45 to 60
  > KEYREASON right.
- [ ] 5
  > KEYREASON five.
"""

WRITTEN = f"""
## Words {{#words}}

*kind: written · {FACTS.replace("points: 2", "points: 3")}*

What would you say?

### Rubric

- **Names it**
  - 0: KEYREASON no.
  - 1: KEYREASON yes.
- **Stays**
  - 0: KEYREASON no.
  - 1: KEYREASON yes.
- **Asks**
  - 0: KEYREASON no.
  - 1: KEYREASON yes.
"""

HURT = """\
---
format: 1
title: A hurt
skills: [reflecting]
minutes: 3
---

## Start

**Kim:** I can't go on.

*Thinking: say it back.*

- **You:** "Pull yourself together." → [Gone](#gone)
  > **Harm.** HARMREASON it shames.
- **You:** "You are at the end." → [Stays](#stays)
  > **Strong.** It says it back.
  > *reflecting 2*

## Gone

**Kim:** Right. Never mind.

## Stays

**Kim:** Yes.
"""


@pytest.fixture
def words() -> Mapping[str, Mapping[str, str]]:
    return WORDS


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write the course, and stand in the folder of its one lesson with a space that is empty."""
    folder = tmp_path / "course"
    files = {
        **FILES,
        "course/words/en.toml": (ROOT / "course" / "words" / "en.toml").read_text(encoding="utf-8"),
        "modules/01-first/practice.md": KINDS,
        "modules/01-first/scenarios/hurt.md": HURT,
        "assessments/questions/first.md": KINDS + WRITTEN,
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("ALONGSIDE_ROOT", str(folder))
    monkeypatch.setenv("ALONGSIDE_HOME", str(tmp_path / "space"))
    monkeypatch.chdir(folder / "modules" / "01-first")
    return folder.resolve()


@pytest.fixture
def catalog(root: Path) -> Catalog:
    found = Catalog(root, environ={})
    assert not found.modules[0].faults
    return found


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record(Space(tmp_path / "space"))


class Page:
    """The page's half of a widget in tests: it sends a message and keeps what comes back."""

    def __init__(self, widget: Any) -> None:
        self.widget = widget
        self.heard: list[tuple[Any, Any]] = []
        widget.send = lambda content, buffers=None: self.heard.append((content, buffers))

    def ask(self, **message: Any) -> Any:
        self.heard.clear()
        self.widget._hear(self.widget, {"n": 1, **message}, [])
        return self.heard[0][0] if self.heard else None


@pytest.fixture
def page() -> type[Page]:
    return Page


@pytest.fixture
def no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every write fail, as a full or locked disk does."""

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("alongside.store.write_bytes", refuse)
    monkeypatch.setattr("alongside.record.store.Store.writing", refuse)
