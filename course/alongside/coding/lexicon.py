"""Lists of words, read once from `lexicon.toml`."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

__all__ = ["spelled", "word_set"]


@lru_cache(maxsize=1)
def _lexicon() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("lexicon.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=8)
def word_set(name: str) -> frozenset[str]:
    """Give one of the lists: `english`, `others`, `jargon` or `common`."""
    return frozenset(_lexicon()[name].split())


def spelled(word: str) -> str:
    """Give a word in small letters its one spelling: phone spelling, and words that lost their mark."""
    found: str = _lexicon()["short"].get(word, word)
    return found
