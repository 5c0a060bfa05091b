"""Pages that stand alone, made from the templates in `share/`. Everything that is put into one is escaped."""

from __future__ import annotations

from functools import cache
from typing import Any

__all__ = ["template"]


@cache
def template(name: str) -> Any:  # noqa: ANN401  jinja2 is loaded only where a page is made
    """Give a template by the name of its file."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415  as above

    loader = PackageLoader("alongside_grading", "share")
    made = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True,
    )  # fmt: skip
    return made.get_template(name)
