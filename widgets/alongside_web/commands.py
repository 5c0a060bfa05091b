"""`alongside open` and `alongside preview`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from alongside.build import build
from alongside.catalog import Catalog, open_catalog

__all__ = ["open_course", "preview"]

_PORT = 8866
_MOST = 100  # about 2 GB of memory


def open_course(arguments: list[str]) -> int:
    """Start the course on this computer and open its home page. Stops with Ctrl+C."""
    parser = argparse.ArgumentParser("alongside open", description="Open the course on this computer.")
    parser.add_argument("--lab", action="store_true", help="open it in JupyterLab")
    parser.add_argument("--shared", action="store_true", help="several people use it: give each browser its own space")
    parser.add_argument("--most", type=int, default=_MOST, help=f"how many pages may be open at once (default {_MOST})")
    parser.add_argument("--no-browser", action="store_true", help="only say the address")
    parser.add_argument("--port", type=int, default=_PORT, help=f"the first port to try (default {_PORT})")
    parser.add_argument("--ip", default="127.0.0.1", help="the address to listen on (default: this computer only)")
    parser.add_argument("--base-url", default="/", help="the path that the course stands under behind a proxy")
    parser.add_argument("--jupyter", default="", metavar="PATH", help="link to JupyterLab on the server at this path")
    parser.add_argument("--proxy", action="store_true", help="believe the proxy in front about who comes, and how")
    parser.add_argument("--socket", default="", metavar="FILE", help="listen on this socket, not on an address")
    options = parser.parse_args(arguments)
    catalog = open_catalog()
    if options.lab:
        return _lab(catalog, options.port, browser=not options.no_browser)
    return _serve(catalog, options, "")


def preview(arguments: list[str]) -> int:
    """Build the course and open one module as a trainee sees it."""
    parser = argparse.ArgumentParser("alongside preview", description="Build one module and open it.")
    parser.add_argument("module", help="its name, as 02-empathy or empathy")
    parser.add_argument("--no-browser", action="store_true", help="only say the address")
    parser.add_argument("--port", type=int, default=_PORT, help=f"the first port to try (default {_PORT})")
    options = parser.parse_args(arguments)
    catalog = open_catalog()
    try:
        module = catalog.module(options.module)
    except KeyError as error:
        print(error.args[0], file=sys.stderr)
        return 1
    _, faults = build(catalog)
    for fault in faults:
        print(fault)
    options.shared, options.ip, options.base_url, options.jupyter, options.socket = False, "127.0.0.1", "/", "", ""
    options.most, options.proxy = _MOST, False
    return _serve(catalog, options, f"voila/render/{module.folder.name}/lesson.ipynb")


def _serve(catalog: Catalog, options: argparse.Namespace, page: str) -> int:
    from alongside_web.app import AlongsideVoila  # noqa: PLC0415  Voila takes a second to load

    app = AlongsideVoila(course=str(catalog.root), shared=options.shared, most=options.most)
    app.port, app.ip, app.base_url = options.port, options.ip, options.base_url
    app.jupyter, app.socket, app.proxy = options.jupyter, options.socket, options.proxy
    app.open_browser = not options.no_browser
    app.first_page = page
    app.initialize([])
    app.start()
    return 0


def _lab(catalog: Catalog, port: int, *, browser: bool) -> int:
    """Open JupyterLab on the course, with links in outputs kept from running commands (CVE-2026-42557)."""
    settings = Path(__file__).parent / "share" / "jupyter" / "lab" / "settings"
    command = [
        sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={catalog.root}", "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}", "--LabApp.default_url=/lab/tree/modules/home.ipynb",
        f"--LabApp.app_settings_dir={settings}",
    ]  # fmt: skip
    if not browser:
        command.append("--ServerApp.open_browser=False")
    if os.name == "posix" and os.geteuid() == 0:  # a container's only account; the address is this computer's own
        command.append("--allow-root")
    try:
        return subprocess.run(command, check=False, env=dict(os.environ)).returncode  # noqa: S603  our own arguments
    except KeyboardInterrupt:
        return 0
