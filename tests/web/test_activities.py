"""A page's activities as data: what a cell shows, which models are sent and when, and nothing that ends a script."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside_web.activities import Widgets, outputs_of, piece
from alongside_web.fronts import Fronts

VIEW = "application/vnd.jupyter.widget-view+json"


class Scripts(HTMLParser):
    """Reads a page as a browser does, as far as scripts go."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.inside: list[str] = []
        self.outside = ""
        self._open = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.tags.append(tag)
        if tag == "script":
            self.inside.append("")
            self._open = True

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._open:
            self.inside[-1] += data
        else:
            self.outside += data


HOSTILE = [
    "</script><script>window.hurt = 1</script>",
    "</SCRIPT \n>",
    "<!--<script>",
    "-->",
    "]]>",
    "\u2028\u2029",
    '"</',
    "\\u003c/script>",
    "\x00\x7f\ufeff",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_words_in_a_piece_never_end_it_or_begin_another(text: str) -> None:
    """The page has one script with the same words in it, also as a name, and nothing beside it."""
    data = {"models": {text: {"state": {"view": [text]}}}}
    written = piece(data)
    read = Scripts(written)
    assert read.tags == ["script"]
    assert read.outside.strip() == ""
    assert json.loads(read.inside[0]) == data
    assert "<" not in written.removeprefix('<script type="application/json" class="alongside-part">')[:-10]
    assert not {"\u2028", "\u2029"} & set(written)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=4)))
def test_a_piece_says_what_it_was_given(data: Any) -> None:
    """Whatever the text, it is read back as it was, from one script."""
    read = Scripts(piece({"part": data}))
    assert read.tags == ["script"]
    assert json.loads(read.inside[0]) == {"part": data}


def test_a_piece_with_half_a_character_can_be_sent() -> None:
    """A page can type half a pair. It is written so that the answer can still be encoded."""
    assert piece({"text": "\ud800"}).encode("utf-8")


def cell(*outputs: dict[str, Any]) -> dict[str, Any]:
    return {"outputs": list(outputs)}


def shown(**data: Any) -> dict[str, Any]:
    named = {name.replace("__", "/"): value for name, value in data.items()}
    return {"output_type": "display_data", "data": named}


@pytest.mark.parametrize(
    ("output", "found"),
    [
        ({"output_type": "error", "ename": "E", "evalue": "private", "traceback": ["private"]}, {"trouble": True}),
        ({"output_type": "stream", "name": "stdout", "text": "said"}, {"text": "said"}),
        (shown(text__plain="value"), {"text": "value"}),
        ({"output_type": "execute_result", "data": {"text/plain": "1"}}, {"text": "1"}),
        (shown(image__png="QUJD"), {"image": "data:image/png;base64,QUJD", "alt": ""}),
        (
            shown(image__jpeg="QUJD", text__plain="A tree", text__html="<b>x</b>"),
            {"image": "data:image/jpeg;base64,QUJD", "alt": "A tree"},
        ),
        ({"output_type": "display_data", "data": {VIEW: {"model_id": "m"}, "text/plain": "W()"}}, {"model": "m"}),
    ],
)
def test_what_a_cell_shows_is_given_as_plain_data(output: dict[str, Any], found: dict[str, Any]) -> None:
    """A model by its name, a picture with its words, text as text; of a failure nothing but that it was one."""
    assert outputs_of(cell(output)) == [found]


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/javascript", "text/latex"])
def test_what_this_page_cannot_show_is_left_to_a_stock_page(kind: str) -> None:
    """Even beside something that it could show."""
    assert outputs_of(cell(shown(text__plain="x"), {"output_type": "display_data", "data": {kind: "x"}})) is None


def test_a_cell_that_shows_nothing_gives_nothing() -> None:
    """No output is no reason for a stock page."""
    assert outputs_of(cell()) == []
    assert outputs_of({}) == []


OURS = {"_model_module": "anywidget", "_model_name": "AnyModel", "_view_name": "AnyView", "_dom_classes": []}


def widgets(**states: dict[str, Any]) -> tuple[Widgets, Any]:
    executor = SimpleNamespace(widget_state={name: {**OURS, **state} for name, state in states.items()})
    executor.widget_buffers = {}
    return Widgets(executor, Fronts()), executor  # type: ignore[arg-type]


def test_a_model_is_sent_once_and_again_only_when_it_changed() -> None:
    """The first time whole, then not at all, and whole again after a change of its own."""
    page, executor = widgets(a={"view": {"n": 1}}, b={"view": {"n": 2}})
    assert page.news()["models"] == {
        "a": {"state": {"view": {"n": 1}}, "buffers": []},
        "b": {"state": {"view": {"n": 2}}, "buffers": []},
    }
    assert page.news() == {"models": {}, "styles": []}
    executor.widget_state["a"]["view"] = {"n": 3}
    assert page.news()["models"] == {"a": {"state": {"view": {"n": 3}}, "buffers": []}}
    executor.widget_state["a"]["view"] = {"n": 4}
    assert list(page.news()["models"]) == ["a"]
    assert page.news()["models"] == {}


def test_a_model_whose_bytes_changed_is_sent_again() -> None:
    """With each place and its bytes, as text that the page can read."""
    page, executor = widgets(a={"view": {}})
    executor.widget_buffers = {"a": {("data",): {"path": ["data"], "data": "AAE=", "encoding": "base64"}}}
    assert page.news()["models"]["a"]["buffers"] == [[["data"], "AAE="]]
    assert page.news()["models"] == {}
    executor.widget_buffers["a"][("data",)] = {"path": ["data"], "data": "AAI=", "encoding": "base64"}
    assert page.news()["models"]["a"]["buffers"] == [[["data"], "AAI="]]


def test_a_module_goes_by_its_name_and_a_style_is_sent_once() -> None:
    """Twenty of one kind of widget bring their script once, as a file, and their style sheet once."""
    same = {"_esm": "export default {}", "_css": ".x {}", "_anywidget_id": "pkg.Kind"}
    page, _ = widgets(a=same, b=same, c={**same, "_css": ".y {}", "_anywidget_id": "pkg.Other"})
    news = page.news()
    names = {made["state"]["_esm"] for made in news["models"].values()}
    assert len(names) == 1
    assert page._fronts.get(names.pop()) == "export default {}"
    assert news["styles"] == [".x {}", ".y {}"]
    assert all("_css" not in made["state"] for made in news["models"].values())


def test_two_styles_of_one_kind_of_widget_both_reach_the_page() -> None:
    """One kind of widget may bring another style sheet each time."""
    page, executor = widgets(a={"_css": ".x {}", "_anywidget_id": "pkg.Kind"})
    sent = page.news()["styles"]
    executor.widget_state["b"] = {**OURS, "_css": ".y {}", "_anywidget_id": "pkg.Kind"}
    assert [*sent, *page.news()["styles"]] == [".x {}", ".y {}"]


def test_layouts_are_not_sent() -> None:
    """Only the stock manager reads them."""
    page, executor = widgets(a={"view": {}})
    executor.widget_state["layout"] = {"_model_module": "@jupyter-widgets/base", "_model_name": "LayoutModel"}
    assert list(page.news()["models"]) == ["a"]


def test_a_widget_of_another_kind_is_noticed() -> None:
    """When it is what a cell shows; what is made and not shown does no harm."""
    page, executor = widgets(a={"view": {}})
    executor.widget_state["slider"] = {"_model_module": "@jupyter-widgets/controls", "_model_name": "IntSliderModel"}
    assert not page.foreign([{"model": "a"}, {"text": "x"}])
    assert page.foreign([{"model": "a"}, {"model": "slider"}])
    assert page.foreign([{"model": "never-heard-of"}])
    assert not page.foreign([])


def test_a_widget_of_another_kind_inside_one_of_ours_is_noticed() -> None:
    """A widget that holds a slider cannot be drawn here, however deep it holds it."""
    page, executor = widgets(a={"children": ["IPY_MODEL_b"]}, b={"parts": {"first": "IPY_MODEL_slider"}})
    executor.widget_state["slider"] = {"_model_module": "@jupyter-widgets/controls", "_model_name": "IntSliderModel"}
    assert page.foreign([{"model": "a"}])
