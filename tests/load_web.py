"""Many learners at once on the course's website: how soon each can begin, and how long a pressed reply takes.

`python tests/load_web.py --learners 60 --seconds 10` starts the site and lets 60 learners come within 10 seconds, each
with a cookie, a page and a kernel socket of its own, and talk as people do. A few real browsers come with them. It
drives this computer alone, and ends by itself. For information; it never fails.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import re
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
from apps.browser import ARGUMENTS, find_browser  # a script finds what stands beside it
from apps.servers import open_site
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from playwright.async_api import Browser, async_playwright
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

PAGE = "02-empathy/lesson.ipynb"
PROTOCOL = "v1.kernel.websocket.jupyter.org"
MOST_LEARNERS = 200
MOST_SECONDS = 300.0  # in all
LOST = 12.0  # seconds after which the page itself says that no answer came
THINKING = (2.0, 5.0)  # seconds between two replies of one learner
INTERACTIVE_GOAL, ANSWER_GOAL, MEMORY_GOAL = 3.0, 60.0, 20.0
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_PART = re.compile(r'<script type="application/json" class="alongside-part">(.*?)</script>', re.DOTALL)
_FIRST_REPLY = b'"replies":[{'
_MEGABYTE = 1024 * 1024
# Run in a real page before its own scripts: notes when the first reply can be pressed, presses it, notes the answer.
WATCH = """
  window.bench = {};
  const now = () => performance.timeOrigin + performance.now();
  const seen = (node) => node && node.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const look = () => {
    const reply = document.querySelector(".al-reply");
    if (!seen(reply)) { requestAnimationFrame(look); return; }
    const play = reply.closest(".al-roleplay");
    const answered = () => {
      if (!play.querySelector(".al-said")) return;
      watch.disconnect();
      window.bench.answered = now();
    };
    const watch = new MutationObserver(answered);
    watch.observe(play, { childList: true, subtree: true });
    window.bench.shown = now();
    reply.click();
  };
  if (location.protocol.startsWith("http")) requestAnimationFrame(look);
"""


@dataclass
class Learner:
    """What one learner met with. Times are seconds since the page was asked for; `pressed` holds moments and waits."""

    began: float = 0.0
    first: float = 0.0
    reply: float = 0.0
    whole: float = 0.0
    ready: float = 0.0
    pressed: list[tuple[float, float]] = field(default_factory=list)
    trouble: str = ""
    size: int = 0


@dataclass(frozen=True)
class Used:
    """Seconds of a core's work until a moment: of the server, of the kernels and what they are forked from, of this."""

    moment: float
    server: float
    kernels: float
    here: float


class Line:
    """A learner's line to a kernel: sends what the page would send, and keeps the last view of one model."""

    def __init__(self, socket: WebSocketClientConnection, model: str, view: dict[str, Any]) -> None:
        """Talk to one model of the page, which begins with this view."""
        self._socket, self._model, self.view = socket, model, view
        self._session, self._number = uuid.uuid4().hex, 0

    async def press(self) -> float:
        """Do what leads on from here, and give the seconds until it was answered. Raises TimeoutError, ValueError."""
        said = sum(entry["kind"] == "you" for entry in self.view["entries"])
        message: dict[str, Any] = {"do": "over"}
        if self.view["halted"]:
            message = {"do": "again", "turn": said - 1}
        elif self.view["replies"]:
            message = {"do": "choose", "reply": random.choice(self.view["replies"])["id"], "turn": said}  # noqa: S311
        seconds, _ = await self.ask(message)
        return seconds

    async def ask(self, message: Mapping[str, Any]) -> tuple[float, dict[str, Any]]:
        """Send a message of the model. Gives the seconds that its answer took, and that. Raises as `press`."""
        self._number += 1
        begun = time.perf_counter()
        await self._socket.write_message(self._packed({**message, "n": self._number}), binary=True)
        answer = await asyncio.wait_for(self._answer(), LOST)
        return time.perf_counter() - begun, answer

    def _packed(self, content: Mapping[str, Any]) -> bytes:
        header = {"msg_id": uuid.uuid4().hex, "msg_type": "comm_msg", "session": self._session, "username": ""}
        said = {"comm_id": self._model, "data": {"method": "custom", "content": content}}
        parts = [{**header, "version": "5.3", "date": "2026-01-01T00:00:00.000Z"}, {}, {}, said]
        return serialize_msg_to_ws_v1([json.dumps(part).encode() for part in parts], "shell")

    async def _answer(self) -> dict[str, Any]:
        while True:
            heard = await self._socket.read_message()
            if heard is None:
                message = "the line was cut"
                raise ValueError(message)
            if not isinstance(heard, bytes):
                continue
            _, parts = deserialize_msg_from_ws_v1(heard)
            if json.loads(parts[0])["msg_type"] != "comm_msg":
                continue
            content = json.loads(parts[3])
            data = content["data"]
            if content["comm_id"] != self._model:
                continue
            if data["method"] == "update":
                self.view = data["state"].get("view", self.view)
            elif data["method"] == "custom" and data["content"].get("ack") == self._number:
                return dict(data["content"])


async def learn(url: str, learner: Learner, gone: asyncio.Event, arrived: asyncio.Event) -> None:
    """Open the page, take up the line and talk until everyone goes. Sets `arrived` once the line is there, or not."""
    try:
        async with opened(url, learner) as line:
            arrived.set()
            while not gone.is_set():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(gone.wait(), random.uniform(*THINKING))  # noqa: S311  people's pauses
                    break
                moment = time.perf_counter()
                learner.pressed.append((moment, await line.press()))
    except Exception as error:  # noqa: BLE001  whatever it is, this learner could not learn
        learner.trouble = f"{type(error).__name__}: {error}"[:200]
    finally:
        arrived.set()


def is_talk(view: Mapping[str, Any]) -> bool:
    """Whether a model of the page is a conversation."""
    return "replies" in view and "entries" in view


@contextlib.asynccontextmanager
async def opened(
    url: str, learner: Learner, wanted: Callable[[Mapping[str, Any]], bool] = is_talk, cookies: str = ""
) -> AsyncIterator[Line]:
    """Open a page, as a new visitor or with cookies, and connect to the first wanted model of its kernel."""
    begun = learner.began = time.perf_counter()
    chunks: list[bytes] = []

    def take(chunk: bytes) -> None:
        since = time.perf_counter() - begun
        learner.first = learner.first or since
        if not learner.reply and _FIRST_REPLY in chunk:
            learner.reply = since
        chunks.append(chunk)

    client = AsyncHTTPClient()
    asked = HTTPRequest(
        f"{url}/voila/render/{PAGE}", headers={"Cookie": cookies} if cookies else {}, streaming_callback=take,
        request_timeout=60, connect_timeout=30,
    )  # fmt: skip
    reply = await client.fetch(asked)
    learner.whole = time.perf_counter() - begun
    text = b"".join(chunks)
    learner.size = len(text)
    parts = [json.loads(part) for part in _PART.findall(text.decode())]
    end = next((part["end"] for part in parts if "end" in part), None)
    if end is None:
        message = f"the page came without an end: {parts[-1:]!r}"
        raise ValueError(message)
    models = {name: made for part in parts for name, made in part.get("models", {}).items()}
    shown = (output.get("model") for part in parts for output in part.get("outputs", ()))
    views = {name: models[name]["state"].get("view", {}) for name in shown if name in models}
    model = next(name for name, view in views.items() if wanted(view))
    given = [value.partition(";")[0] for value in reply.headers.get_list("Set-Cookie")]
    cookies = "; ".join([*filter(None, [cookies]), *given])
    address = f"{url.replace('http', 'ws', 1)}/api/kernels/{end['kernel']}/channels?session_id={uuid.uuid4().hex}"
    socket = await websocket_connect(
        HTTPRequest(address, headers={"Cookie": cookies, "Origin": url}, connect_timeout=30),
        subprotocols=[PROTOCOL],
    )
    learner.ready = time.perf_counter() - begun
    try:
        yield Line(socket, model, views[model])
    finally:
        socket.close()


async def look(browser: Browser, url: str) -> tuple[float, float]:
    """Open the page in a real browser with an empty profile. Gives seconds until the first reply shows, and answers."""
    context = await browser.new_context(viewport={"width": 390, "height": 844})
    try:
        page = await context.new_page()
        await page.add_init_script(WATCH)
        begun = time.time()
        await page.goto(f"{url}/voila/render/{PAGE}", wait_until="commit")
        await page.wait_for_function("() => window.bench.answered", timeout=60_000)
        found = await page.evaluate("() => window.bench")
        return found["shown"] / 1000 - begun, found["answered"] / 1000 - begun
    finally:
        await context.close()


class Family:
    """The processes of a site: its server, what kernels are forked from, and the kernels."""

    def __init__(self, url: str) -> None:
        """Find the server among the processes that this one started, by its port."""
        port = str(urlsplit(url).port)
        started = psutil.Process().children()
        self.server = next((each for each in started if any(port in part for part in each.cmdline())), None)
        self._worked: dict[int, float] = {}

    def kernels(self) -> list[psutil.Process]:
        """Give the kernels: each leads a process group of its own."""
        family = self.server.children(recursive=True) if self.server else []
        return [each for each in family if _leads(each.pid)]

    def used(self) -> Used:
        """Give what has been used until now. What ended meanwhile counts as it was last seen."""
        own = self.server.cpu_times() if self.server else None
        for each in self.server.children(recursive=True) if self.server else ():
            with contextlib.suppress(psutil.Error):
                spent = each.cpu_times()
                self._worked[each.pid] = spent.user + spent.system
        server = own.user + own.system if own else 0.0
        return Used(time.perf_counter(), server, sum(self._worked.values()), time.process_time())

    def memory(self) -> tuple[list[float], float]:
        """Give the megabytes that each kernel has for itself, and those of the server."""
        kernels = [private(each.pid) for each in self.kernels()]
        return [size for size in kernels if size], private(self.server.pid) if self.server else 0.0


def _leads(pid: int) -> bool:
    try:
        return os.getpgid(pid) == pid
    except ProcessLookupError:
        return False


def private(pid: int) -> float:
    """Give the megabytes that a process shares with no other. Nothing where the system does not tell."""
    try:
        rows = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    kept = [int(row.split()[1]) for row in rows if row.startswith(("Private_Clean:", "Private_Dirty:"))]
    return sum(kept) / 1024


async def lag(found: list[tuple[float, float]]) -> None:
    """Note how late this program itself is, since that is counted against the server."""
    while True:
        begun = time.perf_counter()
        await asyncio.sleep(0.02)
        found.append((begun, time.perf_counter() - begun - 0.02))


async def come(url: str, options: argparse.Namespace) -> None:
    """Let everyone come, talk and go, then print what they met with."""
    AsyncHTTPClient.configure(None, max_clients=MOST_LEARNERS, max_body_size=50 * _MEGABYTE)
    learners = [Learner() for _ in range(options.learners)]
    arrived = [asyncio.Event() for _ in learners]
    gone = asyncio.Event()
    late: list[tuple[float, float]] = []
    family = Family(url)
    async with contextlib.AsyncExitStack() as stack:
        browser = await _browser(stack) if options.browsers else None
        watching = asyncio.create_task(lag(late))
        start = family.used()
        tasks, looks = [], []
        for number, learner in enumerate(learners):
            await asyncio.sleep(start.moment + options.seconds * number / len(learners) - time.perf_counter())
            tasks.append(asyncio.create_task(learn(url, learner, gone, arrived[number])))
            if browser and len(looks) < options.browsers * (number + 1) // len(learners):
                looks.append(asyncio.create_task(look(browser, url)))
        await asyncio.gather(*(event.wait() for event in arrived))
        shown = await asyncio.gather(*looks, return_exceptions=True)
        there = family.used()
        await asyncio.sleep(options.talk)
        end = family.used()
        kernels, server = family.memory()
        gone.set()
        await asyncio.gather(*tasks)
        watching.cancel()
    report(learners, (start, there, end), options)
    tell("ms that this program was late, while all talked, 95 %", _at(_since(late, there.moment), 0.95) * 1000)
    for found in shown:
        said = f"{found[0]:8.2f} s, answered {found[1]:5.2f} s" if isinstance(found, tuple) else repr(found)[:100]
        write(f"  {'a real browser among them: first reply shown':<58} {said}")
    if kernels:
        tell("private MB of a kernel, median", statistics.median(kernels), f"{MEMORY_GOAL:.0f} or less")
        tell("private MB of a kernel, most", max(kernels), f"{MEMORY_GOAL:.0f} or less")
        tell("kernels, with those that wait", len(kernels))
        tell("private MB of the server", server)


async def _browser(stack: contextlib.AsyncExitStack) -> Browser | None:
    path = find_browser()
    if path is None:
        return None
    playwright = await stack.enter_async_context(async_playwright())
    browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
    stack.push_async_callback(browser.close)
    return browser


def report(learners: Sequence[Learner], moments: tuple[Used, Used, Used], options: argparse.Namespace) -> None:
    """Print what the learners met with."""
    start, there, end = moments
    well = [learner for learner in learners if not learner.trouble]
    failed = len(learners) - len(well)
    ready = [learner.ready for learner in well]
    soon = sum(seconds <= INTERACTIVE_GOAL for seconds in ready) / len(learners)
    write(f"{len(learners)} learners within {options.seconds:g} s, then {options.talk:g} s of talk by all of them.")
    tell("failed", failed, "0")
    for said in sorted({learner.trouble for learner in learners if learner.trouble})[:5]:
        write(f"    {said}")
    if not well:
        return
    tell(f"% interactive within {INTERACTIVE_GOAL:g} s", 100 * soon, "95 or more")
    for name, waits in (
        ("first byte", [each.first for each in well]),
        ("first conversation in the page", [each.reply for each in well]),
        ("page whole", [each.whole for each in well]),
        ("interactive (whole and connected)", ready),
    ):
        row = "  ".join(f"{_at(waits, share):6.2f}" for share in (0.5, 0.95, 1.0))
        write(f"  {f's to: {name}; 50 %, 95 %, all':<58} {row}")
    presses = [press for learner in well for press in learner.pressed]
    for name, waits, goal in (
        ("while they came", [wait for moment, wait in presses if moment < there.moment], ""),
        ("all at once", _since(presses, there.moment), f"{ANSWER_GOAL:.0f} or less"),
    ):
        if waits:
            tell(f"ms from press to answer, {name}, 50 % of {len(waits)}", _at(waits, 0.5) * 1000)
            tell(f"ms from press to answer, {name}, 95 %", _at(waits, 0.95) * 1000, goal)
    for name, one, two in (("while they came", start, there), ("while all talked", there, end)):
        seconds = two.moment - one.moment
        parts = (two.server - one.server, two.kernels - one.kernels, two.here - one.here)
        row = "  ".join(f"{100 * part / seconds:6.0f}" for part in parts)
        write(f"  {f'% of a core {name}: server, kernels, this':<58} {row}")


def _since(rows: Sequence[tuple[float, float]], moment: float) -> list[float]:
    return [value for at, value in rows if at >= moment]


def _at(values: Sequence[float], share: float) -> float:
    """Give the value that a share of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def tell(what: str, figure: float, goal: str = "") -> None:
    """Print a figure beside its goal."""
    write(f"  {what:<58} {figure:8.1f}{f'   goal {goal}' if goal else ''}")


def write(line: str) -> None:
    """Print one line at once."""
    sys.stdout.write(f"{line.rstrip()}\n")
    sys.stdout.flush()


def here_only(address: str) -> str:
    """Give an address of this computer without a slash at its end. Raises ValueError for any other."""
    split = urlsplit(address)
    if split.scheme != "http" or split.hostname not in _LOOPBACK:
        message = f"{address} is not an address of this computer, and no other is loaded."
        raise ValueError(message)
    return address.rstrip("/")


def _learners(text: str) -> int:
    return max(1, min(MOST_LEARNERS, int(text)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Read what is wanted, and do it against a site of its own, or one that runs on this computer."""
    parser = argparse.ArgumentParser(description="Let many learners use the course's website at once.")
    parser.add_argument("--learners", type=_learners, default=60, help=f"how many (at most {MOST_LEARNERS})")
    parser.add_argument("--seconds", type=float, default=10.0, help="the time within which they come")
    parser.add_argument("--talk", type=float, default=20.0, help="the seconds for which all of them talk")
    parser.add_argument("--browsers", type=int, default=2, help="how many real browsers come with them (at most 5)")
    parser.add_argument("--address", type=here_only, help="a site that runs on this computer, in place of a new one")
    options = parser.parse_args(arguments)
    options.browsers = min(5, options.browsers)
    with contextlib.ExitStack() as stack:
        url = options.address
        if url is None:
            home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="alongside-load-"))) / "home"
            url = here_only(stack.enter_context(open_site(home, "--shared")).url)
        try:
            asyncio.run(asyncio.wait_for(come(url, options), MOST_SECONDS))
        except TimeoutError:
            write(f"Ended after {MOST_SECONDS:.0f} seconds, before all was done.")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
