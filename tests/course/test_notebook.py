"""Built notebooks are valid, stable, and know whether their words were changed."""

from __future__ import annotations

import json

import nbformat

from alongside.notebook import code, digest, dump, markdown, notebook


def test_a_notebook_is_valid_for_jupyter_even_with_names_that_repeat_or_are_long() -> None:
    """Cell ids are unique and at most 64 characters, as the format wants."""
    book = notebook([markdown("a" * 90, "one"), markdown("a" * 90, "two\nthree"), code("c", "1 + 1")], {"title": "T"})
    nbformat.validate(nbformat.reads(dump(book), as_version=4))
    assert len({cell["id"] for cell in book["cells"]}) == 3


def test_the_digest_sees_words_and_not_outputs_or_spacing() -> None:
    """Running and saving a notebook changes outputs and how source is split, and neither is a change of words."""
    book = notebook([markdown("a", "one\ntwo"), code("c", "1")], {})
    before = digest(book)
    saved = json.loads(dump(book))
    saved["cells"][0]["source"] = "one\ntwo"
    saved["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "1"}]
    saved["cells"][1]["execution_count"] = 3
    assert digest(saved) == before
    saved["cells"][0]["source"] = "one\nthree"
    assert digest(saved) != before
