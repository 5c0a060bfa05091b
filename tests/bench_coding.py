"""Listening to a typed reply, beside scikit-learn doing the same kind of work. For information; it never fails.

Each is measured in a process of its own: what its import adds, what its weights add, the time for the first reply and
the median of 300. scikit-learn's model has the same n-grams and is learned from 2,000 replies of the course, which
changes its sums but not its time. Run by `make bench`.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REPLIES = 300
LEARNED = 2000
LEARNED_FILE = ROOT / ".venv" / "bench-coding.pickle"


def examples() -> list[tuple[str, str, frozenset[str]]]:
    """Replies of the course's voices with the line before and their codes."""
    from alongside.coding.voices import read_voices

    found, _ = read_voices(ROOT)
    return [(each.text, each.previous, each.codes) for each in found[:: max(1, len(found) // LEARNED)]]


def ours() -> Callable[[str, str], object]:
    """Load the coach's ear."""
    from alongside.coding.listening import listen
    from alongside.coding.model import load

    load()
    return listen


def theirs() -> Callable[[str, str], object]:
    """Load scikit-learn and a model of the same size, learned beforehand and read from a file."""
    import pickle

    words, letters, model = pickle.loads(LEARNED_FILE.read_bytes())  # noqa: S301  written by `learn` just before
    from scipy.sparse import hstack

    return lambda text, _previous: model.predict_proba(hstack([words.transform([text]), letters.transform([text])]))


def learn() -> None:
    """Learn scikit-learn's model, in a process that is not measured."""
    import pickle

    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.preprocessing import MultiLabelBinarizer

    rows = examples()
    words = HashingVectorizer(ngram_range=(1, 3), n_features=1 << 15)
    letters = HashingVectorizer(analyzer="char_wb", ngram_range=(3, 5), n_features=1 << 15)
    texts = [text for text, _, _ in rows]
    model = OneVsRestClassifier(LogisticRegression(solver="liblinear"))
    model.fit(
        hstack([words.transform(texts), letters.transform(texts)]),
        MultiLabelBinarizer().fit_transform([codes for _, _, codes in rows]),
    )
    LEARNED_FILE.write_bytes(pickle.dumps((words, letters, model)))


def measure(which: str) -> None:
    """Print what one of them takes, in this process."""
    import psutil

    process = psutil.Process()
    rows = examples()[:REPLIES]
    before, started = process.memory_info().rss, time.perf_counter()
    listen = {"ours": ours, "scikit-learn": theirs}[which]()
    loaded = time.perf_counter() - started
    listen(*rows[0][:2])
    first = time.perf_counter() - started - loaded
    times = []
    for text, previous, _ in rows:
        begin = time.perf_counter()
        listen(text, previous)
        times.append(time.perf_counter() - begin)
    grown = (process.memory_info().rss - before) / 1e6
    worst = sorted(times)[int(0.95 * len(times))]
    usual = statistics.median(times) * 1000
    say = sys.stdout.write
    say(f"{which:<14} import and load {loaded * 1000:6.0f} ms, {grown:6.1f} MB   first reply {first * 1000:6.1f} ms   ")
    say(f"a reply {usual:5.2f} ms, 95 of 100 under {worst * 1000:5.2f} ms\n")


def main() -> None:
    """Measure both."""
    weights = ROOT / "course" / "alongside" / "coding" / "weights.bin"
    sys.stdout.write(f"Listening to a typed reply (weights: {weights.stat().st_size / 1e6:.2f} MB)\n")
    sys.stdout.flush()
    for what in ("learn", "ours", "scikit-learn"):
        subprocess.run([sys.executable, __file__, what], check=True)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    elif sys.argv[1] == "learn":
        learn()
    else:
        measure(sys.argv[1])
