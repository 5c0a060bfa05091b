"""Who is asking: a browser, known by a random cookie, or by the return code that was typed into it.

The cookie of a return code holds its secret under a key of this server's own: so nobody can make one and try codes
that way, past the limit on guesses, and whoever has the server's disk lacks the cookie.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jupyter_server.base.handlers import JupyterHandler

from alongside.record import Damaged, Place
from alongside.record.cipher import KEY_BYTES, Cipher, derived
from alongside.record.codes import key_of, name_of
from alongside.record.space import KEY, PLACE, VISITOR
from alongside.store import write_bytes

__all__ = [
    "SEAL", "Seal", "Visitor", "bring_code", "coded_visitor", "find_visitor", "forget", "leave_code", "meet_visitor",
    "visitor_of",
]  # fmt: skip

SEAL = "alongside_seal"
"""The setting that holds the server's `Seal`, where several people share it."""

_COOKIE, _CODE_COOKIE = "alongside-visitor", "alongside-code"
_TOKEN = re.compile(r"[\w-]{40,64}")
_YEAR = 365  # days
_DAY, _HOUR = 86_400, 3_600  # seconds
_CLOCK_BYTES = 8


@dataclass(frozen=True)
class Visitor:
    """A visitor: what their space and their kernels go by, their key, and whether they came with a return code."""

    name: str
    key: bytes
    coded: bool = False

    def environ(self) -> dict[str, str]:
        """Give what tells a kernel of a shared server whose space it may use."""
        place = Place.CODE if self.coded else Place.OPEN
        return {VISITOR: self.name, KEY: self.key.hex(), PLACE: place.value}


class Seal:
    """Locks a code's secret for its cookie. One that is a day old, or of another server, opens nothing."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        """Name the file of the server's key, which is made when it is first needed."""
        self._path, self._clock = path, clock
        self._cipher: Cipher | None = None

    def lock(self, secret: bytes) -> str:
        """Give a cookie for a secret. Raises OSError when the server's key cannot be kept."""
        moment = int(self._clock()).to_bytes(_CLOCK_BYTES, "big")
        return base64.urlsafe_b64encode(self._own().lock(_CODE_COOKIE, moment + secret)).decode().rstrip("=")

    def open(self, cookie: str) -> tuple[bytes, float] | None:
        """Give the secret of a cookie, and its age in seconds. None for one that is too old, or not ours."""
        try:
            data = base64.urlsafe_b64decode(cookie + "=" * (-len(cookie) % 4))
            moment = self._own().open(_CODE_COOKIE, data)
        except (Damaged, OSError, ValueError, binascii.Error):
            return None
        age = self._clock() - int.from_bytes(moment[:_CLOCK_BYTES], "big")
        return (moment[_CLOCK_BYTES:], age) if age < _DAY else None

    def _own(self) -> Cipher:
        if self._cipher is None:
            if not self._path.is_file():
                write_bytes(self._path, secrets.token_bytes(KEY_BYTES))
            self._cipher = Cipher(self._path.read_bytes())
        return self._cipher


def find_visitor(handler: JupyterHandler) -> Visitor | None:
    """Find who is asking. None: somebody who was not here before."""
    opened = _opened(handler)
    if opened is not None:
        return coded_visitor(opened[0])
    token = handler.get_cookie(_COOKIE) or ""
    return _by_token(token) if _TOKEN.fullmatch(token) else None


def meet_visitor(handler: JupyterHandler) -> Visitor:
    """Give who is asking. Whoever was not here before gets a cookie, and the day of a return code's begins anew."""
    opened = _opened(handler)
    if opened is not None and opened[1] > _HOUR:
        bring_code(handler, opened[0])
    found = find_visitor(handler)
    if found is None:
        token = secrets.token_urlsafe(32)
        _set(handler, _COOKIE, token, days=_YEAR)
        found = _by_token(token)
    return found


def visitor_of(handler: JupyterHandler) -> str:
    """Give the name of who is asking, or an empty one."""
    found = find_visitor(handler)
    return found.name if found else ""


def coded_visitor(secret: bytes) -> Visitor:
    """Give the visitor whose code has this secret."""
    return Visitor(name_of(secret), key_of(secret), coded=True)


def bring_code(handler: JupyterHandler, secret: bytes) -> None:
    """Let this browser go on as the one with this code, until it is closed or a day has passed. Raises OSError."""
    _set(handler, _CODE_COOKIE, handler.settings[SEAL].lock(secret))


def leave_code(handler: JupyterHandler) -> None:
    """Let this browser forget the code."""
    handler.clear_cookie(_CODE_COOKIE, path=handler.base_url)


def forget(handler: JupyterHandler) -> None:
    """Let this browser forget all that leads to a space here."""
    leave_code(handler)
    handler.clear_cookie(_COOKIE, path=handler.base_url)


def _opened(handler: JupyterHandler) -> tuple[bytes, float] | None:
    """Give the secret of the code that was typed into this browser, and how old its cookie is."""
    seal: Seal | None = handler.settings.get(SEAL)
    cookie = handler.get_cookie(_CODE_COOKIE)
    return seal.open(cookie) if seal and cookie else None


def _by_token(token: str) -> Visitor:
    # No folder or log gives the cookie away.
    return Visitor(hashlib.sha256(token.encode()).hexdigest(), derived(token.encode(), "visitor key 1"))


def _set(handler: JupyterHandler, name: str, value: str, days: int | None = None) -> None:
    handler.set_cookie(
        name, value, expires_days=days, httponly=True, samesite="Lax", path=handler.base_url,
        secure=handler.request.protocol == "https",
    )  # fmt: skip
