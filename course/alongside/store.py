"""Writing a file so that a crash loses nothing that was there before: whole, or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path

__all__ = ["read_json", "unwritable", "write_bytes", "write_json"]

_PROBE = ".writable"


def write_bytes(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Write a file in one step: a new file beside it, flushed to disk, then renamed over it. Raises OSError.

    `mode` is who may read it: the owner alone, unless more is asked for.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def write_json(path: Path, data: object) -> None:
    """Write plain data as JSON, in one step. Raises OSError."""
    write_bytes(path, json.dumps(data, ensure_ascii=True, indent=1).encode())


def unwritable(folder: Path) -> str:
    """Say why nothing can be written to a folder, which is made if it is not there. Empty when all is well."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_json(folder / _PROBE, {})
        (folder / _PROBE).unlink(missing_ok=True)
    except OSError as error:
        return error.strerror or "it cannot be written"
    return ""


def read_json(path: Path, limit: int) -> object:
    """Read JSON of at most `limit` bytes.

    Raises OSError when the file cannot be read, and ValueError when it is too large, torn or nested too deeply.
    """
    with path.open("rb") as file:
        raw = file.read(limit + 1)
    if len(raw) > limit:
        message = f"it is larger than {limit // 1000} kilobytes"
        raise ValueError(message)
    try:
        return json.loads(raw)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        message = "it is torn or is not JSON"
        raise ValueError(message) from error
    except RecursionError as error:
        message = "it is nested too deeply"
        raise ValueError(message) from error
