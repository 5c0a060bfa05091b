"""The weights, read from one small file, and the sums that make probabilities of them. Only the standard library."""

from __future__ import annotations

import json
import math
import zlib
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from alongside.coding.codes import COLUMNS
from alongside.coding.features import BUCKETS

__all__ = ["FILE", "Column", "Head", "Model", "NoModel", "load", "pack"]

FILE = Path(__file__).with_name("weights.bin")
_MAGIC = b"ALONGSIDE CODING 1\n"


class NoModel(Exception):
    """The file of weights is missing, torn, or of another version."""


@dataclass(frozen=True)
class Column:
    """What speaks for one answer: a weight for each feature, in steps of `scale`.

    `slope` and `offset` turn a sum into a probability (Platt's scaling). From `cut` on, the answer is given as yes.
    """

    weights: array[int]
    scale: float
    slope: float
    offset: float
    cut: float = 0.5

    def probability(self, features: Sequence[int]) -> float:
        """Say how likely the answer is yes, as often as it is so for texts with such a sum."""
        return 1 / (1 + math.exp(-max(-40.0, min(40.0, self.logit(features)))))

    def logit(self, features: Sequence[int]) -> float:
        """Give the logarithm of the odds."""
        return self.slope * self.sum(features) + self.offset

    def sum(self, features: Sequence[int]) -> float:
        """Add up the weights of some features. A long text does not weigh more than a short one."""
        return sum(map(self.weights.__getitem__, features)) * self.scale / math.sqrt(len(features) or 1)


Head = Mapping[str, Column]
"""The columns of one model, by name."""


@dataclass(frozen=True)
class Model:
    """Both models, for text with marks and for text without, and what was measured when they were learned.

    `shown` is the least probability at which each deed is told to a learner; a deed that is not in it is never told.
    `tell` and `watch` are the least at which harm is told, and at which nothing good is said any more.
    """

    marked: Head
    plain: Head
    shown: Mapping[str, float]
    tell: float
    watch: float
    about: Mapping[str, object]


def pack(model: Model) -> bytes:
    """Write a model as the one file that is shipped."""
    heads = [model.marked, model.plain]
    scales = [{name: (each.scale, each.slope, each.offset, each.cut) for name, each in head.items()} for head in heads]
    about = {"columns": COLUMNS, "buckets": BUCKETS, "scales": scales, "shown": dict(model.shown)}
    about |= {"tell": model.tell, "watch": model.watch}
    body = b"".join(head[name].weights.tobytes() for head in heads for name in COLUMNS)
    return _MAGIC + json.dumps({**about, "about": dict(model.about)}).encode() + b"\n" + zlib.compress(body, 9)


@lru_cache(maxsize=1)
def load(path: Path = FILE) -> Model:
    """Read the weights. Raises NoModel."""
    try:
        data = path.read_bytes()
        header, _, body = data.removeprefix(_MAGIC).partition(b"\n")
        about = json.loads(header)
        raw = zlib.decompress(body)
        fits = data.startswith(_MAGIC) and tuple(about["columns"]) == COLUMNS and about["buckets"] == BUCKETS
        if not fits or len(raw) != 2 * len(COLUMNS) * BUCKETS:
            raise NoModel
        half = len(COLUMNS) * BUCKETS
        heads = [_head(raw[place * half : (place + 1) * half], about["scales"][place]) for place in (0, 1)]
        return Model(heads[0], heads[1], about["shown"], about["tell"], about["watch"], about["about"])
    except (OSError, ValueError, KeyError, TypeError, IndexError, zlib.error) as error:
        raise NoModel from error


def _head(raw: bytes, scales: Mapping[str, Sequence[float]]) -> Head:
    return {
        name: Column(array("b", raw[place * BUCKETS : (place + 1) * BUCKETS]), *scales[name])
        for place, name in enumerate(COLUMNS)
    }
