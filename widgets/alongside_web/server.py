"""What our servers share: Voila with pages of our own, the light client, and kernels that belong to one visitor."""

from __future__ import annotations

import logging
import os
import threading
import webbrowser
from functools import cached_property
from pathlib import Path
from typing import Any

import tornado.ioloop
from jupyter_server.utils import url_path_join
from traitlets import Unicode
from traitlets.config import Config
from voila.app import Voila

from alongside.catalog import Catalog, open_catalog
from alongside_web.fronts import Fronts
from alongside_web.handlers import ALLOWED, FrontHandler, KernelSocket, NotHere, PageKernel
from alongside_web.kernels import CourseKernels, provisioner_name
from alongside_web.settings import HEADERS, find_templates

__all__ = ["KERNEL", "PageServer"]

KERNEL = r"(?P<kernel_id>[\w-]+)"
"""A kernel's id in an address."""

_MOST_BYTES = 1_000_000  # of one message from a page; the longest text that a learner may write is 60,000 characters


class PageServer(Voila):
    """Serves pages of a course. Those who derive from it say which."""

    name = "voila"
    course = Unicode(help="The folder that holds the course.").tag(config=True)

    first_page = ""

    @cached_property
    def catalog(self) -> Catalog:
        """The course."""
        return open_catalog(Path(self.course) if self.course else None)

    @cached_property
    def fronts(self) -> Fronts:
        """What pages load."""
        return Fronts()

    def initialize(self, argv: list[str] | None = None) -> None:
        """Set what every page needs, then let Voila start as it does."""
        find_templates()
        settings = Config()
        settings.VoilaConfiguration.multi_kernel_manager_class = CourseKernels
        settings.KernelProvisionerFactory.default_provisioner_name = provisioner_name()
        # A page that is open and left alone for half an hour gives its memory back. Whoever comes back to it gets a new
        # kernel, and finds what was saved.
        settings.MappingKernelManager.cull_idle_timeout = 1800
        settings.MappingKernelManager.cull_interval = 60
        settings.MappingKernelManager.cull_connected = True
        if os.name == "posix":
            settings.KernelManager.transport = "ipc"  # on a shared machine nobody else can listen in
        self.log_level = logging.ERROR  # what a person reads in the terminal is the address, and real trouble
        self.config_file_paths: list[str] = []
        self.tornado_settings: dict[str, Any] = {
            "headers": HEADERS,
            "default_handler_class": NotHere,
            "websocket_max_message_size": _MOST_BYTES,
        }
        self.update_config(settings)
        super().initialize(argv if argv is not None else [])

    def start(self) -> None:
        """Serve until stopped. Says the address once the server listens."""
        loop = tornado.ioloop.IOLoop.current()
        loop.add_callback(lambda: self.kernel_manager.fill())  # noqa: PLW0108  there is none yet
        loop.add_callback(self.say_address)
        super().start()

    def launch_browser(self) -> None:
        """Open the first page in the person's browser."""
        threading.Thread(target=webbrowser.open, args=(self.address(),), daemon=True).start()

    def address(self) -> str:
        """Give the first page's address."""
        return url_path_join(self.connection_url, self.first_page)

    def say_address(self) -> None:
        """Tell the person where the page is."""
        raise NotImplementedError

    def init_settings(self) -> dict[str, Any]:
        """Give Voila's settings, and let pages send no more to a kernel than widgets need."""
        settings: dict[str, Any] = super().init_settings()
        self.kernel_manager.allowed_message_types = list(ALLOWED)
        settings["compress_response"] = True  # read when the application is made, before Voila adds `tornado_settings`
        course = {"words": self.catalog.words["page"], "crisis": self.catalog.course.crisis}
        settings["voila_jinja2_env"].globals.update(fronts=self.fronts.own, **course)
        return settings

    def routes(self, *pages: tuple[Any, ...]) -> list[Any]:
        """Give what is answered at which address: some pages, what they load, and the way to their kernels."""
        ours: list[tuple[Any, ...]] = [
            *pages,
            (r"/voila/front/([0-9a-f]+\.(?:js|css))", FrontHandler, {"fronts": self.fronts}),
            (rf"/voila/kernel/{KERNEL}", PageKernel),
            (rf"/api/kernels/{KERNEL}/channels", KernelSocket),
        ]
        return [(url_path_join(self.server_url, path), *rest) for path, *rest in ours]
