"""Learning the weights from the examples. Needs scikit-learn, which trainees do not have: `alongside coding train`.

Clauses and whole replies are both learned from: text without marks stays in one piece when it is read. Each column is a
logistic regression of its own. How sure it may be, and from where on a deed may be told to a learner, comes from
replies of writers that it has not seen (Platt's scaling; precision of 0.8 or more).
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from alongside.coding.codes import BEHAVIOURS, CODES, COLUMNS, EMPATHY, HURTS, main
from alongside.coding.deeds import DEEDS, likely
from alongside.coding.features import BUCKETS, features, harm_features, plain
from alongside.coding.model import Column, Head, Model
from alongside.coding.safety import flags
from alongside.coding.safety_lines import SafetyLine
from alongside.coding.voices import Example

__all__ = ["Learned", "Row", "rows_of", "train"]

_FOLDS = 5
_STEPS = 127  # of a weight, in a byte
_STRENGTH = 10.0  # of what keeps weights small; chosen on the course's own voices
_LEAST = 1e-6
_SHOWN = 0.83  # precision on writers not seen: the 0.8 of the rule, and something to spare
_FEWEST = 40  # examples that a precision is measured on
_HARSH = frozenset({"confront", "direct", "minimise", "stigma", "advice", "disclosure-floor"})


@dataclass(frozen=True)
class Row:
    """One text to learn from: its features, what is so of it, the columns that it can teach, and its writer."""

    features: Sequence[int]
    true: frozenset[str]
    teaches: tuple[str, ...]
    group: str


@dataclass(frozen=True)
class Learned:
    """One model with what it said of each clause while it did not know that clause's writer, and the truth."""

    head: Head
    unseen: Sequence[Mapping[str, float]]
    found: Sequence[frozenset[str]]
    truth: Sequence[frozenset[str]]
    groups: Sequence[str]


_LEVELS = tuple(f"{name}{level}" for name in EMPATHY for level in (1, 2))
_HURT = tuple(f"hurt {name}" for name in HURTS)
_MAIN = tuple(f"main {name}" for name in BEHAVIOURS)


def rows_of(examples: Iterable[Example], lines: Iterable[SafetyLine], *, marked: bool) -> list[Row]:
    """Make rows of replies and of their clauses, with marks and capitals or without."""
    shape: Callable[[str], str] = (lambda text: text) if marked else plain
    rows: list[Row] = []
    for example in examples:
        before, count = shape(example.previous), len(example.clauses)
        whole = features(shape(example.text), before)
        for place, clause in enumerate(example.clauses):
            found = features(shape(clause.text), before, place=place, count=count) if count > 1 else whole
            rows.append(Row(found, clause.codes | {f"main {main(clause.codes)}"}, (*CODES, *_MAIN), example.voice))
        rows.extend(_whole(example, whole, shape))
    for line in lines:
        true = frozenset({f"hurt {line.kind}"} if line.unsafe else ())
        rows.append(Row(_harm(shape(line.reply), shape(line.previous)), true, _HURT, line.group))
    return rows


def _whole(example: Example, found: Sequence[int], shape: Callable[[str], str]) -> Iterator[Row]:
    """Make the rows that a whole reply gives, beside those of its clauses."""
    if len(example.clauses) > 1:
        yield Row(found, example.codes | {f"main {main(example.codes)}"}, (*CODES, *_MAIN), example.voice)
    if example.levels:
        reached = zip(EMPATHY, example.levels, strict=True)
        true = {f"{name}{level}" for name, most in reached for level in (1, 2) if most >= level}
        yield Row(found, frozenset(true), _LEVELS, example.voice)
    if not example.codes & _HARSH:
        found = _harm(shape(example.text), shape(example.previous))
        yield Row(found, frozenset(), _HURT, example.voice)


def _harm(reply: str, previous: str) -> list[int]:
    return harm_features(reply, previous, flags(reply, previous))


def train(
    examples: Sequence[Example], lines: Sequence[SafetyLine], about: Mapping[str, object]
) -> tuple[Model, Mapping[str, Learned]]:
    """Learn both models, and give what each said of writers it had not seen. `about` goes into the file with them."""
    learned = {name: _learned(rows_of(examples, lines, marked=name == "marked")) for name in ("marked", "plain")}
    shown = _thresholds(learned["marked"])
    return Model(learned["marked"].head, learned["plain"].head, shown, about), learned


def _learned(rows: Sequence[Row]) -> Learned:
    import numpy as np  # noqa: PLC0415  with scikit-learn

    matrix = _matrix(rows)
    folds = _folds(rows)
    head: dict[str, Column] = {}
    coded = [place for place, row in enumerate(rows) if CODES[0] in row.teaches]
    said: dict[str, Any] = {}
    for name in COLUMNS:
        places = np.array([place for place, row in enumerate(rows) if name in row.teaches])
        truth = np.array([name in rows[place].true for place in places])
        here, fold = matrix[places], folds[places]
        sums = np.zeros(len(places))
        for held in range(_FOLDS):
            known = fold != held
            sums[~known] = _fitted(here[known], truth[known]).decision_function(here[~known])
        fitted = _fitted(here, truth)
        slope, offset = _platt(sums, truth)
        # A column that has no use for its sum never speaks.
        scale = max(float(np.abs(fitted.coef_[0]).max()) / _STEPS, _LEAST)
        steps = array("b", np.rint(fitted.coef_[0] / scale).astype(np.int8).tobytes())
        sure = 1 / (1 + np.exp(-(slope * sums + offset)))
        head[name] = Column(steps, scale, slope, offset + slope * float(fitted.intercept_[0]), _cut(sure, truth))
        if name in CODES:
            said[name] = sure
    unseen = [{name: float(said[name][at]) for name in CODES} for at in range(len(coded))]
    found = [frozenset(name for name, sure in each.items() if sure >= head[name].cut) for each in unseen]
    return Learned(head, unseen, found, [rows[at].true for at in coded], [rows[at].group for at in coded])


def _cut(sure: Any, truth: Any) -> float:  # noqa: ANN401  NumPy's
    """Give the probability from which on saying yes gives the best F1."""
    import numpy as np  # noqa: PLC0415  with scikit-learn

    order = np.argsort(-sure)
    right = np.cumsum(truth[order])
    best = int(np.argmax(2 * right / (np.arange(1, len(order) + 1) + truth.sum())))
    return round(float(sure[order[best]]), 4)


def _thresholds(learned: Learned) -> dict[str, float]:
    """Give the least probability at which each deed is right often enough to be told."""
    found = {}
    for deed, codes in DEEDS.items():
        pairs = sorted(
            (
                (likely(said, deed), bool(true & set(codes)))
                for said, true in zip(learned.unseen, learned.truth, strict=True)
            ),
            reverse=True,
        )  # fmt: skip
        right, best = 0, None
        for count, (sure, true) in enumerate(pairs, start=1):
            right += true
            if count >= _FEWEST and right / count >= _SHOWN:
                best = sure
        if best is not None:
            found[deed] = round(best, 3)
    return found


def _matrix(rows: Sequence[Row]) -> Any:  # noqa: ANN401  SciPy's, without types
    import numpy as np  # noqa: PLC0415  with scikit-learn
    from scipy.sparse import csr_matrix  # noqa: PLC0415  as above

    places = np.concatenate([np.array(row.features, dtype=np.int32) for row in rows])
    starts = np.cumsum([0, *(len(row.features) for row in rows)])
    values = np.concatenate([np.full(len(row.features), len(row.features) ** -0.5) for row in rows])
    return csr_matrix((values, places, starts), shape=(len(rows), BUCKETS))


def _folds(rows: Sequence[Row]) -> Any:  # noqa: ANN401  NumPy's
    """Give each row the number of its fold. A writer is never in two, and folds are near the same size."""
    import numpy as np  # noqa: PLC0415  with scikit-learn

    sizes: dict[str, int] = {}
    for row in rows:
        sizes[row.group] = sizes.get(row.group, 0) + 1
    order = sorted(sizes, key=lambda name: (-sizes[name], name))
    fold = {group: place % _FOLDS for place, group in enumerate(order)}
    return np.array([fold[row.group] for row in rows])


def _fitted(matrix: Any, truth: Any) -> Any:  # noqa: ANN401  SciPy's, NumPy's and scikit-learn's
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  in the `dev` extra

    # Rare codes count for more, or they would never be said.
    return LogisticRegression(
        C=_STRENGTH, solver="liblinear", dual=True, class_weight="balanced", tol=1e-2, max_iter=300
    ).fit(matrix, truth)


def _platt(sums: Any, truth: Any) -> tuple[float, float]:  # noqa: ANN401  NumPy's
    """Find what turns sums of unseen texts into probabilities that come true as often as they say."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  in the `dev` extra

    fitted = LogisticRegression(C=1e6).fit(sums.reshape(-1, 1), truth)
    return float(fitted.coef_[0][0]), float(fitted.intercept_[0])
