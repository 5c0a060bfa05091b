"""The website beside stock Voila with preheated kernels, on the same lesson, in the same run. For information.

Each round opens the page in a new browser with an empty profile, first in the one and then in the other. Then many
learners come at once (`load_web.py`). `python tests/bench_web.py --rounds 5 --slow 1`. Run by `make bench`.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from apps.browser import ARGUMENTS, NONE, find_browser  # a script finds what stands beside it
from apps.servers import ROOT, clean_environ, free_port, open_site, running
from load_web import PAGE, WATCH, Family, here_only, write
from playwright.sync_api import CDPSession, Page, Playwright, sync_playwright

POOL = 2  # kernels that stock Voila keeps ready
PRESSES = 6
# Names of other hosts are unknown, as they are on a machine without a network: asked for, counted, and refused at once.
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
SLOWER = 4
LINK = {"latency": 300, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 1_600_000 / 8}
WAIT = 180_000  # milliseconds
_CALM, _CALM_SECONDS, _MOST_CALM = 0.15, 1.5, 30.0
_QUIET = 1000  # milliseconds without a request, after which a page has all it asks for
# Presses what leads on in the first conversation, and gives the milliseconds until its log has changed.
_PRESS = """
  () => new Promise((answered) => {
    const play = document.querySelector(".al-roleplay");
    const choices = [".al-reply", ".al-halt button", ".al-row .al-quiet"].map((each) => play.querySelector(each));
    let begun = 0;
    const watch = new MutationObserver(() => { watch.disconnect(); answered(performance.now() - begun); });
    watch.observe(play.querySelector(".al-log"), { childList: true });
    begun = performance.now();
    choices.find((each) => each).click();
  })
"""
_CLICK = """
  (address) => {
    const link = document.createElement("a");
    link.href = address;
    document.body.append(link);
    const begun = performance.timeOrigin + performance.now();
    link.click();
    return begun;
  }
"""


@dataclass
class Visit:
    """What one visit took: milliseconds from the click, requests and bytes, and milliseconds of single presses."""

    shown: float = 0.0
    answered: float = 0.0
    requests: int = 0
    elsewhere: int = 0
    bytes: float = 0.0
    frames: float = 0.0
    presses: list[float] = field(default_factory=list)
    last: float = field(default_factory=time.monotonic)


@dataclass
class Side:
    """One of the two: its name, its page, its processes, and what its visits took."""

    name: str
    address: str
    family: Family
    visits: list[Visit] = field(default_factory=list)
    slow: list[Visit] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


@contextlib.contextmanager
def stock(home: Path) -> Iterator[str]:
    """Run Voila as it comes, on the one notebook, with kernels that have run it before anyone asks."""
    home.mkdir()
    url = f"http://127.0.0.1:{free_port()}"
    command = [
        *(sys.executable, "-m", "voila", str(ROOT / "modules" / PAGE), "--no-browser", "--template=lab"),
        *(f"--port={url.rpartition(':')[2]}", "--VoilaConfiguration.preheat_kernel=True"),
        f"--VoilaConfiguration.default_pool_size={POOL}",
    ]
    with running(command, f"{url}/", home / "server.log", environ=clean_environ(home), folder=ROOT):
        yield here_only(url)


def calm(family: Family) -> None:
    """Wait until a server and its kernels have nothing to do: the pool is full, and left pages are closed."""
    since, deadline = time.monotonic(), time.monotonic() + _MOST_CALM
    before = family.used()
    while time.monotonic() - since < _CALM_SECONDS and time.monotonic() < deadline:
        time.sleep(0.25)
        now = family.used()
        if now.server + now.kernels - before.server - before.kernels > _CALM * (now.moment - before.moment):
            since = time.monotonic()
        before = now


def visit(playwright: Playwright, browser_path: str, address: str, *, slow: bool = False) -> Visit:
    """Open the page from a link in a browser that has never seen it, and press the first reply as soon as it shows."""
    found = Visit()
    browser = playwright.chromium.launch(executable_path=browser_path, args=[*ARGUMENTS, ALONE])
    try:
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.set_default_timeout(WAIT)
        page.add_init_script(WATCH)
        page.set_content("<!doctype html><title>A link</title>")
        line = page.context.new_cdp_session(page)
        line.send("Network.enable")
        count(line, found)
        if slow:
            line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            line.send("Network.emulateNetworkConditions", {"offline": False, **LINK})
        begun = page.evaluate(_CLICK, address)
        times = _answered(page)
        found.shown, found.answered = times["shown"] - begun, times["answered"] - begun
        deadline = time.monotonic() + 10
        while (time.monotonic() - found.last) * 1000 < _QUIET and time.monotonic() < deadline:
            page.wait_for_timeout(100)
        if not slow:
            for _ in range(PRESSES):
                page.wait_for_timeout(200)
                found.presses.append(page.evaluate(_PRESS))
    finally:
        browser.close()
    return found


def _answered(page: Page) -> Any:
    page.wait_for_function("() => window.bench && window.bench.answered")
    return page.evaluate("() => window.bench")


def count(line: CDPSession, found: Visit) -> None:
    """Count what a page asks for and gets."""

    def asked(event: Any) -> None:
        address = event["request"]["url"] if "request" in event else event["url"]
        if address.startswith(("http", "ws")):
            found.requests += 1
            found.elsewhere += "127.0.0.1" not in address
            found.last = time.monotonic()

    def got(event: Any) -> None:
        found.bytes += event["encodedDataLength"]
        found.last = time.monotonic()

    def frame(event: Any) -> None:
        data, kind = event["response"]["payloadData"], event["response"]["opcode"]
        found.frames += len(data.encode()) if kind == 1 else len(base64.b64decode(data))

    line.on("Network.requestWillBeSent", asked)
    line.on("Network.webSocketCreated", asked)
    line.on("Network.loadingFinished", got)
    line.on("Network.webSocketFrameReceived", frame)
    line.on("Network.webSocketFrameSent", frame)


def bench(rounds: int, slow: int) -> None:
    """Print both side by side."""
    path = find_browser()
    if path is None:
        write(NONE)
        return
    with contextlib.ExitStack() as stack:
        room = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="alongside-bench-")))
        one = stack.enter_context(stock(room / "stock"))
        two = here_only(stack.enter_context(open_site(room / "ours", "--shared")).url)
        sides = [
            Side("stock", f"{one}/", Family(one)),
            Side("ours", f"{two}/voila/render/{PAGE}", Family(two)),
        ]
        playwright = stack.enter_context(sync_playwright())
        for side in sides:
            calm(side.family)
            visit(playwright, path, side.address)  # not counted: files come from the disk for the first time
        for number in range(rounds):
            for side in sides:
                calm(side.family)
                side.visits.append(visit(playwright, path, side.address))
                side.memory.append(max(side.family.memory()[0], default=0.0))
                if number < (slow if side.name == "stock" else rounds):
                    calm(side.family)
                    side.slow.append(visit(playwright, path, side.address, slow=True))
        table(*sides)


def table(stock_side: Side, ours: Side) -> None:
    """Print the medians of both beside the goals."""
    write(f"The lesson on empathy as a website: medians of {len(ours.visits)} visits. Goals are for information.")
    write(f"  {'':<58} {'stock':>9} {'ours':>9} {'ratio':>8}")

    def row(name: str, figures: tuple[Sequence[float], Sequence[float]], goal: str = "", unit: str = "8.0f") -> None:
        one, two = (statistics.median(each) if each else 0.0 for each in figures)
        times = f"{one / two:7.1f}x" if two and one else ""
        write(f"  {name:<58} {one:{unit}}  {two:{unit}} {times:>8}{f'   goal {goal}' if goal else ''}")

    def of(name: str, *, kind: str = "visits", part: float = 1) -> tuple[list[float], list[float]]:
        each = [[getattr(one, name) / part for one in getattr(side, kind)] for side in (stock_side, ours)]
        return each[0], each[1]

    presses = [[press for one in side.visits for press in one.presses] for side in (stock_side, ours)]
    row("requests, with the socket", of("requests"), "12 or fewer")
    row("requests to other hosts", of("elsewhere"), "0")
    row("KB over the wire", of("bytes", part=1000), "150 or less")
    row("KB through the socket", of("frames", part=1000))
    row("ms from click to first reply shown", of("shown"), "8x or more")
    row("ms from click to first reply answered", of("answered"))
    name = f"the same, {SLOWER} times slower, 1.6 Mbit/s, 300 ms"
    row(f"{name} ({len(stock_side.slow)} of stock): shown", of("shown", kind="slow"), "4000 or less")
    row(f"{name} ({len(stock_side.slow)} of stock): answered", of("answered", kind="slow"))
    row("ms from press to answer", (presses[0], presses[1]), "60 or less", "8.1f")
    row("private MB of a kernel, the largest", (stock_side.memory, ours.memory), "20 or less", "8.1f")


def main(arguments: Sequence[str] | None = None) -> int:
    """Read how often, then measure."""
    parser = argparse.ArgumentParser(description="Measure the course's website beside stock Voila.")
    parser.add_argument("--rounds", type=int, default=5, help="how many visits are counted")
    parser.add_argument("--slow", type=int, default=1, help="how many of stock's over a slow link, half a minute each")
    options = parser.parse_args(arguments)
    bench(options.rounds, options.slow)
    write("")
    load = [sys.executable, str(Path(__file__).with_name("load_web.py")), "--learners", "60", "--seconds", "10"]
    return subprocess.run(load, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
