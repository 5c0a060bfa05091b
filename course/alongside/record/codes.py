"""Return codes: four plain words that lead a learner back to their record on a website without accounts.

A code is shown once and stored nowhere. What the record is called, and the key that locks it, are worked out from it.
"""

from __future__ import annotations

import difflib
import hashlib
import math
import re
import secrets
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from alongside.record.cipher import KEY_BYTES, derived
from alongside.record.troubles import Trouble

__all__ = ["WORDS", "NotACode", "bits", "code_words", "derive", "key_of", "name_of", "new_code", "read_code", "stretch"]

WORDS = 4
_LIST = Path("course") / "words" / "code-words.txt"
# A name has to be found from the code alone, so there is no place where a salt of each record's own could be read
# first. This one keeps tables that were made for other programs from being of use here.
_SALT = b"alongside return code 1"
# 32 MB and about a quarter of a second: little for one visit, and for whoever tries all codes 100,000 years of a core.
_COST = {"n": 1 << 15, "r": 8, "p": 4}
_MEMORY = 64 << 20
_LONGEST = 200
# The sentences under `[record]`.
_WORD_NEAR = "code_word_near"
_WORD = "code_word"
_COUNT = "code_count"


class NotACode(Trouble):
    """What was typed is no return code; the sentence says what to look at."""


@lru_cache(maxsize=2)
def code_words(root: Path) -> tuple[str, ...]:
    """Give the words that codes are made of."""
    return tuple((root / _LIST).read_text(encoding="ascii").split())


def bits(words: Sequence[str]) -> float:
    """Say how hard a code is to guess: the bits of chance in it."""
    return WORDS * math.log2(len(words))


def new_code(words: Sequence[str]) -> str:
    """Make a code, by chance."""
    return " ".join(secrets.choice(words) for _ in range(WORDS))


def read_code(typed: str, words: Sequence[str]) -> str:
    """Read a code as people type it: in capitals, with hyphens, dots or many spaces. Raises NotACode."""
    if len(typed) > _LONGEST:
        raise NotACode(_COUNT, count=len(typed.split()), words=WORDS)
    plain = unicodedata.normalize("NFKC", typed).casefold()
    parts = re.findall(r"[^\W\d_]+", plain)
    known = set(words)
    for part in parts:
        if part not in known:
            near = difflib.get_close_matches(part, words, n=1, cutoff=0.7)
            raise NotACode(_WORD_NEAR if near else _WORD, word=part, near=near[0] if near else "")
    if len(parts) != WORDS:
        raise NotACode(_COUNT, count=len(parts), words=WORDS)
    return " ".join(parts)


def derive(code: str) -> bytes:
    """Work out a code's secret. Slow on purpose."""
    return stretch(code, _SALT)


def stretch(words: str, salt: bytes) -> bytes:
    """Make a secret of words that a person remembers, slowly, so that trying many takes long."""
    data = words.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(data, salt=salt, maxmem=_MEMORY, dklen=KEY_BYTES, **_COST)


def name_of(secret: bytes) -> str:
    """Give the name of the record's folder. It tells neither the code nor the key."""
    return derived(secret, "record name 1").hex()


def key_of(secret: bytes) -> bytes:
    """Give the key that the record is locked under."""
    return derived(secret, "record key 1")
