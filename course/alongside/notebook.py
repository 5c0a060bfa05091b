"""Notebooks as plain data. A built notebook is the same bytes whenever it is built from the same text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["Cell", "Notebook", "code", "digest", "dump", "markdown", "notebook"]

Cell = dict[str, Any]
Notebook = dict[str, Any]

KERNEL = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}


def markdown(name: str, text: str, metadata: Mapping[str, Any] | None = None) -> Cell:
    """Make a text cell. `name` becomes its id, so that a change elsewhere in the page leaves it alone."""
    return {"cell_type": "markdown", "id": name, "metadata": dict(metadata or {}), "source": _rows(text)}


def code(name: str, text: str, metadata: Mapping[str, Any] | None = None) -> Cell:
    """Make a code cell, folded away in JupyterLab."""
    folded = {"jupyter": {"source_hidden": True}, **(metadata or {})}
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": name,
        "metadata": folded,
        "outputs": [],
        "source": _rows(text),
    }


def notebook(cells: Sequence[Cell], metadata: Mapping[str, Any]) -> Notebook:
    """Put cells together. Cell ids are made unique and short enough for the format (1 to 64 characters)."""
    seen: dict[str, int] = {}
    for cell in cells:
        name = cell["id"][:56]
        seen[name] = seen.get(name, 0) + 1
        cell["id"] = name if seen[name] == 1 else f"{name}-{seen[name]}"
    return {"cells": list(cells), "metadata": {**KERNEL, **metadata}, "nbformat": 4, "nbformat_minor": 5}


def dump(book: Notebook) -> str:
    """Write a notebook as Jupyter does: one space of indentation, keys in order, a line break at the end."""
    return json.dumps(book, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def digest(book: Notebook) -> str:
    """Tell a notebook's content apart from another's, whatever program saved it and whatever it printed."""
    cells = [
        [cell.get("cell_type"), "".join(cell.get("source") or ""), (cell.get("metadata") or {}).get("nbgrader")]
        for cell in book.get("cells", ())
    ]
    quiz = (book.get("metadata", {}).get("alongside") or {}).get("quiz")
    return hashlib.sha256(json.dumps([cells, quiz], sort_keys=True).encode()).hexdigest()[:16]


def _rows(text: str) -> list[str]:
    return text.splitlines(keepends=True)
