"""The page of feedback that goes back to a learner: questions, answers, marks, comments; nothing from elsewhere."""

from __future__ import annotations

import re
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import List

__all__ = ["FeedbackPage", "HideCode"]

_NOT_FOR_LEARNERS = frozenset({"press", "quiz", "marking", "intake"})
_ELSEWHERE = re.compile(r"<script\b[^>]*\bsrc=[\"']?https?:[^>]*>\s*</script>", re.IGNORECASE)


class HideCode(NbGraderPreprocessor):
    """Take out what a learner need not see: code, the key in it, and what is there for JupyterLab."""

    display_data_priority: Any = List(config=True)  # nbconvert sets it for every step, and warns where it is not

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Leave questions, answers, marks and comments."""
        nb.cells = [cell for cell in nb.cells if _name(cell) not in _NOT_FOR_LEARNERS]
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.source, cell.outputs = "", []
        return nb, resources


class FeedbackPage(HTMLExporter):
    """nbgrader's page without its scripts from other hosts: to open one's marks is nobody else's business.

    They would set formulas, and there are none in this course.
    """

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> Any:  # noqa: ANN401  nbconvert's form
        """Make the page."""
        page, resources = super().from_notebook_node(nb, resources=resources, **kw)
        return _ELSEWHERE.sub("", page), resources


def _name(cell: NotebookNode) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
