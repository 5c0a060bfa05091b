"""Marks leave for Canvas, Moodle and spreadsheets with every name as it was, and with nothing that is a formula."""

from __future__ import annotations

import csv
import io
import sqlite3
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside_grading.results.canvas import POINTS_ROW, CanvasRow, canvas_rows, match, read_export
from alongside_grading.results.export_command import export
from alongside_grading.results.grades import Cohort, Learner, NotExported, UnitMark, as_csv, cohort_rows, guard, plain
from alongside_grading.results.moodle import moodle_rows
from tests.grading.folder import UNIT

TITLE = "Listening: graded quiz"
OTHER = "talking"
NAMES = {
    "formula": ("Eve", '=HYPERLINK("http://x","a")'),
    "plus": ("+1", "-Dash"),
    "at-sign": ("@SUM(1)", "\t=1"),
    "return": ("\r=1", "＝1"),
    "hidden": ("\N{RIGHT-TO-LEFT MARK}=1", " \N{NO-BREAK SPACE}=1"),
    "comma": ("Ann, Jr.", 'O"Neil; the 2nd'),
    "zoë-ñandú": ("Zoë", "Ñandú"),
    "دانا-حداد": ("دانا", "حداد"),
    "quoted": ("'Ngugi", "'=1"),
}
DUE = datetime(2026, 11, 20, 12)  # noqa: DTZ001  the gradebook holds UTC without saying so


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A gradebook of nbgrader's own: two quizzes, learners with names of every kind, work done, late and missing."""
    from nbgrader.api import Gradebook

    from alongside_grading.release.release_command import _tools_on_path

    path = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    with _tools_on_path(), Gradebook(f"sqlite:///{path}", "alongside") as book:
        for unit, most in ((UNIT, 20), (OTHER, 10)):
            book.add_assignment(unit, duedate=DUE)
            book.add_notebook(unit, unit)
            book.add_grade_cell("one", unit, unit, max_score=most - 6, cell_type="code")
            book.add_grade_cell("two", unit, unit, max_score=6, cell_type="markdown")
        for name, (first, last) in NAMES.items():
            book.add_student(name, first_name=first, last_name=last, email=f"{first}@example.org")
        for name in ("late", "waiting", "nothing", "below"):
            book.add_student(name)
        for name in (*NAMES, "late", "waiting", "below"):
            work = book.add_submission(UNIT, name)
            work.timestamp = DUE + timedelta(hours=1 if name == "late" else -1)
            for cell, points in (("one", 12.5), ("two", 4)):
                grade = book.find_grade(cell, UNIT, UNIT, name)
                grade.auto_score, grade.needs_manual_grade = points, False
                if name == "waiting" and cell == "two":
                    grade.auto_score, grade.needs_manual_grade = None, True
            work.notebooks[0].late_submission_penalty = {"late": 1.5, "below": 50}.get(name)
        book.db.commit()
    return path


@pytest.fixture
def ready(course, address, monkeypatch):
    """A course with that gradebook, in which commands are run."""
    (course.assessments / "gradebook.db").write_bytes(address.read_bytes())
    monkeypatch.setenv("ALONGSIDE_ROOT", str(course.root))
    monkeypatch.delenv("ALONGSIDE_BANK", raising=False)
    return course


def table(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def said(capsys):
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return out + err


def formulas(rows):
    """Cells that a spreadsheet would take for more than text or a number."""
    cells = [cell.lstrip(" \N{NO-BREAK SPACE}\N{RIGHT-TO-LEFT MARK}") for row in rows for cell in row]
    return [cell for cell in cells if cell[:1] in tuple("=+-@＝\t\r\n") and cell]


# --- safe cells


@given(st.text())
def test_whatever_a_name_is_it_comes_back_through_a_csv_and_is_no_formula(name):
    [[cell]] = csv.reader(io.StringIO(as_csv([[guard(name)]]).decode("utf-8-sig"), newline=""))
    assert plain(cell) == name.encode("utf-8", "replace").decode()
    assert cell.lstrip()[:1] not in set("=+-@＝＋－＠") | {"\t", "\r", "\n", "\0"} or not cell


@pytest.mark.parametrize(
    "name", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1", "＝1", " =1", "\0=1", "'=1", "''+1", "\ufeff=1"]
)
def test_what_begins_like_a_formula_gets_one_apostrophe_and_loses_it_again(name):
    assert guard(name) == f"'{name}"
    assert plain(guard(name)) == name


@pytest.mark.parametrize("name", ["", "Ann", "a=b", "'Ngugi", "Ñandú, Zoë", "دانا", "3-4", "'"])
def test_other_names_stay_as_they_are(name):
    assert guard(name) == name
    assert plain(name) == name


# --- a table for a spreadsheet


def test_a_spreadsheet_has_a_row_for_each_learner_and_unit(ready, capsys):
    assert export(["grades", "--for", "csv"]) == 0
    path = ready.assessments / "grades-csv.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert path.stat().st_mode & 0o077 == 0
    head, *rows = table(path)
    assert len(rows) == 2 * (len(NAMES) + 4)
    found = {(row["learner"], row["unit"]): row for row in (dict(zip(head, each, strict=True)) for each in rows)}
    late, waiting, missing = (found[name, UNIT] for name in ("late", "waiting", "nothing"))
    assert (late["score"], late["max_score"], late["late_penalty"]) == ("15", "20", "1.5")
    assert late["timestamp"] == "2026-11-20T13:00:00Z"
    assert (waiting["score"], waiting["needs_manual_grade"]) == ("", "yes")
    assert (missing["score"], missing["timestamp"], missing["needs_manual_grade"]) == ("", "", "")
    assert found["late", OTHER]["score"] == ""
    assert found["below", UNIT]["score"] == "0"
    assert f"{UNIT}: left blank, since an answer still waits for a mark by hand: 1 (waiting)." in said(capsys)


def test_every_name_survives_and_none_is_a_formula(ready):
    assert export(["grades", "--for", "csv", "--unit", UNIT]) == 0
    head, *rows = table(ready.assessments / "grades-csv.csv")
    named = {row[0]: (plain(row[head.index("first_name")]), plain(row[head.index("last_name")])) for row in rows}
    assert {name: named[name] for name in NAMES} == NAMES
    assert formulas(rows) == []


def test_unfinished_work_is_written_when_it_is_asked_for(ready, tmp_path, capsys):
    to = tmp_path / "mine.csv"
    assert export(["grades", "--for", "csv", "--unit", UNIT, "--with-unfinished", "--to", str(to)]) == 0
    assert next(row[5] for row in table(to) if row[0] == "waiting") == "12.5"
    assert "written although an answer still waits" in said(capsys)


@pytest.mark.usefixtures("ready")
def test_a_unit_that_is_not_there_is_told_with_those_that_are(capsys):
    assert export(["grades", "--for", "csv", "--unit", "nowhere"]) == 1
    assert f'"nowhere" in the gradebook. There are: {UNIT}, {OTHER}.' in said(capsys)


def test_without_a_gradebook_it_is_said_and_none_is_made(ready, capsys):
    (ready.assessments / "gradebook.db").unlink()
    assert export(["grades", "--for", "csv"]) == 1
    assert "There is no gradebook at" in said(capsys)
    assert not (ready.assessments / "gradebook.db").exists()


def test_a_file_that_is_no_gradebook_is_told_in_words(ready, capsys):
    (ready.assessments / "gradebook.db").write_bytes(b"not a database at all" * 100)
    assert export(["grades", "--for", "csv"]) == 1
    assert "The gradebook could not be read" in said(capsys)


def test_the_gradebook_is_only_read(ready):
    path = ready.assessments / "gradebook.db"
    before = path.read_bytes()
    for form in ("csv", "moodle"):
        assert export(["grades", "--for", form]) == 0
    assert path.read_bytes() == before
    from alongside_grading.results.grades import open_gradebook

    with open_gradebook(f"sqlite:///{path}") as session, pytest.raises(sqlite3.OperationalError, match="readonly"):
        session.connection().connection.execute("DELETE FROM student")


def test_the_instructors_own_place_for_the_gradebook_is_used(ready, address, capsys):
    (ready.assessments / "gradebook.db").unlink()
    config = ready.assessments / "nbgrader_config.py"
    config.write_text(f"{config.read_text()}\nget_config().CourseDirectory.db_url = 'sqlite:///{address}'\n")
    assert export(["grades", "--for", "csv"]) == 0, said(capsys)
    assert len(table(ready.assessments / "grades-csv.csv")) > 1


# --- Canvas

HEAD = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Notes", f"{TITLE} (77)", "Final Score"]
POINTS = [POINTS_ROW, "", "", "", "", "", "20.00", "(read only)"]
THERE = [
    ["Ñandú, Zoë", "11", "s11", "zn@example.org", "A and B", "=note", "", "50"],
    ["Late, Lea", "12", "s12", "late", "A", "", "3", "50"],
    ['="=HYPERLINK(""http://x"",""a""), Eve"', "13", "formula", "eve", "A", "", "", ""],
    ["Waiting, Wim", "14", "waiting", "w", "A", "", "EX", ""],
    ["Nothing, Nell", "15", "nothing", "n", "A", "", "=1+1", ""],
    ["Comma, Two", "16", "comma", "c", "A", "", "", ""],
    ["Comma, Three", "17", "", "comma", "A", "", "", ""],
    ["Elsewhere, Els", "18", "", "els", "A", "", "9", ""],
    ["Student, Test", "", "", "0f", "A", "", "", ""],
    ["حداد, دانا", "19", "", "x19", "A", "", "", ""],
]


def canvas_file(tmp_path, rows=THERE, head=HEAD, points=POINTS, separator=","):
    path = tmp_path / "from-canvas.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        hidden = ["", "", "", "", "", "", "Manual Posting", ""]
        csv.writer(file, delimiter=separator).writerows([head, hidden, points, *rows])
    return path


@pytest.mark.parametrize("separator", [",", ";"])
def test_canvas_gets_its_own_columns_and_only_those_who_were_found_in_it(ready, tmp_path, capsys, separator):
    source = canvas_file(tmp_path, separator=separator)
    assert export(["grades", "--for", "canvas", "--unit", UNIT, "--canvas-file", str(source)]) == 0
    head, points, *rows = table(ready.assessments / "grades-canvas.csv")
    assert head == [*HEAD[:5], f"{TITLE} (77)"]
    assert points == [POINTS_ROW, "", "", "", "", "20"]
    assert formulas(rows) == []
    scores = {row[1]: row[5] for row in rows}
    assert scores == {"11": "16.5", "12": "15", "13": "16.5", "14": "EX", "15": "", "19": "16.5"}
    assert ["Ñandú, Zoë", "11", "s11", "zn@example.org", "A and B", "16.5"] in rows
    text = said(capsys)
    assert "Found in Canvas, and written: 6." in text
    assert 'comma is not clear, and was left out: could be "Comma, Two" (ID 16), "Comma, Three" (ID 17).' in text
    assert "plus was not found in Canvas, and was left out." in text
    assert "nbgrader db student add plus --lms-user-id=ID" in text
    assert "In Canvas, and not in the gradebook: 1 (Elsewhere, Els)." in text
    assert "what Canvas has was left as it is: 1." in text


def row_of(name, number="1", sis="", login=""):
    return CanvasRow(name, number, sis, login, "A", ())


def test_two_learners_who_could_be_one_row_are_both_left_out():
    found = match([Learner("j.smith"), Learner("j-smith"), Learner("ann")], [row_of("Smith, J"), row_of("Ann", "2")])
    assert set(found.matched) == {"ann"}
    assert set(found.ambiguous) == {"j.smith", "j-smith"}


def test_the_number_that_the_instructor_gave_counts_alone():
    rows = [row_of("Li, Ana", "5", login="ana-li"), row_of("Li, Ana", "6")]
    assert match([Learner("ana-li")], rows).ambiguous.keys() == {"ana-li"}
    assert match([Learner("ana-li", lms="6")], rows).matched["ana-li"].id == "6"
    assert match([Learner("ana-li", lms="7")], rows).unmatched == ("ana-li",)


@pytest.mark.parametrize("learner", [
    Learner("s-5"), Learner("ana"), Learner("ana-li"), Learner("x", email="ana@example.org"), Learner("5"),
    Learner("x", first="Ana", last="Li"), Learner("li-ana"), Learner("ana-example-org"),
])  # fmt: skip
def test_a_learner_is_found_by_number_login_address_or_name(learner):
    assert match([learner], [row_of("Li, Ana", "5", "S.5", "ana@example.org")]).matched[learner.id].id == "5"


def cohort(most=20.0, **scores):
    marks = {(name, UNIT): UnitMark(score) for name, score in scores.items()}
    return Cohort({UNIT: most}, tuple(map(Learner, scores)), marks)


def canvas_text(head=HEAD, points=POINTS, rows=THERE):
    return as_csv([head, points, *rows]).decode("utf-8-sig")


def test_a_quiz_that_canvas_does_not_have_is_told():
    export_ = read_export(canvas_text([*HEAD[:6], "Something else (5)", "Final Score"]))
    marks = cohort(late=3)
    rows, notes = canvas_rows(marks, export_, match(marks.learners, export_.rows), {UNIT: "=Mine"}, unfinished=False)
    assert rows[0][5] == "'=Mine"
    assert 'Canvas has no assignment called "=Mine"' in notes[0]


@pytest.mark.parametrize(("head", "points", "told"), [
    ([*HEAD[:6], f"{TITLE} (7)", f"{UNIT} (8)"], [*POINTS[:7], "20"], "More than one column in Canvas could be"),
    (HEAD, [*POINTS[:6], "10", ""], "has 10 points, and the quiz has 20. Set its points in Canvas to 20"),
])  # fmt: skip
def test_a_column_that_is_not_clear_stops_the_export(head, points, told):
    export_ = read_export(canvas_text(head, points))
    with pytest.raises(NotExported, match=told):
        canvas_rows(cohort(late=3), export_, match([], export_.rows), {UNIT: TITLE}, unfinished=False)


def test_a_canvas_that_writes_commas_in_its_numbers_is_understood():
    export_ = read_export(canvas_text(HEAD, [*POINTS[:6], "20,00", ""]))
    rows, _ = canvas_rows(cohort(late=3), export_, match([], export_.rows), {UNIT: TITLE}, unfinished=False)
    assert rows[1][5] == "20"


def test_names_in_two_columns_are_put_together():
    text = canvas_text(
        ["LastName", "FirstName", *HEAD[1:]], [POINTS_ROW, "", *POINTS[1:]], [["Li", "Ana", *THERE[0][1:]]]
    )
    assert [row.student for row in read_export(text).rows] == ["Li, Ana"]


@pytest.mark.parametrize("text", ["", "\n\n", "a,b\n1,2\n", "Student,ID,Section\nAnn,1,A\n", '"' * 7, "x" * 200_000])
def test_what_is_no_export_of_canvas_is_told_with_what_to_do(text):
    with pytest.raises(NotExported, match="Export Entire Gradebook"):
        read_export(text)


def test_without_canvas_own_export_it_is_said_how_to_get_it(ready, tmp_path, capsys):
    assert export(["grades", "--for", "canvas"]) == 1
    assert export(["grades", "--for", "canvas", "--canvas-file", str(tmp_path / "none.csv")]) == 1
    assert said(capsys).count("Export Entire Gradebook") == 2
    source = canvas_file(tmp_path)
    before = source.read_bytes()
    assert export(["grades", "--for", "canvas", "--canvas-file", str(source), "--to", str(source)]) == 1
    assert "Name another file with --to" in said(capsys)
    assert source.read_bytes() == before
    source.write_bytes(b"Student,ID\n\xff\xfe")
    assert export(["grades", "--for", "canvas", "--canvas-file", str(source)]) == 1
    assert "is not in UTF-8" in said(capsys)
    assert not (ready.assessments / "grades-canvas.csv").exists()


# --- Moodle


def test_moodle_gets_a_row_for_everyone_with_a_score_and_for_nobody_else(ready, capsys):
    assert export(["grades", "--for", "moodle", "--unit", UNIT]) == 0
    head, *rows = table(ready.assessments / "grades-moodle.csv")
    assert head == ["First name", "Last name", "ID number", "Email address", TITLE]
    assert {row[2] for row in rows} == {*NAMES, "late", "below"}
    assert all(row[4] for row in rows)
    assert ["Zoë", "Ñandú", "zoë-ñandú", "Zoë@example.org", "16.5"] in rows
    assert formulas(rows) == []
    text = said(capsys)
    assert 'At "Map from" choose "ID number"' in text
    assert f"{UNIT}: without work, so without a score: 1." in text


def test_moodles_traps_are_told():
    marks = Cohort(
        {"one": 20.0, "two": 120.0},
        (Learner("=x"), Learner("ann", lms="900")),
        {("=x", "one"): UnitMark(3), ("ann", "one"): UnitMark(4), ("ann", "two"): UnitMark(0)},
    )
    rows, notes = moodle_rows(marks, {}, unfinished=False)
    assert [row[2:] for row in rows[1:]] == [["'=x", "", "3", ""], ["900", "", "4", "0"]]
    text = "\n".join(notes)
    assert "a score in one quiz and none in another: 1." in text
    assert "Moodle refuses grades above 100" in text
    assert "Moodle will not know them: '=x." in text


def test_a_score_of_nought_is_written_and_is_not_missing():
    marks = cohort(ann=0.0)
    assert cohort_rows(marks, unfinished=False)[1][5] == "0"
