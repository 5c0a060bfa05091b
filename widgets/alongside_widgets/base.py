"""What every widget here shares: how it is drawn, how it listens, and how its words are found.

A widget draws from `view`, plain data made by a pure function. The page answers with small messages, which are
untrusted: what is unknown or misshapen is ignored. Every message with a number is answered with that number, so that
the page can tell a kept answer from a lost one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import traitlets
from ipywidgets import Layout

from alongside.record import Record
from alongside.sentences import fill

__all__ = [
    "Activity",
    "Answer",
    "fill",
    "number_in_words",
    "points_in_words",
    "safe_href",
    "script",
    "style",
    "text_in",
    "trouble_in_words",
    "whole",
]

STATIC = Path(__file__).parent / "static"
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./(?P<name>[\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function |const |class )", re.MULTILINE)
_MOST_TEXT = 60_000  # characters, as `alongside.responses` keeps them
View = dict[str, Any]


@lru_cache(maxsize=16)
def script(name: str, folder: Path = STATIC) -> str:
    """Give a module of a folder with what it imports put in its place, as one module.

    A widget is sent to the page as one text, so an import of a neighbour would find nothing there.
    """
    text = _text(name, folder)
    helpers = "\n".join(_EXPORT.sub("", helper) for helper in _helpers(text, [], folder))
    return f"{helpers}\n{_IMPORT.sub('', text)}"


def _helpers(text: str, seen: list[str], folder: Path) -> list[str]:
    """Give the neighbours that a module needs, each once, those that others need first."""
    found = []
    for match in _IMPORT.finditer(text):
        if match["name"] not in seen:
            seen.append(match["name"])
            helper = _text(match["name"], folder)
            found.extend([*_helpers(helper, seen, folder), _IMPORT.sub("", helper)])
    return found


@lru_cache(maxsize=16)
def style(*names: str, folder: Path = STATIC) -> str:
    """Give style sheets of a folder as one text."""
    return "\n".join(_text(name, folder) for name in names)


def _text(name: str, folder: Path) -> str:
    """Read a file of a folder, or else of `static/`, which widgets of other packages share."""
    own = folder / name
    return (own if own.is_file() else STATIC / name).read_text(encoding="utf-8")


def number_in_words(number: float) -> str:
    """Write points as people do: 2, not 2.0."""
    return f"{number:g}"


def points_in_words(words: Mapping[str, str], points: float, most: int) -> str:
    """Say points out of the most there are, with the words of one part of the page."""
    return fill(words["points_one" if most == 1 else "points"], points=number_in_words(points), most=most)


def trouble_in_words(record: Record, words: Mapping[str, Mapping[str, str]]) -> str:
    """Say why nothing can be kept, before anything is typed. Empty when all is well."""
    trouble = record.trouble()
    return words["record"].get(trouble, words["save"]["cannot_save"]) if trouble else ""


def safe_href(address: str) -> str:
    """Give an address that a link may carry: https, or relative without a scheme. Anything else gives no address."""
    plain = "".join(char for char in address if char > " " and char != "\x7f")
    relative = not re.match(r"^[^/?#]*:", plain) and not re.match(r"^[/\\]{2}", plain)
    return plain if plain.startswith("https://") or relative else ""


@dataclass(frozen=True)
class Answer:
    """What goes back to the page for one message: plain data, and bytes beside it."""

    data: Mapping[str, Any] = field(default_factory=dict)
    buffers: Sequence[bytes] = ()


_layouts: list[Layout] = []


def _layout() -> Layout:
    """Give the one layout that every activity of a kernel has: none changes it, and each would cost two messages."""
    if not _layouts or _layouts[0].comm is None:
        _layouts[:] = [Layout()]
    return _layouts[0]


class Activity(anywidget.AnyWidget):
    """A widget of the course. `view` is all that the page draws from."""

    FOLDER: ClassVar[Path] = STATIC
    JS: ClassVar[str] = ""
    CSS: ClassVar[tuple[str, ...]] = ("base.css",)

    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)
    view = traitlets.Dict().tag(sync=True)

    def __init__(self, view: View, **traits: object) -> None:
        """Open the widget on its first view."""
        esm, css = script(self.JS, self.FOLDER), style(*self.CSS, folder=self.FOLDER)
        super().__init__(_esm=esm, _css=css, view=view, layout=_layout(), **traits)
        self.on_msg(self._hear)

    def __repr__(self) -> str:
        """Give the same short text every time, so that a saved notebook does not change when it is run again."""
        return f"<{type(self).__name__}>"

    def set_state(self, sync_data: Mapping[str, Any]) -> None:
        """Ignore what the page would write. It asks by messages, and what it draws from is made here alone."""

    def handle(self, do: str, message: Mapping[str, Any]) -> Answer | None:
        """Act on what the page asks for. None means that it was not understood, and nothing changed."""
        raise NotImplementedError

    def _hear(self, _widget: object, content: object, _buffers: object) -> None:
        if not isinstance(content, Mapping) or not isinstance(content.get("do"), str):
            return
        answer = self.handle(content["do"], content)
        number = content.get("n")
        if answer is not None and isinstance(number, int):
            self.send({"ack": number, **answer.data}, buffers=list(answer.buffers))


def text_in(message: Mapping[str, Any], name: str) -> str | None:
    """Take a text from a message, if there is one and it is not too long to keep."""
    text = message.get(name)
    return whole(text) if isinstance(text, str) and len(text) <= _MOST_TEXT else None


def whole(text: str) -> str:
    """Put a mark in the place of half a character, which a page can send and no message back can carry."""
    return text.encode("utf-8", "replace").decode()
