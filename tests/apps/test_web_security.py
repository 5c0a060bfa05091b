"""The web app held against those who would read, run or end what is not theirs, on one's own computer and shared."""

from __future__ import annotations

import http.client
import itertools
import json
import random
import re
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from jupyter_server.services.kernels.connection.base import (
    deserialize_msg_from_ws_v1,
    serialize_binary_message,
    serialize_msg_to_ws_v1,
)
from playwright.sync_api import Page, expect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from alongside.question import Kind
from tests.apps.pages import (
    CATALOG,
    EMPATHY,
    GLOSSARY,
    LESSONS,
    MY_WORK,
    PRACTICE_LAB,
    QUIZ,
    WORDS,
    begin,
    open_page,
    replies,
    until,
)
from tests.apps.servers import Server

V1 = "v1.kernel.websocket.jupyter.org"
SECONDS = 20.0
MADE_UP = "00000000-0000-0000-0000-000000000000"
REFUSED = {400, 403, 404, 405}
BOTH = ["site", "shared_site"]


@dataclass(frozen=True)
class Answer:
    """What a server said: a status, the headers in small letters, each cookie as it was set, and the words."""

    status: int
    headers: dict[str, str]
    cookies: list[str]
    text: str


def ask(
    server: Server, path: str, method: str = "GET", headers: dict[str, str] | None = None, body: str | None = None
) -> Answer:
    """Ask a server for a path as it stands, which a browser would tidy first."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=SECONDS)
    try:
        connection.putrequest(method, path, skip_accept_encoding=True, skip_host=bool(headers and "Host" in headers))
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        data = (body or "").encode()
        if body is not None:
            connection.putheader("Content-Type", "application/x-www-form-urlencoded")
        connection.putheader("Content-Length", str(len(data)))
        connection.endheaders(data)
        reply = connection.getresponse()
        said = reply.read().decode("utf-8", "replace")
        every = reply.getheaders()
        cookies = [value for name, value in every if name.lower() == "set-cookie"]
        return Answer(reply.status, {name.lower(): value for name, value in every}, cookies, said)
    finally:
        connection.close()


@dataclass(frozen=True)
class Visitor:
    """Somebody with a page open: their cookies, their kernel and one of its widgets."""

    cookies: dict[str, str]
    kernel: str
    xsrf: str
    model: str

    @property
    def sent(self) -> dict[str, str]:
        """The header that their browser sends."""
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}

    @property
    def form(self) -> str:
        """The form that their page posts."""
        return urlencode({"_xsrf": self.xsrf})


def visit(server: Server) -> Visitor:
    """Open a page as a new browser does, without running its scripts."""
    answer = ask(server, f"/voila/render/{QUIZ}")
    assert answer.status == 200
    cookies = {name: one.value for line in answer.cookies for name, one in SimpleCookie(line).items()}
    found = re.findall(r'<script type="application/json" class="alongside-part">(.*?)</script>', answer.text)
    parts = [json.loads(each) for each in found]
    end = next(part["end"] for part in parts if "end" in part)
    model = next(output["model"] for part in parts for output in part.get("outputs", []) if "model" in output)
    return Visitor(cookies, end["kernel"], end["xsrf"], model)


@dataclass(frozen=True)
class Case:
    """A server, its address's host and port, and two visitors of it."""

    server: Server
    host: str
    one: Visitor
    other: Visitor


def meet(server: Server) -> Case:
    """Let two visitors open a page each."""
    return Case(server, urlsplit(server.url).netloc, visit(server), visit(server))


@pytest.fixture(params=BOTH)
def case(request: pytest.FixtureRequest) -> Case:
    """Each of the two servers in turn, with visitors who have only just come: a kernel that nobody uses ends soon."""
    return meet(request.getfixturevalue(request.param))


@pytest.fixture(scope="module", params=BOTH)
def known(request: pytest.FixtureRequest) -> Case:
    """The same for tests of addresses, where it does not matter whether the kernels are still there."""
    return meet(request.getfixturevalue(request.param))


# What is not the course's own page.

CONTROL = "/voila/static/voila.js"
HANDLERS = [
    *("/voila/render", "/voila/files", "/voila/static", "/voila/templates", "/voila/labextensions", "/voila/front"),
    *("/voila/themes", "/voila/api/themes", "/voila/tree", "/voila/api/contents", "/voila/kernel", "/voila/nbconvert"),
    *("/static", "/files", "/view", "/tree", "/lab", "/lab/tree", "/notebooks", "/edit", "/api/contents"),
    *("/voila/templates/lab/static", "/voila/templates/base/static", "/voila/templates/../static"),
    *("/nbconvert/html", "/custom", "/kernelspecs/python3", "/api/kernelspecs", "/metrics", ""),
]
UPS = ["../", "%2e%2e/", "..%2f", "%2e%2e%2f", "%252e%252e%252f", "..%5c", "..\\", "....//", "..;/", "%c0%ae%c0%ae/"]
HIDDEN = ["etc/passwd", "etc/passwd%00.png", "proc/self/environ"]
ABSOLUTE = ["/etc/passwd", "//etc/passwd", "%2fetc%2fpasswd", "%252fetc%252fpasswd", "file:///etc/passwd"]
NEAR = ["assessments/questions/empathy.md", "pyproject.toml", "modules/02-empathy/practice.md", "course/words/en.toml"]
GIVEN_AWAY = re.compile(r"root:[^:]*:0:|ALONGSIDE_HOME=|\[x\]|\[project\]|\[page\]|Traceback")


@pytest.mark.parametrize("handler", HANDLERS)
def test_no_path_leads_out_of_what_is_served(known: Case, handler: str) -> None:
    """Upwards, encoded once or twice, with backslashes, or from the root: no file of the machine or the course."""
    ways = [up * 12 + file for up in UPS for file in HIDDEN]
    ways += [up * times + file for up in UPS for times in (1, 2) for file in NEAR]
    for way in [*ways, *ABSOLUTE, "etc/passwd"]:
        answer = ask(known.server, f"{handler}/{way}", headers=known.one.sent)
        assert answer.status in REFUSED, way
        assert not GIVEN_AWAY.search(answer.text), way


def test_what_pages_load_is_served_by_the_same_handlers(known: Case) -> None:
    """So the refusals above come from the paths, and not from a server that gives nothing."""
    assert ask(known.server, CONTROL).status == 200


@pytest.mark.parametrize(
    "path",
    [
        *("/api", "/api/kernels", "/api/kernelspecs", "/api/kernelspecs/python3", "/api/sessions", "/api/terminals"),
        *("/api/contents", "/api/contents/home.ipynb", "/api/config/notebook", "/api/status", "/api/shutdown"),
        *("/api/nbconvert", "/api/events/subscribe", "/api/spec.yaml", "/terminals/websocket/1", "/lab/api/settings"),
        *("/voila/api/contents", "/voila/api/contents/home.ipynb", "/voila/tree", "/voila", "/tree", "/lab", "/edit/x"),
        *("/nbconvert/html/home.ipynb", "/nbconvert/html/02-empathy/quiz.ipynb?download=true", "/files/home.ipynb"),
        *("/nbconvert/script/home.ipynb", "/view/home.ipynb", "/voila/files/home.ipynb", "/voila/files/home.md"),
        *(f"/voila/query/{MADE_UP}", f"/voila/execution/{MADE_UP}", "/voila/themes/x.css", "/metrics", "/shutdown"),
        *("/voila/render", "/voila/render/", "/voila/render/02-empathy", "/voila/render/_template/lesson.ipynb"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_what_a_jupyter_server_would_do_is_not_here(known: Case, path: str, method: str) -> None:
    """No listing, no kernel to start or end, no conversion, no shutdown: not even with all that a page has."""
    body = None if method == "GET" else known.one.form
    answer = ask(known.server, path, method, known.one.sent, body)
    assert answer.status in {403, 404, 405}
    assert answer.headers["content-type"].startswith("text/html")
    assert not GIVEN_AWAY.search(answer.text)


# Another visitor's kernel.

ABOUT = [("GET", "/voila/kernel/"), ("POST", "/voila/kernel/"), ("GET", "/api/kernels/"), ("DELETE", "/api/kernels/")]
ABOUT += [("POST", "/voila/api/shutdown/"), ("POST", "/api/kernels/"), ("PATCH", "/api/kernels/")]


@pytest.mark.parametrize(("method", "path"), ABOUT)
def test_another_visitors_kernel_is_not_there(case: Case, method: str, path: str) -> None:
    """It cannot be told from one that never was, and goes on. Nor is it there without a cookie."""
    form = None if method == "GET" else case.other.form
    theirs = ask(case.server, f"{path}{case.one.kernel}", method, case.other.sent, form)
    none = ask(case.server, f"{path}{MADE_UP}", method, case.other.sent, form)
    assert theirs.status == none.status
    assert theirs.status in {404, 405}
    assert theirs.text == none.text
    nobody = {"Cookie": f"_xsrf={case.other.cookies['_xsrf']}"}
    assert ask(case.server, f"{path}{case.one.kernel}", method, nobody, form).status in REFUSED
    assert ask(case.server, f"/voila/kernel/{case.one.kernel}", headers=case.one.sent).status == 204


def test_nobody_ends_a_kernel_or_starts_one_by_itself(case: Case) -> None:
    """Not even their own: a page is told what its kernel is and says that it is left, and that is all."""
    told = ask(case.server, f"/api/kernels/{case.one.kernel}", headers=case.one.sent)
    assert told.status == 200
    assert json.loads(told.text)["id"] == case.one.kernel
    for method, end in (("DELETE", ""), ("POST", "/restart"), ("POST", "/interrupt")):
        path = f"/api/kernels/{case.one.kernel}{end}"
        assert ask(case.server, path, method, case.one.sent, case.one.form).status in {404, 405}
    assert ask(case.server, f"/voila/kernel/{case.one.kernel}", headers=case.one.sent).status == 204


@pytest.mark.parametrize("path", ["/voila/kernel/", "/voila/api/shutdown/"])
def test_a_form_from_another_site_ends_nothing(case: Case, path: str) -> None:
    """A browser would send the cookies along. Without the page's own number, or with another's, it is refused."""
    for form in ("", "_xsrf=", urlencode({"_xsrf": case.other.xsrf}), "_xsrf=2|0|0|0"):
        answer = ask(case.server, f"{path}{case.one.kernel}", "POST", case.one.sent, form)
        assert answer.status == 403
    assert ask(case.server, f"/voila/kernel/{case.one.kernel}", headers=case.one.sent).status == 204


# The socket: who may open it.


def elsewhere(host: str) -> list[str]:
    """Give origins that are not this server's, some of which begin or end as its own does."""
    return [
        "null",
        "http://trusted.com.evil.com",
        f"http://{host}.evil.com",
        f"http://evil.com.{host}",
        f"http://{host}@evil.com",
        f"http://evil.com#{host}",
        "http://127.0.0.1:1",
        "http://127.0.0.1",
        "file://",
    ]


@contextmanager
def line(
    case: Case, headers: dict[str, str], *, kernel: str = "", origin: str | None = None, host: str = "", v1: bool = True
) -> Iterator[ClientConnection]:
    """Open a socket to a kernel, as a page of `origin` would that knows the server by `host`."""
    address, port = case.host.split(":")
    path = f"/api/kernels/{kernel or case.one.kernel}/channels?session_id={uuid.uuid4().hex}"
    with connect(
        f"ws://{host or case.host}{path}",
        sock=socket.create_connection((address, int(port)), timeout=SECONDS),
        origin=origin,  # type: ignore[arg-type]
        additional_headers=headers,
        subprotocols=[V1] if v1 else None,  # type: ignore[list-item]
        proxy=None,
        max_size=None,
        open_timeout=SECONDS,
        close_timeout=1,
    ) as opened:
        yield opened


def refused(case: Case, headers: dict[str, str], **options: Any) -> int:
    """Give the status with which a socket is refused, or fail."""
    with pytest.raises(InvalidStatus) as caught, line(case, headers, **options):
        pass
    status: int = caught.value.response.status_code
    return status


def test_a_socket_is_opened_by_its_own_visitor_alone(case: Case) -> None:
    """Without a cookie, with another visitor's, or to a kernel that never was, it is not there."""
    with line(case, case.one.sent, origin=f"http://{case.host}") as opened:
        assert answered(opened)
    assert refused(case, {}) == 404
    assert refused(case, case.other.sent) == 404
    assert refused(case, {"Cookie": "alongside-visitor="}) == 404
    assert refused(case, {"Cookie": "alongside-visitor=" + "a" * 43}) == 404
    assert refused(case, case.one.sent, kernel=MADE_UP) == 404


def test_a_page_of_another_site_opens_no_socket(case: Case) -> None:
    """A browser sends the cookies with it, so the origin is what counts, to the letter (CVE-2026-40110)."""
    for origin in elsewhere(case.host):
        assert refused(case, case.one.sent, origin=origin) == 403, origin


def test_no_other_site_is_told_that_it_may_read(known: Case) -> None:
    """No answer names another origin as one that may see it."""
    for origin, path in itertools.product(
        elsewhere(known.host), ("/voila/render/home.ipynb", f"/api/kernels/{known.one.kernel}", CONTROL)
    ):
        answer = ask(known.server, path, headers={**known.one.sent, "Origin": origin})
        assert "access-control-allow-origin" not in answer.headers
        assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("host", ["elsewhere.example", "127.0.0.1.elsewhere.example", "0x7f.elsewhere.example:80"])
def test_on_ones_own_computer_another_name_opens_no_socket(site: Server, host: str) -> None:
    """A site that points its own name here has the right origin, and the wrong name."""
    case = meet(site)
    assert refused(case, case.one.sent, host=host, origin=f"http://{host}") == 403


# The socket: what may be said.


def message(kind: str, content: dict[str, Any], channel: str = "shell") -> dict[str, Any]:
    """Make a message as a page does."""
    header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "session": "s", "username": "", "version": "5.3"}
    header["date"] = "2026-01-01T00:00:00.000Z"
    whole = {"channel": channel, "header": header, "parent_header": {}, "metadata": {}, "content": content}
    return {**whole, "buffers": []}


def v1(said: dict[str, Any]) -> bytes:
    """Write a message in the newer protocol."""
    packed: bytes = serialize_msg_to_ws_v1(said, said["channel"], pack=lambda part: json.dumps(part).encode())
    return packed


def heard(opened: ClientConnection, seconds: float = SECONDS) -> Iterator[dict[str, Any]]:
    """Give what comes over a socket until it is quiet for so long."""
    while True:
        try:
            said = opened.recv(timeout=seconds)
        except TimeoutError:
            return
        if isinstance(said, bytes):
            channel, parts = deserialize_msg_from_ws_v1(said)
            header, parent, _, content = (json.loads(part) for part in parts[:4])
            yield {"channel": channel, "header": header, "parent": parent, "content": content}
        else:
            whole = json.loads(said)
            yield {**whole, "parent": whole["parent_header"]}


def answered(opened: ClientConnection) -> list[dict[str, Any]]:
    """Ask the kernel what it is. Gives all that was heard until it said so; empty if it never did."""
    asked = message("kernel_info_request", {})
    opened.send(v1(asked))
    all_of_it = []
    for each in heard(opened):
        all_of_it.append(each)
        if each["header"]["msg_type"] == "kernel_info_reply" and each["parent"]["msg_id"] == asked["header"]["msg_id"]:
            return all_of_it
    return []


def forbidden(trace: Path) -> list[tuple[str, dict[str, Any]]]:
    """Give messages that would run code, which leaves a file, or would show, end or change what is not a widget's."""
    code = f"open({str(trace)!r}, 'w').close()"
    return [
        ("execute_request", {"code": code, "silent": False, "store_history": True, "user_expressions": {"a": code}}),
        ("execute_request", {"code": "", "silent": True, "user_expressions": {"a": code}}),
        ("input_reply", {"value": code, "status": "ok"}),
        ("debug_request", {"type": "request", "seq": 1, "command": "evaluate", "arguments": {"expression": code}}),
        ("debug_request", {"type": "request", "seq": 1, "command": "debugInfo", "arguments": {}}),
        ("inspect_request", {"code": "open", "cursor_pos": 4, "detail_level": 1}),
        ("complete_request", {"code": "ope", "cursor_pos": 3}),
        ("history_request", {"output": True, "raw": True, "hist_access_type": "range", "session": 0, "start": 0}),
        ("is_complete_request", {"code": code}),
        ("interrupt_request", {}),
        ("create_subshell_request", {}),
        ("usage_request", {}),
        ("apply_request", {"code": code}),
        ("comm_open", {"comm_id": "made-up", "target_name": "jupyter.widget", "data": {"state": {}}}),
        ("comm_open", {"comm_id": "made-up", "target_name": "evil", "target_module": "os", "data": {}}),
        ("comm_open", {"comm_id": "made-up", "data": {}}),
        ("shutdown_request", {"restart": False}),
    ]


@pytest.mark.parametrize("protocol", ["v1", "v1 in the older", "older, as text", "older, as bytes"])
def test_no_message_runs_code_or_is_answered(case: Case, protocol: str, tmp_path: Path) -> None:
    """On every channel and in both protocols: nothing is run, nothing comes back, and the kernel goes on."""
    write: Callable[[dict[str, Any]], str | bytes] = {
        "v1": v1, "v1 in the older": v1, "older, as text": json.dumps,
        "older, as bytes": serialize_binary_message,
    }[protocol]  # fmt: skip
    sent: set[str] = set()
    came: list[dict[str, Any]] = []
    with line(case, case.one.sent) as watching, line(case, case.one.sent, v1=protocol == "v1") as opened:
        assert answered(watching)
        for channel in ("shell", "control", "stdin", "iopub"):
            for kind, content in forbidden(tmp_path / channel):
                said = message(kind, content, channel)
                sent.add(said["header"]["msg_id"])
                try:
                    opened.send(write(said))
                except ConnectionClosed:
                    break
        for _ in range(2):  # twice, so that what was asked on another channel has had its turn
            came += answered(watching)
        with_the_kernel_there = came[:]
        with suppress(ConnectionClosed):
            came += list(heard(opened, 0.3))
    assert with_the_kernel_there
    assert not {each["parent"].get("msg_id") for each in came} & sent
    assert list(tmp_path.iterdir()) == []


def test_a_message_of_two_minds_is_dropped(case: Case, tmp_path: Path) -> None:
    """A kind given twice, in another encoding, or in a list is not let through for the half that is allowed."""
    code = json.dumps({"code": f"open({str(tmp_path / 'ran')!r}, 'w').close()", "silent": False}).encode()
    start = '"session": "s", "username": "", "version": "5.3", "date": "2026-01-01T00:00:00Z"'
    headers = [
        f'{{"msg_id": "two-minds-1", {start}, "msg_type": "comm_msg", "msg_type": "execute_request"}}'.encode(),
        f'{{"msg_id": "two-minds-2", {start}, "msg_type": "execute_request", "msg_type": "comm_msg"}}'.encode("utf-16"),
        f'{{"msg_id": "two-minds-3", {start}, "msg_type": ["execute_request", "comm_msg"]}}'.encode(),
        f'{{"msg_id": "two-minds-4", {start}, "msg_type": "execute_request\\u0000comm_msg"}}'.encode(),
        f'{{"msg_id": "two-minds-5", {start}, "msg_type": "Execute_request"}}'.encode(),
    ]
    with line(case, case.one.sent) as opened:
        for channel, header in itertools.product(("shell", "control", "shell\x00", "SHELL"), headers):
            opened.send(serialize_msg_to_ws_v1([header, b"{}", b"{}", code], channel))
        came = answered(opened)
    assert came
    assert not [each for each in came if str(each["parent"].get("msg_id")).startswith("two-minds")]
    assert list(tmp_path.iterdir()) == []


def test_what_widgets_need_goes_through(case: Case) -> None:
    """Which widgets there are, and what they show: the same way that refuses the rest is open for that."""
    with line(case, case.one.sent) as opened:
        asked = message("comm_info_request", {"target_name": "jupyter.widget"})
        opened.send(v1(asked))
        found = (each for each in heard(opened) if each["header"]["msg_type"] == "comm_info_reply")
        comms = next(found)["content"]["comms"]
        assert case.one.model in comms
        control = uuid.uuid4().hex
        opening = message("comm_open", {"comm_id": control, "target_name": "jupyter.widget.control", "data": {}})
        opened.send(v1({**opening, "metadata": {"version": "1.0.0"}}))
        opened.send(v1(message("comm_msg", {"comm_id": control, "data": {"method": "request_states"}})))
        states = next(
            each["content"]["data"]["states"]
            for each in heard(opened)
            if each["header"]["msg_type"] == "comm_msg" and each["content"]["comm_id"] == control
        )
        assert case.one.model in states


def test_a_widgets_state_is_not_the_pages_to_write(case: Case) -> None:
    """Neither what it draws from nor the script that draws it: it says the same afterwards."""
    with line(case, case.one.sent) as opened:
        state = {"_esm": "export default {}", "view": {"hurt": True}, "_css": "* { display: none }"}
        update = {"method": "update", "state": state, "buffer_paths": []}
        opened.send(v1(message("comm_msg", {"comm_id": case.one.model, "data": update})))
        opened.send(v1(message("comm_msg", {"comm_id": case.one.model, "data": {"method": "request_state"}})))
        now = next(
            each["content"]["data"]["state"]
            for each in heard(opened)
            if each["header"]["msg_type"] == "comm_msg"
            and each["content"]["comm_id"] == case.one.model
            and "_esm" in each["content"]["data"].get("state", {})
        )
    assert now["_esm"] != state["_esm"]
    assert "hurt" not in now["view"]


def test_a_message_that_is_too_long_closes_its_own_line_and_no_more(case: Case) -> None:
    """Whoever sends more than a learner can write loses the line. The kernel, and everyone else, go on."""
    with line(case, case.one.sent) as opened:
        said = v1(message("comm_msg", {"comm_id": case.one.model, "data": {"content": "x" * 1_100_000}}))
        with pytest.raises(ConnectionClosed) as caught:  # noqa: PT012  the line may end with either
            opened.send(said)
            list(heard(opened))
        # The word for it, 1009, does not always arrive before the line is gone.
        assert caught.value.rcvd is None or caught.value.rcvd.code == 1009
    with line(case, case.one.sent) as opened:
        assert answered(opened)


def test_junk_is_dropped_and_the_line_stays(case: Case) -> None:
    """Random bytes, a real message cut anywhere or with bytes changed, and text: the next question is answered."""
    chance = random.Random(7)  # noqa: S311  the same junk each time
    real = v1(message("comm_msg", {"comm_id": case.one.model, "data": {"method": "custom", "content": {"do": "x"}}}))
    cut = [real[:length] for length in range(0, len(real), 7)]
    noise = [chance.randbytes(length) for length in range(60)]
    # The first eight bytes say how many parts there are. `test_handlers` has what happens with a number too many.
    noise = [bytes([each[0] % 12, 0, 0, 0, 0, 0, 0, 0]) + each for each in noise if each]
    changed = []
    for _ in range(100):
        bent = bytearray(real)
        bent[chance.randrange(8, len(bent))] = chance.randrange(256)
        changed.append(bytes(bent))
    with line(case, case.one.sent) as opened:
        for junk in [*cut, *noise, *changed, "", "{}", "null", '{"channel": "shell"}', "\x00"]:
            opened.send(junk)
        assert answered(opened)


def quick(server: Server) -> float:
    """Give the seconds until a server says that a page is not there."""
    start = time.monotonic()
    assert ask(server, "/nothing").status == 404
    return time.monotonic() - start


def test_one_message_does_not_keep_everybody_waiting(case: Case) -> None:
    """A few bytes that announce millions of parts are seen through at once."""
    with line(case, case.one.sent) as opened:
        opened.send((12_000_000).to_bytes(8, "little"))
        time.sleep(0.3)  # so that it is read first
        assert quick(case.server) < 1.5


def test_a_line_in_the_older_protocol_does_not_keep_everybody_waiting(case: Case) -> None:
    """The same bytes mean another thing there: a good message would announce a hundred million parts."""
    try:
        with line(case, case.one.sent, v1=False) as opened:
            opened.send(v1(message("kernel_info_request", {})))
            time.sleep(0.3)  # so that it is read first
            assert quick(case.server) < 1.5
    except (InvalidStatus, ConnectionClosed):
        assert quick(case.server) < 1.5


# What every answer carries.


def test_every_kind_of_answer_carries_the_headers(case: Case) -> None:
    """Pages, files, redirects, refusals of every kind: none may be framed, guessed at, or named to another site."""
    front = re.search(r'src="(/voila/front/[^"]+)"', ask(case.server, f"/voila/render/{QUIZ}").text)
    assert front
    kernel = f"/voila/kernel/{case.one.kernel}"
    kinds = [
        (302, "GET", "/", {}, None),
        (200, "GET", "/voila/render/home.ipynb", {}, None),
        (200, "GET", front[1], {}, None),
        (200, "GET", CONTROL, {}, None),
        (204, "GET", kernel, case.one.sent, None),
        (200, "GET", f"/api/kernels/{case.one.kernel}", case.one.sent, None),
        (404, "GET", kernel, {}, None),
        (404, "GET", "/nothing", {}, None),
        (404, "GET", "/voila/render/none.ipynb", {}, None),
        (404, "GET", "/voila/front/0.js", {}, None),
        (403, "GET", "/voila/static/none.js", {}, None),
        (403, "GET", "/voila/files/home.ipynb", {}, None),
        (403, "POST", kernel, case.one.sent, ""),
        (404, "POST", "/nothing", {}, ""),
        (405, "POST", "/voila/render/home.ipynb", case.one.sent, case.one.form),
        (405, "DELETE", f"/api/kernels/{case.one.kernel}", case.one.sent, case.one.form),
        (404, "GET", f"/api/kernels/{MADE_UP}/channels", case.one.sent, None),
    ]
    bare = []
    for status, method, path, headers, body in kinds:
        answer = ask(case.server, path, method, headers, body)
        assert answer.status == status, (method, path)
        policy = answer.headers.get("content-security-policy", "")
        good = (
            "frame-ancestors 'none'" in policy
            and "default-src" in policy
            and answer.headers.get("x-content-type-options") == "nosniff"
            and answer.headers.get("referrer-policy") == "same-origin"
        )
        if not good:
            bare.append((status, method, path, answer.headers))
        assert "TornadoServer" not in answer.text
    assert bare == []


def test_cookies_stay_with_this_site_and_away_from_scripts(known: Case) -> None:
    """Each says which site it is for, and the one that says who is there cannot be read by a script."""
    lines = [line for path in ("/", f"/voila/render/{QUIZ}", "/nothing") for line in ask(known.server, path).cookies]
    assert any(line.startswith("alongside-visitor=") for line in lines)
    for set_here in lines:
        name = set_here.partition("=")[0]
        assert re.search(r";\s*SameSite=(?:Lax|Strict)", set_here, re.IGNORECASE), name
        # Voila's own client reads this one, to send it back. It says nothing of who is there.
        assert name == "_xsrf" or re.search(r";\s*HttpOnly", set_here, re.IGNORECASE), name


class Marks(HTMLParser):
    """Collects what could run or load in a page: scripts, and attributes that act."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[dict[str, str | None]] = []
        self.acting: list[tuple[str, str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            self.scripts.append(dict(attrs))
        self.acting += [
            (tag, name, value)
            for name, value in attrs
            if name.startswith("on") or name in {"srcdoc", "style"} or (value or "").lower().startswith("javascript:")
        ]


@pytest.mark.parametrize("path", ["home.ipynb", MY_WORK, PRACTICE_LAB, GLOSSARY, QUIZ, *LESSONS])
def test_a_page_holds_no_script_but_its_two(site: Server, path: str) -> None:
    """One that carries the answer's number, one file of this server; the rest is data, and nothing acts inline."""
    answer = ask(site, f"/voila/render/{path}")
    marks = Marks()
    marks.feed(answer.text)
    run = [each for each in marks.scripts if each.get("type") != "application/json"]
    assert len(run) == 2
    assert f"'nonce-{run[0]['nonce']}'" in answer.headers["content-security-policy"]
    assert "src" not in run[0]
    assert re.fullmatch(r"/voila/front/[0-9a-f]{24}\.js", str(run[1]["src"]))
    assert marks.acting == []


# In a browser: each is a way by which words on a page have been made to act. `$` stands for the name of a trace.
ADD = "document.querySelector('main').insertAdjacentHTML('beforeend', `{html}`);"
SCRIPT = "const s = document.createElement('script'); {source}; document.body.append(s);"
INJECTED = {
    "a script": SCRIPT.format(source="s.textContent = 'window.$ = 1'"),
    "a module": SCRIPT.format(source="s.type = 'module'; s.textContent = 'window.$ = 1'"),
    "data": SCRIPT.format(source="s.src = 'data:text/javascript,window.$ = 1'"),
    "a blob": SCRIPT.format(source="s.src = URL.createObjectURL(new Blob(['window.$ = 1']))"),
    "a picture": ADD.format(html='<img src="x" onerror="window.$ = 1">'),
    "a drawing": ADD.format(html='<svg onload="window.$ = 1"></svg>'),
    "a frame": ADD.format(html='<iframe srcdoc="<script>parent.$ = 1<\\/script>"></iframe>'),
    "a link": ADD.format(html='<a id="acts" href="javascript:void(window.$ = 1)">x</a>') + "acts.click();",
    "focus": ADD.format(html='<input id="takes" onfocus="window.$ = 1">') + "takes.focus();",
}


def test_nothing_that_gets_into_a_page_runs(page: Page, site: Server) -> None:
    """Each way is tried in a real lesson, and is stopped. With the answer's own number the same script would run."""
    open_page(page, site, EMPATHY)
    page.evaluate(
        "() => { window.stopped = []; document.addEventListener('securitypolicyviolation',"
        " (event) => window.stopped.push(event.effectiveDirective)); }"
    )
    for number, how in enumerate(INJECTED.values()):
        page.evaluate(f"() => {{ {how.replace('$', f'hurt{number}')} }}")
    page.wait_for_timeout(1000)
    ran = [name for number, name in enumerate(INJECTED) if page.evaluate(f"() => window.hurt{number}") is not None]
    assert ran == []
    assert set(page.evaluate("() => window.stopped")) >= {"script-src-elem", "script-src-attr"}
    page.evaluate(
        """() => { const script = document.createElement('script');
        script.nonce = JSON.parse(document.getElementById('alongside').textContent).nonce;
        script.textContent = 'window.ran = 1'; document.body.append(script); }"""
    )
    assert page.evaluate("() => window.ran") == 1


@contextmanager
def another_site() -> Iterator[tuple[str, list[bytes]]]:
    """Listen where nobody should come. Gives the address, and what came."""
    came: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)
        ended = threading.Event()

        def listen() -> None:
            while not ended.is_set():
                try:
                    line, _ = listening.accept()
                except TimeoutError:
                    continue
                line.settimeout(0.5)  # a browser may open a line early, and say nothing on it
                with line, suppress(TimeoutError, ConnectionError):
                    said = line.recv(200)
                    came.extend([said] if said else [])

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/x", came
        finally:
            ended.set()
            thread.join()


def test_a_page_asks_nothing_of_another_site_even_if_told_to(page: Page, site: Server) -> None:
    """Pictures, styles, frames, forms, questions and sockets: each is stopped before it leaves the browser."""
    open_page(page, site, EMPATHY)
    with another_site() as (address, came):
        page.evaluate(
            """(address) => { window.stopped = [];
            document.addEventListener('securitypolicyviolation', (event) => stopped.push(event.effectiveDirective));
            document.body.insertAdjacentHTML('beforeend', `<img src="${address}"><iframe src="${address}"></iframe>
              <link rel="stylesheet" href="${address}"><form action="${address}" method="post"></form>`);
            fetch(address, { mode: 'no-cors' }).catch(() => {});
            navigator.sendBeacon(address, 'x');
            try { new WebSocket(address.replace('http', 'ws')); } catch { /* stopped */ }
            document.querySelector('form').submit(); }""",
            address,
        )
        page.wait_for_timeout(1000)
        assert set(page.evaluate("() => window.stopped")) >= {
            *("img-src", "style-src-elem", "frame-src", "form-action", "connect-src"),
        }
        assert came == []
        with socket.create_connection(("127.0.0.1", int(address.split(":")[2].split("/")[0]))) as line:
            line.sendall(b"heard")
        until(page, lambda: came == [b"heard"])


def test_what_a_learner_says_is_in_no_log(new_page: Callable[..., Page], case: Case) -> None:
    """A reflection, a written answer and a reply in a conversation, on one's own computer and on a shared website."""
    reflection = CATALOG.module("empathy").reflections["what-made-room"]
    scenario = CATALOG.module("empathy").scenarios["a-rough-week"]
    bank, _ = CATALOG.bank("empathy")
    assert bank is not None
    written = next(question for question in bank.questions if question.kind is Kind.WRITTEN)
    private, answer = f"Private {uuid.uuid4().hex}", f"Answer {uuid.uuid4().hex}"
    page = open_page(new_page(), case.server, EMPATHY)
    page.get_by_role("region", name=reflection.title).get_by_role("textbox").fill(private)
    region = begin(page, scenario.title)
    reply = scenario.start.replies[0].words
    replies(region).filter(has_text=reply).click()
    expect(region.get_by_role("log")).to_contain_text(reply)
    open_page(page, case.server, QUIZ)
    page.get_by_role("group", name=written.title).get_by_role("textbox").fill(answer)
    expect(page.get_by_text(WORDS["save"]["saved"]).first).to_be_visible()
    log = case.server.log.read_text(encoding="utf-8", errors="replace")
    for words in (private, answer, reply):
        assert words not in log
