"""What every kernel of the web pages needs, loaded once in the process that they are forked from."""

from __future__ import annotations

import gc
import importlib
import logging
import os
import pkgutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import ipywidgets
import zmq
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.history import HistoryManager
from traitlets import default

import alongside_widgets
from alongside.catalog import open_catalog
from alongside.coding.listening import listen
from alongside.coding.model import NoModel
from alongside.course import read_course, read_words
from alongside.record import PRACTICE, Place, Record, Space
from alongside.record.cipher import KEY_BYTES
from alongside_widgets.practice import Practice
from alongside_widgets.progress import Progress
from alongside_widgets.reflection import Writing
from alongside_widgets.roleplay import RolePlay

__all__ = ["serve"]

_LOADED_LATE = (
    "alongside.coding.coach",
    "alongside.explore",
    "alongside.cli",  # the web server's own script, which the standard library runs up to its `main` in each child
    "cryptography.hazmat.primitives.ciphers.aead",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "ipykernel.debugger",
    "tornado.platform.asyncio",
)


class PageShell(ZMQInteractiveShell):
    """Runs a page's cells. Leaves the environment as it was given."""

    def init_environment(self) -> None:
        """Set nothing for commands in a terminal: no page runs any."""


class PageKernel(IPythonKernel):
    """The kernel of a page."""

    shell_class = PageShell


class PageApp(IPKernelApp):
    """Starts a kernel with no more threads than a page needs."""

    @default("ipython_dir")
    def _beside_the_connection_file(self) -> str:
        """Use nobody's own settings or start-up files, and write nothing to a home folder."""
        folder = Path(self.connection_file).parent / "ipython"
        folder.mkdir(mode=0o700, exist_ok=True)
        return str(folder)

    def parse_command_line(self, argv: object = None) -> None:
        """Read no command line: this process has the web server's."""

    def init_pdb(self) -> None:
        """Leave the debugger alone: no page is debugged."""

    def init_control(self, context: zmq.Context[Any]) -> None:
        """Open the control channel, without the thread for subshells: a page has one thing to do at a time."""
        super().init_control(context)
        self.shell_channel_thread = None

    def init_gui_pylab(self) -> None:
        """Leave plotting alone: no page draws a plot, and it would change the environment."""


def serve(connection_file: str) -> None:
    """Serve the kernel that a connection file describes, until it is told to stop or the fork server is gone."""
    HistoryManager.enabled = False  # type: ignore[assignment]  # what was run is kept nowhere
    app = PageApp.instance(
        connection_file=connection_file,
        kernel_class=PageKernel,
        parent_handle=os.getppid(),
        capture_fd_output=False,
        log_level=logging.CRITICAL,
    )
    app.initialize()
    ipywidgets.register_comm_target()  # done on import in a kernel, and here the import came first
    try:
        app.start()
    finally:
        app.close()


def _load_the_rest() -> None:
    """Load what kernels, and widgets, would only load when they start or are first shown."""
    # No page is debugged, and the debugger would take more time and memory than all else that a kernel does.
    sys.modules["debugpy"] = None  # type: ignore[assignment]
    for name in _LOADED_LATE:
        importlib.import_module(name)
    for module in pkgutil.iter_modules(alongside_widgets.__path__, f"{alongside_widgets.__name__}."):
        importlib.import_module(module.name)


def _rehearse() -> None:
    """Show a module's activities to nobody, so that what is made on first use is there before the fork.

    A page's cells then take a third less time. The course's files are read anew for each page all the same.
    """
    with tempfile.TemporaryDirectory() as folder:
        record = Record(Space(Path(folder), Place.OPEN), bytes(KEY_BYTES))
        _show_all(record)
        record.close()
    ipywidgets.Widget.close_all()
    read_course.cache_clear()
    read_words.cache_clear()


def _show_all(record: Record) -> None:
    catalog = open_catalog()
    module = next(module for module in catalog.modules if module.scenarios)
    course, words, language = catalog.course, catalog.words, catalog.language
    record.put(PRACTICE, "rehearsal", {})
    for scenario in module.scenarios.values():
        RolePlay(scenario, module.id, course, words, record)
    for reflection in module.reflections.values():
        Writing(reflection, module.id, words, record, language)
    Practice(list(module.questions.values()), module.id, course, words, record, language)
    Progress(catalog, record, only=module)
    with suppress(NoModel):  # then no page can listen: own words are not asked for, and the lab says so
        listen("How was it?", "It was a long day.")


_load_the_rest()
with suppress(
    Exception
):  # a page tells a learner what is wrong with the course's files, and `alongside check` an author
    _rehearse()
gc.collect()
gc.freeze()  # the collector never looks at what is loaded, so those pages of memory stay shared
