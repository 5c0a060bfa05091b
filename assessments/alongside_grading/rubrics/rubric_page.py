"""The page on which one marks written answers by rubric: an activity that knows answers by codes and never by names.

What the page asks for comes as small messages, which are not trusted: what is misshapen is ignored.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy.exc import SQLAlchemyError

from alongside.catalog import open_catalog
from alongside.course import read_words
from alongside.question import Question
from alongside_grading.rubrics.rubric import HandMark, digest, open_criteria
from alongside_grading.rubrics.rubric_desk import Desk, Paper, State, open_desk
from alongside_grading.wording import number
from alongside_widgets.base import Activity, Answer, text_in

__all__ = ["RubricPage", "open_page"]

_LONGEST = 20_000  # characters of a comment
Said = dict[str, Any]


def open_page(root: str, unit: str) -> RubricPage:
    """Open the page for one unit of the course in a folder.

    Raises what `open_desk` raises; the command has opened it once before, and told.
    """
    catalog = open_catalog(Path(root))
    rest = ExitStack()
    desk, note = rest.enter_context(open_desk(catalog, unit))
    desk.resume()
    return RubricPage(desk, read_words(catalog.root, catalog.language)["rubric"], catalog.language, note, rest)


class RubricPage(Activity):
    """One unit's written answers, a question at a time. `view` is what the page draws from at first."""

    FOLDER = Path(__file__).parents[1] / "static"
    JS = "rubric.js"
    CSS: ClassVar[tuple[str, ...]] = ("base.css", "rubric.css")

    def __init__(
        self, desk: Desk, words: Mapping[str, str], language: str, note: str = "", rest: ExitStack | None = None
    ) -> None:
        """Draw the questions. `rest` is closed with the page."""
        self._desk, self._words, self._rest = desk, words, rest or ExitStack()
        self._questions = {each.id: each for each in desk.questions}
        self._papers = {name: {paper.code: paper for paper in papers} for name, papers in desk.papers.items()}
        self._seen: dict[tuple[str, str], State] = {}
        super().__init__(
            {
                "lang": language,
                "words": dict(words),
                "title": desk.bank.title,
                "note": words["torn"] if note else "",
                "questions": [self._question(each) for each in desk.questions],
                "comments": list(desk.book.read().comments),
            }
        )

    def close(self) -> None:
        """Let go of the gradebook too."""
        self._rest.close()
        super().close()

    def handle(self, do: str, message: Mapping[str, Any]) -> Answer | None:
        """Act on what the page asks for. None means that it was not understood, and nothing changed."""
        try:
            if do in {"keep", "forget"}:
                text = _text(message, "text")
                change = self._desk.book.remember if do == "keep" else self._desk.book.forget
                return Answer({"comments": list(change(text.strip()))}) if text and text.strip() else None
            question, paper = self._asked(message)
            if question is None or paper is None:
                return None
            if do == "open":
                return self._told(question, paper, self._desk.state(question, paper))
            return self._choose(question, paper, message) if do == "choose" else None
        except (OSError, ValueError, SQLAlchemyError):
            return Answer({"trouble": self._words["not_saved"]})

    def _asked(self, message: Mapping[str, Any]) -> tuple[Question | None, Paper | None]:
        name, code = message.get("question"), message.get("code")
        if not (isinstance(name, str) and isinstance(code, str)):
            return None, None
        return self._questions.get(name), self._papers.get(name, {}).get(code)

    def _choose(self, question: Question, paper: Paper, message: Mapping[str, Any]) -> Answer | None:
        levels, comment = _levels(question, message.get("levels")), _text(message, "comment")
        if levels is None or comment is None:
            return None
        # A page that has lost its kernel goes on with a new one, which has to be told what was read and shown.
        read, shown = _shown(message)
        if read and read != digest(paper.text):
            return Answer({"trouble": self._words["lost"]})
        seen = self._seen.get((question.id, paper.code)) or shown or self._desk.state(question, paper)
        over = message.get("over") is True
        return self._told(question, paper, self._desk.choose(question, paper, levels, comment, seen, over=over))

    def _told(self, question: Question, paper: Paper, state: State) -> Answer:
        """What the page shows of one answer. No name is in it."""
        self._seen[question.id, paper.code] = state
        notice = ""
        if state.elsewhere:
            there = state.mark.points
            name = "elsewhere" if there is not None else "elsewhere_none"
            notice = self._words[name].format(points=number(there or 0.0), most=number(question.points))
        elif not state.written:
            notice = self._words["elsewhere_comment"]
        return Answer(
            {
                "question": question.id,
                "code": paper.code,
                "text": paper.text,
                "levels": [state.levels.get(each.name, -1) for each in question.rubric],
                "comment": state.comment,
                "done": state.done,
                "notice": notice,
                "again": self._words["again"] if state.again else "",
                "seen": [digest(paper.text), state.mark.comment, state.mark.waiting, state.again],
            }
        )

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


def _shown(message: Mapping[str, Any]) -> tuple[str, State | None]:
    """The digest of the text that the page has, and what it says that the gradebook had then, if it says so."""
    match message.get("seen"):
        case [str(read), str(comment), bool(waiting), bool(again)]:
            return read, State({}, comment, HandMark(None, comment, waiting), done=False, again=again)
    return "", None


def _text(message: Mapping[str, Any], name: str) -> str | None:
    """Take a text that the gradebook can hold from a message, if there is one and it is not too long."""
    text = text_in(message, name)
    return None if text is None or len(text) > _LONGEST else text.replace("\0", "\N{REPLACEMENT CHARACTER}")
