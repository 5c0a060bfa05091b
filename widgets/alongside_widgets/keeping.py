"""Saving all work in one file, bringing it back, and saving it as pages to read."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any, ClassVar

from alongside.catalog import Catalog
from alongside.export import gathered, to_html, to_text
from alongside.record import Record, now
from alongside.record.bundle import LIMIT, Found, NotBrought, file_name, merge, read_bundle, save
from alongside.record.pieces import Pieces
from alongside.sentences import fill
from alongside_widgets.base import Activity, Answer, View, trouble_in_words
from alongside_widgets.questions import in_words
from alongside_widgets.telling import told

__all__ = ["Keeping", "found_in_words", "view"]

Words = Mapping[str, Mapping[str, str]]
_LONGEST_WORDS = 1000
_LONGEST_PIECE = 700_000  # characters of base64, above what the page sends
_ORDER = ("added", "newer", "both", "older", "left", "same")
_ASKS = frozenset({"bundle_locked", "bundle_passphrase"})


def view(catalog: Catalog, *, trouble: str = "") -> View:
    """Give what the three parts say, and how large a file can be."""
    words = catalog.words
    return {
        "lang": catalog.language,
        "words": {**words["save"], **words["work"]},
        "limit": LIMIT,
        "too_large": words["record"]["bundle_large"],
        "trouble": trouble,
    }


def found_in_words(found: Found, words: Words) -> list[str]:
    """Say what bringing work back did: a line for each thing that happened, or that there was nothing new."""
    counts = {name: count for name, count in asdict(found).items() if count}
    said = words["work"]
    if not counts:
        return [said["bring_none"]]
    if set(counts) == {"same"}:
        return [said["bring_same"]]
    lines = [fill(words["record"][f"found_{name}"], count=counts[name]) for name in _ORDER if name in counts]
    return [said["bring_done"], *lines] if set(counts) - {"same", "left"} else lines


class Keeping(Activity):
    """Three things that can be done with all work at once."""

    JS: ClassVar[str] = "keeping.js"
    CSS: ClassVar[tuple[str, ...]] = ("base.css", "work.css")

    def __init__(self, catalog: Catalog, record: Record) -> None:
        """Say beforehand where nothing can be kept."""
        self._catalog, self._record, self._pieces = catalog, record, Pieces()
        super().__init__(view(catalog, trouble=trouble_in_words(record, catalog.words)))

    def handle(self, do: str, message: Mapping[str, Any]) -> Answer | None:
        """Make the file ("save") or pages to read ("export"); take a file's pieces ("piece"), and bring it back."""
        words = message.get("words", "")
        if not isinstance(words, str) or len(words) > _LONGEST_WORDS:
            return None
        if do == "save":
            return self._save(words.strip())
        if do == "export" and message.get("as") in {"html", "txt"}:
            return self._export(message["as"])
        file, at = message.get("file"), message.get("at")
        if not isinstance(file, str) or type(at) is not int:
            return None
        if do == "piece" and isinstance(message.get("data"), str) and len(message["data"]) <= _LONGEST_PIECE:
            return self._take(file, at, message["data"])
        return self._bring(file, at, words) if do == "bring" else None

    def _save(self, words: str) -> Answer:
        said = self._catalog.words["work"]
        try:
            if not any(self._record.everything()):
                return Answer({"trouble": said["save_nothing"]})
            data = save(self._record, words)
        except OSError as error:
            return Answer({"trouble": told(error, self._catalog.words, said["save_failed"])})
        name = file_name(_today())
        lines = [fill(said["file_ready"], filename=name), said["lock_done" if words else "save_keep"]]
        return Answer({"file": {"name": name, "type": "application/json", "said": lines}}, (data,))

    def _export(self, kind: str) -> Answer:
        words, said = self._catalog.words, self._catalog.words["work"]
        try:
            things, aside = self._record.everything()
        except OSError as error:
            return Answer({"trouble": told(error, words, said["save_failed"])})
        if not things and not aside:
            return Answer({"trouble": said["save_nothing"]})
        pages = gathered(self._catalog, words, things, aside, now(), in_words)
        text, mime = (to_html(pages), "text/html") if kind == "html" else (to_text(pages), "text/plain")
        name = f"alongside-pages-{_today()}.{kind}"
        file = {"name": name, "type": f"{mime};charset=utf-8", "said": [fill(said["file_ready"], filename=name)]}
        return Answer({"file": file}, (text.encode("utf-8", "replace"),))

    def _take(self, file: str, at: int, data: str) -> Answer | None:
        try:
            return Answer({"next": self._pieces.add(file, at, base64.b64decode(data, validate=True))})
        except (binascii.Error, ValueError):
            return None
        except NotBrought as trouble:
            return Answer({"trouble": trouble.sentence(self._catalog.words)})

    def _bring(self, file: str, size: int, passphrase: str) -> Answer:
        """Bring the file back, if it is here whole. Else say which piece comes next."""
        words = self._catalog.words
        here = self._pieces.size(file)
        if here != size:
            return Answer({"next": here})
        try:
            work = read_bundle(self._pieces.whole(), passphrase)
        except NotBrought as trouble:
            locked = trouble.key in _ASKS
            if not locked:
                self._pieces.forget()
            return Answer({"trouble": trouble.sentence(words), "locked": locked})
        try:
            found = merge(self._record, work)
        except OSError as error:
            return Answer({"trouble": told(error, words, words["work"]["bring_failed"])})
        self._pieces.forget()
        return Answer({"found": found_in_words(found, words)})


def _today() -> date:
    return datetime.now(UTC).astimezone().date()
