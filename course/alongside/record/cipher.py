"""Locking what is the learner's alone. Without the key neither the words nor what they are called can be read."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from alongside.record.troubles import Damaged

__all__ = ["KEY_BYTES", "Cipher", "derived"]

KEY_BYTES = 32
_NONCE_BYTES = 12


def derived(secret: bytes, label: str) -> bytes:
    """Give a key for one use. From one of them neither the secret nor another can be found."""
    return hmac.digest(secret, f"alongside {label}".encode(), hashlib.sha256)


class Cipher:
    """Locks and opens under one key (AES-256-GCM), each text bound to its place, so that two cannot be exchanged."""

    def __init__(self, key: bytes) -> None:
        """Take a key of 32 bytes. Raises ValueError for any other."""
        if len(key) != KEY_BYTES:
            message = f"A key has {KEY_BYTES} bytes."
            raise ValueError(message)
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415  only where something is locked

        self._aead = AESGCM(derived(key, "words"))
        self._names = derived(key, "names")

    def hidden(self, *names: str) -> str:
        """Give what stands in the place of a name: the same every time, and telling nothing without the key."""
        return hmac.new(self._names, "\0".join(names).encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()

    def lock(self, place: str, data: bytes) -> bytes:
        """Lock bytes for one place."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, data, place.encode())

    def open(self, place: str, locked: bytes) -> bytes:
        """Open what was locked for this place. Raises Damaged for anything else."""
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415  as above

        try:
            return self._aead.decrypt(locked[:_NONCE_BYTES], locked[_NONCE_BYTES:], place.encode())
        except (InvalidTag, ValueError) as error:
            raise Damaged from error
