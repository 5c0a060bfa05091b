"""What the web app lets through, as pure functions: messages to a kernel, and names in a page's policy."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jupyter_server.services.kernels.connection.base import (
    deserialize_msg_from_ws_v1,
    serialize_binary_message,
    serialize_msg_to_ws_v1,
)

from alongside_web.handlers import _PAGE, ALLOWED, allowed
from alongside_web.settings import HEADERS, STOCK_POLICY, page_policy


def packed(kind: Any, content: Any = None, channel: str = "shell", buffers: tuple[bytes, ...] = ()) -> bytes:
    """Write a message as a page does."""
    header = json.dumps({"msg_id": "m", "msg_type": kind, "session": "s"}).encode()
    whole: bytes = serialize_msg_to_ws_v1(
        [header, b"{}", b"{}", json.dumps({} if content is None else content).encode(), *buffers], channel
    )
    return whole


GOOD = packed("comm_msg", {"comm_id": "a", "data": {"method": "custom", "content": {"do": "say"}}})


@pytest.mark.parametrize(
    "message",
    [
        GOOD,
        packed("comm_msg", {"comm_id": "a", "data": {}}, buffers=(b"\x00\xff", b"")),
        packed("comm_msg", {"comm_id": "a", "data": {"words": "\u00fc\U0001f642"}}),
        packed("comm_open", {"comm_id": "a", "target_name": "jupyter.widget.control", "data": {}}),
        packed("comm_close", {"comm_id": "a"}),
        packed("comm_info_request", {"target_name": "jupyter.widget"}),
        packed("kernel_info_request"),
    ],
)
def test_what_widgets_need_is_let_through(message: bytes) -> None:
    """On the shell channel, with or without bytes beside it."""
    assert allowed(message)


KINDS = ["execute_request", "input_reply", "shutdown_request", "debug_request", "inspect_request", "complete_request"]
KINDS += ["history_request", "is_complete_request", "interrupt_request", "comm_msg ", "COMM_MSG", "", "status"]


@pytest.mark.parametrize("kind", [*KINDS, None, 1, True, ["comm_msg"], {"comm_msg": 1}])
@pytest.mark.parametrize("channel", ["shell", "control", "stdin", "iopub", ""])
def test_every_other_kind_of_message_is_dropped(kind: Any, channel: str) -> None:
    """On every channel, and also when the kind is no text."""
    assert not allowed(packed(kind, {"code": "1", "target_name": "jupyter.widget.control"}, channel))


@pytest.mark.parametrize("kind", ALLOWED)
@pytest.mark.parametrize("channel", ["control", "stdin", "iopub", "", "shell ", "Shell", "shell\x00"])
def test_a_good_message_on_another_channel_is_dropped(kind: str, channel: str) -> None:
    """Widgets speak on one channel alone."""
    assert not allowed(packed(kind, {"target_name": "jupyter.widget.control"}, channel))


@pytest.mark.parametrize(
    "content",
    [
        {"target_name": "jupyter.widget"},
        {"target_name": "jupyter.widget.control "},
        {"target_name": ["jupyter.widget.control"]},
        {"target_name": None},
        {},
        [],
        "jupyter.widget.control",
        None,
    ],
)
def test_a_page_opens_no_other_comm(content: Any) -> None:
    """Another target would make an object in the kernel."""
    header = json.dumps({"msg_type": "comm_open"}).encode()
    message = serialize_msg_to_ws_v1([header, b"{}", b"{}", json.dumps(content).encode()], "shell")
    assert not allowed(message)


def test_a_kind_that_is_given_twice_counts_as_the_kernel_reads_it() -> None:
    """The last one holds, for us as for the kernel."""
    for first, last in (("comm_msg", "execute_request"), ("execute_request", "comm_msg")):
        header = f'{{"msg_type": "{first}", "msg_type": "{last}"}}'.encode()
        assert allowed(serialize_msg_to_ws_v1([header, b"{}", b"{}", b"{}"], "shell")) is (last == "comm_msg")


def test_a_message_in_another_encoding_is_dropped() -> None:
    """A kernel reads UTF-8 alone, so what reads as good in another may be another message there."""
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"):
        header = '{"msg_type": "comm_msg"}'.encode(encoding)
        assert not allowed(serialize_msg_to_ws_v1([header, b"{}", b"{}", b"{}"], "shell")), encoding
        content = '{"data": {}}'.encode(encoding)
        assert not allowed(serialize_msg_to_ws_v1([b'{"msg_type": "comm_msg"}', b"{}", b"{}", content], "shell"))


def test_a_message_that_is_cut_anywhere_is_dropped() -> None:
    """No shorter one is whole."""
    assert not any(allowed(GOOD[:length]) for length in range(len(GOOD)))


def quick(count: int) -> None:
    """A message that announces so many parts is dropped before anything is made of them."""
    start = time.perf_counter()
    assert not allowed(count.to_bytes(8, "little") + GOOD[8:])
    assert time.perf_counter() - start < 0.2


@pytest.mark.parametrize("count", [0, 1, 5, 1_000, 3_000_000, 2**32, 2**63])
def test_a_message_that_announces_more_parts_than_it_has_is_dropped_at_once(count: int) -> None:
    """Eight bytes can name more parts than there is memory for. They are not made first and counted afterwards."""
    quick(min(count, 3_000_000))  # first, as a larger one would never end
    quick(count)


def test_a_message_with_deep_brackets_is_dropped() -> None:
    """Reading it goes deeper than Python does."""
    deep = b"[" * 200_000
    assert not allowed(serialize_msg_to_ws_v1([b'{"msg_type": "comm_msg"}', b"{}", b"{}", deep], "shell"))
    assert not allowed(serialize_msg_to_ws_v1([deep, b"{}", b"{}", b"{}"], "shell"))


def test_a_message_of_the_older_protocol_is_dropped() -> None:
    """It has another shape, and is not taken for one of the newer."""
    quick(3_000_000)  # its first bytes are a larger count than that
    message = {"header": {"msg_type": "comm_msg"}, "parent_header": {}, "metadata": {}, "content": {}, "buffers": []}
    assert not allowed(serialize_binary_message({**message, "channel": "shell"}))
    assert not allowed(json.dumps(message).encode())


def small(count: bytes) -> bool:
    """Whether bytes name few parts: with more, another test looks at the time that it takes."""
    return int.from_bytes(count[:8], "little") < 1000


@given(st.binary(max_size=400).filter(small))
@example(b"")
@example(b"\x01\x00\x00\x00\x00\x00\x00\x00")
def test_no_bytes_make_it_fail(junk: bytes) -> None:
    """Whatever comes, the answer is no, and never an error."""
    assert allowed(junk) is False


@given(st.integers(0, 12), st.binary(max_size=200))
def test_no_bytes_with_a_likely_count_make_it_fail(count: int, junk: bytes) -> None:
    """Nor do bytes that begin as a message does."""
    assert allowed(count.to_bytes(8, "little") + junk) is False


PARTS = st.sampled_from([b"{}", b"[]", b"null", b'"x"', b"1", b"", b"\xff", b'{"msg_type": "comm_msg"}', b"NaN", b"{"])


@given(st.lists(PARTS, max_size=8), st.sampled_from(["shell", "control", "", "\U0001f642"]))
def test_of_well_packed_parts_only_a_good_message_is_let_through(parts: list[bytes], channel: str) -> None:
    """Each part is data of its own kind; what is let through is on the shell channel and of an allowed kind."""
    message = serialize_msg_to_ws_v1(parts, channel)
    if allowed(message):
        heard, found = deserialize_msg_from_ws_v1(message)
        assert heard == "shell"
        assert json.loads(found[0])["msg_type"] in ALLOWED


@given(st.integers(8, len(GOOD) - 1), st.integers(0, 255))
def test_a_changed_byte_never_makes_it_fail(place: int, value: int) -> None:
    """The answer is yes or no."""
    assert allowed(GOOD[:place] + bytes([value]) + GOOD[place + 1 :]) in {True, False}


# Policies.

SOURCES = ["'self'", "'nonce-N0nce'", "data:", "'none'"]


def policy(host: str) -> dict[str, list[str]]:
    """Read a page's policy: what may come from where."""
    parts = [part.split() for part in page_policy("N0nce", host).split("; ")]
    return {name: sources for name, *sources in parts}


@pytest.mark.parametrize("host", ["localhost:8866", "127.0.0.1", "[::1]:8866", "course.example.org", "a-b.example:1"])
def test_a_pages_policy_names_its_own_host_for_the_socket_alone(host: str) -> None:
    """Older browsers need that; scripts and styles come from this server or carry the answer's number."""
    found = policy(host)
    assert found["connect-src"] == ["'self'", f"ws://{host}", f"wss://{host}"]
    assert found["script-src"] == ["'self'", "'nonce-N0nce'"]
    assert all(source in SOURCES for name, sources in found.items() if name != "connect-src" for source in sources)


HOSTS = ["", "*", "evil.com; script-src *", "evil.com script-src", "evil.com, evil.org", "a\nb", "a\r\nSet-Cookie: x=1"]
HOSTS += ["'unsafe-inline'", "evil.com/path", "user@evil.com", "*.com", "evil.com\t*", "\u0435vil.com", "a;b", "http:*"]


@pytest.mark.parametrize("host", HOSTS)
def test_a_hostile_host_adds_nothing_to_a_pages_policy(host: str) -> None:
    """It is left out, and the policy is as it is without one."""
    assert page_policy("N0nce", host) == page_policy("N0nce", "")


@given(st.text(alphabet=st.characters(max_codepoint=0x2FF), max_size=40))
def test_no_host_adds_a_source_or_a_line(host: str) -> None:
    """Whatever the name, the same parts have the same sources, but for two socket addresses."""
    plain, found = policy(""), policy(host)
    assert list(found) == list(plain)
    assert all(found[name] == plain[name] for name in plain if name != "connect-src")
    assert len(found["connect-src"]) in {1, 3}
    assert all(each.startswith(("ws://", "wss://")) and "*" not in each for each in found["connect-src"][1:])


def test_every_policy_keeps_frames_out_and_other_hosts_too() -> None:
    """Also the one of a page that Voila's own client draws, which needs scripts in the page."""
    for text in (HEADERS["Content-Security-Policy"], STOCK_POLICY, page_policy("N0nce", "localhost")):
        assert "frame-ancestors 'none'" in text
        assert "*" not in text
        assert "http" not in text
    for text in (HEADERS["Content-Security-Policy"], page_policy("N0nce", "localhost")):
        assert text.startswith("default-src 'none'; ")
        assert "unsafe" not in text


# Pages.


@pytest.mark.parametrize(
    "path",
    [
        "home.ipynb",
        "home.es.ipynb",
        "my-work.ipynb",
        "practice-lab.ipynb",
        "glossary.ipynb",
        "02-empathy/lesson.ipynb",
        "02-empathy/quiz.es.ipynb",
    ],
)
def test_a_page_of_the_course_is_one_by_its_name(path: str) -> None:
    """In either language."""
    assert _PAGE.fullmatch(path)


@pytest.mark.parametrize(
    "path",
    [
        *("", "home", "home.md", "home.ipynb/", "/home.ipynb", "../home.ipynb", "02-empathy/../home.ipynb"),
        *("home.ipynb\n", "home.ipynb\x00", "home.ipynbx", "_template/lesson.ipynb", "2-empathy/lesson.ipynb"),
        *("02-Empathy/lesson.ipynb", "02-empathy/lesson.esp-x.ipynb", "02-empathy/design.ipynb", "02-/x/lesson.ipynb"),
        *("02-empathy\\lesson.ipynb", "02-empathy/.ipynb_checkpoints/lesson-checkpoint.ipynb", "lesson.ipynb"),
    ],
)
def test_anything_else_is_no_page_of_the_course(path: str) -> None:
    """No way up, no other file, no other folder, and nothing after the name."""
    assert not _PAGE.fullmatch(path)
