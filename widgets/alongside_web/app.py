"""Voila for this course: its home page at `/`, its notebooks and no others, and a space of its own for each visitor."""

from __future__ import annotations

import os
from functools import partial
from typing import Any

import tornado.httpserver
import tornado.ioloop
import tornado.netutil
import tornado.web
from jupyter_server.base.handlers import FileFindHandler
from jupyter_server.utils import url_path_join
from traitlets import Bool, Int, Unicode
from voila.static_file_handler import AllowListFileHandler, MultiStaticFileHandler, TemplateStaticFileHandler
from voila.tornado.handler import TornadoVoilaHandler

from alongside.record import Place
from alongside.record.codes import code_words
from alongside.record.space import PLACE, home_folder
from alongside_web.code_pages import CodeDesk, code_routes
from alongside_web.documents import Documents
from alongside_web.handlers import (
    CourseHandler,
    Forgotten,
    LeftKernel,
    RoomHandler,
    SavedWork,
    StockKernel,
    guarded,
)
from alongside_web.server import KERNEL, PageServer
from alongside_web.settings import OWN_COMPUTER, voila_settings
from alongside_web.stock import StockPages
from alongside_web.visitors import SEAL, Seal

__all__ = ["AlongsideVoila"]

HOME = "home.ipynb"
_SPARE, _SPARE_SHARED = 1, 4  # kernels that wait for the next page
_KEPT = (AllowListFileHandler, MultiStaticFileHandler, TemplateStaticFileHandler, FileFindHandler)
_MOST_BYTES = 100_000  # of a form: the longest holds a return code
_SERVER_KEY = "server.key"


class AlongsideVoila(PageServer):
    """Voila with the course's settings. Serves `modules/` under the course's root."""

    proxy = Bool(help="A proxy in front names each visitor's address and whether they came by https.").tag(config=True)
    shared = Bool(help="Several people use this server: give each browser a space of its own.").tag(config=True)
    most = Int(100, help="How many pages may be open at once. Each takes about 20 MB.").tag(config=True)
    jupyter = Unicode(help="The path of the Jupyter server that stands in front, if one does.").tag(config=True)
    socket = Unicode(help="A socket in the file system to listen on, in place of an address and port.").tag(config=True)

    def initialize(self, argv: list[str] | None = None) -> None:
        """Set what the course needs, then let Voila start as it does."""
        about = {
            "lab": url_path_join(self.jupyter, "lab") if self.jupyter else "",
            "shared": self.shared,
            "visit": os.environ.get(PLACE) == Place.VISIT,
        }
        settings = voila_settings(self.catalog, about)
        settings.CourseKernels.most = self.most
        settings.CourseKernels.spare = _SPARE_SHARED if self.shared else _SPARE
        # A Jupyter server in front names its sign-in cookie after the host, and this one would take it for its own.
        settings.IdentityProvider.cookie_name = "alongside-reader"
        settings.IdentityProvider.cookie_options = {"samesite": "Lax"}
        self.root_dir = str(self.catalog.root / "modules")
        self.update_config(settings)
        super().initialize(argv)
        self.tornado_settings |= {
            # On one's own computer only its own names are answered: another site's name, pointed here, is refused.
            # A shared one has its proxy in front, which comes with the public name.
            "allow_remote_access": bool(self.shared or self.jupyter or self.ip not in OWN_COMPUTER),
            # A Jupyter server in front has a cookie of the same name. With two paths a browser sends both, its script
            # reads the first and a server the last, so each would refuse what the other gave. One path, one cookie.
            "xsrf_cookie_kwargs": {"path": self.jupyter or self.base_url, "samesite": "Lax"},
        }
        if self.shared:
            self.tornado_settings[SEAL] = Seal(home_folder() / _SERVER_KEY)

    def listen(self) -> None:
        """Listen as Voila does; or on a socket that this account alone can open, for the server in front."""
        if not self.socket:
            self.app.listen = partial(self.app.listen, xheaders=self.proxy, max_body_size=_MOST_BYTES)
            super().listen()
            return
        # Nobody but the server in front can write here, so what it says of the visitor's https is true.
        server = tornado.httpserver.HTTPServer(self.app, xheaders=True, max_body_size=_MOST_BYTES)
        server.add_socket(tornado.netutil.bind_unix_socket(self.socket))
        self.ioloop = tornado.ioloop.IOLoop.current()
        try:
            self.ioloop.start()
        finally:
            self.stop()

    def say_address(self) -> None:
        """Say where the course is, unless another server in front says it."""
        if not self.socket:
            print(f"The course is open at {self.address()}\nTo stop it, press Ctrl+C here.", flush=True)

    def init_handlers(self) -> list[Any]:
        """Keep what Voila's pages load, and put the course's own answers in place of the rest."""
        resources = {**self.voila_configuration.config.VoilaConfiguration.resources, "base_url": self.base_url}
        documents = Documents(self.catalog.root, self.template_paths, resources, self.fronts, self.contents_manager)
        pages = {
            "documents": documents,
            "fronts": self.fronts,
            "stock": StockPages(self.voila_configuration),
        }
        words, own = self.catalog.words, {"fronts": self.fronts}
        codes = code_routes(CodeDesk(code_words(self.catalog.root)), words) if self.shared else []
        handlers = self.routes(
            *codes,
            (r"/voila/work/save", SavedWork, {**own, "words": words}),
            (r"/voila/work/deleted", Forgotten),
            ("/", guarded(tornado.web.RedirectHandler), {"url": self._home(), "permanent": False}),
            (r"/voila/room", RoomHandler),
            (rf"/voila/api/shutdown/{KERNEL}", LeftKernel),
            (rf"/api/kernels/{KERNEL}", StockKernel),
        )
        for route in super().init_handlers():
            if route[1] is TornadoVoilaHandler:
                handlers.append((route[0], CourseHandler, {**route[2], **pages}))
            elif route[1] in _KEPT:
                handlers.append((route[0], guarded(route[1]), *route[2:]))
        return handlers

    def _home(self) -> str:
        return url_path_join(self.base_url, "voila", "render", HOME)
