"""Learning the weights from the examples. Needs scikit-learn, which trainees do not have: `alongside coding train`.

Clauses and whole replies are both learned from: text without marks stays in one piece when it is read. Each column is a
logistic regression of its own. How sure it may be, and from where on a deed may be told to a learner, comes from
replies of writers that it has not seen (Platt's scaling; precision of 0.8 or more).
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from alongside.coding.codes import ANY, BEHAVIOURS, CODES, COLUMNS, EMPATHY, HURTS, main
from alongside.coding.deeds import DEEDS, one_or_more
from alongside.coding.features import BUCKETS, features, harm_features, plain
from alongside.coding.model import Column, Head, Model
from alongside.coding.safety import flags
from alongside.coding.safety_lines import SafetyLine
from alongside.coding.voices import Example

__all__ = ["Answers", "Learned", "Row", "best_cut", "deed_answers", "rows_of", "train"]

_FOLDS = 5
_STEPS = 127  # of a weight, in a byte
_STRENGTH = 10.0  # of what keeps weights small; chosen on the course's own voices
_MAIN_STRENGTH = 0.2  # of the four main behaviours: other people's talk is far from the course's voices
_LEAST = 1e-6
# How talk is taken to share out between the four. The mean F1 counts them alike, so these are nearly alike; what
# gives back comes in more forms than any writer thinks of, and is called less than it is there. The voices, balanced
# by code, say nothing of it.
_SHARES = {"question": 0.25, "reflection": 0.32, "therapist_input": 0.23, "other": 0.20}
_SHOWN = 0.83  # precision on writers not seen: the 0.8 of the rule, and something to spare
_LIKELY = 0.5  # what is told is more likely than not, however right the rest of what is told may be
_TOLD = 0.86  # precision of harm that is told, on a list of which half only looks like it
_PASSED = 0.05  # of what hurts may go on to be praised, at writers not seen
_FEWEST = 40  # examples that a precision is measured on
_HARSH = frozenset({"confront", "direct", "minimise", "stigma", "advice", "disclosure-floor"})


@dataclass(frozen=True)
class Row:
    """One text to learn from: its features, what is so of it, the columns that it can teach, and its writer.

    `kind` is that of a line of the safety list.
    """

    features: Sequence[int]
    true: frozenset[str]
    teaches: tuple[str, ...]
    group: str
    kind: str = ""


@dataclass(frozen=True)
class Answers:
    """What a column said of each text while it did not know that text's writer, and the truth."""

    sure: Sequence[float]
    truth: Sequence[bool]

    @property
    def pairs(self) -> list[tuple[float, bool]]:
        """Both, the surest first."""
        return sorted(zip(self.sure, self.truth, strict=True), reverse=True)


@dataclass(frozen=True)
class Learned:
    """One model with its answers by column. `harm` are those on the lines of the safety list alone."""

    head: Head
    answers: Mapping[str, Answers]
    harm: Answers


_LEVELS = tuple(f"{name}{level}" for name in EMPATHY for level in (1, 2))
_ANY = f"hurt {ANY}"
_HURT = (*(f"hurt {name}" for name in HURTS), _ANY)
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
        true = frozenset({f"hurt {line.kind}", _ANY} if line.unsafe else ())
        reply, before = shape(line.reply), shape(line.previous)
        found = _harm(features(reply, before), reply, before)
        rows.append(Row(found, true, _HURT, line.group, line.kind))
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
        yield Row(_harm(found, shape(example.text), shape(example.previous)), frozenset(), _HURT, example.voice)


def _harm(whole: Sequence[int], reply: str, previous: str) -> list[int]:
    return harm_features(whole, previous, flags(reply, previous))


def train(
    examples: Sequence[Example], lines: Sequence[SafetyLine], about: Mapping[str, object]
) -> tuple[Model, Mapping[str, Learned]]:
    """Learn both models, and give what each said of writers it had not seen. `about` goes into the file with them."""
    names = ("marked", "plain")
    with ProcessPoolExecutor(len(names)) as pool:  # one kind of text has nothing to do with the other
        made = pool.map(_from_examples, repeat(examples), repeat(lines), [name == "marked" for name in names])
        learned = dict(zip(names, made, strict=True))
    shown = _thresholds(learned["marked"])
    tell, watch = _limits(learned["marked"].harm)
    return Model(learned["marked"].head, learned["plain"].head, shown, tell, watch, about), learned


def _from_examples(examples: Sequence[Example], lines: Sequence[SafetyLine], marked: bool) -> Learned:  # noqa: FBT001  mapped
    return _learned(rows_of(examples, lines, marked=marked))


def _limits(harm: Answers) -> tuple[float, float]:
    """Give the probability from which on most of what is told does hurt, and the one that misses next to none."""
    unsafe = sorted(sure for sure, true in harm.pairs if true)
    tell, watch = _least(harm.pairs, _TOLD) or 1.0, unsafe[int(_PASSED * len(unsafe))]
    return round(tell, 4), round(min(tell, watch), 4)


def _least(pairs: Sequence[tuple[float, bool]], precision: float) -> float | None:
    """Give the least probability from which on yes is right so often. `pairs` start with the surest."""
    right, least = 0, None
    for count, (sure, true) in enumerate(pairs, start=1):
        right += true
        if count >= _FEWEST and right / count >= precision:
            least = sure
    return least


def _learned(rows: Sequence[Row]) -> Learned:
    import numpy as np  # noqa: PLC0415  with scikit-learn

    matrix = _matrix(rows)
    folds = _folds(rows)
    head: dict[str, Column] = {}
    answers: dict[str, Answers] = {}
    listed: list[bool] = []
    head.update(_main(rows, matrix))
    for name in COLUMNS:
        if name in head:
            continue
        places = np.array([place for place, row in enumerate(rows) if name in row.teaches])
        truth = np.array([name in rows[place].true for place in places])
        here, fold = matrix[places], folds[places]
        sums = np.zeros(len(places))
        for held in range(_FOLDS):
            known = fold != held
            sums[~known] = _fitted(here[known], truth[known]).decision_function(here[~known])
        fitted = _fitted(here, truth)
        slope, offset = _platt(sums, truth)
        scale, steps = _in_steps(fitted.coef_[0])
        sure = 1 / (1 + np.exp(-(slope * sums + offset)))
        answers[name] = Answers(sure.tolist(), truth.tolist())
        cut = best_cut(answers[name])
        head[name] = Column(steps, scale, slope, offset + slope * float(fitted.intercept_[0]), cut)
        if name == _ANY:
            listed = [bool(rows[place].kind) for place in places]
    every = zip(answers[_ANY].sure, answers[_ANY].truth, listed, strict=True)
    harm = [(sure, true) for sure, true, in_list in every if in_list]
    return Learned(head, answers, Answers([sure for sure, _ in harm], [true for _, true in harm]))


def _main(rows: Sequence[Row], matrix: Any) -> Head:  # noqa: ANN401  SciPy's
    """Learn the four main behaviours against one another."""
    import numpy as np  # noqa: PLC0415  with scikit-learn
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  in the `dev` extra

    places = [place for place, row in enumerate(rows) if _MAIN[0] in row.teaches]
    truth = [next(name for name in BEHAVIOURS if f"main {name}" in rows[place].true) for place in places]
    fitted = LogisticRegression(C=_MAIN_STRENGTH, class_weight="balanced", max_iter=300)
    fitted.fit(matrix[np.array(places)], truth)
    head = {}
    for name, weights, offset in zip(fitted.classes_, fitted.coef_, fitted.intercept_, strict=True):
        scale, steps = _in_steps(weights)
        head[f"main {name}"] = Column(steps, scale, 1.0, float(offset) + math.log(_SHARES[name]))
    return head


def _in_steps(weights: Any) -> tuple[float, array[int]]:  # noqa: ANN401  NumPy's
    """Write weights as a byte each, and the size of a step."""
    import numpy as np  # noqa: PLC0415  with scikit-learn

    scale = max(float(np.abs(weights).max()) / _STEPS, _LEAST)
    return scale, array("b", np.rint(weights / scale).astype(np.int8).tobytes())


def best_cut(answers: Answers) -> float:
    """Give the probability from which on saying yes gives the best F1."""
    total, right, best = sum(answers.truth), 0, (0.0, 0.5)
    for count, (sure, true) in enumerate(answers.pairs, start=1):
        right += true
        best = max(best, (2 * right / (count + total), sure))
    return round(best[1], 4)


def _thresholds(learned: Learned) -> dict[str, float]:
    """Give the least probability at which each deed is right often enough to be told."""
    made = {deed: _least(deed_answers(learned, deed).pairs, _SHOWN) for deed in DEEDS}
    return {deed: round(max(least, _LIKELY), 3) for deed, least in made.items() if least is not None}


def deed_answers(learned: Learned, deed: str) -> Answers:
    """Put the answers to the codes of a deed together."""
    made = [learned.answers[code] for code in DEEDS[deed]]
    sure = [one_or_more(text) for text in zip(*(each.sure for each in made), strict=True)]
    return Answers(sure, [any(text) for text in zip(*(each.truth for each in made), strict=True)])


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
