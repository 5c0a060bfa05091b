"""What goes back to a learner says all of it, in a page without script or request, and in plain text."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.course import read_words
from alongside.handin import as_cell
from alongside.marking import mark
from alongside.question import Kind
from alongside.quiz_notebook import ANSWER_HERE
from alongside_grading.release.release_command import release
from alongside_grading.results.feedback_command import feedback
from alongside_grading.results.feedback_page import as_html, as_text, feedback_page
from alongside_grading.results.grades import QuestionMark, UnitMark
from alongside_grading.rubrics.rubric import Choice
from tests.grading.folder import ROOT, UNIT, WRITTEN, make_course
from tests.grading.hand_ins import ATTACKS, HOSTILE_TEXT, partly, perfect
from tests.grading.test_answers import ANYTHING

WORDS = read_words(ROOT)
SAY = WORDS["feedback"]
NOW = datetime(2026, 11, 21, 10, 15)  # noqa: DTZ001  the gradebook holds UTC without saying so
MOMENT = "2026-11-21 10:15:00 UTC"
VOID = {"meta", "br", "hr", "link", "img", "input"}
FETCHES = {"src", "srcset", "action", "formaction", "data", "poster", "background", "cite", "ping", "manifest"}


class Html(HTMLParser):
    """A page as a browser takes it: its elements with their attributes, and the text inside each kind of element."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.open, self.text, self.kept, self.rows = [], [], "", [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1].append("")
        if dict(attrs).get("class") == "own":
            self.kept.append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, "every element ends where it should"

    def handle_data(self, data):
        if self.open and self.open[-1] == "div":
            self.kept[-1] += data
        elif "style" not in self.open:
            self.text += data
            if {"td", "th"} & set(self.open):
                self.rows[-1][-1] += data

    def named(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]


def marked(bank, answers, **changed):
    """The points of an answer to each question as the marker gives them; written ones wait when there is one."""
    found = {}
    for question in bank.questions:
        waiting = question.kind is Kind.WRITTEN and bool(answers.get(question.id))
        found[question.id] = QuestionMark(mark(question, answers.get(question.id)).points, question.points, waiting)
    return {**found, **{name: replace(found[name.replace("_", "-")], **how) for name, how in changed.items()}}


def made(bank, answers, unit=None, marks=None, learner="ada"):
    page = feedback_page(
        bank, learner, unit or UnitMark(3.0, timestamp=NOW), marks or marked(bank, answers), answers, WORDS
    )
    return Html(as_html(page, WORDS)), as_text(page, WORDS)


def sound(page):
    """What must hold of every page: one language, title and main; headings in order; no script, handler or request."""
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "iframe", "object", "embed", "link", "img", "svg", "form", "base", "audio", "video"}
    assert page.open == []
    assert page.named("html")[0]["lang"] == "en"
    assert len(page.named("title")) == len(page.named("main")) == len(page.named("h1")) == 1
    for tag, attrs in page.elements:
        assert not any(name.startswith("on") or name in FETCHES for name in attrs), tag
        assert attrs.get("href", "#").startswith("#")
        assert "javascript:" not in " ".join(str(value) for value in attrs.values())
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h\d", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {attrs["href"][1:] for attrs in page.named("a")} <= set(ids)
    assert len(page.named("table")) == len(page.named("caption")) == 1
    assert all(attrs.get("scope") in {"col", "row"} for attrs in page.named("th"))
    policy = [attrs["content"] for attrs in page.named("meta") if attrs.get("http-equiv") == "Content-Security-Policy"]
    assert policy[0].startswith("default-src 'none'; style-src 'unsafe-inline'")


@pytest.mark.parametrize("make", [perfect, partly, lambda _: {}], ids=["right", "partly", "unanswered"])
def test_every_question_is_there_with_what_was_chosen_and_why(bank, make):
    answers = make(bank)
    page, text = made(bank, answers)
    sound(page)
    flat, lines = " ".join(page.text.split()), " ".join(text.split())
    for place, question in enumerate(bank.questions, 1):
        for told in (flat, lines):
            assert f"{place}. {question.title}" in told
            assert all(" ".join(row.split()) in told for row in question.stem)
            assert all(option.reason in told for option in question.options)
            assert all(level in told for criterion in question.rubric for level in criterion.levels)
    unanswered = [each for each in bank.questions if each.id not in answers]
    assert flat.count(SAY["no_answer"]) == lines.count(SAY["no_answer"]) == len(unanswered)


def section(text, title):
    """One question's part of the text, line by line without the marks before them."""
    _, _, rest = text.partition(f". {title}\n")
    body = re.split(r"\n\n\d+\. ", rest)[0]
    return [row.strip(" *|") for row in body.splitlines()]


def test_each_kind_says_what_was_chosen(bank):
    _, text = made(bank, partly(bank))
    assert '"Have you tried calling someone else?"' in section(text, "Naming a feeling")
    assert "Telling them what you would do." in section(text, "What shows listening")
    order = section(text, "In order")
    assert (
        order.index("1. Ask what they want.")
        < order.index("2. Listen to the answer.")
        < order.index("3. Say who you are.")
    )
    assert '"It will pass." → A reflection' in section(text, "What kind")
    assert "5 minutes" in section(text, "How long")
    assert "You're worn out." in section(text, "A talk of yours")
    assert SAY["no_answer"] in section(text, "A second try")


def test_each_part_says_its_points_and_those_that_wait_say_so(bank):
    page, text = made(bank, partly(bank), UnitMark(5.0, timestamp=NOW, waiting=True))
    assert page.rows[0] == [SAY["column_question"], SAY["column_points"], SAY["column_most"]]
    assert page.rows[3] == ["3. In order", "2", "4"]
    assert page.rows[6] == ["6. A talk of yours", "not marked yet", "6"]
    assert page.rows[7] == ["7. A second try", "0", "3"]
    assert "You have 5 of 22 points." in page.text
    assert SAY["not_final"] in page.text
    assert section(text, "In order")[1] == "2 of 4 points"
    assert section(text, "How long")[1] == "0 of 1 point"
    assert section(text, "A talk of yours")[1] == "Not marked yet"
    assert SAY["not_final"] in text


def test_a_hand_mark_comes_with_the_rubric_and_the_comment(bank):
    answers = perfect(bank)
    marks = {**marked(bank, answers), WRITTEN: QuestionMark(4.5, 6.0, by_hand=True, comment="Well heard.\nگفت <b>")}
    marks["how-long"] = QuestionMark(1.0, 1.0, by_hand=True)
    page, text = made(bank, answers, UnitMark(17.5, timestamp=NOW), marks)
    sound(page)
    assert "4.5 of 6 points" in page.text
    assert "Well heard.\nگفت <b>" in page.kept
    assert "2 points: Names a feeling that the words point to." in page.text
    assert "1 point: Asks a closed question." in page.text
    assert page.text.count(SAY["by_hand"]) == text.count(SAY["by_hand"]) == 1, "only where a program would have marked"
    assert SAY["not_final"] not in page.text
    assert "  | Well heard.\n  | گفت <b>" in text


def test_the_levels_that_were_chosen_are_named_while_they_are_what_the_points_come_from(bank):
    """A learner sees which level was chosen for each criterion; not when somebody typed other points since."""
    answers = perfect(bank)
    question = next(each for each in bank.questions if each.id == WRITTEN)
    levels = {criterion.name: 1 for criterion in question.rubric}
    for points, named in ((float(len(levels)), len(levels)), (0.5, 0)):
        marks = {**marked(bank, answers), WRITTEN: QuestionMark(points, 6.0, by_hand=True)}
        page = feedback_page(
            bank, "ada", UnitMark(3.0, timestamp=NOW), marks, answers, WORDS, choices={WRITTEN: Choice(levels)}
        )
        html, text = Html(as_html(page, WORDS)), as_text(page, WORDS)
        sound(html)
        assert html.text.count(SAY["chosen_level"]) == text.count(SAY["chosen_level"]) == named


def test_late_work_says_when_it_was_due_and_what_that_cost(bank):
    due = NOW - timedelta(days=1)
    page, text = made(bank, perfect(bank), UnitMark(11.5, 1.5, NOW, due))
    for told in (page.text, text):
        assert "Handed in on November 21, 2026 at 10:15 UTC." in told
        assert "This came in after the time it was due, November 20, 2026 at 10:15 UTC." in told
        assert "For coming in late, 1.5 points were taken off." in told
    page, _ = made(bank, perfect(bank), UnitMark(11.5, 0.0, NOW, NOW))
    assert "was due" not in page.text
    assert "taken off" not in page.text


def test_a_learners_words_are_only_ever_text(bank):
    answers = {
        **partly(bank),
        WRITTEN: HOSTILE_TEXT,
        "second-try": "\ud800\0\x1b[31mred\r\nnext\N{LINE SEPARATOR}1. Mine\x85",
    }
    page, text = made(bank, answers, learner="<script>alert(1)</script>")
    sound(page)
    assert page.kept[0] == HOSTILE_TEXT
    assert "<script>alert(1)</script>" in page.text
    assert not any(attack in page.text for attack in ATTACKS)
    assert not re.search("[\0\x1b\x85\ud800]", text + page.kept[1])
    for row in [*HOSTILE_TEXT.splitlines(), "next", "1. Mine\N{REPLACEMENT CHARACTER}"]:
        assert f"  | {row}".rstrip() in text.split("\n")
        assert row not in text.split("\n") or not row


@settings(max_examples=60, deadline=None)
@given(answer=ANYTHING, comment=st.text(), learner=st.text())
def test_nothing_that_was_handed_in_can_break_a_page(tmp_path_factory, answer, comment, learner):
    bank = BANK.get("bank") or BANK.setdefault("bank", make_course(tmp_path_factory.mktemp("page") / "course").bank)
    marks = {each.id: QuestionMark(1.0, each.points, comment=comment) for each in bank.questions}
    page, text = made(bank, {each.id: answer for each in bank.questions}, None, marks, learner)
    sound(page)
    plain, _ = made(bank, {}, None, marks, learner)
    assert [tag for tag, _ in page.elements if tag in {"h1", "h2", "table"}] == [
        tag for tag, _ in plain.elements if tag in {"h1", "h2", "table"}
    ]
    (text + page.text).encode()


BANK: dict[str, object] = {}


def lightness(colour):
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, two):
    low, high = sorted((lightness(one), lightness(two)))
    return (high + 0.05) / (low + 0.05)


def test_text_stands_out_in_light_in_dark_and_on_paper(bank):
    """4.5 to 1 for text and 3 to 1 for lines that mean something (WCAG 2.2, 1.4.3 and 1.4.11)."""
    html = as_html(feedback_page(bank, "ada", UnitMark(1.0), {}, {}, WORDS), WORDS)
    schemes = [dict(re.findall(r"--(\w+): (#\w{6})", found)) for found in re.findall(r":root \{([^}]*)\}", html)]
    assert len(schemes) == 3
    for scheme in schemes:
        for ground in ("ground", "raised"):
            assert all(contrast(scheme[name], scheme[ground]) >= 4.5 for name in ("text", "quiet", "link"))
            assert contrast(scheme["line"], scheme[ground]) >= 3
    assert "@media print" in html
    assert "@media (prefers-color-scheme: dark)" in html
    assert not re.search(r"url\(|@import", html)


# --- the command


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """A course whose quiz is given out, with a gradebook made by nbgrader."""
    course = make_course(tmp_path_factory.mktemp("released") / "course")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ALONGSIDE_ROOT", str(course.root))
        patch.delenv("ALONGSIDE_BANK", raising=False)
        assert release([UNIT]) == 0
    return course


@pytest.fixture
def ready(released, monkeypatch):
    monkeypatch.setenv("ALONGSIDE_ROOT", str(released.root))
    monkeypatch.delenv("ALONGSIDE_BANK", raising=False)
    return released


def said(capsys):
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return out + err


def lay(course, step, learner, **files):
    """Put files where nbgrader keeps a learner's."""
    folder = course.assessments / step / learner / UNIT
    folder.mkdir(parents=True, exist_ok=True)
    names = {"responses": "responses.json", "book": f"{UNIT}.ipynb", "moment": "timestamp.txt"}
    for name, text in files.items():
        (folder / names.get(name, "submission_secret.txt")).write_text(text, encoding="utf-8")
    return folder


def responses(answers):
    return json.dumps({"format": 1, "unit": UNIT, "answers": answers})


def test_what_is_missing_is_told(ready, capsys, monkeypatch, tmp_path):
    assert feedback(["nowhere"]) == 1
    assert f'There is no graded quiz called "nowhere". There are: {UNIT}.' in said(capsys)
    course = make_course(tmp_path / "new")
    monkeypatch.setenv("ALONGSIDE_ROOT", str(course.root))
    assert feedback([UNIT]) == 1
    assert "There is no gradebook at" in said(capsys)


def test_each_learner_gets_a_page_and_a_text_in_nbgraders_own_folder(ready, capsys, tmp_path):
    """From the gradebook, the bank and what was handed in; a text that stands only in its cell is found there."""
    from nbgrader.api import Gradebook

    bank, right = ready.bank, perfect(ready.bank)
    outside = tmp_path / "outside.json"
    outside.write_text(responses(right))
    with Gradebook(f"sqlite:///{ready.assessments / 'gradebook.db'}") as book:
        for learner, answers in (("ada", right), ("zoë-ñandú", {}), ("linked", {})):
            book.add_student(learner)
            work = book.add_submission(UNIT, learner)
            work.timestamp = NOW
            for question in bank.questions:
                grade = book.find_grade(question.id, UNIT, UNIT, learner)
                grade.auto_score, grade.needs_manual_grade = mark(question, answers.get(question.id)).points, False
        grade = book.find_grade(WRITTEN, UNIT, UNIT, "ada")
        grade.manual_score = 4.5
        book.find_comment(WRITTEN, UNIT, UNIT, "ada").manual_comment = "Well heard."
        book.find_grade("second-try", UNIT, UNIT, "ada").needs_manual_grade = True
        book.db.commit()
    lay(
        ready,
        "autograded",
        "ada",
        responses=responses(right),
        moment=MOMENT,
        only_theirs="s",
    )
    lay(ready, "submitted", "ada", responses=responses({}))
    cell = {
        "cell_type": "markdown",
        "metadata": {"nbgrader": {"grade_id": WRITTEN}},
        "source": as_cell("In <my> cell."),
    }
    empty = {"cell_type": "markdown", "metadata": {"nbgrader": {"grade_id": "second-try"}}, "source": ANSWER_HERE}
    lay(ready, "autograded", "zoë-ñandú", book=json.dumps({"cells": [cell, empty]}))
    (lay(ready, "autograded", "linked") / "responses.json").symlink_to(outside)

    assert feedback([UNIT]) == 0
    text = said(capsys)
    assert "Pages written: 3" in text
    assert f"nbgrader release_feedback {UNIT}" in text
    folders = {who: ready.assessments / "feedback" / who / UNIT for who in ("ada", "zoë-ñandú", "linked")}
    pages = {who: Html((folder / f"{UNIT}.html").read_text(encoding="utf-8")) for who, folder in folders.items()}
    for page in pages.values():
        sound(page)
    assert {path.name for path in folders["ada"].iterdir()} == {
        f"{UNIT}.html", f"{UNIT}.txt", "timestamp.txt", "submission_secret.txt",
    }  # fmt: skip
    assert (folders["ada"] / f"{UNIT}.html").stat().st_mode & 0o777 == 0o644
    assert "You have 17.5 of 22 points." in pages["ada"].text
    assert pages["ada"].kept == [
        "My words for a-talk.\n\nA second paragraph.",
        "Well heard.",
        "My words for second-try.\n\nA second paragraph.",
    ]
    assert pages["zoë-ñandú"].kept == ["In <my> cell."]
    assert pages["zoë-ñandú"].text.count(SAY["no_answer"]) == 6
    assert pages["linked"].text.count(SAY["no_answer"]) == 7, "a link to another file is not followed"
    assert "zoë-ñandú" in (folders["zoë-ñandú"] / f"{UNIT}.txt").read_text(encoding="utf-8")


def test_nbgrader_marks_and_releases_what_this_command_wrote(course, monkeypatch, capsys, tmp_path):
    """The whole way with nbgrader's own commands: autograde before, release_feedback after."""
    monkeypatch.setenv("ALONGSIDE_ROOT", str(course.root))
    monkeypatch.delenv("ALONGSIDE_BANK", raising=False)
    assert release([UNIT]) == 0
    book = (course.assessments / "release" / UNIT / f"{UNIT}.ipynb").read_text(encoding="utf-8")
    handed_in = responses(partly(course.bank))
    lay(course, "submitted", "ada", book=book, responses=handed_in, moment=MOMENT, only_theirs="s")
    assert course.run("nbgrader", "autograde", UNIT).code == 0
    said(capsys)
    assert feedback([UNIT]) == 0
    assert "Pages on which an answer still waits for a mark by hand, and says so: 1." in said(capsys)
    written = course.assessments / "feedback" / "ada" / UNIT / f"{UNIT}.html"
    page = Html(written.read_text(encoding="utf-8"))
    sound(page)
    assert "You have 5 of 22 points." in page.text
    assert "Handed in on November 21, 2026 at 10:15 UTC." in page.text
    exchange = tmp_path / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    done = course.run("nbgrader", "release_feedback", UNIT, f"--Exchange.root={exchange}")
    assert done.code == 0, done.out
    given_back = list((exchange / "alongside" / "feedback").glob("*.html"))
    assert [path.read_bytes() for path in given_back] == [written.read_bytes()]
