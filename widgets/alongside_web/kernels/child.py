"""What runs in a kernel's own process. Loads nothing by itself, since the web server imports it to name it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

__all__ = ["become", "run"]


def run(connection_file: str, environ: Mapping[str, str], folder: str) -> None:
    """Serve one kernel until it is told to stop. The process that it was forked from has loaded all it needs."""
    os.setsid()
    _let_the_fork_server_end()
    _write_nowhere()
    become(environ, folder)

    from alongside_web.kernels.warm import serve  # noqa: PLC0415  loaded before the fork, and never in the web server

    serve(connection_file)


def become(environ: Mapping[str, str], folder: str) -> None:
    """Take over an environment, exactly, and a working directory. Raises OSError when there is no such folder."""
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(folder)


def _let_the_fork_server_end() -> None:
    """Close what would keep the fork server alive after the web server.

    It stays for as long as anyone holds its pipe, and hands the pipe to each child. Its kernels end when it does, so
    they would keep each other alive for ever.
    """
    from multiprocessing import forkserver  # noqa: PLC0415  there is none on Windows

    held: Any = forkserver._forkserver  # noqa: SLF001  there is no other way to it
    os.close(held._forkserver_alive_fd)  # noqa: SLF001  as above
    held._forkserver_alive_fd = None  # noqa: SLF001  as above


def _write_nowhere() -> None:
    """Detach from the server's terminal and log: a traceback can hold what a learner wrote."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)
    os.close(nowhere)
