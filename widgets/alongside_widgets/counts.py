"""What one's own replies did over time, in words and as a table. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from alongside.tries import LAST, LEAST, Span, Try, add_up, by_day, in_sentences, when
from alongside_widgets.base import View, fill

__all__ = ["counts_view"]

Words = Mapping[str, Mapping[str, str]]
_COLUMNS = ("table_tries", "table_back", "table_questions", "table_open", "table_advice", "table_unsure")
_FROM = ("reflections", "questions", "open", "advice", "unsure")


def counts_view(tries: Sequence[Try], words: Words, notes: Iterable[str]) -> View:
    """Give what is said of the last tries, a picture of it in two numbers, and a table by day or week."""
    said = words["lab"]
    last = add_up(tries[-LAST:])
    spans = by_day(tries)
    rows = [[when(span, words), span.tries, *(span[name] for name in _FROM)] for span in spans]
    first = "table_day" if all(span.first == span.last for span in spans) else "table_week"
    return {
        "title": said["counts_title"],
        "said": in_sentences(last, said),
        "picture": _picture(last, said) if last and last.tries >= LEAST else None,
        "table": {"head": [said[first], *(said[name] for name in _COLUMNS)], "rows": rows} if rows else None,
        "notes": [note for note in notes if note],
    }


def _picture(last: Span, said: Mapping[str, str]) -> View:
    counts = {"reflections": last["reflections"], "questions": last["questions"]}
    bars = [(said["picture_back"], counts["reflections"]), (said["picture_asked"], counts["questions"])]
    most = max(1, *counts.values())
    return {
        "name": fill(said["picture"], **counts),
        "bars": [{"label": label, "count": count, "part": count / most} for label, count in bars],
    }
