"""Voila for this course: its home page at `/`, its notebooks and no others, and a space of its own for each visitor."""

from __future__ import annotations

import logging
import os
import threading
import webbrowser
from functools import cached_property
from pathlib import Path
from typing import Any

import tornado.httpserver
import tornado.ioloop
import tornado.netutil
import tornado.web
from jupyter_server.base.handlers import FileFindHandler
from jupyter_server.utils import url_path_join
from traitlets import Bool, Int, Unicode
from voila.app import Voila
from voila.static_file_handler import AllowListFileHandler, MultiStaticFileHandler, TemplateStaticFileHandler
from voila.tornado.handler import TornadoVoilaHandler

from alongside.catalog import open_catalog
from alongside_web.documents import Documents
from alongside_web.fronts import Fronts
from alongside_web.handlers import (
    ALLOWED,
    CourseHandler,
    FrontHandler,
    KernelSocket,
    NotHere,
    PageKernel,
    StockKernel,
    StockShutdown,
)
from alongside_web.kernels import CourseKernels, provisioner_name
from alongside_web.settings import HEADERS, find_templates, voila_settings
from alongside_web.stock import StockPages

__all__ = ["AlongsideVoila"]

HOME = "home.ipynb"
_SPARE, _SPARE_SHARED = 1, 4  # kernels that wait for the next page
_KEPT = (AllowListFileHandler, MultiStaticFileHandler, TemplateStaticFileHandler, FileFindHandler)
_OWN_COMPUTER = {"localhost", "127.0.0.1", "::1"}
_KERNEL = r"(?P<kernel_id>[\w-]+)"
_MOST_BYTES = 1_000_000  # of one message from a page; the longest text that a learner may write is 60,000 characters


class AlongsideVoila(Voila):
    """Voila with the course's settings. Serves `modules/` under the course's root."""

    name = "voila"
    shared = Bool(help="Several people use this server: give each browser a space of its own.").tag(config=True)
    most = Int(100, help="How many pages may be open at once. Each takes about 20 MB.").tag(config=True)
    course = Unicode(help="The folder that holds the course.").tag(config=True)
    jupyter = Unicode(help="The path of the Jupyter server that stands in front, if one does.").tag(config=True)
    socket = Unicode(help="A socket in the file system to listen on, in place of an address and port.").tag(config=True)

    first_page = ""

    @cached_property
    def fronts(self) -> Fronts:
        """What pages load."""
        return Fronts()

    def initialize(self, argv: list[str] | None = None) -> None:
        """Set what the course needs, then let Voila start as it does."""
        catalog = open_catalog(Path(self.course) if self.course else None)
        find_templates()
        settings = voila_settings(catalog, lab=url_path_join(self.jupyter, "lab") if self.jupyter else "")
        settings.VoilaConfiguration.multi_kernel_manager_class = CourseKernels
        settings.KernelProvisionerFactory.default_provisioner_name = provisioner_name()
        # A page that is open and left alone for half an hour gives its memory back. Whoever comes back to it gets a new
        # kernel, and finds what was saved.
        settings.MappingKernelManager.cull_idle_timeout = 1800
        settings.MappingKernelManager.cull_interval = 60
        settings.MappingKernelManager.cull_connected = True
        settings.CourseKernels.most = self.most
        settings.CourseKernels.spare = _SPARE_SHARED if self.shared else _SPARE
        # A Jupyter server in front names its sign-in cookie after the host, and this one would take it for its own.
        settings.IdentityProvider.cookie_name = "alongside-reader"
        if os.name == "posix":
            settings.KernelManager.transport = "ipc"  # on a shared machine nobody else can listen in
        self.root_dir = str(catalog.root / "modules")
        self.log_level = logging.ERROR  # what a learner reads in the terminal is the address, and real trouble
        self.config_file_paths: list[str] = []
        self.tornado_settings = {
            "headers": HEADERS,
            "default_handler_class": NotHere,
            "compress_response": True,
            "websocket_max_message_size": _MOST_BYTES,
            # On one's own computer only its own names are answered: another site's name, pointed here, is refused.
            # A shared one has its proxy in front, which comes with the public name.
            "allow_remote_access": self.shared or self.ip not in _OWN_COMPUTER,
            # A Jupyter server in front has a cookie of the same name. With two paths a browser sends both, its script
            # reads the first and a server the last, so each would refuse what the other gave. One path, one cookie.
            "xsrf_cookie_kwargs": {"path": self.jupyter or self.base_url},
        }
        self.update_config(settings)
        super().initialize(argv if argv is not None else [])

    def start(self) -> None:
        """Serve until stopped. Says the address once the server listens."""
        loop = tornado.ioloop.IOLoop.current()
        loop.add_callback(lambda: self.kernel_manager.fill())  # noqa: PLW0108  there is none yet
        if not self.socket:
            loop.add_callback(self._say_address)
        super().start()

    def listen(self) -> None:
        """Listen as Voila does; or on a socket that this account alone can open, for the server in front."""
        if not self.socket:
            super().listen()
            return
        # Nobody but the server in front can write here, so what it says of the visitor's https is true.
        server = tornado.httpserver.HTTPServer(self.app, xheaders=True)
        server.add_socket(tornado.netutil.bind_unix_socket(self.socket))
        self.ioloop = tornado.ioloop.IOLoop.current()
        try:
            self.ioloop.start()
        finally:
            self.stop()

    def launch_browser(self) -> None:
        """Open the first page in the person's browser."""
        threading.Thread(target=webbrowser.open, args=(self._address(),), daemon=True).start()

    def _address(self) -> str:
        return url_path_join(self.connection_url, self.first_page)

    def _say_address(self) -> None:
        print(f"The course is open at {self._address()}\nTo stop it, press Ctrl+C here.", flush=True)

    def init_settings(self) -> dict[str, Any]:
        """Give Voila's settings, and let pages send no more to a kernel than widgets need."""
        settings: dict[str, Any] = super().init_settings()
        self.kernel_manager.allowed_message_types = list(ALLOWED)
        settings["voila_jinja2_env"].globals["page_css"] = self.fronts.own("page.css")
        return settings

    def init_handlers(self) -> list[Any]:
        """Keep what Voila's pages load, and put the course's own answers in place of the rest."""
        catalog = open_catalog(Path(self.course) if self.course else None)
        resources = {**self.voila_configuration.config.VoilaConfiguration.resources, "base_url": self.base_url}
        documents = Documents(catalog.root, self.template_paths, resources, self.fronts, self.contents_manager)
        pages = {
            "documents": documents,
            "fronts": self.fronts,
            "stock": StockPages(self.voila_configuration),
            "shared": self.shared,
        }
        ours: list[tuple[Any, ...]] = [
            ("/", tornado.web.RedirectHandler, {"url": self._home(), "permanent": False}),
            (r"/voila/front/([0-9a-f]+\.(?:js|css))", FrontHandler, {"fronts": self.fronts}),
            (rf"/voila/kernel/{_KERNEL}", PageKernel),
            (rf"/voila/api/shutdown/{_KERNEL}", StockShutdown),
            (rf"/api/kernels/{_KERNEL}", StockKernel),
            (rf"/api/kernels/{_KERNEL}/channels", KernelSocket),
        ]
        handlers: list[Any] = [(url_path_join(self.server_url, path), *rest) for path, *rest in ours]
        for route in super().init_handlers():
            if route[1] is TornadoVoilaHandler:
                handlers.append((route[0], CourseHandler, {**route[2], **pages}))
            elif route[1] in _KEPT:
                handlers.append(route)
        return handlers

    def _home(self) -> str:
        return url_path_join(self.base_url, "voila", "render", HOME)
