"""Many learners who write at once on one shared website, each with a return code: is any word lost?

`python tests/load_record.py --learners 60 --seconds 20` starts the site. Each learner takes a code, opens a lesson, and
writes a reflection anew every 2 seconds, as steady typing saves it. In the end the work of each is asked for by a
browser that has only their code, and what is missing is counted. For information; run by `make bench`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import html
import json
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from apps.servers import open_site  # a script finds what stands beside it
from load_web import LOST, MOST_LEARNERS, Learner, opened, tell, write
from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse

EVERY = 2.0  # seconds between two saves of one learner
_TOKEN = re.compile(r'name="_xsrf" value="([^"]+)"')
_CODE = re.compile(r'class="alongside-code">([a-z ]+)<')


@dataclass
class Writer:
    """What one learner has, and what came of it."""

    number: int
    code: str = ""
    cookies: str = ""
    unlocked: float = 0.0
    saved: str = ""
    waits: list[float] = field(default_factory=list)
    refused: int = 0
    trouble: str = ""


def is_writing(view: Mapping[str, Any]) -> bool:
    """Whether a model of the page is a place to write."""
    return "about_other" in view


async def post(url: str, path: str, cookies: str, **values: str) -> HTTPResponse:
    """Send a form of the page of the return code, as a browser with these cookies."""
    shown = await AsyncHTTPClient().fetch(HTTPRequest(f"{url}/voila/code", headers=_with(cookies)))
    cookies = _joined(cookies, shown)
    token = html.unescape(_TOKEN.search(shown.body.decode())[1])  # type: ignore[index]
    data = "&".join(f"{name}={value.replace(' ', '+')}" for name, value in {**values, "_xsrf": token}.items())
    asked = HTTPRequest(
        f"{url}/voila/code/{path}", method="POST", body=data, headers=_with(cookies), follow_redirects=False,
        request_timeout=120,
    )  # fmt: skip
    answer = await AsyncHTTPClient().fetch(asked, raise_error=False)
    answer.request.headers["Cookie"] = _joined(cookies, answer)
    return answer


def _with(cookies: str) -> dict[str, str]:
    return {"Cookie": cookies} if cookies else {}


def _joined(cookies: str, answer: HTTPResponse) -> str:
    """Give the cookies that a browser has after an answer."""
    held = dict(each.split("=", 1) for each in cookies.split("; ") if each)
    for given in answer.headers.get_list("Set-Cookie"):
        name, _, value = given.partition(";")[0].partition("=")
        held[name] = value
    return "; ".join(f"{name}={value}" for name, value in held.items())


async def come_in(url: str, writer: Writer) -> None:
    """Take a code, and come in with it."""
    made = await post(url, "new", "")
    writer.code = _CODE.search(made.body.decode())[1]  # type: ignore[index]
    writer.cookies = await unlock(url, writer.code)


async def unlock(url: str, code: str) -> str:
    """Come in with a code. Gives the cookies. Raises ValueError when it was refused."""
    answer = await post(url, "enter", "", code=code)
    if answer.code != 303:
        message = f"the code was answered with {answer.code}"
        raise ValueError(message)
    return str(answer.request.headers["Cookie"])


async def keep_writing(url: str, writer: Writer, until: asyncio.Event, there: asyncio.Event) -> None:
    """Open the page and write until it is over; what was said to be saved is remembered."""
    try:
        async with opened(url, Learner(), is_writing, writer.cookies) as line:
            there.set()
            seen, round_ = line.view["changed"], 0
            await asyncio.sleep(random.uniform(0, EVERY))  # noqa: S311  people do not begin at the same moment
            while not until.is_set():
                round_ += 1
                text = f"Learner {writer.number}, round {round_}. " + "Words of the day. " * 20
                wait, told = await line.ask({"do": "write", "text": text, "other": False, "seen": seen})
                writer.waits.append(wait)
                if told.get("saved"):
                    writer.saved, seen = text, told["seen"]
                else:
                    writer.refused += 1
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(until.wait(), EVERY)
    except Exception as error:  # noqa: BLE001  whatever it is, this learner could not write
        writer.trouble = f"{type(error).__name__}: {error}"[:200]
    finally:
        there.set()


async def found(url: str, writer: Writer) -> bool:
    """Whether a browser that has only the code finds the last words that were said to be saved."""
    cookies = await unlock(url, writer.code)
    asked = HTTPRequest(f"{url}/voila/work/save", headers=_with(cookies), request_timeout=60)
    file = json.loads((await AsyncHTTPClient().fetch(asked)).body)
    texts = [thing["value"]["text"] for thing in file["work"]["things"] if thing["kind"] == "reflections"]
    return bool(texts == [writer.saved] and writer.saved)


async def come(url: str, options: argparse.Namespace) -> None:
    """Let all of them write, then look for what each has."""
    AsyncHTTPClient.configure(None, max_clients=MOST_LEARNERS, max_body_size=50 << 20)
    writers = [Writer(number) for number in range(options.learners)]
    for writer in writers:  # one after the other: what is counted here is words, not how fast codes are given out
        await come_in(url, writer)
    until = asyncio.Event()
    there = [asyncio.Event() for _ in writers]
    tasks = []
    for writer, event in zip(writers, there, strict=True):
        tasks.append(asyncio.create_task(keep_writing(url, writer, until, event)))
        await asyncio.sleep(0.1)
    await asyncio.gather(*(event.wait() for event in there))
    await asyncio.sleep(options.seconds)
    until.set()
    await asyncio.gather(*tasks)
    unlocks, kept = [], 0
    for writer in writers:
        begun = time.perf_counter()
        kept += await found(url, writer)
        unlocks.append(1000 * (time.perf_counter() - begun))
    waits = sorted(1000 * wait for writer in writers for wait in writer.waits)
    write(f"{len(writers)} learners on one shared website, each saving every {EVERY:g} s for {options.seconds:g} s.")
    for said in sorted({writer.trouble for writer in writers if writer.trouble}):
        write(f"    {said}")
    tell("saves that were answered", len(waits))
    tell("saves that were refused", sum(writer.refused for writer in writers), "0")
    tell("learners who could not write", sum(bool(writer.trouble) for writer in writers), "0")
    tell("learners whose last words were not found by their code", len(writers) - kept, "0")
    tell(f"ms from a save to its answer, 95 % (at {LOST:g} s it is told)", statistics.quantiles(waits, n=20)[18])
    tell("ms to come back with a code and get one's work, median", statistics.median(unlocks), "150 to 600")


def main(arguments: Sequence[str] | None = None) -> int:
    """Read how many and how long, and do it on a site of its own."""
    parser = argparse.ArgumentParser(description="Let many learners write at once on one shared website.")
    parser.add_argument("--learners", type=int, default=60, help=f"how many (at most {MOST_LEARNERS})")
    parser.add_argument("--seconds", type=float, default=20.0, help="for how long they write")
    options = parser.parse_args(arguments)
    options.learners = max(1, min(MOST_LEARNERS, options.learners))
    with (
        tempfile.TemporaryDirectory(prefix="alongside-load-") as folder,
        open_site(Path(folder) / "home", "--shared") as site,
    ):
        asyncio.run(come(site.url.rstrip("/"), options))
    return 0


if __name__ == "__main__":
    sys.exit(main())
