"""Who is asking: a browser, known by a random cookie. Kernels and spaces belong to one each."""

from __future__ import annotations

import hashlib
import re
import secrets

from jupyter_server.base.handlers import JupyterHandler

__all__ = ["visitor_of"]

_COOKIE = "alongside-visitor"
_TOKEN = re.compile(r"[\w-]{40,64}")
_YEAR = 365


def visitor_of(handler: JupyterHandler, *, new: bool = False) -> str:
    """Give the visitor's name: a digest of a random cookie, so that no folder or log gives the cookie away.

    Without a cookie the name is empty, or with `new` a cookie is set.
    """
    token = handler.get_cookie(_COOKIE) or ""
    if not _TOKEN.fullmatch(token):
        if not new:
            return ""
        token = secrets.token_urlsafe(32)
        handler.set_cookie(
            _COOKIE, token, expires_days=_YEAR, httponly=True, samesite="Lax", path=handler.base_url,
            secure=handler.request.protocol == "https",
        )  # fmt: skip
    return hashlib.sha256(token.encode()).hexdigest()
