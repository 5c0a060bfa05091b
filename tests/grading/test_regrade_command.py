"""`alongside regrade` changes the marks that a decision asks for and no others, and says whose and by how much."""

from __future__ import annotations

import json
import re

import pytest

from alongside_grading.marking.mark_command import mark
from alongside_grading.marking.regrade_command import regrade
from alongside_grading.results.feedback_command import feedback
from tests.grading.folder import UNIT, CourseFolder
from tests.grading.hand_ins import partly, perfect
from tests.grading.test_mark_command import copied, files, gradebook_of, released, send, tables
from tests.grading.test_regrade import DECIDED

LATE = 90  # minutes, where nothing that comes after 30 counts


def change_by_hand(course: CourseFolder, who: str, question: str, points: float) -> None:
    """Set a mark as formgrader does."""
    with gradebook_of(course) as gradebook:
        grade = gradebook.find_grade(question, UNIT, UNIT, who)
        grade.manual_score, grade.needs_manual_grade = points, False
        gradebook.db.commit()


@pytest.fixture(scope="module")
def marked(tmp_path_factory) -> CourseFolder:
    """A course in which five have handed in and are marked, one of them late and one partly by hand."""
    course = released(tmp_path_factory.mktemp("regrade") / "course")
    bank = course.bank
    send(course, "ada", partly(bank), 1)
    send(course, "bob", {**perfect(bank), "second-try": ""}, 2)
    send(course, "eve", {}, 3)
    send(course, "kim", partly(bank), LATE)
    send(course, "pat", partly(bank), 4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ALONGSIDE_ROOT", str(course.root))
        patch.chdir(course.assessments)
        assert mark([UNIT]) == 0
    change_by_hand(course, "pat", "how-long", 0.5)
    return course


@pytest.fixture
def ready(marked, tmp_path, monkeypatch) -> CourseFolder:
    """A course of its own with the five, and this process inside it."""
    course = copied(marked, tmp_path / "course")
    monkeypatch.setenv("ALONGSIDE_ROOT", str(course.root))
    monkeypatch.delenv("ALONGSIDE_BANK", raising=False)
    monkeypatch.chdir(course.assessments)
    return course


def decide(course: CourseFolder, text: str = DECIDED) -> None:
    (course.assessments / "questions" / f"{UNIT}.regrade.toml").write_text(text, encoding="utf-8")


def decision(question: str, do: str = "drop") -> str:
    return f'[{question}]\ndo = "{do}"\nreason = "It was not clear."\ndecided = 2026-11-21\n'


def said(capsys) -> str:
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return out + err


def points(course: CourseFolder) -> dict[str, float]:
    with gradebook_of(course) as gradebook:
        return {each.student.id: each.score for each in gradebook.find_assignment(UNIT).submissions}


def grade_rows(course: CourseFolder) -> set[tuple[object, ...]]:
    """Every mark: whose, for what, ours, by hand, and whether it waits."""
    with gradebook_of(course) as gradebook:
        return {
            (grade.student.id, grade.name, grade.auto_score, grade.manual_score, grade.needs_manual_grade)
            for each in gradebook.find_assignment(UNIT).submissions
            for notebook in each.notebooks
            for grade in notebook.grades
        }


def test_only_the_marks_that_must_change_do_and_it_is_said_whose_by_how_much_and_why(ready, capsys):
    before, rows, kept = points(ready), grade_rows(ready), files(ready.assessments / "autograded")
    decide(ready, decision("how-long"))
    assert regrade([UNIT]) == 0
    text = said(capsys).splitlines()
    # Late work counts for nothing here, so that learner's total stays; pat's mark was set by a person.
    assert text == [
        "listening: totals that went up: 2, down: 0, that stay the same: 3.",
        "What was decided:",
        "  how-long: drop, 2026-11-21, changes 3. It was not clear.",
        "  how-long: points that a person set and that stay: 1.",
        "Whose:",
        "  ada: 5 to 6 of 22 (how-long +1)",
        "  eve: 0 to 1 of 22 (how-long +1)",
        "  kim: 0 to 0 of 22 (how-long +1; less for coming in late)",
        "Set by a person, so not changed:",
        "  how-long: pat",
    ]
    assert points(ready) == {**before, "ada": 6.0, "eve": 1.0, "kim": 6.0}
    with gradebook_of(ready) as gradebook:
        late = gradebook.find_submission(UNIT, "kim").notebooks[0].late_submission_penalty
    assert late == 6.0, "what was taken off for coming in late is worked out anew"
    assert {row[:2] for row in grade_rows(ready) ^ rows} == {(who, "how-long") for who in ("ada", "eve", "kim", "pat")}
    after = files(ready.assessments / "autograded")
    assert {name.split("/")[0] for name in after if after[name] != kept[name]} == {"ada", "eve", "kim", "pat"}


def test_a_second_run_does_nothing(ready, capsys):
    decide(ready)
    assert regrade([UNIT]) == 0
    first, rows = said(capsys), tables(ready)
    stamps = {path: path.stat().st_mtime_ns for path in ready.assessments.glob("autograded/*/*/*")}
    assert "Whose:" in first
    assert regrade([UNIT]) == 0
    text = said(capsys)
    assert "totals that went up: 0, down: 0, that stay the same: 5." in text
    assert "Whose:" not in text
    assert tables(ready) == rows
    assert {path: path.stat().st_mtime_ns for path in ready.assessments.glob("autograded/*/*/*")} == stamps


def test_a_dry_run_says_the_same_and_changes_nothing(ready, capsys):
    decide(ready)
    rows, kept = tables(ready), files(ready.assessments / "autograded")
    assert regrade([UNIT, "--dry-run"]) == 0
    tried = said(capsys)
    assert (tables(ready), files(ready.assessments / "autograded")) == (rows, kept)
    assert regrade([UNIT]) == 0
    done = said(capsys)
    assert "would go up: 4" in tried
    assert "Nothing was changed: this was only to see." in tried
    assert tried.split("What was decided")[1] == done.split("What was decided")[1]


def test_marking_anew_and_nbgraders_own_command_give_the_marks_that_regrade_gives(ready, tmp_path):
    """Of every kind, written too: three courses, in one regraded, in two marked again from the start."""
    decide(ready)
    forced, stock = copied(ready, tmp_path / "forced"), copied(ready, tmp_path / "stock")
    assert regrade([UNIT]) == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ALONGSIDE_ROOT", str(forced.root))
        patch.chdir(forced.assessments)
        assert mark([UNIT, "--force"]) == 0
    done = stock.run("nbgrader", "autograde", UNIT, "--force")
    assert done.code == 0, done.out
    assert tables(forced) == tables(stock)
    assert files(forced.assessments / "autograded") == files(stock.assessments / "autograded")
    # Marking again asks a person to look again at a mark that they set. Regrade leaves even that as it is.
    asked = ("pat", "how-long", 1.0, 0.5, True)
    assert grade_rows(forced) - grade_rows(ready) == {asked}
    assert points(forced) == points(ready) == {"ada": 15.25, "bob": 16.0, "eve": 3.0, "kim": 15.25, "pat": 14.75}
    ours, theirs = (files(each.assessments / "autograded") for each in (ready, forced))
    assert ours["ada/listening/listening.ipynb"] == theirs["ada/listening/listening.ipynb"]
    book = json.loads(ours["ada/listening/listening.ipynb"])
    shown = ["".join(cell["source"]) for cell in book["cells"] if cell["id"].startswith("answer-")]
    assert all("looked at this question again on November 21, 2026" in text for text in shown)
    assert "Why: The lesson gives both." in shown[4]


def test_a_written_answer_whose_points_everybody_gets_waits_for_nobody(ready):
    rows = {row[:2]: row[2:] for row in grade_rows(ready)}
    assert rows["ada", "a-talk"] == (None, None, True)
    decide(ready, decision("a-talk", "full-marks"))
    assert regrade([UNIT]) == 0
    rows = {row[:2]: row[2:] for row in grade_rows(ready)}
    assert {rows[who, "a-talk"] for who in ("ada", "bob", "eve", "kim", "pat")} == {(6.0, None, False)}


def test_a_decision_that_was_changed_or_taken_back_takes_no_point_away(ready, capsys):
    decide(ready, decision("how-long", "full-marks"))
    assert regrade([UNIT]) == 0
    decide(ready, decision("how-long", "accept-also") + "also = [44]\n")
    rows = tables(ready)
    said(capsys)
    assert regrade([UNIT]) == 0
    text = said(capsys)
    assert "how-long: points that are higher than what is decided now, and stay: 3." in text
    assert "run `alongside mark listening --force`" in text
    assert text.rstrip().endswith("how-long: ada, eve, kim")
    assert tables(ready) == rows


def test_a_mark_that_somebody_sets_by_hand_stays_and_wins(ready, capsys):
    change_by_hand(ready, "ada", "how-long", 0.25)
    decide(ready, decision("how-long"))
    assert regrade([UNIT]) == 0
    assert points(ready)["ada"] == 5.25
    assert "how-long: ada, pat" in said(capsys)


@pytest.mark.parametrize("where", ["Ledger._change", "_lay", "Ledger._late"])
def test_a_run_that_is_stopped_is_finished_by_the_next(ready, tmp_path, monkeypatch, capsys, where):
    import alongside_grading.marking.regrader
    from alongside_grading.marking.ledger import Ledger

    decide(ready)
    whole = copied(ready, tmp_path / "whole")
    with monkeypatch.context() as patch:
        patch.setenv("ALONGSIDE_ROOT", str(whole.root))
        patch.chdir(whole.assessments)
        assert regrade([UNIT]) == 0
    with monkeypatch.context() as patch:
        owner = alongside_grading.marking.regrader if where == "_lay" else Ledger
        name, calls = where.rsplit(".", 1)[-1], []
        real = getattr(owner, name)

        def stop(*arguments):
            calls.append(1)
            if len(calls) == 2:
                raise KeyboardInterrupt
            return real(*arguments)

        patch.setattr(owner, name, stop)
        assert regrade([UNIT]) == 1
        assert "Stopped. What is changed is kept." in said(capsys)
    assert tables(ready) != tables(whole)
    assert regrade([UNIT]) == 0
    assert tables(ready) == tables(whole)
    assert files(ready.assessments / "autograded") == files(whole.assessments / "autograded")


def test_marks_that_were_written_meanwhile_are_not_overwritten(ready, monkeypatch, capsys):
    """Another program, such as `nbgrader autograde`, marks one learner between our asking and our writing."""
    from alongside_grading.marking.ledger import Ledger

    decide(ready, decision("how-long"))
    real = Ledger.change

    def late(self, learner, known, *rest):
        if learner == "ada":
            with gradebook_of(ready) as gradebook:
                gradebook.find_grade("how-long", UNIT, UNIT, "ada").auto_score = 0.75
                gradebook.db.commit()
        return real(self, learner, known, *rest)

    monkeypatch.setattr(Ledger, "change", late)
    assert regrade([UNIT]) == 1
    text = said(capsys)
    assert "ada: their work was marked again just now. Run this again." in text
    assert "totals that went up: 1, down: 0, that stay the same: 3." in text
    assert points(ready)["ada"] == 5.75
    assert points(ready)["eve"] == 1.0


def test_work_that_is_not_wholly_marked_is_told_and_left(ready, capsys):
    folder = ready.assessments / "autograded"
    (folder / "ada" / UNIT / "timestamp.txt").write_text("2026-11-22 10:00:00 UTC", encoding="utf-8")
    (folder / "eve" / UNIT / f"{UNIT}.ipynb").unlink()
    decide(ready, decision("how-long"))
    before = points(ready)
    assert regrade([UNIT]) == 1
    text = said(capsys)
    for who in ("ada", "eve"):
        assert f"{who}: the marked copy of their work is missing or newer than their marks. Run `alongside mark" in text
    assert points(ready) == {**before, "kim": 6.0}


def test_the_answers_are_those_that_were_marked_not_those_that_came_in_since(ready):
    """Newer work is for `alongside mark`, which then follows the decision too."""
    decide(ready, decision("how-long", "accept-also") + "also = [5]\n")
    send(ready, "bob", {**perfect(ready.bank), "how-long": 1}, 20, again="x_")
    assert regrade([UNIT]) == 0
    assert points(ready)["bob"] == 13.0
    send(ready, "new", {"how-long": 5}, 21)
    assert mark([UNIT]) == 0
    assert (points(ready)["bob"], points(ready)["new"]) == (12.0, 1.0)


def test_faults_stop_every_way_of_marking_before_anything_is_written(ready, capsys):
    decide(ready, "[nobody]\ndo = 1\n")
    rows, fault = tables(ready), "assessments/questions/listening.regrade.toml:1: nobody: There is no such question."
    for command in (regrade, mark, feedback):
        assert command([UNIT]) == 1
        assert fault in said(capsys)
    done = ready.run("nbgrader", "autograde", UNIT, "--force", "--student", "ada")
    assert done.code != 0
    assert re.search("Mend these first:.*nobody: There is no such question", done.out, re.DOTALL)
    assert tables(ready) == rows


def test_where_nothing_is_decided_it_is_said_how_to(ready, capsys):
    assert regrade([UNIT]) == 1
    text = said(capsys)
    assert (
        'Nothing is decided about "listening". Write what is into assessments/questions/listening.regrade.toml' in text
    )
    decide(ready, text.split("\n\n")[1].replace("id-of-the-question", "naming-a-feeling"))
    assert regrade([UNIT]) == 1
    assert '"the words of the option that counts too" is not among the answers.' in said(capsys), "all else is right"
    assert regrade(["nowhere"]) == 1
    assert 'There is no graded quiz called "nowhere". There are: listening.' in said(capsys)


def test_a_question_that_was_not_given_out_cannot_be_decided_about(ready, capsys):
    bank = ready.assessments / "questions" / f"{UNIT}.md"
    text = bank.read_text(encoding="utf-8")
    bank.write_text(text.replace("{#how-long}", "{#how-much}"), encoding="utf-8")
    decide(ready, decision("how-much"))
    assert regrade([UNIT]) == 1
    assert "Not among the questions that were given out, so not decided about: how-much." in said(capsys)


def test_without_nbgrader_it_is_said_what_to_install(ready, monkeypatch, capsys):
    monkeypatch.setattr("alongside_grading.marking.regrade_command.find_spec", lambda _: None)
    assert regrade([UNIT]) == 1
    assert 'pip install "alongside-course[grade]"' in said(capsys)


def test_learners_read_what_was_decided_once_their_points_follow(ready, capsys):
    decide(ready, decision("how-long"))
    assert feedback([UNIT]) == 0
    assert "Pages whose points do not yet follow what was decided about faulty questions: 3." in said(capsys)
    assert regrade([UNIT]) == 0
    assert feedback([UNIT]) == 0
    assert "do not yet follow" not in said(capsys)
    folder = ready.assessments / "feedback"
    pages = {who: (folder / who / UNIT / f"{UNIT}.txt").read_text(encoding="utf-8") for who in ("ada", "pat")}
    assert "1 of 1 point\nYour instructor looked at this question again on November 21, 2026." in pages["ada"]
    assert "0.5 of 1 point\nYour instructor set these points." in pages["pat"]
    assert "looked at this question again" not in pages["pat"]


def test_a_private_bank_keeps_its_decisions_in_its_own_folder(ready, tmp_path, monkeypatch, capsys):
    private = tmp_path / "private"
    private.mkdir()
    (ready.assessments / "questions" / f"{UNIT}.md").rename(private / f"{UNIT}.md")
    decide(ready, decision("how-long"))
    monkeypatch.setenv("ALONGSIDE_BANK", str(private))
    assert regrade([UNIT]) == 1
    assert f"Write what is into {private / UNIT}.regrade.toml" in said(capsys)
