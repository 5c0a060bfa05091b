"""What pages load as files: each by a digest of its words, and the page's own never lost."""

from __future__ import annotations

import re

from alongside_web.fronts import CLIENT, TYPES, Fronts


def test_a_text_goes_by_its_words() -> None:
    """The same words have the same name, other words another, and the name gives the words back."""
    fronts = Fronts()
    one, other = fronts.add("export default 1"), fronts.add("export default 2")
    assert fronts.add("export default 1") == one
    assert one != other
    assert re.fullmatch(r"[0-9a-f]{24}\.js", one)
    assert (fronts.get(one), fronts.get(other)) == ("export default 1", "export default 2")


def test_a_name_that_nobody_gave_gives_nothing() -> None:
    """Neither a made-up digest nor the name of a file."""
    fronts = Fronts()
    assert fronts.get("0" * 24 + ".js") is None
    assert fronts.get("client.js") is None
    assert fronts.get("../client/client.js") is None


def test_the_pages_own_files_stay_however_many_widgets_come() -> None:
    """A course with very many widgets never loses its client or its style sheet, and its memory has a bound."""
    fronts = Fronts()
    own = {name: fronts.own[name] for name in ("client.js", "page.css")}
    last = [fronts.add(f"export default {number}") for number in range(1000)][-1]
    assert all(fronts.get(name) for name in own.values())
    assert fronts.get(last) == "export default 999"
    assert fronts.get(own["page.css"]) == (CLIENT / "page.css").read_text(encoding="utf-8")
    assert len(fronts._texts) <= 201


def test_a_text_that_is_used_is_kept_before_one_that_is_not() -> None:
    """What is added again counts as used now."""
    fronts = Fronts()
    used, unused = fronts.add("used"), fronts.add("unused")
    for number in range(500):
        fronts.add(f"export default {number}")
        fronts.add("used")
    assert fronts.get(used) == "used"
    assert fronts.get(unused) is None


def test_the_client_is_one_module_without_imports() -> None:
    """A page loads it with one request: nothing in it asks for a file beside it."""
    fronts = Fronts()
    text = fronts.get(fronts.own["client.js"]) or ""
    assert "class Line" in text
    assert re.search(r"^import\b", text, re.MULTILINE) is None
    assert set(TYPES) == {"js", "css"}
