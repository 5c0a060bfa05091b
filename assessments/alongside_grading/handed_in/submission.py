"""A handed-in notebook as data: only the text of cells and which of our cells each claims to be. Nothing else is kept.

nbgrader would read the whole notebook, and one that is torn, huge or nested a thousand deep would stop its owner's
marks from being worked out although they do not depend on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any

from nbconvert.exporters import NotebookExporter
from nbformat.v4 import new_markdown_cell, new_notebook

__all__ = ["HandedIn", "read_cells"]

LIMIT = 20_000_000  # characters; a quiz here is a thousandth of that
_MOST_CELLS = 2_000
_MOST_TEXT = 60_000


class HandedIn(NotebookExporter):
    """Reads what a learner handed in without trusting it; reads nbgrader's own copies as nbgrader does."""

    def from_file(self, file_stream: Any, resources: Any = None, **kw: Any) -> Any:  # noqa: ANN401  nbconvert's form
        """Turn an open file into the notebook that nbgrader goes on with."""
        if not getattr(self.parent, "_sanitizing", True):
            return super().from_file(file_stream, resources=resources, **kw)
        cells = [
            new_markdown_cell(text, id=f"cell-{number}", metadata={"nbgrader": {"grade_id": name}})
            for number, (name, text) in enumerate(read_cells(file_stream))
        ]
        return self.from_notebook_node(new_notebook(cells=cells), resources=resources, **kw)


def read_cells(file: IO[str]) -> tuple[tuple[str, str], ...]:
    """Give `grade_id` and text of each cell that has both. Never raises: what is not a notebook has no cells."""
    try:
        raw = file.read(LIMIT + 1)
        return tuple(_cells(json.loads(raw))) if len(raw) <= LIMIT else ()
    except (OSError, ValueError, RecursionError):
        return ()


def _cells(book: object) -> Iterator[tuple[str, str]]:
    cells = book.get("cells") if isinstance(book, dict) else None
    for cell in cells[:_MOST_CELLS] if isinstance(cells, list) else ():
        name, text = _name(cell), _text(cell)
        if name and text is not None and len(text) <= _MOST_TEXT:
            yield name, text


def _name(cell: object) -> str:
    found: object = cell
    for key in ("metadata", "nbgrader", "grade_id"):
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, str) else ""


def _text(cell: object) -> str | None:
    source = cell.get("source") if isinstance(cell, dict) else None
    if isinstance(source, list) and all(isinstance(row, str) for row in source):
        return "".join(source)
    return source if isinstance(source, str) else None
