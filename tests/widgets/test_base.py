from __future__ import annotations

import logging
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside_widgets import lesson, my_work, quiz
from alongside_widgets.base import STATIC, fill, safe_href, script, style

HELPERS = {
    "coach.js", "dispute.js", "dom.js", "typing.js", "fields.js", "links.js", "looking.js", "share.js", "sheet.js",
}  # fmt: skip
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=8), each, max_size=3),
    max_leaves=6,
)
DO = st.sampled_from(
    [
        "choose",
        "again",
        "over",
        "feedback",
        "check",
        "answer",
        "list",
        "hand-in",
        "write",
        "look",
        "open",
        "all",
        "read",
        "save",
        "export",
        "piece",
        "bring",
        "delete",
    ]
)
MESSAGE = ANY | st.fixed_dictionaries(
    {"do": DO | ANY},
    optional={
        "n": ANY, "reply": ANY, "turn": ANY, "on": ANY, "name": ANY, "text": ANY, "other": ANY, "answer": ANY,
        "question": ANY | st.sampled_from(["one", "several", "steps", "pairs", "minutes", "words"]),
        "module": ANY | st.just("first"), "file": ANY, "at": ANY, "data": ANY, "words": ANY,
        "as": ANY | st.just("html"), "talk": ANY,
    },
)  # fmt: skip


@pytest.fixture
def widgets(catalog, page) -> list[Any]:
    assert catalog.modules
    course = lesson("first")
    found = [course.roleplay("talk"), course.practice(), course.reflection("a-time"), course.progress(), quiz("first")]
    found.append(course.roleplay("nope"))
    work = my_work()
    found += [work.journal(), work.conversations(), work.keep(), work.delete()]
    for widget in found:
        page(widget)
    return found


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(message=MESSAGE)
def test_a_message_of_any_shape_never_raises(widgets, message):
    """What comes from a page is untrusted; what is not understood changes nothing and says nothing."""
    for widget in widgets:
        widget._hear(widget, message, [])
        assert isinstance(widget.view, dict)


def test_a_message_that_is_not_understood_is_not_answered(widgets):
    for widget in widgets:
        told: list[Any] = []
        widget.send = lambda content, told=told, **_: told.append(content)
        for message in (None, [], "do", {"do": 3}, {"do": "x", "n": 1}, {"n": 1}, {"do": "choose", "n": 1, "reply": 3}):
            widget._hear(widget, message, [])
        assert told == []


def test_the_page_cannot_write_what_is_drawn(widgets):
    for widget in widgets:
        before = widget.view
        widget.set_state({"view": {"title": "<script>"}, "_esm": "alert(1)"})
        assert widget.view == before
        assert "alert(1)" not in widget._esm


def test_nothing_is_logged_when_messages_are_wrong(widgets, caplog):
    with caplog.at_level(logging.DEBUG):
        for widget in widgets:
            widget._hear(widget, {"do": "answer", "question": "words", "answer": ["my private words"]}, [])
    assert "my private words" not in caplog.text


@pytest.mark.parametrize("name", sorted(path.name for path in STATIC.glob("*.js")))
def test_a_script_reaches_the_page_as_one_module(name):
    """A blob has no neighbours, so no import may be left, and a helper may stand in it once only."""
    text = script(name)
    assert "\nimport " not in f"\n{text}"
    assert text.count("export ") == text.count("export default") if name not in HELPERS else True
    assert text.count("function el(") == (1 if "el(" in text else 0)
    names = re.findall(r"^(?:export )?(?:const|let|(?:async )?function) (\w+)", text, re.MULTILINE)
    assert sorted(names) == sorted(set(names)), "two neighbours have a name in common, and no browser would read them"


@pytest.mark.parametrize("path", sorted(STATIC.glob("*.js")), ids=lambda path: path.name)
def test_no_script_reads_text_as_html_or_runs_it(path):
    text = path.read_text(encoding="utf-8")
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "srcdoc"):
        assert way not in text


def test_nothing_asks_another_host_for_anything():
    for path in STATIC.iterdir():
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in text
        assert "https://" not in text.replace("https:\\/\\/", "")
        assert "@import" not in text
        assert "url(" not in text


def test_every_style_stands_under_the_widgets_own_name():
    """So that nothing here changes the page around it."""
    import re

    for path in STATIC.glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        selectors = re.findall(r"([^{}]+)\{", text)
        for selector in (each.strip() for group in selectors for each in group.split(",\n")):
            assert selector.startswith("@") or ".al" in selector, f"{path.name}: {selector}"
    assert "--al-paper" in style("base.css")


@pytest.mark.parametrize(
    ("address", "kept"),
    [("https://example.org/a", True), ("02-empathy/lesson.ipynb", True), ("../x/quiz.ipynb", True),
     ("javascript:alert(1)", False), (" JavaScript:alert(1)", False), ("java\nscript:alert(1)", False),
     ("data:text/html,x", False), ("http://example.org", False), ("//example.org", False), ("\\\\example.org", False),
     ("vbscript:x", False), ("/\\example.org", False)],
)  # fmt: skip
def test_a_link_goes_to_https_or_beside_the_page_only(address, kept):
    assert bool(safe_href(address)) is kept


def test_a_value_is_never_read_as_a_place_for_another():
    assert fill("{a} and {b}", a="{b}", b="two") == "{b} and two"
    assert fill("{a} {other}", a="x") == "x {other}"
    assert fill("{words}", words="w") == "w"


def test_half_a_character_is_kept_as_a_mark_that_can_be_sent_back(widgets, page):
    """A page can send one, and a message that holds one cannot leave: the learner would be told nothing at all."""
    writing, graded = widgets[2], widgets[4]
    assert page(writing).ask(do="write", text="a\ud800b", other=False)["saved"]
    assert page(graded).ask(do="answer", question="words", answer="a\ud800b")["saved"]
    assert writing.view["text"] == graded.now["answers"]["words"] == "a?b"
