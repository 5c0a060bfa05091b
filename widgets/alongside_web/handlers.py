"""What the web app answers: the course's pages, what they load, the way to their kernels, "not here" for the rest."""

from __future__ import annotations

import asyncio
import json
import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import tornado.web
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1
from jupyter_server.services.kernels.handlers import KernelHandler
from jupyter_server.utils import url_path_join
from tornado.websocket import WebSocketClosedError
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from alongside.record import Trouble, open_record
from alongside.record.bundle import file_name, save
from alongside_web.activities import piece, run
from alongside_web.documents import Document, Documents
from alongside_web.fronts import MODULES, NONCE, TYPES, Fronts
from alongside_web.kernels import Full
from alongside_web.settings import STOCK_POLICY, page_policy
from alongside_web.stock import OwnKernels, StockPages
from alongside_web.visitors import SEAL, forget, meet_visitor, visitor_of

__all__ = [
    "ALLOWED",
    "CourseHandler",
    "Forgotten",
    "FrontHandler",
    "KernelSocket",
    "LeftKernel",
    "NotHere",
    "PageHandler",
    "PageKernel",
    "Plain",
    "RoomHandler",
    "SavedWork",
    "StockKernel",
    "allowed",
    "guarded",
]

ALLOWED = ("comm_msg", "comm_open", "comm_close", "comm_info_request", "kernel_info_request")
"""The messages that widgets need. Nothing here makes a kernel run code."""

_PAGE = re.compile(
    r"(?:home|my-work|practice-lab|glossary|[0-9]{2}-[a-z0-9-]+/(?:lesson|quiz))(?:\.[a-z]{2,3})?\.ipynb"
)
_CONTROL = "jupyter.widget.control"
_END = "</body>\n</html>\n"
_FOREVER = "public, max-age=31536000, immutable"
_PROTOCOL = "v1.kernel.websocket.jupyter.org"
_MOST_PARTS = 64  # of a message; a widget's has seven, and one for each buffer
_NOT_FOUND = 404
_RETRY = "20"  # seconds, as the waiting page itself says


class Plain(JupyterHandler):
    """Says in plain words what went wrong, and nothing of how."""

    def write_error(self, status_code: int, **_: object) -> None:
        """Give the page for what is not here, or for a fault of ours, with headers that a socket's handler took off."""
        for name, value in {**self.settings["headers"], "Content-Type": "text/html; charset=utf-8"}.items():
            self.set_header(name, value)
        self.finish(plain_page(self, "404.html" if status_code == _NOT_FOUND else "error.html", status_code))

    @property
    def kernels(self) -> Any:  # noqa: ANN401  Voila makes its class of ours
        """The course's kernels."""
        return self.kernel_manager


class PageHandler(Plain):
    """Sends pages. Their text goes out at once, the visitor's activities as they are ready."""

    def initialize(self, *, fronts: Fronts, **kwargs: Any) -> None:
        """Take what pages load. The rest is another class's."""
        super().initialize(**kwargs)
        self.fronts = fronts

    async def prepare(self) -> None:  # type: ignore[override]
        """Name the visitor before anything runs."""
        self.visitor = meet_visitor(self)
        await super().prepare()

    async def send(self, name: str, document: Document, folder: str) -> bool:
        """Send a page, its cells run in a folder. False: it has widgets that only the stock manager can draw."""
        nonce = secrets.token_urlsafe(16)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Security-Policy", page_policy(nonce, self.request.host))
        end = {"xsrf": self.xsrf_token.decode()}  # also sets its cookie, which is too late once the text is sent
        self.write(document.head.replace(NONCE, nonce).replace(MODULES, self._modules(name)))
        self.flush()
        try:
            kernel_id = await self.open_kernel(folder)
        except Full:
            self.finish(piece({"trouble": "full"}) + _END)
            return True
        kernel = self.kernels.get_kernel(kernel_id)
        modules: list[str] = []
        async for part in run(document.cells, kernel, self.fronts):
            self.write(piece(part))
            self.flush()
            modules.extend(made["state"].get("_esm", "") for made in part.get("models", {}).values())
            if "stock" in part or "trouble" in part:
                self.kernels.leave(kernel_id)
                self.finish(_END)
                return "stock" not in part
        self.fronts.remember(name, modules)
        self.finish(piece({"end": {"kernel": kernel_id, **end}}) + _END)
        return True

    def _modules(self, name: str) -> str:
        """Name the modules that the page will need, so that they come while its kernel is still at work."""
        address = url_path_join(self.base_url, "voila", "front")
        return "".join(f'<link rel="modulepreload" href="{address}/{each}">' for each in self.fronts.expected(name))

    async def open_kernel(self, folder: str) -> str:
        """Open a kernel for this visitor in a folder. Raises Full."""
        kernel_id: str = await self.kernels.open_for(self.visitor.name, folder, self.environ())
        return kernel_id

    def environ(self) -> dict[str, str]:
        """Give the environment of this visitor's kernels. Where people share the server, it names their space."""
        return {**os.environ, **self.visitor.environ()} if SEAL in self.settings else dict(os.environ)


class CourseHandler(PageHandler, TornadoVoilaHandler):
    """Serves the course's own notebooks."""

    def initialize(  # type: ignore[override]
        self, *, documents: Documents, stock: StockPages, **kwargs: Any
    ) -> None:
        """Take Voila's own settings, and what pages are made of."""
        super().initialize(**kwargs)
        self.documents, self.stock = documents, stock
        self._kernels: Any = None

    async def get(self, path: str | None = None) -> None:
        """Serve a page of the course; anything else is not here."""
        if path is None or not _PAGE.fullmatch(path) or not (Path(self.contents_manager.root_dir) / path).is_file():
            raise tornado.web.HTTPError(404)
        if not self.kernels.has_room(self.visitor.name):
            self.set_status(503)
            self.set_header("Retry-After", _RETRY)
            self.finish(plain_page(self, "full.html", 503))
        elif path in self.stock:
            await self._stock_page(path)
        elif not await self.send(path, await self.documents.read(path), str(Path(path).parent)):
            self.stock.add(path)

    async def _stock_page(self, path: str) -> None:
        """Let Voila make the page as it does by itself, in a kernel that belongs to the visitor."""
        self.set_header("Content-Security-Policy", STOCK_POLICY)
        _ = self.xsrf_token  # reading it sets its cookie, which Voila's client needs to end the kernel of a left page
        self.voila_configuration, self.template_paths = self.stock.configuration, self.stock.template_paths
        self._kernels = OwnKernels(self.kernel_manager, self.open_kernel)
        await TornadoVoilaHandler.get(self, path)

    async def open_kernel(self, folder: str) -> str:
        """Open a kernel for this visitor, in a folder under the course's modules. Raises Full."""
        return await super().open_kernel(str(Path(self.contents_manager.root_dir) / folder))

    @property
    def kernel_manager(self) -> Any:  # noqa: ANN401  one of two classes, without types
        """The course's kernels; for a stock page, those of this visitor."""
        return self._kernels or super().kernel_manager


class FrontHandler(Plain):
    """Serves what pages load, by a digest of its words: a browser keeps it for good."""

    def initialize(self, fronts: Fronts) -> None:
        """Take the texts."""
        self.fronts = fronts

    @allow_unauthenticated
    def get(self, name: str) -> None:
        """Give a text, the same to everyone: no visitor's words are in it."""
        text = self.fronts.get(name)
        if text is None:
            raise tornado.web.HTTPError(404)
        self.set_header("Content-Type", TYPES[name.rpartition(".")[2]])
        self.set_header("Cache-Control", _FOREVER)
        self.finish(text)


class RoomHandler(Plain):
    """Says to the waiting page whether there is room by now."""

    def get(self) -> None:
        """Answer 204 for yes and 503 for no."""
        self.set_status(204 if self.kernels.has_room(visitor_of(self)) else 503)
        self.set_header("Cache-Control", "no-store")
        self.finish()


class Forgotten(Plain):
    """Hears from a page that everything was deleted."""

    def post(self) -> None:
        """Let the browser forget what led there, and end the other pages' kernels, which may hold words still."""
        self.kernels.end_all(visitor_of(self), but=self.get_body_argument("kernel", ""))
        forget(self)
        self.set_status(204)
        self.finish()


class SavedWork(PageHandler):
    """Gives the visitor all of their work as one file, at one press from any page."""

    def initialize(self, *, words: Mapping[str, Mapping[str, str]], **kwargs: Any) -> None:  # type: ignore[override]
        """Take all words of the course."""
        super().initialize(**kwargs)
        self.words = words

    async def get(self) -> None:
        """Send the file."""
        self.set_header("Cache-Control", "no-store")
        record = open_record(self.environ())
        try:
            data = await asyncio.to_thread(save, record)
        except OSError as error:
            sentence = error.sentence(self.words) if isinstance(error, Trouble) else self.words["code"]["cannot_read"]
            self.set_status(500)
            self.finish(plain_page(self, "error.html", 500, sentence=sentence))
            return
        finally:
            record.close()
        today = date.today()  # noqa: DTZ011  the day on the computer that the learner is at, or as near as can be told
        self.set_header("Content-Type", "application/json")
        self.set_header("Content-Disposition", f'attachment; filename="{file_name(today)}"')
        self.finish(data)


class _Owned(Plain):
    """Answers about a kernel to the visitor that it belongs to. To everyone else it is not there."""

    async def prepare(self) -> None:  # type: ignore[override]
        """Refuse another visitor's kernel, before anything else is looked at. Who has yet to sign in is sent there."""
        await super().prepare()
        if not self._finished and not self.kernels.owned_by(self.path_kwargs["kernel_id"], visitor_of(self)):
            raise tornado.web.HTTPError(404)


class LeftKernel(_Owned):
    """Hears from a page, ours or Voila's own, that it was left."""

    def post(self, kernel_id: str) -> None:
        """Let the kernel end after a while. It may still be saving, and a page that is left is often come back to."""
        self.kernels.leave(kernel_id)
        self.set_status(204)
        self.finish()


class PageKernel(LeftKernel):
    """Says to a page of ours whether its kernel is still there, too."""

    def get(self, kernel_id: str) -> None:  # noqa: ARG002  `prepare` has looked at it
        """Answer with nothing but that it is there."""
        self.set_status(204)
        self.set_header("Cache-Control", "no-store")
        self.finish()


class StockKernel(_Owned, KernelHandler):
    """What Voila's own client asks of its kernel: what it is. It can neither end it nor start another."""

    SUPPORTED_METHODS = ("GET",)


class KernelSocket(_Owned, VoilaKernelWebsocketHandler):
    """The way between a page and its kernel: what widgets say to each other, and nothing else."""

    def write_message(self, message: bytes | dict[str, Any], binary: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002  Voila's
        """Pass on what the kernel says. To a page that has just gone, nothing."""
        with suppress(WebSocketClosedError):
            return super().write_message(message, binary)
        return None

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        """Choose the protocol. A page that went away while its line was being opened has none."""
        return super().select_subprotocol(subprotocols) if self.connection else None

    def on_message(self, ws_message: str | bytes) -> None:
        """Pass on what widgets need. Anything else is dropped without a word."""
        # In the older protocol the same bytes would mean something else, and could mean millions of parts.
        if self.selected_subprotocol == _PROTOCOL and isinstance(ws_message, bytes) and allowed(ws_message):
            super().on_message(ws_message)


def allowed(message: bytes) -> bool:
    """Whether a message of the page may reach the kernel: a widget's own, on the shell channel, whole and readable."""
    if int.from_bytes(message[:8], "little") > _MOST_PARTS:
        return False
    try:
        channel, parts = deserialize_msg_from_ws_v1(message)
        kind = json.loads(parts[0].decode())["msg_type"]
        content = json.loads(parts[3].decode())
        if channel != "shell" or kind not in ALLOWED:
            return False
        # A page may open one comm: the stock manager's, which asks for the widgets that there are.
        return bool(kind != "comm_open" or content["target_name"] == _CONTROL)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return False


class NotHere(tornado.web.RequestHandler):
    """Answers every other address in plain words."""

    def initialize(self, *, page: str = "404.html", status: int = _NOT_FOUND) -> None:
        """Take the page that has the words."""
        self.page, self.status = page, status

    def prepare(self) -> None:
        """Say that there is no such page."""
        self.set_status(self.status)
        for name, value in self.settings["headers"].items():
            self.set_header(name, value)
        self.finish(plain_page(self, self.page, self.status))


class _Guarded(tornado.web.RequestHandler):
    """What another package's handler answers, with the headers and the plain words of the rest."""

    def set_default_headers(self) -> None:
        """Carry what every answer carries."""
        for name, value in self.settings["headers"].items():
            self.set_header(name, value)

    async def get(self, *paths: str, **named: Any) -> None:
        """Answer. An address that the other cannot make sense of is not here."""
        try:
            waiting = super().get(*paths, **named)
            if waiting is not None:
                await waiting
        except (AssertionError, LookupError, OSError, ValueError) as error:
            raise tornado.web.HTTPError(404) from error

    def write_error(self, status_code: int, **_: object) -> None:
        """Give the page for what is not here, or for a fault of ours."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        refused = status_code in {403, _NOT_FOUND}
        self.finish(plain_page(self, "404.html" if refused else "error.html", status_code))


def guarded(kind: type[tornado.web.RequestHandler]) -> type[tornado.web.RequestHandler]:
    """Give a handler of another package that answers in our words."""
    return type(kind.__name__, (_Guarded, kind), {})


def plain_page(handler: tornado.web.RequestHandler, name: str, status: int, **values: object) -> str:
    """Make one of the plain pages: why there is nothing to see, or the one of the return code."""
    template = handler.settings["voila_jinja2_env"].get_template(name)
    page: str = template.render(base_url=handler.settings["base_url"], status_code=status, **values)
    return page
