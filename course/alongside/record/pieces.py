"""A file that comes in pieces, since one message from a page can carry only so much."""

from __future__ import annotations

from alongside.record.bundle import LIMIT, NotBrought

__all__ = ["Pieces"]

# Sentences under `[record]`.
_LARGE, _FOREIGN = "bundle_large", "bundle_foreign"
_BEFORE = b"\xef\xbb\xbf \t\r\n"
_OPENS = b"{"


class Pieces:
    """The pieces of one file, in order. A piece that comes twice counts once."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._name, self._data = "", bytearray()

    def add(self, name: str, start: int, piece: bytes) -> int:
        """Take the piece that starts at a place of a file. Gives the place where the next has to start.

        Raises NotBrought when the file is too large, or can be no saved work by how it begins: then no more is sent.
        """
        if name != self._name:
            self.forget()
            self._name = name
        if start == len(self._data):
            if start + len(piece) > LIMIT:
                self.forget()
                raise NotBrought(_LARGE)
            self._data += piece
        if not start and not self._data.lstrip(_BEFORE).startswith(_OPENS):
            self.forget()
            raise NotBrought(_FOREIGN)
        return len(self._data)

    def size(self, name: str) -> int:
        """Say how many bytes of a file are here."""
        return len(self._data) if name == self._name else 0

    def whole(self) -> bytes:
        """Give the file."""
        return bytes(self._data)

    def forget(self) -> None:
        """Let go of all pieces: they hold what somebody wrote."""
        self._name, self._data = "", bytearray()
