"""The page of the return code, on a website that people share: take one, come back with one, leave.

It is plain HTML with forms, so that it is there without JavaScript and without a kernel.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import tornado.web
from jupyter_server.utils import url_path_join

from alongside.record import Record, Trouble, open_record
from alongside.record.bundle import move
from alongside.record.codes import derive, new_code, read_code
from alongside.record.guesses import Guesses
from alongside_web.handlers import Plain, plain_page
from alongside_web.settings import HEADERS, OWN_COMPUTER
from alongside_web.visitors import Visitor, bring_code, coded_visitor, leave_code, meet_visitor

__all__ = ["CodeDesk", "CodePage", "EnterCode", "LeaveCode", "NewCode", "code_routes"]

_PAGE = "code.html"
_POLICY = HEADERS["Content-Security-Policy"].replace("form-action 'none'", "form-action 'self'")
_MOST_NEW, _MOST_NEW_IN_ALL = 100, 2000  # codes given out in ten minutes, to one address and in all
_MOST_WAITING = 60
_UNREADABLE = 422
# The sentences under `[record]`.
_NOWHERE = "code_nowhere"
_BUSY = "code_busy"
_WAIT = "code_wait"


class CodeDesk:
    """Turns codes into secrets, few at a time, and lets nobody try many."""

    def __init__(self, words: Sequence[str], clock: Callable[[], float] = time.monotonic) -> None:
        """Take the words that codes are made of, and a clock in seconds that never goes back."""
        self._words = words
        self._guesses = Guesses(clock)
        self._given = Guesses(clock, most=_MOST_NEW, most_in_all=_MOST_NEW_IN_ALL)
        self.side_by_side = max(1, (os.cpu_count() or 1) // 2)
        self._gate = asyncio.Semaphore(self.side_by_side)
        self._waiting = 0

    async def give(self, address: str) -> tuple[str, bytes]:
        """Make a code. Gives it with its secret. Raises Trouble when too many were asked for."""
        self._refuse(self._given, address)
        self._given.missed(address)
        code = new_code(self._words)
        return code, await self._secret(code, lambda: None)

    async def secret(self, typed: str, address: str, known: Callable[[bytes], bool]) -> bytes:
        """Give the secret of a code as it was typed. Raises Trouble: it is none, it leads nowhere, too many did."""
        code = read_code(typed, self._words)
        secret = await self._secret(code, lambda: self._refuse(self._guesses, address))
        if not known(secret):
            self._guesses.missed(address)
            raise Trouble(_NOWHERE)
        return secret

    async def _secret(self, code: str, check: Callable[[], None]) -> bytes:
        if self._waiting >= _MOST_WAITING:
            raise Trouble(_BUSY)
        self._waiting += 1
        try:
            async with self._gate:
                check()  # here, so that many at once cannot pass it before the first has been counted
                return await asyncio.to_thread(derive, code)
        finally:
            self._waiting -= 1

    def _refuse(self, guesses: Guesses, address: str) -> None:
        wait = guesses.wait(address)
        if wait > 0:
            raise Trouble(_WAIT, minutes=int(wait // 60) + 1)


class CodePage(Plain):
    """Shows the page: the way in, or that one is in."""

    def initialize(self, desk: CodeDesk, words: Mapping[str, Mapping[str, str]]) -> None:
        """Take the desk, and all words of the course."""
        self.desk, self.words = desk, words

    async def prepare(self) -> None:  # type: ignore[override]
        """Name the visitor before anything else."""
        self.visitor = meet_visitor(self)
        await super().prepare()

    async def get(self) -> None:
        """Show it."""
        await self.show()

    async def show(self, *, code: str = "", trouble: str = "", typed: str = "") -> None:
        """Send the page with a code that was just made, or with what is wrong with what was typed."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Security-Policy", _POLICY)
        if trouble:
            self.set_status(_UNREADABLE)
        state = "new" if code else "inside" if self.visitor.coded else "outside"
        has_work = state == "outside" and await asyncio.to_thread(self._has_work)
        page = plain_page(
            self, _PAGE, self.get_status(), state=state, said=self.words["code"], xsrf=self.xsrf_token.decode(),
            code=code, trouble=trouble, typed=typed, safe=self._safe(), has_work=has_work,
        )  # fmt: skip
        self.finish(page)

    def _safe(self) -> bool:
        """Whether nobody on the way can read what is sent: by https, or without leaving this computer."""
        return self.request.protocol == "https" or self.request.host_name in OWN_COMPUTER

    def record_of(self, visitor: Visitor) -> Record:
        """Open a visitor's record."""
        return open_record({**os.environ, **visitor.environ()})

    def _has_work(self) -> bool:
        record = self.record_of(self.visitor)
        try:
            things, aside = record.everything()
        except OSError:
            return False
        finally:
            record.close()
        return bool(things or aside)

    def sentence(self, error: OSError | Trouble) -> str:
        """Say what went wrong."""
        return error.sentence(self.words) if isinstance(error, Trouble) else self.words["code"]["cannot_keep"]


class NewCode(CodePage):
    """Gives out a code. It leads to an empty record from that moment; what is here moves there when it is used."""

    async def get(self) -> None:
        """Lead back to the page, when its address is opened by hand."""
        self.redirect(url_path_join(self.base_url, "voila", "code"))

    async def post(self) -> None:
        """Make one and show it."""
        try:
            code, secret = await self.desk.give(self.request.remote_ip or "")
            await asyncio.to_thread(self._open, coded_visitor(secret))
        except (OSError, Trouble) as error:
            await self.show(trouble=self.sentence(error))
            return
        await self.show(code=code)

    def _open(self, visitor: Visitor) -> None:
        record = self.record_of(visitor)
        try:
            with record.changing():
                pass
        finally:
            record.close()


class EnterCode(NewCode):
    """Lets in whoever types a code that leads somewhere."""

    async def post(self) -> None:
        """Go to the home page with the record of a code, and bring along what was done before, where that is wished."""
        typed = self.get_body_argument("code", "")
        try:
            secret = await self.desk.secret(typed, self.request.remote_ip or "", self._known)
            if self.get_body_argument("bring", ""):
                await asyncio.to_thread(self._bring, coded_visitor(secret))
            bring_code(self, secret)
        except (OSError, Trouble) as error:
            await self.show(trouble=self.sentence(error), typed=typed)
            return
        # Pages that are open here still write to where they did before. They come back by themselves.
        self.kernels.end_all(self.visitor.name)
        self.redirect(self.base_url, status=303)

    def _known(self, secret: bytes) -> bool:
        return self.record_of(coded_visitor(secret)).there()

    def _bring(self, visitor: Visitor) -> None:
        if visitor.name == self.visitor.name:
            return
        source, target = self.record_of(self.visitor), self.record_of(visitor)
        try:
            move(source, target)
        finally:
            source.close()
            target.close()


class LeaveCode(NewCode):
    """Lets this browser forget the code."""

    async def post(self) -> None:
        """Leave, and go to the home page."""
        leave_code(self)
        self.kernels.end_all(self.visitor.name)
        self.redirect(self.base_url, status=303)


def code_routes(desk: CodeDesk, words: Mapping[str, Mapping[str, str]]) -> list[tuple[Any, ...]]:
    """Give the addresses of the page and of what its forms ask for."""
    pages: dict[str, type[tornado.web.RequestHandler]] = {
        "": CodePage, "/new": NewCode, "/enter": EnterCode, "/leave": LeaveCode,
    }  # fmt: skip
    return [(rf"/voila/code{path}", page, {"desk": desk, "words": words}) for path, page in pages.items()]
