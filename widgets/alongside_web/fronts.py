"""What a page loads as files: the client, the style sheet, and the front-end module of each kind of widget.

Each goes by a digest of its words, so a browser keeps it for good and asks once. A page's policy can then refuse every
script but these.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path

from alongside_widgets.base import script

__all__ = ["CLIENT", "MODULES", "NONCE", "TYPES", "Fronts"]

CLIENT = Path(__file__).parent / "client"
"""The client's modules."""

NONCE = "alongside-nonce"
"""What stands for the number that each answer's policy names, until the answer is sent."""

MODULES = "<!-- alongside-modules -->"
"""What stands for the links to the modules that the page will need, until the answer is sent."""

TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}
_SCRIPTS = ("client.js", "early.js", "plain.js")
_MOST = 200  # kept at once; the course has eight kinds of widget


class Fronts:
    """The texts that pages load, by name."""

    def __init__(self) -> None:
        """Keep nothing yet but what is the course's own: scripts, each with what it imports, and the style sheet."""
        self._texts: OrderedDict[str, str] = OrderedDict()
        self._pages: dict[str, list[str]] = {}
        texts = {name: script(name, CLIENT) for name in _SCRIPTS}
        texts["page.css"] = (CLIENT / "page.css").read_text(encoding="utf-8")
        self.own = {name: self._named(text, name.rpartition(".")[2]) for name, text in texts.items()}
        """The names under which the course's own are served, by file."""

    def client(self) -> dict[str, str]:
        """Give what a page's head names, and what stands in it for what each answer has of its own."""
        early = (CLIENT / "early.js").read_text(encoding="utf-8")
        return {
            "nonce": NONCE,
            "modules": MODULES,
            "early": early,
            "js": self.own["client.js"],
            "css": self.own["page.css"],
        }

    def add(self, text: str) -> str:
        """Keep a widget's module and give the name under which it is served."""
        return self._named(text, "js")

    def remember(self, page: str, names: Iterable[str]) -> None:
        """Remember which modules a page came to need, so that its next reader's browser loads them from the start."""
        self._pages[page] = list(dict.fromkeys(names))

    def expected(self, page: str) -> list[str]:
        """Give the modules that a page needed the last time."""
        return [name for name in self._pages.get(page, ()) if name in self._texts]

    def get(self, name: str) -> str | None:
        """Give the text of a name, or None."""
        return self._texts.get(name)

    def _named(self, text: str, kind: str) -> str:
        name = f"{hashlib.sha256(text.encode()).hexdigest()[:24]}.{kind}"
        self._texts[name] = text
        self._texts.move_to_end(name)
        if len(self._texts) > _MOST:
            self._texts.pop(next(each for each in self._texts if each not in self.own.values()))
        return name
