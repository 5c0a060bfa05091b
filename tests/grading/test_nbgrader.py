"""nbgrader's own commands over hand-ins of every kind: every mark is right, and nothing that was handed in is run."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

import pytest

from alongside.handin import from_cell
from alongside.quiz_notebook import ANSWER_HERE, learner_notebook
from alongside_grading.release.leaks import leaks
from tests.grading.folder import UNIT, WRITTEN, Marked, autograded
from tests.grading.hand_ins import ATTACKS, HOSTILE_TEXT

QUESTIONS = ("naming-a-feeling", "what-shows-listening", "in-order", "what-kind", "how-long")
FULL, NONE, PART = (2.0, 3.0, 4.0, 3.0, 1.0), (0.0,) * 5, (0.0, 1.0, 2.0, 2.0, 0.0)
MARKS = {
    "perfect": FULL,
    "no-notebook": FULL,
    "torn-notebook": FULL,
    "twice": (2.0, 3.0, 4.0, 3.0, 0.0),
    "zoë-ñandú": PART,
    "hostile": PART,
    **dict.fromkeys(("blank", "torn", "missing", "oversized", "foreign", "odd"), NONE),
}
TO_READ = {
    **dict.fromkeys(("perfect", "no-notebook", "torn-notebook", "twice", "hostile"), (WRITTEN, "second-try")),
    **dict.fromkeys(("zoë-ñandú", "odd"), (WRITTEN,)),
}
NOTES = {
    "perfect": "7 of 7 answered.",
    "zoë-ñandú": "6 of 7 answered.",
    "blank": "0 of 7 answered.",
    "torn": "0 of 7 answered. responses.json could not be read: it is torn or is not JSON. ",
    "missing": "0 of 7 answered. There is no responses.json",
    "oversized": "0 of 7 answered. responses.json could not be read: it is larger than 1000 kilobytes. ",
    "foreign": "0 of 7 answered. responses.json belongs to another quiz",
    "odd": "2 of 7 answered. 2 of the answers in responses.json could not be used",
}


@pytest.fixture(scope="module")
def gradebook(marked: Marked):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{marked.course.assessments / 'gradebook.db'}") as opened:
        yield opened


def book_of(marked: Marked, learner: str) -> dict[str, Any]:
    path = marked.course.assessments / "autograded" / learner / UNIT / f"{UNIT}.ipynb"
    return json.loads(path.read_bytes())


def cells_of(book: dict[str, Any]) -> dict[str, dict[str, Any]]:
    named = ((cell["metadata"].get("nbgrader", {}).get("grade_id"), cell) for cell in book["cells"])
    return {name: {**cell, "source": "".join(cell["source"])} for name, cell in named if name}


def test_every_command_ends_well(marked):
    assert {name: run.code for name, run in marked.runs.items()} == dict.fromkeys(marked.runs, 0)
    for name, run in marked.runs.items():
        assert "App | ERROR]" not in run.out, f"{name}:\n{run.out}"


def test_everyone_who_handed_in_is_there_and_nobody_else(marked, gradebook):
    assert {student.id for student in gradebook.students} == set(MARKS)
    assert "listening--cut--20261121T101500Z.zip could not be unpacked" in marked.runs["collect"].out


@pytest.mark.parametrize("learner", MARKS)
def test_every_mark_is_right(gradebook, learner):
    grades = {question: gradebook.find_grade(question, UNIT, UNIT, learner) for question in QUESTIONS}
    assert tuple(grade.auto_score for grade in grades.values()) == MARKS[learner]
    assert not any(grade.needs_manual_grade for grade in grades.values())


@pytest.mark.parametrize("learner", MARKS)
def test_written_answers_wait_for_a_person_and_missing_ones_do_not(gradebook, learner):
    for question in (WRITTEN, "second-try"):
        grade = gradebook.find_grade(question, UNIT, UNIT, learner)
        there = question in TO_READ.get(learner, ())
        assert (grade.needs_manual_grade, grade.auto_score) == ((True, None) if there else (False, 0.0))


@pytest.mark.parametrize(("learner", "note"), NOTES.items())
def test_the_instructor_reads_what_was_handed_in(marked, learner, note):
    shown = cells_of(book_of(marked, learner))["intake"]["outputs"]
    assert "".join(shown[0]["data"]["text/plain"]).startswith(note)


def test_nothing_that_was_handed_in_runs(marked):
    assert not marked.trace.exists()
    folder = marked.course.assessments / "autograded" / "hostile" / UNIT
    assert {path.name for path in folder.iterdir()} == {f"{UNIT}.ipynb", "responses.json", "timestamp.txt"}


def test_a_hostile_notebook_comes_out_as_ours(marked):
    ours, theirs = book_of(marked, "perfect"), book_of(marked, "hostile")
    assert [(cell["cell_type"], cell["id"]) for cell in theirs["cells"]] == [
        (cell["cell_type"], cell["id"]) for cell in ours["cells"]
    ]
    assert theirs["metadata"]["kernelspec"]["name"] == "python3"
    mine, yours = cells_of(ours), cells_of(theirs)
    for name in mine.keys() - {WRITTEN, "second-try"}:
        assert yours[name]["source"] == mine[name]["source"]
    assert not any("attachments" in cell for cell in theirs["cells"])


def test_written_words_stand_in_their_cells_as_text(marked):
    cells = {learner: cells_of(book_of(marked, learner)) for learner in MARKS}
    assert from_cell(cells["perfect"][WRITTEN]["source"]) == "My words for a-talk.\n\nA second paragraph."
    assert from_cell(cells["no-notebook"]["second-try"]["source"]) == "My words for second-try.\n\nA second paragraph."
    assert from_cell(cells["hostile"][WRITTEN]["source"]) == HOSTILE_TEXT
    assert from_cell(cells["hostile"]["second-try"]["source"]) == HOSTILE_TEXT
    assert from_cell(cells["odd"][WRITTEN]["source"]).startswith("half a character: ?")
    assert cells["blank"][WRITTEN]["source"] == ANSWER_HERE


def test_marking_again_keeps_hand_given_marks_and_changes_nothing(marked, gradebook):
    for question, points in marked.by_hand.items():
        assert gradebook.find_grade(question, UNIT, UNIT, "perfect").manual_score == points
    assert gradebook.find_comment(WRITTEN, UNIT, UNIT, "perfect").manual_comment == "Well heard."
    assert gradebook.find_submission(UNIT, "perfect").score == sum(FULL) + sum(marked.by_hand.values())
    for learner in ("perfect", "hostile"):
        assert untimed(book_of(marked, learner)) == untimed(json.loads(marked.before[learner]))


def untimed(book: dict[str, Any]) -> dict[str, Any]:
    for cell in book["cells"]:
        cell["metadata"].pop("execution", None)
    return book


def test_what_is_given_out_is_the_learners_copy(marked):
    released = marked.course.assessments / "release" / UNIT
    assert [path.name for path in released.iterdir()] == [f"{UNIT}.ipynb"]
    given = json.loads((released / f"{UNIT}.ipynb").read_bytes())
    ours = learner_notebook(marked.course.bank, marked.course.catalog.words["lesson"])
    assert [(cell["id"], "".join(cell["source"])) for cell in given["cells"]] == [
        (cell["id"], "".join(cell["source"])) for cell in ours["cells"]
    ]
    assert given["metadata"]["alongside"]["quiz"] == ours["metadata"]["alongside"]["quiz"]


def test_nothing_that_only_the_marker_may_know_is_given_out(marked):
    folder = marked.course.assessments
    assert leaks(folder / "release", marked.course.bank) == ()
    assert leaks(folder / "source", marked.course.bank) != ()


class Page(HTMLParser):
    """What a page would do: its tags with their attributes, its scripts, and the text of its `pre`."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.scripts, self.inside, self.kept, self.within = "", "", "", ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag in {"script", "style", "pre"}:
            self.within = tag

    def handle_endtag(self, tag):
        if tag == self.within:
            self.within = ""

    def handle_data(self, data):
        if self.within == "script":
            self.scripts += data
        elif self.within == "pre":
            self.kept += data
        else:
            self.inside += data


def pages(marked: Marked) -> dict[str, str]:
    """The feedback, and the page on which an instructor marks, made as formgrader makes it."""
    from nbconvert.exporters import HTMLExporter
    from nbgrader.server_extensions.formgrader import handlers
    from traitlets.config import Config

    config = Config()
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    about = {"notebook_id": UNIT, "assignment_id": UNIT, "submission_id": "s", "index": 0, "total": 1, "base_url": ""}
    about |= {"student": "hostile", "last_name": "", "first_name": "", "notebook_path": "x"}
    path = marked.course.assessments / "autograded" / "hostile" / UNIT / f"{UNIT}.ipynb"
    marking, _ = HTMLExporter(config=config).from_filename(str(path), resources=about)
    feedback = marked.course.assessments / "feedback" / "hostile" / UNIT / f"{UNIT}.html"
    return {"feedback": feedback.read_text(encoding="utf-8"), "formgrader": marking}


@pytest.mark.parametrize("where", ["feedback", "formgrader"])
def test_a_learners_words_are_only_ever_text(marked, where):
    page = Page(pages(marked)[where])
    for attack in ATTACKS:
        assert page.kept.count(attack) == 2, "both written answers are to be read as they were typed"
    assert "hacked" not in page.scripts + page.inside
    for tag, attributes in page.tags:
        assert tag not in {"iframe", "svg", "animate", "img"}
        assert not any("hacked" in value or "commandlinker" in name for name, value in attributes.items())
    held = [
        attributes for tag, attributes in page.tags if tag == "pre" and "white-space" in attributes.get("style", "")
    ]
    assert len(held) == 2
    assert all({"mathjax_ignore", "tex2jax_ignore"} <= set(each["class"].split()) for each in held)


def test_feedback_shows_no_code_and_asks_no_other_host(marked):
    for path in (marked.course.assessments / "feedback").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        page = Page(text)
        assert not any(attributes.get("src", "").startswith(("http", "//")) for _, attributes in page.tags)
        assert not any(tag == "link" for tag, _ in page.tags)
        assert "alongside_grading" not in text
        assert "Press the double arrow" not in text
        assert 'Two feelings named, "none" judged <b>at all</b>.' in page.inside


def test_feedback_holds_the_marks_and_the_comment(marked):
    text = (marked.course.assessments / "feedback" / "perfect" / UNIT / f"{UNIT}.html").read_text(encoding="utf-8")
    assert "Score: 19.5 / 22.0" in text
    assert "Well heard." in text


def test_every_learner_has_one_marked_notebook(marked):
    assert {path.parent.parent.name for path in autograded(marked.course)} == set(MARKS)
