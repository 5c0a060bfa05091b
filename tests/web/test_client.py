"""The page's client, run in a real browser on a page without a server: messages, and models as anywidget knows them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from ipywidgets.widgets.widget import _put_buffers, _remove_buffers
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from playwright.sync_api import Browser, Page, sync_playwright

from alongside_web.fronts import CLIENT
from alongside_widgets.base import script
from tests.apps.browser import ARGUMENTS, NONE, find_browser

# What tests say in the page: bytes as lists of numbers, and a line that keeps what is sent.
HELP = """
  window.bytes = (view) => (view instanceof ArrayBuffer
    ? [...new Uint8Array(view)] : [...new Uint8Array(view.buffer, view.byteOffset, view.byteLength)]);
  window.told = (value) => {
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return { bytes: bytes(value) };
    if (Array.isArray(value)) return Array.from(value, window.told);
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, window.told(inner)]));
    }
    return value;
  };
  window.fresh = (state, id = "a") => {
    const models = new Models("/", "nonce");
    models.sent = [];
    models.line = { send: (to, data, buffers = []) => models.sent.push({ to: to.id, data, buffers }) };
    models.add(id, { state, buffers: [] });
    return [models, models.all.get(id)];
  };
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    path = find_browser()
    if path is None:
        pytest.fail(NONE)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page that knows the client's models and messages."""
    opened = browser.new_page()
    names = "{ PROTOCOL, pack, unpack, unused, message, Models, Model }"
    texts = script("models.js", CLIENT).replace("export ", ""), (CLIENT / "messages.js").read_text(encoding="utf-8")
    code = texts[0] if "function pack" in texts[0] else "\n".join(text.replace("export ", "") for text in texts)
    opened.set_content(f"<!DOCTYPE html><title>x</title><script>{{ {code}\nObject.assign(window, {names}); }}</script>")
    opened.evaluate(f"() => {{ {HELP} }}")
    yield opened
    opened.close()


# Messages.

WORDS = "Grüße, שלום, 🙂, \u2028, </script>, \x00"
BUFFERS = [b"", b"\x00\xff\x80", bytes(range(256))]


def as_lists(buffers: list[bytes]) -> list[list[int]]:
    return [list(each) for each in buffers]


def test_a_message_comes_back_as_it_was_packed(page: Page) -> None:
    """Words of every script, data in depth, and bytes of every kind: a view of a part, and a whole."""
    found = page.evaluate(
        """([content, buffers]) => {
        const made = { ...message("comm_msg", content, "s"), buffers: [
          new Uint8Array(buffers[0]), new DataView(new Uint8Array([9, ...buffers[1], 9]).buffer, 1, buffers[1].length),
          new Uint8Array(buffers[2]).buffer ] };
        const read = unpack(pack(made));
        return { same: JSON.stringify([read.channel, read.header, read.content])
            === JSON.stringify([made.channel, made.header, made.content]),
          content: read.content, parent: read.parent, buffers: read.buffers.map(bytes) }; }""",
        [{"words": WORDS, "deep": [{"a": [1, None, True, 1.5]}]}, as_lists(BUFFERS)],
    )
    assert found["same"]
    assert found["content"] == {"words": WORDS, "deep": [{"a": [1, None, True, 1.5]}]}
    assert found["parent"] == {}
    assert found["buffers"] == as_lists(BUFFERS)


def test_the_server_reads_what_the_page_packs(page: Page) -> None:
    """To the byte, as jupyter-server takes it apart."""
    packed = bytes(
        page.evaluate(
            """([content, buffers]) => bytes(pack({ ...message("comm_msg", content, "mine"),
              buffers: buffers.map((each) => new Uint8Array(each)) }))""",
            [{"words": WORDS}, as_lists(BUFFERS)],
        )
    )
    channel, parts = deserialize_msg_from_ws_v1(packed)
    header, parent, metadata, content = (json.loads(part) for part in parts[:4])
    assert channel == "shell"
    assert (header["msg_type"], header["session"], len(header["msg_id"])) == ("comm_msg", "mine", 32)
    assert (parent, metadata, content) == ({}, {}, {"words": WORDS})
    assert parts[4:] == BUFFERS
    assert serialize_msg_to_ws_v1(parts, channel) == packed


@pytest.mark.parametrize("buffers", [[], [b"one"], BUFFERS])
def test_the_page_reads_what_the_server_packs(page: Page, buffers: list[bytes]) -> None:
    """With any number of parts in bytes."""
    parts = [{"msg_type": "comm_msg"}, {"msg_id": "p"}, {}, {"words": WORDS}]
    packed = serialize_msg_to_ws_v1([*(json.dumps(part).encode() for part in parts), *buffers], "iopub")
    found = page.evaluate(
        """(all) => { const read = unpack(new Uint8Array(all).buffer);
        return { ...read, buffers: read.buffers.map(bytes) }; }""",
        list(packed),
    )
    assert found == {
        "channel": "iopub", "header": parts[0], "parent": parts[1], "content": parts[3], "buffers": as_lists(buffers),
    }  # fmt: skip


def test_half_a_character_does_not_stop_a_message(page: Page) -> None:
    """A learner can delete half of a picture letter. The rest arrives, and can be read as UTF-8."""
    packed = bytes(page.evaluate("() => bytes(pack(message('comm_msg', { words: 'a\\ud800b' }, 's')))"))
    _, parts = deserialize_msg_from_ws_v1(packed)
    words = json.loads(parts[3].decode("utf-8"))["words"]
    assert (words[0], words[-1]) == ("a", "b")


def test_no_two_messages_have_one_name(page: Page) -> None:
    """Each has 128 bits of chance, as plain letters and digits."""
    names = page.evaluate("() => Array.from({ length: 1000 }, unused)")
    assert len(set(names)) == 1000
    assert all(len(name) == 32 and int(name, 16) >= 0 for name in names)


# A model: get, set, save, listen, send.


def test_a_value_is_set_and_told_once(page: Page) -> None:
    """By name or several at once; what is as it was before is told to nobody."""
    assert page.evaluate(
        """() => { const [, model] = fresh({ a: 1, b: [1, 2] }); const told = [];
        model.on("change:a", (from, value) => told.push(["a", from === model, value]));
        model.on("change:b", (_, value) => told.push(["b", value]));
        model.on("change", () => told.push(["change"]));
        model.set("a", 2); model.set("a", 2); model.set("b", [1, 2]); model.set({ a: 3, b: [3] });
        return [told, model.get("a"), model.get("b"), model.get("none") === undefined]; }"""
    ) == [
        [["a", True, 2], ["change"], ["a", True, 3], ["b", [3]], ["change"]], 3, [3], True,
    ]  # fmt: skip


def test_when_one_is_told_every_value_is_there(page: Page) -> None:
    """Two values that come together are both new for whoever hears of either."""
    assert page.evaluate(
        """() => { const [, model] = fresh({ a: 1, b: 1 }); const seen = [];
        model.on("change:a", () => seen.push(model.get("b"))); model.set({ a: 2, b: 2 }); return seen; }"""
    ) == [2]


def test_what_was_set_is_saved_once_and_nothing_else(page: Page) -> None:
    """The next save has only what was set since."""
    assert page.evaluate(
        """() => { const [models, model] = fresh({ a: 1, b: 1, c: 1 });
        model.set("a", 2); model.set("b", 2); model.save_changes(); model.set("c", 3); model.save_changes();
        return models.sent; }"""
    ) == [
        {"to": "a", "data": {"method": "update", "state": {"a": 2, "b": 2}, "buffer_paths": []}, "buffers": []},
        {"to": "a", "data": {"method": "update", "state": {"c": 3}, "buffer_paths": []}, "buffers": []},
    ]


def test_a_message_of_its_own_is_sent_with_its_bytes(page: Page) -> None:
    """As `send(content, callbacks, buffers)` has it."""
    assert page.evaluate(
        """() => { const [models, model] = fresh({});
        model.send({ do: "x" }); model.send("y", undefined, [new Uint8Array([1, 2])]); return told(models.sent); }"""
    ) == [
        {"to": "a", "data": {"method": "custom", "content": {"do": "x"}}, "buffers": []},
        {"to": "a", "data": {"method": "custom", "content": "y"}, "buffers": [{"bytes": [1, 2]}]},
    ]


@pytest.mark.parametrize(
    ("off", "left"),
    [
        ("model.off()", []),
        ("model.off(null)", []),
        ("model.off('change:a')", ["f b", "g b", "f m"]),
        ("model.off('change:a change:b')", ["f m"]),
        ("model.off('change:a', f)", ["g a", "f b", "g b", "f m"]),
        ("model.off(null, f)", ["g a", "g b"]),
        ("model.off(undefined, f)", ["g a", "g b"]),
        ("model.off(null, null, one)", ["g a", "g b"]),
        ("model.off('change:a', null, one)", ["g a", "f b", "g b", "f m"]),
        ("model.off('change:a', f, two)", ["f a", "g a", "f b", "g b", "f m"]),
        ("model.off('never', f)", ["f a", "g a", "f b", "g b", "f m"]),
        ("model.off('change:a', () => {})", ["f a", "g a", "f b", "g b", "f m"]),
    ],
)
def test_listeners_are_taken_off_by_name_by_listener_by_context_or_all(page: Page, off: str, left: list[str]) -> None:
    """Every form of `off`; what it does not name goes on being told."""
    heard = page.evaluate(
        f"""() => {{ const [, model] = fresh({{ a: 1, b: 1 }}); const heard = []; const one = {{}}, two = {{}};
        const f = (...all) => heard.push("f " + (all[0] === "m" ? "m" : all[1]));
        const g = (_, v) => heard.push("g " + v);
        model.on("change:a change:b", f, one); model.on("change:a change:b", g, two); model.on("msg:custom", f, one);
        {off};
        model.set({{ a: "a", b: "b" }}); model.hear({{ method: "custom", content: "m" }}, []);
        return heard; }}"""
    )
    assert heard == left


def test_a_listener_that_takes_itself_off_keeps_nobody_from_hearing(page: Page) -> None:
    """Nor does one that is added while others are told hear of it too early."""
    assert page.evaluate(
        """() => { const [, model] = fresh({ a: 1 }); const heard = [];
        const late = () => heard.push("late");
        const once = () => { heard.push("once"); model.off("change:a", once); model.on("change:a", late); };
        model.on("change:a", once); model.on("change:a", () => heard.push("always"));
        model.set("a", 2); const first = heard.splice(0); model.set("a", 3); return [first, heard]; }"""
    ) == [["once", "always"], ["always", "late"]]


def test_a_model_hears_the_kernel(page: Page) -> None:
    """An update is taken over and not sent back; a message of its own comes with its bytes."""
    assert page.evaluate(
        """() => { const [models, model] = fresh({ a: 1 }); const heard = [];
        model.on("change:a", (_, value) => heard.push(value));
        model.on("msg:custom", (content, buffers) => heard.push([content, told(buffers)]));
        models.hear("a", { method: "update", state: { a: 5 } }, []);
        models.hear("a", { method: "custom", content: { x: 1 } }, [new DataView(new Uint8Array([7]).buffer)]);
        models.hear("nobody", { method: "update", state: { a: 6 } }, []);
        models.hear("a", { method: "unheard-of" }, []);
        model.save_changes();
        return [heard, models.sent.map((each) => each.data.state)]; }"""
    ) == [[5, [{"x": 1}, [{"bytes": [7]}]]], [{}]]


# Bytes inside the state.

STATE = {"plain": 1, "data": b"\x01", "deep": {"rows": [b"\x02", {"x": b"\x03"}, 4, b"\x05"]}, "only": [b"\x06"]}


def nested(value: Any) -> Any:
    """Write a state as the page tells it."""
    if isinstance(value, bytes):
        return {"bytes": list(value)}
    if isinstance(value, list):
        return [nested(each) for each in value]
    return {name: nested(each) for name, each in value.items()} if isinstance(value, dict) else value


def test_bytes_anywhere_in_a_state_are_put_in_their_place(page: Page) -> None:
    """As a page brings them, and as the kernel sends them later."""
    plain, paths, buffers = _remove_buffers(STATE)
    both = page.evaluate(
        """([plain, paths, buffers]) => { const copy = JSON.stringify(plain);
        const models = new Models("/", "n");
        models.add("a", { state: plain, buffers: paths.map((path, place) => [path, buffers[place]]) });
        models.add("b", { state: {}, buffers: [] });
        const whole = (each) => Uint8Array.from(atob(each), (one) => one.charCodeAt(0)).buffer;
        const views = buffers.map((each) => new DataView(whole(each)));
        models.hear("b", { method: "update", state: JSON.parse(copy), buffer_paths: paths }, views);
        return ["a", "b"].map((id) => told(models.all.get(id).state)); }""",
        [plain, paths, [base64.b64encode(each).decode() for each in buffers]],
    )
    assert both == [nested(STATE), nested(STATE)]


def test_python_puts_bytes_of_the_page_where_they_were(page: Page) -> None:
    """Also where a list ends in them: ipywidgets puts them back by their paths."""
    (sent,) = page.evaluate(
        """() => { const [models, model] = fresh({}); const b = (...all) => new Uint8Array(all);
        const rows = [new DataView(b(2).buffer), { x: b(3).buffer }, 4, b(5)];
        model.set({ plain: 1, data: b(1), deep: { rows }, only: [b(6)] });
        model.save_changes();
        const asText = (data) => JSON.parse(JSON.stringify(data));
        return models.sent.map(({ data, buffers }) => ({ ...asText(data), buffers: buffers.map(bytes) })); }"""
    )
    state = sent["state"]
    _put_buffers(state, sent["buffer_paths"], [bytes(each) for each in sent["buffers"]])
    assert state == STATE


@pytest.mark.parametrize(
    "kind",
    [
        "(n) => new Uint8Array([n])",
        "(n) => new DataView(new Uint8Array([n]).buffer)",
        "(n) => new Uint8Array([n]).buffer",
    ],
)
@pytest.mark.parametrize("place", ["(b) => b", "(b) => ({ in: b })", "(b) => [1, { in: [b] }]"])
def test_new_bytes_are_a_change_wherever_they_stand(page: Page, kind: str, place: str) -> None:
    """Bytes that look alike as text are not: whoever listens is told, and the new ones are there."""
    assert page.evaluate(
        f"""() => {{ const kind = {kind}, place = {place}; let heard = 0;
        const [, model] = fresh({{ a: place(kind(1)) }});
        model.on("change:a", () => {{ heard += 1; }}); model.set("a", place(kind(2)));
        return [heard, JSON.stringify(told(model.get("a"))) === JSON.stringify(told(place(kind(2))))]; }}"""
    ) == [1, True]


# Models together.


def test_a_model_finds_another_by_its_reference(page: Page) -> None:
    """As a child's name stands in a state, as anywidget has it, or bare; one that is not there is an error."""
    assert page.evaluate(
        """async () => { const [models, model] = fresh({}); models.add("b", { state: { n: 7 }, buffers: [] });
        const found = [];
        for (const name of ["IPY_MODEL_b", "anywidget:b", "b"]) {
          found.push((await model.widget_manager.get_model(name)).get("n"));
          found.push((await models.around(model).host.getModel(name)).get("n"));
        }
        found.push(await models.get("IPY_MODEL_none").then(() => "found", () => "error"));
        return found; }"""
    ) == [7, 7, 7, 7, 7, 7, "error"]


def test_a_widget_draws_another_in_itself_and_each_is_started_once(page: Page) -> None:
    """By `host.getWidget`; what a child gives out when it starts is there for its parent."""
    texts = {
        "/voila/front/parent.js": """export default { async render({ model, el, host }) {
          const child = await host.getWidget(model.get("child")); el.append("parent ", child.exports.name, " ");
          const place = document.createElement("b"); el.append(place); await child.render({ el: place });
          const second = document.createElement("i"); el.append(second); await child.render({ el: second }); } };""",
        "/voila/front/child.js": """let started = 0; export default () => ({
          initialize({ model }) { started += 1; return { name: model.get("name") }; },
          render({ el, model }) { el.textContent = `${model.get("name")} ${started}`; } });""",
    }
    page.route(
        "http://client.test/**",
        lambda route: route.fulfill(
            content_type="text/javascript", headers={"Access-Control-Allow-Origin": "*"},
            body=next(text for path, text in texts.items() if route.request.url.endswith(path)),
        ),
    )  # fmt: skip
    drawn = page.evaluate(
        """async () => { const models = new Models("http://client.test/", "n");
        const el = document.createElement("div");
        models.add("p", { state: { _esm: "parent.js", child: "IPY_MODEL_c" }, buffers: [] });
        models.add("c", { state: { _esm: "child.js", name: "child" }, buffers: [] });
        await models.render(await models.get("p"), el); return el.innerHTML; }"""
    )
    assert drawn == "parent child <b>child 1</b><i>child 1</i>"


def test_a_moved_model_keeps_its_listeners_and_tells_only_what_differs(page: Page) -> None:
    """A new kernel knows it by another name: under that it hears and sends, and the old name is nobody's."""
    assert page.evaluate(
        """() => { const [models, model] = fresh({ same: { n: [1] }, other: 1 }, "old"); const heard = [];
        for (const name of ["same", "other", "more"]) {
          model.on(`change:${name}`, (_, value) => heard.push([name, value]));
        }
        models.move("old", "new", { state: { same: { n: [1] }, other: 2, more: 3 }, buffers: [] });
        const first = heard.splice(0);
        models.hear("old", { method: "update", state: { other: 9 } }, []);
        models.hear("new", { method: "update", state: { other: 4 } }, []);
        model.send("x");
        return [first, heard, models.all.get("new") === model, models.all.has("old"), models.sent[0].to]; }"""
    ) == [[["other", 2], ["more", 3]], [["other", 4]], True, False, "new"]


def test_a_moved_model_with_the_same_bytes_tells_nobody(page: Page) -> None:
    """Bytes that are the same as before are no news, as with everything else."""
    assert (
        page.evaluate(
            """() => { const models = new Models("/", "n"); let heard = 0;
        const made = () => ({ state: { n: 1 }, buffers: [[["data"], btoa("abc")]] });
        models.add("old", made()); models.all.get("old").on("change", () => { heard += 1; });
        models.move("old", "new", made()); return heard; }"""
        )
        == 0
    )


def test_a_command_is_answered_or_given_up(page: Page) -> None:
    """`invoke` takes the answer to its own question; a signal ends the wait."""
    assert page.evaluate(
        """async () => { const [models, model] = fresh({}); const { experimental } = models.around(model);
        const asked = experimental.invoke("add", { n: 1 }, { buffers: [new Uint8Array([5])] });
        const { content } = models.sent[0].data;
        models.hear("a", { method: "custom", content: { id: "another", response: 0 } }, []);
        models.hear("a", { method: "custom", content: { id: content.id, response: 2 } }, []);
        const [answer] = await asked; const stop = new AbortController();
        const given = experimental.invoke("add", {}, { signal: stop.signal }).then(() => "answered", () => "given up");
        stop.abort();
        const sent = [content.kind, content.name, content.msg, told(models.sent[0].buffers)];
        return [...sent, answer, await given, model.listeners.length]; }"""
    ) == ["anywidget-command", "add", {"n": 1}, [{"bytes": [5]}], 2, "given up", 0]


def test_a_style_is_added_once_with_the_answers_number(page: Page) -> None:
    """So that the page's policy lets it count, and twenty of one kind bring one."""
    assert page.evaluate(
        """() => { const models = new Models("/", "the-number"); models.style("b { color: red }");
        models.style("b { color: red }"); models.style("i {}");
        return [...document.querySelectorAll("style")].map((each) => [each.nonce, each.textContent]); }"""
    ) == [["the-number", "b { color: red }"], ["the-number", "i {}"]]
