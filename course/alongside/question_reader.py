"""What a question file means, and every fault of form in it, all at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from alongside.blocks import Fault, Item, Page, Section, facts_in, parse
from alongside.course import Course
from alongside.front import Front
from alongside.question import Bank, Criterion, Kind, Option, Question, option_id

__all__ = ["read_bank"]

_BOX = re.compile(r"^\[(?P<mark>[ xX=]?)\]\s*(?P<text>.*)$")
_PAIR = re.compile(r"^(?P<left>.+?)\s*(?:→|->)\s*(?P<right>.+)$")
_RANGE = re.compile(r"^(?P<low>-?\d+(?:[.,]\d+)?)(?:\s*(?:to|-|–)\s*(?P<high>-?\d+(?:[.,]\d+)?))?$")
_LEVEL = re.compile(r"^(?P<level>\d)\s*:\s*(?P<text>.+)$")
_ID = re.compile(r"^[a-z][a-z0-9-]{1,60}$")
_KNOWN = ("kind", "skill", "points", "source", "reviewed", "unit")
_FEWEST_ITEMS = 3
_MOST_POINTS = 20


def read_bank(text: str, path: str, name: str, course: Course) -> tuple[Bank | None, tuple[Fault, ...]]:
    """Read a practice file or a graded bank. With any fault there is no bank, only the faults."""
    page = parse(text, path)
    front = Front(page, known=("format", "title", "minutes", "lang"))
    reader = _Reader(page, course)
    questions = reader.questions()
    minutes = front.number("minutes", 0, 240) if "minutes" in page.facts else 0
    language = front.text("lang", needed=False) or course.language
    faults = tuple(sorted((*page.faults, *front.faults, *reader.faults), key=lambda fault: fault.line))
    if faults:
        return None, faults
    return Bank(name, path, front.text("title", needed=False), minutes, questions, language), ()


class _Reader:
    """Reads the questions of one page and keeps every fault that it finds."""

    def __init__(self, page: Page, course: Course) -> None:
        self.page = page
        self.course = course
        self.faults: list[Fault] = []

    def fault(self, line: int, message: str) -> None:
        self.faults.append(Fault(self.page.path, line, message))

    def questions(self) -> tuple[Question, ...]:
        first: dict[str, int] = {}
        questions: list[Question] = []
        rubric: Section | None = None
        sections = list(self.page.sections)
        for index, section in enumerate(sections):
            if section.level != 2:  # noqa: PLR2004  a question is a second-level heading
                if section.title.strip().lower() != "rubric" or (not questions and index == 0):
                    self.fault(section.line, "A question starts with two hashes. Write `## Its name {#its-id}`.")
                continue
            following = sections[index + 1] if index + 1 < len(sections) else None
            rubric = following if following and following.title.strip().lower() == "rubric" else None
            question = self.question(section, rubric)
            if section.anchor in first:
                self.fault(
                    section.line,
                    f"Two questions have the id {section.anchor} (the first is on line {first[section.anchor]}). "
                    "Change one.",
                )
            first.setdefault(section.anchor, section.line)
            if question:
                questions.append(question)
        if not self.page.sections:
            self.fault(1, "There is no question here. Start one with `## Its name {#its-id}`.")
        return tuple(questions)

    def question(self, section: Section, rubric: Section | None) -> Question | None:
        if not _ID.match(section.anchor):
            self.fault(section.line, "The id must be small letters, digits and dashes, as `{#naming-a-feeling}`.")
        facts, stem = self.facts(section)
        items = section.items
        kind = self.kind(section, facts.get("kind"), items, rubric)
        if not stem:
            self.fault(section.line, "This question asks nothing. Write the question above the options.")
        if kind is None:
            return None
        options = () if kind is Kind.WRITTEN else self.options(section, kind, items)
        criteria = self.rubric(rubric) if kind is Kind.WRITTEN and rubric else ()
        skill = facts.get("skill", "")
        if skill not in self.course.skills:
            names = ", ".join(self.course.skills)
            self.fault(section.line, f'"{skill}" is not a skill. Write `skill: ` and one of: {names}.')
        source = facts.get("source", "")
        if source not in self.course.sources:
            self.fault(
                section.line, f'"{source}" is not a source in course/sources.toml. Add it there, or name another.'
            )
        reviewed = facts.get("reviewed", "")
        try:
            date.fromisoformat(reviewed)
        except ValueError:
            self.fault(section.line, "This question needs the day it was last checked: `reviewed: 2026-11-21`.")
        points = self.points(section, facts.get("points", ""), criteria)
        lines = tuple(text for text, _ in stem)
        return Question(
            section.anchor, section.title, kind, lines, options, criteria, skill, points, source, reviewed,
            facts.get("unit", ""), section.line,
        )  # fmt: skip

    def facts(self, section: Section) -> tuple[dict[str, str], list[tuple[str, int]]]:
        """Take the line of facts (in italics) from the paragraphs; the rest is the question itself."""
        facts: dict[str, str] = {}
        stem: list[tuple[str, int]] = []
        seen = False
        for paragraph in section.paragraphs:
            lines = list(paragraph.lines)
            told = facts_in(lines[0].text) if not seen else None
            if told is not None:
                seen = True
                for name, value in told:
                    if value is None or name.lower() not in _KNOWN:
                        self.fault(
                            lines[0].number,
                            f'"{name if value is None else f"{name}: {value}"}" is not a fact of a question. '
                            f"Use {', '.join(_KNOWN)}, each with a colon.",
                        )
                    facts[name.lower()] = value or ""
                lines = lines[1:]
            if lines:
                stem.append((" ".join(line.text for line in lines), lines[0].number))
        if not seen:
            self.fault(
                section.line,
                "This question has no line of facts. "
                "Write `*skill: reflecting · points: 1 · source: ... · reviewed: ...*`.",
            )
        return facts, stem

    def kind(self, section: Section, named: str | None, items: Sequence[Item], rubric: Section | None) -> Kind | None:
        guess: Kind | None = None
        marks = [match["mark"] for item in items if (match := _BOX.match(item.text))]
        if rubric is not None and not items:
            guess = Kind.WRITTEN
        elif items and all(item.numbered for item in items):
            guess = Kind.ORDER
        elif "=" in marks:
            guess = Kind.NUMBER
        elif len(marks) == len(items) and items:
            guess = Kind.SINGLE if sum(mark in "xX" and mark != "" for mark in marks) == 1 else Kind.SEVERAL
        elif items and all(_PAIR.match(item.text) for item in items):
            guess = Kind.MATCH
        if named:
            try:
                kind = Kind(named.lower())
            except ValueError:
                names = ", ".join(each.value for each in Kind)
                self.fault(section.line, f'"{named}" is not a kind of question. Use one of: {names}.')
                return None
            if guess is None or guess is kind or (guess is Kind.SINGLE and kind is Kind.SEVERAL):
                if kind is Kind.WRITTEN and rubric is None:
                    self.fault(section.line, "A written answer needs a rubric. Add `### Rubric` with 3 to 5 criteria.")
                return kind
            self.fault(
                section.line, f"This is called {kind.value}, but its answers look like {guess.value}. Change one."
            )
            return None
        if guess is None:
            self.fault(section.line, "This question has no answers. Write options as `- [ ] words` and `- [x] words`.")
        return guess

    def points(self, section: Section, text: str, criteria: Sequence[Criterion]) -> int:
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= _MOST_POINTS):
            self.fault(section.line, f"This question needs `points: ` and a number from 1 to {_MOST_POINTS}.")
            return 1
        points, most = int(text), sum(criterion.most for criterion in criteria)
        if criteria and points != most:
            self.fault(section.line, f"The top levels of the rubric add up to {most}. Write `points: {most}`.")
        return points

    def options(self, section: Section, kind: Kind, items: Sequence[Item]) -> tuple[Option, ...]:
        options = []
        for item in items:
            reason = " ".join(line.text for line in item.quotes if line.text)
            if not reason:
                self.fault(item.line, "This answer has no reason. Put it on the next line: `  > Why.`")
            option = self.option(section.anchor, kind, item, reason)
            if option:
                options.append(option)
        texts: dict[str, int] = {}
        for option in options:
            if option.text in texts:
                self.fault(option.line, f"This answer is the same as the one on line {texts[option.text]}. Change one.")
            texts.setdefault(option.text, option.line)
        right = sum(option.right for option in options)
        if kind in {Kind.SINGLE, Kind.SEVERAL} and right == 0:
            self.fault(section.line, "No answer is marked as right. Put an x in the box of one: `- [x] words`.")
        if kind is not Kind.NUMBER and len(items) < _FEWEST_ITEMS:
            self.fault(section.line, f"Give {_FEWEST_ITEMS} answers or more; here are {len(items)}.")
        return tuple(options)

    def option(self, question: str, kind: Kind, item: Item, reason: str) -> Option | None:
        if kind is Kind.ORDER:
            return Option(option_id(question, item.text), item.text, reason, item.line, right=True)
        if kind is Kind.MATCH:
            pair = _PAIR.match(item.text)
            if not pair:
                self.fault(item.line, "A pair needs both sides. Write it as `- left → right`.")
                return None
            left, right = pair["left"].strip(), pair["right"].strip()
            return Option(option_id(question, left), left, reason, item.line, right=True, other=right)
        box = _BOX.match(item.text)
        if not box or not box["text"].strip():
            self.fault(item.line, "This answer is not complete. Write it as `- [ ] words`, or `- [x] words` if right.")
            return None
        text, mark = box["text"].strip(), box["mark"].lower()
        if kind is not Kind.NUMBER:
            return Option(option_id(question, text), text, reason, item.line, right=mark == "x")
        span = _RANGE.match(text)
        if not span:
            self.fault(item.line, "A number is written in digits: `- [=] 5`, or `- [=] 45 to 60` for any in between.")
            return None
        low = float(span["low"].replace(",", "."))
        high = float(span["high"].replace(",", ".")) if span["high"] else low
        if high < low:
            self.fault(item.line, "The first number must be the smaller one.")
        return Option(option_id(question, text), text, reason, item.line, right=mark == "=", low=low, high=high)

    def rubric(self, section: Section) -> tuple[Criterion, ...]:
        criteria = []
        for item in section.items:
            levels: list[str] = []
            for level in item.items:
                match = _LEVEL.match(level.text)
                if not match or int(match["level"]) != len(levels):
                    self.fault(
                        level.line, f"Write the levels in order from 0. This one should be `- {len(levels)}: ...`."
                    )
                    continue
                levels.append(match["text"])
            if len(levels) < 2:  # noqa: PLR2004  a level to miss and a level to reach
                self.fault(item.line, "A criterion needs two levels or more, each as `  - 0: what it looks like`.")
            criteria.append(Criterion(item.text.strip("* "), tuple(levels), item.line))
        if not 3 <= len(criteria) <= 5:  # noqa: PLR2004  enough to guide, few enough to mark by
            self.fault(section.line, f"A rubric has 3 to 5 criteria; here are {len(criteria)}.")
        for paragraph in section.paragraphs:
            self.fault(
                paragraph.line, "Only criteria stand in a rubric. Write them as `- **Name**` with levels under it."
            )
        return tuple(criteria)
