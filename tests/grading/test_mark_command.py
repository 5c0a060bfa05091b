"""`alongside mark` gives what nbgrader gives, row for row and byte for byte, and can be stopped and run again."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from alongside.handin import hand_in
from alongside.quiz_notebook import learner_notebook
from alongside_grading.marking.mark_command import mark, watch
from tests.grading.folder import UNIT, WRITTEN, CourseFolder, Run, make_course
from tests.grading.hand_ins import START, hand_ins, partly, perfect

DUE = START + timedelta(minutes=30)
LEARNERS = {"perfect", "blank", "zoë-ñandú", "torn", "odd", "hostile", "twice", "unknown", "late"}
NOT_HERE = ("missing", "oversized", "foreign", "no-notebook", "torn-notebook")  # `test_nbgrader.py` has them all


def send(course: CourseFolder, who: str, answers: dict[str, Any], minutes: int, again: str = "") -> None:
    """Put one hand-in where an instructor puts what came in."""
    book = learner_notebook(course.bank, course.catalog.words["lesson"])
    made = hand_in(book, UNIT, answers, who, START + timedelta(minutes=minutes))
    archive = course.assessments / "downloaded" / UNIT / "archive"
    archive.mkdir(parents=True, exist_ok=True)
    (archive / f"{again}{made.filename}").write_bytes(made.data)


def tables(course: CourseFolder) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table. Ids that each run makes anew are told by what they stand for."""
    from nbgrader.api import Base, Gradebook
    from sqlalchemy import select

    with Gradebook(f"sqlite:///{course.assessments / 'gradebook.db'}") as gradebook:
        rows = {
            table.name: [dict(row._mapping) for row in gradebook.db.execute(select(table))]
            for table in Base.metadata.sorted_tables
        }
    named = {row["id"]: f"work of {row['student_id']}" for row in rows["submitted_assignment"]}
    named |= {row["id"]: f"book in {named[row['assignment_id']]}" for row in rows["submitted_notebook"]}
    gone = {row["id"]: "" for name in ("grade", "comment") for row in rows[name]}
    shown = {name: [tuple((named | gone).get(each, each) for each in row.values()) for row in found]
             for name, found in rows.items()}  # fmt: skip
    return {name: sorted(found, key=repr) for name, found in shown.items()}


def files(folder: Path) -> dict[str, bytes]:
    """Every file under a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def ours(course: CourseFolder, *arguments: str) -> Run:
    """Run our command as an instructor would."""
    call = "import sys; from alongside_grading.marking.mark_command import mark; sys.exit(mark(sys.argv[1:]))"
    (course.root / "run_mark.py").write_text(call, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(course.root))
        return course.run("run_mark", *arguments)


def gradebook_of(course: CourseFolder):
    from nbgrader.api import Gradebook

    return Gradebook(f"sqlite:///{course.assessments / 'gradebook.db'}", "alongside")


def released(root: Path) -> CourseFolder:
    """A course whose quiz is given out, with a day by which to hand in, after which nothing counts."""
    course = make_course(root)
    config = course.assessments / "nbgrader_config.py"
    late = "get_config().LateSubmissionPlugin.penalty_method = 'zero'  # noqa: F821\n"
    config.write_text(config.read_text(encoding="utf-8") + late, encoding="utf-8")
    assert course.run("alongside", "release", UNIT).code == 0
    with gradebook_of(course) as gradebook:
        gradebook.update_or_create_assignment(UNIT, duedate=DUE.replace(tzinfo=None))
    return course


def copied(course: CourseFolder, root: Path) -> CourseFolder:
    shutil.copytree(course.root, root)
    return replace(course, root=root)


@dataclass(frozen=True)
class Both:
    """The same cohort twice: marked by nbgrader and by us, after each of three rounds."""

    stock: CourseFolder
    mine: CourseFolder
    runs: dict[str, tuple[Run, Run]]
    rows: dict[str, tuple[dict[str, Any], dict[str, Any]]]
    kept: dict[str, tuple[dict[str, bytes], dict[str, bytes]]]


@pytest.fixture(scope="module")
def both(tmp_path_factory) -> Both:
    """First: a cohort of every kind. Second: marks by hand, an extension, newer work. Third: all of it again."""
    room = tmp_path_factory.mktemp("both")
    stock = released(room / "stock")
    archive = stock.assessments / "downloaded" / UNIT / "archive"
    archive.mkdir(parents=True)
    for name, data in hand_ins(stock, room / "trace").items():
        if not any(f"--{who}--" in name for who in NOT_HERE):
            (archive / name).write_bytes(data)
    send(stock, "unknown", {**perfect(stock.bank), "not-a-question": "x"}, 3)
    send(stock, "late", perfect(stock.bank), 90)
    mine = copied(stock, room / "mine")
    found = Both(stock, mine, {}, {}, {})

    def both_mark(name: str, *options: str) -> None:
        if not options:
            collected = stock.run("nbgrader", "zip_collect", UNIT, "--force")
            assert collected.code == 0, collected.out
        found.runs[name] = (stock.run("nbgrader", "autograde", UNIT, *options), ours(mine, UNIT, *options))
        found.rows[name] = (tables(stock), tables(mine))
        found.kept[name] = tuple(files(each.assessments / "autograded") for each in (stock, mine))

    both_mark("first")
    for course in (stock, mine):
        with gradebook_of(course) as gradebook:
            for question, points in {WRITTEN: 4.5, "how-long": 0.5}.items():
                for who in ("perfect", "twice"):
                    grade = gradebook.find_grade(question, UNIT, UNIT, who)
                    grade.manual_score, grade.needs_manual_grade, grade.extra_credit = points, False, 0.25
            gradebook.find_comment(WRITTEN, UNIT, UNIT, "perfect").manual_comment = "Well heard."
            gradebook.db.commit()
            gradebook.grant_extension(UNIT, "twice", hours=1)
        send(course, "blank", partly(course.bank), 20)
        send(course, "perfect", {**perfect(course.bank), "how-long": 1, WRITTEN: " "}, 40, again="x_")
    both_mark("second")
    both_mark("third", "--force")
    return found


@pytest.mark.parametrize("step", ["first", "second", "third"])
def test_every_row_of_every_table_is_the_one_that_nbgrader_writes(both, step):
    theirs, mine = both.rows[step]
    assert {run.code for run in both.runs[step]} == {0}, both.runs[step]
    assert {row[2] for row in mine["submitted_assignment"]} == LEARNERS
    for name in theirs:
        assert mine[name] == theirs[name], name


@pytest.mark.parametrize("step", ["first", "second", "third"])
def test_what_lies_in_autograded_is_what_nbgrader_lays_there(both, step):
    theirs, mine = both.kept[step]
    assert mine.keys() == theirs.keys()
    for name in theirs:
        assert mine[name] == theirs[name], name


def test_what_is_collected_is_what_nbgrader_collects(both):
    theirs, mine = (files(each.assessments / "submitted") for each in (both.stock, both.mine))
    assert mine == theirs


def test_the_cohort_holds_what_the_comparison_is_for(both):
    first, last = (both.rows[step][1] for step in ("first", "third"))
    assert sorted(row[-1] for row in first["submitted_notebook"] if row[-1] is not None) == [12.0, 13.0]
    # The extension lifts one penalty; work that came again after the day has one now.
    assert sorted(row[0] for row in last["submitted_notebook"] if row[-1]) == [
        "book in work of late",
        "book in work of perfect",
    ]
    assert sum(4.5 in row for row in last["grade"]) == 2
    assert any("Well heard." in row for row in last["comment"])
    assert any("No response." in row for row in last["comment"])


def test_each_problem_is_one_line_and_holds_no_word_of_a_learner(both):
    lines = both.runs["first"][1].out.splitlines()
    assert "listening: 9 marked. Written answers that wait for you in formgrader: " in lines[-1]
    for start in (
        "torn: responses.json could not be read: it is torn",
        "odd: 2 of the answers in responses.json could not be used",
        "unknown: 1 of the answers in responses.json belong to no question",
        "listening--cut--20261121T101500Z.zip could not be unpacked",
    ):
        assert sum(line.startswith(start) for line in lines) == 1, start
    text = "\n".join(lines)
    assert "not-a-question" not in text
    assert "Traceback" not in text
    assert "script" not in text


def test_nothing_that_was_handed_in_ran(both):
    assert not (both.stock.root.parent / "trace").exists()


@pytest.fixture(scope="module")
def waiting(tmp_path_factory) -> CourseFolder:
    """A course with four hand-ins, to be copied."""
    course = released(tmp_path_factory.mktemp("waiting") / "course")
    for number, who in enumerate(("ada", "bob", "eve", "kim")):
        send(course, who, perfect(course.bank) if number % 2 else partly(course.bank), number)
    return course


@pytest.fixture
def ready(waiting, tmp_path, monkeypatch) -> CourseFolder:
    """A course with four hand-ins, and this process inside it."""
    course = copied(waiting, tmp_path / "course")
    monkeypatch.setenv("ALONGSIDE_ROOT", str(course.root))
    monkeypatch.chdir(course.assessments)
    return course


def test_what_is_marked_is_not_marked_again(ready, capsys):
    assert mark([UNIT]) == 0
    books = sorted((ready.assessments / "autograded").rglob("*.ipynb"))
    before = [path.stat().st_mtime_ns for path in books]
    send(ready, "new", {}, 9)
    assert mark([UNIT]) == 0
    assert "listening: 1 marked, 4 marked before." in capsys.readouterr().err
    assert [path.stat().st_mtime_ns for path in books] == before
    assert len(before) == 4


@pytest.fixture(scope="module")
def undisturbed(waiting, tmp_path_factory) -> CourseFolder:
    """The same four, marked in one go."""
    course = copied(waiting, tmp_path_factory.mktemp("undisturbed") / "course")
    assert ours(course, UNIT).code == 0
    return course


@pytest.mark.parametrize("step", ["write_marked", "Ledger.record", "Ledger._late", "_copy"])
def test_a_run_that_is_stopped_is_finished_by_the_next(ready, undisturbed, monkeypatch, step):
    """Stopped while the third learner's work is written, whatever is being written, and then run again."""
    import alongside_grading.marking.cohort
    import alongside_grading.marking.ledger
    import alongside_grading.marking.marker

    with monkeypatch.context() as patch:
        where = {"write_marked": alongside_grading.marking.marker, "_copy": alongside_grading.marking.cohort}.get(
            step, alongside_grading.marking.ledger.Ledger
        )
        name, calls = step.rsplit(".", 1)[-1], []
        real = getattr(where, name)

        def stop(*arguments, **options):
            calls.append(1)
            if len(calls) == 3:
                raise KeyboardInterrupt
            return real(*arguments, **options)

        patch.setattr(where, name, stop)
        assert mark([UNIT]) == 1
    assert len(tables(ready)["submitted_assignment"]) < 4
    assert mark([UNIT]) == 0
    assert tables(ready) == tables(undisturbed)
    assert files(ready.assessments / "autograded") == files(undisturbed.assessments / "autograded")


def test_files_in_any_folder_are_marked(ready, tmp_path, capsys):
    (ready.assessments / "downloaded" / UNIT / "archive").rename(tmp_path / "mail")
    assert mark([UNIT, str(tmp_path / "mail")]) == 0
    assert "listening: 4 marked." in capsys.readouterr().err


def test_every_unit_in_the_gradebook_is_marked(ready, capsys):
    assert mark(["--all"]) == 0
    assert "listening: 4 marked." in capsys.readouterr().err
    assert ready.bank


def test_answers_without_a_notebook_are_marked_and_nothing_at_all_is_told(ready, capsys):
    folder = ready.assessments / "submitted"
    saved = {"format": 1, "unit": UNIT, "answers": perfect(ready.bank)}
    for who, name in (("zed", "responses.json"), ("nil", "essay.txt")):
        (folder / who / UNIT).mkdir(parents=True)
        (folder / who / UNIT / name).write_text(json.dumps(saved), encoding="utf-8")
    assert mark([UNIT]) == 1
    said = capsys.readouterr().err
    assert "nil: neither listening.ipynb nor responses.json is in what they handed in." in said
    assert "5 marked, 1 could not be marked" in said
    with gradebook_of(ready) as gradebook:
        assert gradebook.find_submission(UNIT, "zed").score == 13.0


def test_a_clock_that_says_nothing_is_told_and_the_work_is_marked(ready, capsys):
    assert mark([UNIT]) == 0
    clock = ready.assessments / "submitted" / "ada" / UNIT / "timestamp.txt"
    clock.write_text("yesterday evening", encoding="utf-8")
    assert mark([UNIT, "--force"]) == 0
    assert "ada: timestamp.txt does not say when it was handed in" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["nowhere"], 'The gradebook does not hold "nowhere". Run `alongside release nowhere` first.'),
     ([UNIT, "no-such-folder"], "There is no folder no-such-folder.")],
)  # fmt: skip
def test_what_cannot_be_marked_is_said_in_words(ready, capsys, arguments, words):
    assert mark(arguments) == 1
    said = capsys.readouterr().err
    assert words in said
    assert "Traceback" not in said
    assert ready.bank


def test_before_anything_is_given_out_it_is_said_what_to_do(course, monkeypatch, capsys):
    monkeypatch.setenv("ALONGSIDE_ROOT", str(course.root))
    assert mark([UNIT]) == 1
    assert "There is no gradebook yet. Run `alongside release`" in capsys.readouterr().err


def test_without_nbgrader_it_is_said_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr("alongside_grading.marking.mark_command.find_spec", lambda _: None)
    assert mark([UNIT]) == 1
    assert 'pip install "alongside-course[grade]"' in capsys.readouterr().err


def test_work_that_arrives_is_marked_while_one_watches(ready, monkeypatch, capsys):
    arrivals = iter([lambda: send(ready, "new", {}, 9), lambda: None, lambda: None])

    def pause(_seconds):
        step = next(arrivals, None)
        if step is None:
            raise KeyboardInterrupt
        step()

    monkeypatch.setattr("alongside_grading.marking.mark_command.time.sleep", pause)
    assert mark([UNIT, "--watch"]) == 0
    said = capsys.readouterr().err
    assert "listening: 4 marked." in said
    assert "listening: 1 marked, 4 marked before." in said
    assert "Stopped. What is marked is kept." in said


def test_a_file_that_still_grows_is_left_until_it_keeps_still():
    sizes, passes = iter([0, 1, 2, 2, 2]), []

    def pause():
        if len(passes) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        watch(lambda: next(sizes), lambda: passes.append(1), pause)
    assert list(sizes) == [2]


def test_what_lies_in_the_exchange_is_collected_too(ready, tmp_path, capsys):
    config = ready.assessments / "nbgrader_config.py"
    exchange = f"get_config().Exchange.root = {str(tmp_path / 'exchange')!r}  # noqa: F821\n"
    config.write_text(config.read_text(encoding="utf-8") + exchange, encoding="utf-8")
    sent = tmp_path / "exchange" / "alongside" / "inbound" / f"zed+{UNIT}+2026-11-21 10:20:00 UTC+0"
    sent.mkdir(parents=True)
    (tmp_path / "exchange").chmod(0o777)
    saved = {"format": 1, "unit": UNIT, "answers": perfect(ready.bank)}
    (sent / "responses.json").write_text(json.dumps(saved), encoding="utf-8")
    (sent / f"{UNIT}.ipynb").write_text("{}", encoding="utf-8")
    (sent / "timestamp.txt").write_text("2026-11-21 10:20:00 UTC", encoding="utf-8")
    assert mark([UNIT]) == 0
    assert "listening: 5 marked." in capsys.readouterr().err
    with gradebook_of(ready) as gradebook:
        assert gradebook.find_submission(UNIT, "zed").score == 13.0


def test_a_link_or_a_pipe_in_place_of_the_answers_is_told_and_never_opened(ready, tmp_path, capsys):
    secret = tmp_path / "secret.json"
    saved = {"format": 1, "unit": UNIT, "answers": perfect(ready.bank)}
    secret.write_text(json.dumps(saved), encoding="utf-8")
    for who in ("link", "pipe"):
        (ready.assessments / "submitted" / who / UNIT).mkdir(parents=True)
    (ready.assessments / "submitted" / "link" / UNIT / "responses.json").symlink_to(secret)
    os.mkfifo(ready.assessments / "submitted" / "pipe" / UNIT / "responses.json")
    assert mark([UNIT]) == 0
    said = capsys.readouterr().err
    for who in ("link", "pipe"):
        assert f"{who}: responses.json is not a file of its own" in said
        assert not (ready.assessments / "autograded" / who / UNIT / "responses.json").exists()
