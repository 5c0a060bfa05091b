"""The page on which one marks written answers by rubric: an anywidget that knows answers by codes and never by names.

What the page asks for comes as small messages, which are not trusted: what is misshapen is ignored.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from sqlalchemy.exc import SQLAlchemyError

from alongside.catalog import open_catalog
from alongside.course import read_words
from alongside.question import Question
from alongside_grading.rubrics.rubric import open_criteria
from alongside_grading.rubrics.rubric_desk import Desk, Paper, State, open_desk
from alongside_grading.wording import number

__all__ = ["RubricPage", "open_page"]

STATIC = Path(__file__).parents[1] / "static"
_LONGEST = 20_000  # characters of a comment
Said = dict[str, Any]


def open_page(unit: str) -> RubricPage:
    """Open the page for one unit of the course that the working directory, or `ALONGSIDE_ROOT`, names.

    Raises what `open_desk` raises; the command has opened it once before, and told.
    """
    catalog = open_catalog()
    rest = ExitStack()
    desk, note = rest.enter_context(open_desk(catalog, unit))
    desk.resume()
    return RubricPage(desk, read_words(catalog.root, catalog.language)["rubric"], catalog.language, note, rest)


class RubricPage(anywidget.AnyWidget):
    """One unit's written answers, a question at a time. `view` is what the page draws from at first."""

    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)
    view = traitlets.Dict().tag(sync=True)

    def __init__(
        self, desk: Desk, words: Mapping[str, str], language: str, note: str = "", rest: ExitStack | None = None
    ) -> None:
        """Draw the questions. `rest` is closed with the page."""
        self._desk, self._words, self._rest = desk, words, rest or ExitStack()
        self._questions = {each.id: each for each in desk.questions}
        self._papers = {name: {paper.code: paper for paper in papers} for name, papers in desk.papers.items()}
        self._seen: dict[tuple[str, str], State] = {}
        super().__init__(
            _esm=(STATIC / "rubric.js").read_text(encoding="utf-8"),
            _css=(STATIC / "rubric.css").read_text(encoding="utf-8"),
            view={
                "lang": language,
                "words": dict(words),
                "title": desk.bank.title,
                "note": words["torn"] if note else "",
                "questions": [self._question(each) for each in desk.questions],
                "comments": list(desk.book.read().comments),
            },
        )
        self.on_msg(self._hear)

    def __repr__(self) -> str:
        """Give the same short text every time."""
        return f"<{type(self).__name__}>"

    def close(self) -> None:
        """Let go of the gradebook too."""
        self._rest.close()
        super().close()

    def set_state(self, sync_data: Mapping[str, Any]) -> None:
        """Ignore what the page would write. It asks by messages, and what it draws from is made here alone."""

    def handle(self, do: str, message: Mapping[str, Any]) -> Said | None:
        """Act on what the page asks for. None means that it was not understood, and nothing changed."""
        try:
            if do in {"keep", "forget"}:
                text = _text(message.get("text"))
                change = self._desk.book.remember if do == "keep" else self._desk.book.forget
                return None if text is None or not text.strip() else {"comments": list(change(text.strip()))}
            question, paper = self._asked(message)
            if question is None or paper is None:
                return None
            if do == "open":
                return self._told(question, paper, self._desk.state(question, paper))
            return self._choose(question, paper, message) if do == "choose" else None
        except (OSError, ValueError, SQLAlchemyError):
            return {"trouble": self._words["not_saved"]}

    def _asked(self, message: Mapping[str, Any]) -> tuple[Question | None, Paper | None]:
        name, code = message.get("question"), message.get("code")
        if not (isinstance(name, str) and isinstance(code, str)):
            return None, None
        return self._questions.get(name), self._papers.get(name, {}).get(code)

    def _choose(self, question: Question, paper: Paper, message: Mapping[str, Any]) -> Said | None:
        levels, comment = _levels(question, message.get("levels")), _text(message.get("comment"))
        if levels is None or comment is None:
            return None
        seen = self._seen.get((question.id, paper.code)) or self._desk.state(question, paper)
        over = message.get("over") is True
        return self._told(question, paper, self._desk.choose(question, paper, levels, comment, seen, over=over))

    def _told(self, question: Question, paper: Paper, state: State) -> Said:
        """What the page shows of one answer. No name is in it."""
        self._seen[question.id, paper.code] = state
        notice = ""
        if state.elsewhere:
            there = state.mark.points
            name = "elsewhere" if there is not None else "elsewhere_none"
            notice = self._words[name].format(points=number(there or 0.0), most=number(question.points))
        elif not state.written:
            notice = self._words["elsewhere_comment"]
        return {
            "question": question.id,
            "code": paper.code,
            "text": paper.text,
            "levels": [state.levels.get(each.name, -1) for each in question.rubric],
            "comment": state.comment,
            "done": state.done,
            "notice": notice,
            "again": self._words["again"] if state.again else "",
        }

    def _question(self, question: Question) -> Said:
        states = self._desk.states(question)
        return {
            "id": question.id,
            "title": question.title,
            "stem": list(question.stem),
            "rubric": [{"name": each.name, "levels": list(each.levels)} for each in question.rubric],
            "most": question.points,
            "codes": [paper.code for paper in self._desk.papers[question.id]],
            "done": [state.done for state in states],
        }

    def _hear(self, _widget: object, content: object, _buffers: object) -> None:
        if not isinstance(content, Mapping) or not isinstance(content.get("do"), str):
            return
        answer = self.handle(content["do"], content)
        asked = content.get("n")
        if answer is not None and isinstance(asked, int):
            self.send({"ack": asked, **answer})


def _levels(question: Question, given: object) -> dict[str, int] | None:
    """Levels as the page sends them: one for each criterion in order, -1 where none is chosen."""
    if not isinstance(given, list) or len(given) != len(question.rubric):
        return None
    if not all(
        type(level) is int and -1 <= level <= each.most for each, level in zip(question.rubric, given, strict=True)
    ):
        return None
    levels = {each.name: level for each, level in zip(question.rubric, given, strict=True) if level >= 0}
    return levels if len(levels) + len(open_criteria(question.rubric, levels)) == len(given) else None


def _text(value: object) -> str | None:
    """A text from a message, if it is one and not too long, with a mark in the place of half a character."""
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    return value.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
