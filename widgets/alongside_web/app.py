"""Voila for this course: its home page at `/`, its notebooks and no others, and a space of its own for each visitor."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import secrets
import threading
import webbrowser
from pathlib import Path
from typing import Any

import tornado.ioloop
import tornado.web
from jupyter_server.utils import url_path_join
from traitlets import Bool, Unicode
from voila.app import Voila
from voila.tornado.contentshandler import VoilaContentsHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.treehandler import TornadoVoilaTreeHandler

from alongside.catalog import open_catalog
from alongside_web.settings import HEADERS, VISITOR_HEADER, find_templates, voila_settings

__all__ = ["AlongsideVoila"]

HOME = "home.ipynb"
_COOKIE = "alongside-visitor"
_PAGE = re.compile(r"^(?:home|glossary|\d{2}-[a-z0-9-]+/(?:lesson|quiz))(?:\.[a-z]{2,3})?\.ipynb$")
_YEAR = 365
_OWN_COMPUTER = {"localhost", "127.0.0.1", "::1"}


class CourseHandler(TornadoVoilaHandler):
    """Serves the course's own notebooks. On a shared website, tells the kernel whose space it may use."""

    def initialize(self, *, shared: bool = False, **kwargs: Any) -> None:
        """Take Voila's own settings, and whether several people share this server."""
        super().initialize(**kwargs)
        self.shared = shared

    async def prepare(self) -> None:
        """Name the visitor before anything runs. A name that a browser sends itself is never taken over."""
        self.request.headers.pop(VISITOR_HEADER, None)
        if self.shared:
            self.request.headers[VISITOR_HEADER] = self._visitor()
        await super().prepare()
        # Reading it sets its cookie, which Voila's client needs to end the kernel of a page that is left.
        _ = self.xsrf_token

    def _visitor(self) -> str:
        """Give the visitor's folder name: a digest of a random cookie, so that no folder gives the cookie away."""
        token = self.get_cookie(_COOKIE) or ""
        if not re.fullmatch(r"[\w-]{40,64}", token):
            token = secrets.token_urlsafe(32)
            self.set_cookie(
                _COOKIE, token, expires_days=_YEAR, httponly=True, samesite="Lax", path=self.base_url,
                secure=self.request.protocol == "https",
            )  # fmt: skip
        return hashlib.sha256(token.encode()).hexdigest()

    async def get(self, path: str | None = None) -> None:
        """Serve a page of the course; anything else is not here."""
        if path is None or not _PAGE.match(path) or not (Path(self.contents_manager.root_dir) / path).is_file():
            raise tornado.web.HTTPError(404)
        await super().get(path)


class NotHere(tornado.web.RequestHandler):
    """Answers every other address in plain words."""

    def prepare(self) -> None:
        """Say that there is no such page."""
        self.set_status(404)
        for name, value in HEADERS.items():
            self.set_header(name, value)
        page = self.settings["voila_jinja2_env"].get_template("404.html")
        self.finish(page.render(base_url=self.settings["base_url"], status_code=404))


class AlongsideVoila(Voila):
    """Voila with the course's settings. Serves `modules/` under the course's root."""

    name = "voila"
    shared = Bool(help="Several people use this server: give each browser a space of its own.").tag(config=True)
    course = Unicode(help="The folder that holds the course.").tag(config=True)

    first_page = ""

    def initialize(self, argv: list[str] | None = None) -> None:
        """Set what the course needs, then let Voila start as it does."""
        catalog = open_catalog(Path(self.course) if self.course else None)
        find_templates()
        settings = voila_settings(catalog, lab=False)
        settings.VoilaConfiguration.http_header_envs = [VISITOR_HEADER]
        # A phone that sleeps for an hour comes back to a new kernel and what it had saved.
        settings.MappingKernelManager.cull_idle_timeout = 3600
        settings.MappingKernelManager.cull_interval = 300
        if os.name == "posix":
            settings.KernelManager.transport = "ipc"  # on a shared machine nobody else can listen in
        self.root_dir = str(catalog.root / "modules")
        self.log_level = logging.ERROR  # what a learner reads in the terminal is the address, and real trouble
        self.config_file_paths: list[str] = []
        self.tornado_settings = {
            "headers": HEADERS,
            "default_handler_class": NotHere,
            # On one's own computer only its own names are answered: another site's name, pointed here, is refused.
            # A shared one has its proxy in front, which comes with the public name.
            "allow_remote_access": self.shared or self.ip not in _OWN_COMPUTER,
        }
        self.update_config(settings)
        super().initialize(argv if argv is not None else [])

    def start(self) -> None:
        """Serve until stopped. Says the address once the server listens."""
        tornado.ioloop.IOLoop.current().add_callback(self._say_address)
        super().start()

    def launch_browser(self) -> None:
        """Open the first page in the person's browser."""
        threading.Thread(target=webbrowser.open, args=(self._address(),), daemon=True).start()

    def _address(self) -> str:
        return url_path_join(self.connection_url, self.first_page)

    def _say_address(self) -> None:
        print(f"The course is open at {self._address()}\nTo stop it, press Ctrl+C here.", flush=True)

    def init_handlers(self) -> list[Any]:
        """Keep Voila's handlers but for the file tree, and put the course's own in front of its pages."""
        handlers: list[Any] = [
            (
                url_path_join(self.server_url, "/"),
                tornado.web.RedirectHandler,
                {"url": self._home(), "permanent": False},
            )
        ]
        for route in super().init_handlers():
            if route[1] is TornadoVoilaHandler:
                handlers.append((route[0], CourseHandler, {**route[2], "shared": self.shared}))
            elif route[1] not in {TornadoVoilaTreeHandler, VoilaContentsHandler}:
                handlers.append(route)
        return handlers

    def _home(self) -> str:
        return url_path_join(self.base_url, "voila", "render", HOME)
