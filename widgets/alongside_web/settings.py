"""How Voila serves this course: one set of settings, wherever it is served."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from traitlets.config import Config

from alongside.catalog import Catalog

__all__ = [
    "HEADERS",
    "OWN_COMPUTER",
    "STOCK_POLICY",
    "TEMPLATES",
    "find_templates",
    "page_policy",
    "voila_settings",
]

TEMPLATES = Path(__file__).parent / "share" / "jupyter"
"""What Jupyter searches for templates. In a checkout the installed copy is a snapshot, so this folder comes first."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""What every answer carries. A page of the course names its own scripts beside it: `page_policy`."""

STOCK_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
"""The policy of a page that Voila's own client draws: it starts from scripts in the page, and makes some itself."""

OWN_COMPUTER = frozenset({"localhost", "127.0.0.1", "::1"})
"""The names by which a computer calls itself."""

_CELL_SECONDS = 60
_HOST = re.compile(r"[A-Za-z0-9.\-\[\]:]+")


def voila_settings(catalog: Catalog, about: Mapping[str, object] | None = None) -> Config:
    """Give Voila's settings for this course, with what each page is told.

    `about` says where JupyterLab is ("lab"), whether people share the server ("shared"), and whether all is thrown
    away after the visit ("visit").
    """
    page = {"words": dict(catalog.words["page"]), "crisis": list(catalog.course.crisis), **(about or {})}
    return Config(
        {
            "VoilaConfiguration": {
                "template": "alongside",
                "theme": "light",
                "allow_template_override": "NO",
                "allow_theme_override": "NO",
                "strip_sources": True,
                "show_tracebacks": False,
                "file_allowlist": [r".*\.(png|jpe?g|gif|webp)"],
                "file_denylist": [r".*\.(ipynb|py|json|md|toml|ya?ml|db)"],
                # Only what draws widgets: nbgrader's and notebook's own extensions fail inside a Voila page.
                "extension_allowlist": [
                    "@jupyter-widgets/jupyterlab-manager",
                    "@voila-dashboards/widgets-manager8",
                    "anywidget",
                ],
                "page_config_hook": _without_other_hosts,
                "resources": {"alongside": page},
            },
            "VoilaExecutor": {"timeout": _CELL_SECONDS},
        }
    )


def page_policy(nonce: str, host: str) -> str:
    """Give the policy of a page: scripts and styles from this server, those that carry its number, and nothing else.

    `host` is named for the socket, because older browsers do not count it under 'self'.
    """
    plain = host if _HOST.fullmatch(host) else ""
    sockets = f" ws://{plain} wss://{plain}" if plain else ""
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
        f"img-src 'self' data:; connect-src 'self'{sockets}; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )


def find_templates() -> None:
    """Let Jupyter find the page template that belongs to this code."""
    paths = os.environ.get("JUPYTER_PATH", "")
    if str(TEMPLATES) not in paths.split(os.pathsep):
        os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(TEMPLATES), paths]))


def _without_other_hosts(current: dict[str, Any], **_: object) -> dict[str, Any]:
    """Point the page's mathematics at this server: the course has none, and Voila would name another host."""
    return {**current, "fullMathjaxUrl": f"{current['fullStaticUrl']}/no-mathematics.js", "mathjaxConfig": "none"}
