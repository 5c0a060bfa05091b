"""A file is written whole or not at all."""

import json
import os

import pytest

from alongside.store import read_json, write_bytes, write_json


def test_what_is_written_is_read(tmp_path):
    """Any letters come back, and missing folders are made."""
    path = tmp_path / "a" / "b.json"
    write_json(path, {"words": "שלום 👍"})
    assert read_json(path, 1000) == {"words": "שלום 👍"}
    assert [each.name for each in path.parent.iterdir()] == ["b.json"]


@pytest.mark.parametrize("step", ["fsync", "fdopen"])
def test_a_crash_keeps_what_was_there(tmp_path, monkeypatch, step):
    """When writing stops half way, the old file is whole and nothing else is left behind."""
    path = tmp_path / "a.json"
    write_json(path, {"old": 1})

    def fail(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, step, fail)
        with pytest.raises(OSError, match="No space"):
            write_json(path, {"new": 2})
    assert read_json(path, 1000) == {"old": 1}
    assert [each.name for each in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.parametrize(
    ("raw", "why"),
    [(b"{", "torn"), (b"", "torn"), (b"\xff\xfe", "torn"), (b"[" * 100_000, "deeply"), (b" " * 2_000_000, "larger")],
    ids=["torn", "empty", "not UTF-8", "deep", "large"],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path, raw, why):
    """Each way of being broken is told in plain words."""
    path = tmp_path / "a.json"
    path.write_bytes(raw)
    with pytest.raises(ValueError, match=why):
        read_json(path, 1_000_000)


def test_bytes_take_the_place_of_what_was_there(tmp_path):
    """Writing twice leaves the second."""
    path = tmp_path / "a"
    write_bytes(path, b"one")
    write_bytes(path, json.dumps(2).encode())
    assert path.read_bytes() == b"2"
