"""A server for one instructor: the page for marking, on this computer alone, behind a token that is new each time."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import tornado.web
from traitlets import Unicode

from alongside.catalog import Catalog
from alongside.notebook import code, dump, notebook
from alongside_web.documents import Document
from alongside_web.handlers import NotHere, PageHandler
from alongside_web.server import PageServer
from alongside_web.settings import HEADERS, voila_settings

__all__ = ["RubricServer", "serve"]

_TEMPLATES = Path(__file__).parents[1] / "share" / "rubric"
_PAGE = "rubric"


def serve(catalog: Catalog, unit: str, tell: Callable[[str], object], *, port: int, browser: bool) -> None:
    """Serve the page for one unit until stopped. `tell` is given the address, which holds the token."""
    app = RubricServer(course=str(catalog.root), unit=unit, token=secrets.token_urlsafe(32), open_browser=browser)
    app.port, app.tell = port, tell
    app.initialize()
    app.start()


class RubricHandler(PageHandler):
    """Serves the page. Whoever has no token is sent away before."""

    def initialize(self, *, document: Document, **kwargs: Any) -> None:  # type: ignore[override]
        """Take the page's text and what it loads."""
        super().initialize(**kwargs)
        self.document = document

    async def get(self) -> None:
        """Send the page. Its kernel runs in a folder that is this server's own and goes with it."""
        await self.send(_PAGE, self.document, self.kernels.connection_dir)


class RubricServer(PageServer):
    """Serves one page to whoever has its address."""

    unit = Unicode(help="The unit whose answers are marked.").tag(config=True)
    tell: Callable[[str], object]

    def initialize(self, argv: list[str] | None = None) -> None:
        """Set what the page needs, then let Voila start as it does."""
        self.ip, self.base_url, self.first_page = "127.0.0.1", "/", f"{_PAGE}?token={self.token}"
        settings = voila_settings(self.catalog)
        settings.VoilaExecutor.timeout = 120  # seconds: every answer is read before the page is there
        settings.CourseKernels.spare = 0
        self.update_config(settings)
        super().initialize(argv)
        self.template_paths.insert(0, str(_TEMPLATES))
        # The address holds the token, so it is told to nobody; and nothing stays in the browser.
        headers = {**HEADERS, "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
        self.tornado_settings |= {"headers": headers, "allow_remote_access": False}

    def say_address(self) -> None:
        """Tell the instructor the address."""
        self.tell(self.address())

    def init_handlers(self) -> list[Any]:
        """Answer for the page alone."""
        return self.routes(
            ("/", tornado.web.RedirectHandler, {"url": f"/{_PAGE}", "permanent": False}),
            ("/login", NotHere, {"page": "login.html", "status": 200}),
            (f"/{_PAGE}", RubricHandler, {"document": self._document(), "fronts": self.fronts}),
        )

    def _document(self) -> Document:
        """Make the page: its text, and the one cell that opens it in a kernel, which alone knows names."""
        words = self.catalog.words
        line = (
            "from alongside_grading.rubrics.rubric_page import open_page; "
            f"open_page({str(self.catalog.root)!r}, {self.unit!r})"
        )
        book = nbformat.reads(dump(notebook([code(_PAGE, line)], {"title": words["rubric"]["title"]})), as_version=4)
        not_opened = words["rubric"]["not_opened"]
        head = (
            self.app.settings["voila_jinja2_env"]
            .get_template("rubric.html.j2")
            .render(
                nb=book,
                language=self.catalog.language,
                client=self.fronts.client(),
                resources={"base_url": self.base_url},
                words={**words["page"], "broken": not_opened, "failed": not_opened},
                opening=words["rubric"]["opening"],
            )
        )
        return Document(head, tuple(book.cells))
