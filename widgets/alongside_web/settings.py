"""How Voila serves this course: one set of settings for its own server and for Voila in a Jupyter server (Binder)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from traitlets.config import Config

from alongside.catalog import Catalog, open_catalog

__all__ = ["HEADERS", "TEMPLATES", "VISITOR_HEADER", "configure", "find_templates", "voila_settings"]

TEMPLATES = Path(__file__).parent / "share" / "jupyter"
"""What Jupyter searches for templates. In a checkout the installed copy is a snapshot, so this folder comes first."""

VISITOR_HEADER = "X-Alongside-Visitor"

# Inline scripts are Voila's own start-up; blob: is how anywidget loads a widget's module. Nothing may come from another
# host, or go to one.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
_CELL_SECONDS = 60


def voila_settings(catalog: Catalog, *, lab: bool) -> Config:
    """Give Voila's settings for this course. `lab` puts a link to JupyterLab on each page."""
    crisis = [{"name": line.title, "how": line.how, "where": line.where} for line in catalog.course.crisis]
    page = {"words": dict(catalog.words["page"]), "crisis": crisis, "lab": lab, "course": catalog.course.title}
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


def configure(config: Config) -> None:
    """Set up Voila inside a Jupyter server, from a `voila.py`. JupyterLab is then one link away."""
    find_templates()
    config.merge(voila_settings(open_catalog(), lab=True))


def find_templates() -> None:
    """Let Jupyter find the page template that belongs to this code."""
    paths = os.environ.get("JUPYTER_PATH", "")
    if str(TEMPLATES) not in paths.split(os.pathsep):
        os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(TEMPLATES), paths]))


def _without_other_hosts(current: dict[str, Any], **_: object) -> dict[str, Any]:
    """Point the page's mathematics at this server: the course has none, and Voila would name another host."""
    return {**current, "fullMathjaxUrl": f"{current['fullStaticUrl']}/no-mathematics.js", "mathjaxConfig": "none"}
