"""The course behind a Jupyter server, as on Binder: what jupyter-server-proxy starts, and under which address.

This module is loaded by every Jupyter server that has both packages, so it loads little itself.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from alongside.catalog import open_catalog

__all__ = ["course"]

# Voila takes a second to load, and a machine that has just been given to a visitor is slow.
_START_SECONDS = 60.0


def course() -> dict[str, Any]:
    """Give jupyter-server-proxy's settings: the course's own server, at `course/` under the Jupyter server's address.

    The braces are filled in by jupyter-server-proxy. It lets nobody through who is not signed in to the Jupyter server.
    """
    return {
        # Not shared: a Jupyter server is one person's, and its environment tells whose (`record.space`).
        "command": [
            *(sys.executable, "-m", "alongside", "open", "--no-browser"),
            *("--base-url", "{base_url}course/", "--jupyter", "{base_url}"),
            *("--port", "{port}", "--socket", "{unix_socket}"),
        ],
        # The address that the browser sees is the one that our server sees, so its links, redirects, cookies and
        # websocket need no rewriting. Host and Origin come through as the browser sent them, so that the check of one
        # against the other stays on and passes.
        "absolute_url": True,
        # A port would let in whoever else has an account on the machine, past the Jupyter server's sign-in. Windows has
        # no such socket in Python, and there the port is used.
        "unix_socket": os.name == "posix",
        "timeout": _START_SECONDS,
        "new_browser_tab": True,
        "launcher_entry": {"title": open_catalog().course.title, "category": "Other"},
    }
