"""Voila for one instructor: the page for marking, on this computer alone, behind a token that is new each time."""

from __future__ import annotations

import logging
import os
import secrets
import threading
import webbrowser
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import tornado.ioloop
import tornado.web
from jupyter_server.utils import url_path_join
from traitlets.config import Config
from voila.app import Voila
from voila.tornado.contentshandler import VoilaContentsHandler
from voila.tornado.treehandler import TornadoVoilaTreeHandler

from alongside.catalog import Catalog
from alongside.notebook import code, dump, notebook

__all__ = ["RubricVoila", "serve"]

PAGE = "rubric.ipynb"
_TEMPLATES = Path(__file__).parents[1] / "share" / "jupyter"
# As for the course's pages: nothing may come from another host, or go to one.
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:; object-src 'none'; "
        "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def serve(catalog: Catalog, unit: str, tell: Callable[[str], object], *, port: int, browser: bool) -> None:
    """Serve the page for one unit until stopped. The folder that is served holds that page alone, and goes with it.

    `tell` is given the address, which holds the token, once the server listens.
    """
    with TemporaryDirectory(prefix="alongside-rubric-") as folder, _environment(catalog.root):
        line = f"from alongside_grading.rubrics.rubric_page import open_page; open_page({unit!r})"
        book = notebook([code("rubric", line)], {"title": catalog.words["rubric"]["title"]})
        book["metadata"]["alongside"] = {"language": catalog.language}
        (Path(folder) / PAGE).write_text(dump(book), encoding="utf-8")
        app = RubricVoila(root_dir=folder, token=secrets.token_urlsafe(32), open_browser=browser)
        app.port, app.tell, app.page_words = port, tell, catalog.words["rubric"]
        app.initialize([])
        app.start()


@contextmanager
def _environment(root: Path) -> Iterator[None]:
    """Tell the kernel which course this is, and Jupyter where the page's template lies."""
    before = {name: os.environ.get(name) for name in ("ALONGSIDE_ROOT", "JUPYTER_PATH")}
    os.environ["ALONGSIDE_ROOT"] = str(root)
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(_TEMPLATES), before["JUPYTER_PATH"]]))
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


class RubricVoila(Voila):
    """Voila with one page, for whoever has its address."""

    name = "voila"
    page_words: Mapping[str, str]
    tell: Callable[[str], object]

    def initialize(self, argv: list[str] | None = None) -> None:
        """Set what the page needs, then let Voila start as it does."""
        self.ip, self.base_url = "127.0.0.1", "/"
        self.log_level = logging.ERROR
        self.config_file_paths: list[str] = []
        self.tornado_settings = {"headers": _HEADERS, "allow_remote_access": False}
        settings: dict[str, Any] = {
            "template": "alongside-rubric",
            "theme": "light",
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "strip_sources": True,
            "show_tracebacks": False,
            "file_allowlist": [],
            "file_denylist": [".*"],
            "extension_allowlist": ["@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8",
                                    "anywidget"],
            "page_config_hook": _without_other_hosts,
            "resources": {"rubric": dict(self.page_words)},
        }  # fmt: skip
        config = Config({"VoilaConfiguration": settings, "VoilaExecutor": {"timeout": 120}})
        if os.name == "posix":
            config.KernelManager.transport = "ipc"  # on a shared machine nobody else can listen in
        self.update_config(config)
        super().initialize(argv if argv is not None else [])

    def start(self) -> None:
        """Serve until stopped. Says the address once the server listens."""
        tornado.ioloop.IOLoop.current().add_callback(self._say_address)
        super().start()

    def launch_browser(self) -> None:
        """Open the page in the person's browser."""
        threading.Thread(target=webbrowser.open, args=(self._address(),), daemon=True).start()

    def _address(self) -> str:
        return f"http://127.0.0.1:{self.port}/voila/render/{PAGE}?token={self.token}"

    def _say_address(self) -> None:
        self.tell(self._address())

    def init_handlers(self) -> list[Any]:
        """Keep Voila's handlers but for those that list files, and lead `/` to the page."""
        away = {TornadoVoilaTreeHandler, VoilaContentsHandler}
        page = url_path_join(self.base_url, "voila", "render", PAGE)
        lead = (url_path_join(self.server_url, "/"), tornado.web.RedirectHandler, {"url": page, "permanent": False})
        return [lead, *(route for route in super().init_handlers() if route[1] not in away)]


def _without_other_hosts(current: dict[str, Any], **_: object) -> dict[str, Any]:
    """Point the page's mathematics at this server: there is none, and Voila would name another host."""
    return {**current, "fullMathjaxUrl": f"{current['fullStaticUrl']}/no-mathematics.js", "mathjaxConfig": "none"}
