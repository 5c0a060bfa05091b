"""Pages with widgets that are not the course's own: stock ipywidgets by the stock manager, anywidgets by our client."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.apps.conftest import Seen
from tests.apps.pages import EMPATHY, WORDS, open_page
from tests.apps.servers import Server, copy_course, open_site

STOCK = "09-other/lesson.ipynb"
LIGHT = "10-more/lesson.ipynb"

SLIDER = """\
import ipywidgets
slider = ipywidgets.IntSlider(value=3, min=0, max=10, description="How many")
label = ipywidgets.Label(value="three times three is 9")
slider.observe(lambda change: setattr(label, "value", f"squared: {change['new'] ** 2}"), "value")
ipywidgets.VBox([slider, label])
"""

BYTES = '''\
import anywidget, traitlets

class Bytes(anywidget.AnyWidget):
    """Takes bytes from the page, turns them round, and gives them back: as a value, and as a message."""

    _esm = """
    function words(view) { return [...new Uint8Array(view.buffer, view.byteOffset, view.byteLength)].join(" "); }
    export default { render({ model, el }) {
      const [value, message, button] = ["p", "p", "button"].map((name) => document.createElement(name));
      const show = () => { value.textContent = `value ${words(model.get("back"))}`; };
      button.textContent = "Send bytes";
      button.addEventListener("click", () => {
        model.set("sent", new Uint8Array([1, 2, 255]));
        model.save_changes();
        model.send({ turn: true }, undefined, [new Uint8Array([0, 128, 7])]);
      });
      model.on("change:back", show);
      model.on("msg:custom", (content, buffers) => {
        message.textContent = `message ${content.turned} ${words(buffers[0])}`;
      });
      show();
      el.append(button, value, message);
    } };
    """
    _css = ".of-bytes { color: red }"
    sent = traitlets.Any(b"").tag(sync=True)  # what comes is a view of bytes
    back = traitlets.Bytes(bytes([9, 8])).tag(sync=True)

    def __init__(self):
        super().__init__()
        self.observe(lambda change: setattr(self, "back", bytes(change["new"])[::-1]), "sent")
        self.on_msg(lambda _, content, buffers: self.send({"turned": True}, buffers=[bytes(buffers[0])[::-1]]))

Bytes()
'''

CHILD = '''\
import anywidget, ipywidgets, traitlets

class Child(anywidget.AnyWidget):
    """Counts what is pressed."""

    _esm = """
    export default { render({ model, el }) {
      const button = document.createElement("button");
      const show = () => { button.textContent = `Pressed ${model.get("times")}`; };
      button.addEventListener("click", () => { model.set("times", model.get("times") + 1); model.save_changes(); });
      model.on("change:times", show); show(); el.append(button);
    } };
    """
    times = traitlets.Int(0).tag(sync=True)

class Parent(anywidget.AnyWidget):
    """Holds a child, and says what Python makes of it."""

    _esm = """
    export default { async render({ model, el, host }) {
      const title = document.createElement("p"), place = document.createElement("div");
      title.textContent = "A parent"; el.append(title, place);
      (await host.getWidget(model.get("child"))).render({ el: place });
      const said = document.createElement("p"); el.append(said);
      const show = () => { said.textContent = model.get("said"); };
      model.on("change:said", show); show();
    } };
    """
    child = traitlets.Instance(Child).tag(sync=True, **ipywidgets.widget_serialization)
    said = traitlets.Unicode("Python counts 0").tag(sync=True)

    def __init__(self):
        super().__init__(child=Child())
        self.child.observe(lambda change: setattr(self, "said", f"Python counts {change['new']}"), "times")

Parent()
'''


def put(root: Path, path: str, title: str, *codes: str) -> None:
    """Write a notebook into a course, as an author would who makes one by hand."""
    cells = [{"cell_type": "markdown", "id": "title", "metadata": {}, "source": f"# {title}\n\nWords of the page."}]
    for number, code in enumerate(codes):
        cells.append(
            {"cell_type": "code", "id": f"code-{number}", "metadata": {}, "source": code}
            | {"outputs": [], "execution_count": None}
        )
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    book = {"cells": cells, "metadata": {"kernelspec": kernel, "title": title}, "nbformat": 4, "nbformat_minor": 5}
    file = root / "modules" / path
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(book), encoding="utf-8")


@pytest.fixture(scope="module")
def other_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The course with two pages more, which are not built from text."""
    root = copy_course(tmp_path_factory.mktemp("other") / "course")
    put(root, STOCK, "A slider", SLIDER)
    put(root, LIGHT, "Two of our own", BYTES, CHILD)
    with open_site(tmp_path_factory.mktemp("other-home"), root=root) as server:
        yield server


def scripts(seen: Seen) -> list[str]:
    """Give what was asked for that belongs to the stock manager."""
    return [url for url in seen.requests if re.search(r"/voila/static/|/voila/labextensions/|voila\.js", url)]


def test_a_slider_works_and_moves_what_python_says(page: Page, other_site: Server, seen: Seen) -> None:
    """The page loads once more by itself, with the stock manager; the keyboard moves the slider and Python answers."""
    page.goto(f"{other_site.url}/voila/render/{STOCK}")
    slider = page.get_by_role("slider")
    expect(slider).to_be_visible()
    expect(page.get_by_text("three times three is 9")).to_be_visible()
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("squared: 16")).to_be_visible()
    expect(page.get_by_role("heading", level=1, name="A slider")).to_be_visible()
    assert scripts(seen)
    pages = [url for url in seen.requests if url.endswith(STOCK)]
    assert len(pages) <= 2
    before = len(seen.requests)
    page.reload()
    expect(page.get_by_role("slider")).to_be_visible()
    assert len([url for url in seen.requests[before:] if url.endswith(STOCK)]) == 1
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("link", name=WORDS["page"]["home"])).to_be_visible()
    assert seen.foreign == []


def test_the_stock_manager_is_loaded_for_its_own_page_alone(page: Page, other_site: Server, seen: Seen) -> None:
    """After that page, every other one is as light as before."""
    page.goto(f"{other_site.url}/voila/render/{STOCK}")
    expect(page.get_by_role("slider")).to_be_visible()
    seen.requests.clear()
    open_page(page, other_site, EMPATHY)
    assert seen.requests
    assert scripts(seen) == []


def test_bytes_go_to_python_and_come_back(page: Page, other_site: Server, seen: Seen) -> None:
    """As a value of the model and beside a message, in our client, without the stock manager."""
    page.goto(f"{other_site.url}/voila/render/{LIGHT}")
    expect(page.get_by_text("value 9 8", exact=True)).to_be_visible()
    page.get_by_role("button", name="Send bytes").click()
    expect(page.get_by_text("value 255 2 1", exact=True)).to_be_visible()
    expect(page.get_by_text("message true 7 128 0", exact=True)).to_be_visible()
    assert scripts(seen) == []
    assert seen.errors == []


def test_a_child_is_drawn_in_its_parent_and_both_answer(page: Page, other_site: Server, seen: Seen) -> None:
    """What is pressed in the child reaches Python, and what Python makes of it reaches the parent."""
    page.goto(f"{other_site.url}/voila/render/{LIGHT}")
    expect(page.get_by_text("A parent")).to_be_visible()
    page.get_by_role("button", name="Pressed 0").click()
    expect(page.get_by_role("button", name="Pressed 1")).to_be_visible()
    expect(page.get_by_text("Python counts 1")).to_be_visible()
    assert scripts(seen) == []
    assert seen.errors == []
