"""For every test: nothing touches the record of whoever runs the tests."""

from __future__ import annotations

import os
import tempfile

import pytest

_KEPT = pytest.StashKey[tempfile.TemporaryDirectory[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Give the whole run a space of its own, unless whoever started it has. Workers inherit it."""
    if not os.environ.get("ALONGSIDE_HOME"):
        folder = tempfile.TemporaryDirectory(prefix="alongside-tests-")
        config.stash[_KEPT] = folder
        os.environ["ALONGSIDE_HOME"] = folder.name
    for name in ("ALONGSIDE_ROOT", "ALONGSIDE_BANK", "ALONGSIDE_VISITOR"):
        os.environ.pop(name, None)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Take the space away again, where it was ours."""
    folder = config.stash.get(_KEPT, None)
    if folder is not None:
        folder.cleanup()
        os.environ.pop("ALONGSIDE_HOME", None)
