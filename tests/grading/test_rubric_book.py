"""Levels chosen on the page are kept in a file and stand in nbgrader's own gradebook, and nobody's mark is lost."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from alongside.catalog import Catalog
from alongside.course import read_words
from alongside.handin import hand_in
from alongside.quiz_notebook import learner_notebook
from alongside_grading.marking.ledger import NotMarkable
from alongside_grading.marking.mark_command import mark
from alongside_grading.rubrics.rubric import Choice
from alongside_grading.rubrics.rubric_book import RubricBook, TooNew
from alongside_grading.rubrics.rubric_command import rubric
from alongside_grading.rubrics.rubric_desk import Desk, State, open_desk
from alongside_grading.rubrics.rubric_page import RubricPage
from tests.grading.folder import UNIT, WRITTEN, CourseFolder, make_course
from tests.grading.hand_ins import HOSTILE_TEXT, START

SECOND = "second-try"
ALL = {"Names the feeling": 2, "Leaves room": 1, "Says why": 2}
TEXTS = {"ann": "You're worn out.", "bo": HOSTILE_TEXT, "zoë-ñandú": "שלום Sam, you <b>sound</b> tired."}


def send(course: CourseFolder, who: str, answers: dict[str, Any], minutes: int = 0) -> None:
    made = hand_in(learner_notebook(course.bank, course.catalog.words["lesson"]), UNIT, answers, who,
                   START + timedelta(minutes=minutes))  # fmt: skip
    archive = course.assessments / "downloaded" / UNIT / "archive"
    archive.mkdir(parents=True, exist_ok=True)
    (archive / made.filename).write_bytes(made.data)


@pytest.fixture(scope="session")
def marked_once(tmp_path_factory: pytest.TempPathFactory) -> CourseFolder:
    """Three learners with written answers and one without, released and marked by our own commands."""
    course = make_course(tmp_path_factory.mktemp("rubric") / "course")
    assert course.run("alongside", "release", UNIT).code == 0
    for who, text in TEXTS.items():
        send(course, who, {WRITTEN: text})
    send(course, "blank", {})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ALONGSIDE_ROOT", str(course.root))
        patch.delenv("ALONGSIDE_BANK", raising=False)
        assert mark([UNIT]) == 0
    return course


@pytest.fixture
def room(marked_once, tmp_path, monkeypatch) -> CourseFolder:
    """A copy of it to change, which commands find."""
    root = Path(shutil.copytree(marked_once.root, tmp_path / "course"))
    monkeypatch.setenv("ALONGSIDE_ROOT", str(root))
    monkeypatch.delenv("ALONGSIDE_BANK", raising=False)
    return CourseFolder(root, marked_once.bank, Catalog(root, environ={}))


@contextmanager
def desk_of(course: CourseFolder) -> Iterator[Desk]:
    with open_desk(Catalog(course.root, environ={}), UNIT) as (desk, note):
        assert note == ""
        yield desk


def choose(course: CourseFolder, who: str, levels: dict[str, int], comment: str = "", *, over: bool = False) -> State:
    with desk_of(course) as desk:
        question = desk.questions[0]
        paper = next(paper for paper in desk.papers[WRITTEN] if paper.learner == who)
        return desk.choose(question, paper, levels, comment, desk.state(question, paper), over=over)


def book_of(course: CourseFolder) -> RubricBook:
    return RubricBook(course.assessments, UNIT)


@contextmanager
def gradebook(course: CourseFolder) -> Iterator[Any]:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course.assessments / 'gradebook.db'}") as found:
        yield found


def stands(course: CourseFolder, who: str, question: str = WRITTEN) -> tuple[float | None, bool, str | None]:
    """What formgrader shows: points by hand, whether they wait, and the comment."""
    with gradebook(course) as found:
        grade = found.find_grade(question, UNIT, UNIT, who)
        comment = found.find_comment(question, UNIT, UNIT, who)
        return grade.manual_score, grade.needs_manual_grade, comment.manual_comment


def by_formgrader(course: CourseFolder, who: str, points: float | None, comment: str | None = None) -> None:
    """What formgrader's own handlers do."""
    with gradebook(course) as found:
        grade = found.find_grade(WRITTEN, UNIT, UNIT, who)
        grade.manual_score, grade.needs_manual_grade = points, points is None
        found.find_comment(WRITTEN, UNIT, UNIT, who).manual_comment = comment
        found.db.commit()


def change_bank(course: CourseFolder, old: str, new: str) -> None:
    path = course.assessments / "questions" / f"{UNIT}.md"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_points_are_written_once_each_criterion_has_a_level_and_formgrader_shows_them(room):
    state = choose(room, "ann", {"Names the feeling": 2}, "Well heard.")
    assert (state.done, state.levels, stands(room, "ann")) == (
        False, {"Names the feeling": 2}, (None, True, "Well heard."),
    )  # fmt: skip
    state = choose(room, "ann", ALL, "Well heard.")
    assert (state.done, state.written, stands(room, "ann")) == (True, True, (5.0, False, "Well heard."))
    with gradebook(room) as found:
        work = found.find_submission(UNIT, "ann")
        assert (work.written_score, work.score, work.needs_manual_grade) == (5.0, 5.0, False)
    assert stands(room, "bo") == (None, True, None)
    state = choose(room, "ann", {**ALL, "Says why": 0}, "")
    assert stands(room, "ann") == (3.0, False, None)


def test_an_answer_that_was_not_given_is_not_asked_about_and_keeps_its_nought(room):
    with desk_of(room) as desk:
        assert {paper.learner for paper in desk.papers[WRITTEN]} == set(TEXTS)
        assert desk.papers[SECOND] == ()
    assert stands(room, "blank") == (None, False, None)


def test_texts_are_what_was_handed_in_and_the_order_is_the_same_each_time(room):
    with desk_of(room) as desk:
        first = desk.papers[WRITTEN]
    with desk_of(room) as desk:
        assert desk.papers[WRITTEN] == first
    assert {paper.learner: paper.text for paper in first} == TEXTS


def test_a_mark_given_in_formgrader_is_told_and_not_written_over_unless_asked(room):
    by_formgrader(room, "ann", 4.5, "By hand.")
    state = choose(room, "ann", ALL, "By hand.")
    assert (state.elsewhere, state.written, stands(room, "ann")) == (True, False, (4.5, False, "By hand."))
    state = choose(room, "ann", ALL, "By rubric.", over=True)
    assert (state.elsewhere, state.written, stands(room, "ann")) == (False, True, (5.0, False, "By rubric."))


@pytest.mark.parametrize("there", [(4.5, "Meanwhile."), (None, None), (5.0, "Meanwhile.")])
def test_what_changes_in_formgrader_while_the_page_is_open_is_not_written_over(room, there):
    choose(room, "ann", ALL, "Well heard.")
    with desk_of(room) as desk:
        question = desk.questions[0]
        paper = next(paper for paper in desk.papers[WRITTEN] if paper.learner == "ann")
        seen = desk.state(question, paper)
        by_formgrader(room, "ann", *there)
        state = desk.choose(question, paper, {**ALL, "Leaves room": 0}, "On the page.", seen, over=False)
    assert not state.written
    assert (stands(room, "ann")[0], stands(room, "ann")[2]) == there


def test_a_comment_changed_in_formgrader_is_the_one_that_the_page_shows(room):
    choose(room, "ann", ALL, "Well heard.")
    by_formgrader(room, "ann", 5.0, "Heard very well.")
    with desk_of(room) as desk:
        state = desk.states(desk.questions[0])[[each.learner for each in desk.papers[WRITTEN]].index("ann")]
    assert (state.comment, state.elsewhere, state.done) == ("Heard very well.", False, True)


def test_a_changed_rubric_rescores_past_work_and_says_whose_and_by_how_much(room, capsys):
    choose(room, "ann", ALL, "Kept.")
    choose(room, "bo", {**ALL, "Says why": 0})
    choose(room, "zoë-ñandú", ALL)
    by_formgrader(room, "zoë-ñandú", 1.5)
    # A criterion gets another name. The points stay as they were.
    old = "- **Says why**\n  - 0: Gives no reason.\n  - 1: Gives a reason about the helper.\n"
    old += "  - 2: Gives a reason about Sam."
    change_bank(room, old, "- **Gives a reason**\n  - 0: No.\n  - 1: Some.\n  - 2: Yes.")
    assert rubric([UNIT, "--rescore"]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[0] == f"{UNIT}: 2 wait again for a level, 1 left as somebody set them in formgrader."
    assert f'ann, {WRITTEN}: waits for "Gives a reason"; 5 points until then.' in out
    assert stands(room, "ann") == (5.0, True, "Kept.")
    assert stands(room, "zoë-ñandú")[:2] == (1.5, False)
    # Going on from there needs only the new criterion; the others are as they were.
    with desk_of(room) as desk:
        state = desk.states(desk.questions[0])[[each.learner for each in desk.papers[WRITTEN]].index("ann")]
    assert (state.done, state.elsewhere) == (False, False)
    kept = {name: level for name, level in state.levels.items() if name != "Says why"}
    choose(room, "ann", {**kept, "Gives a reason": 1}, "Kept.")
    assert stands(room, "ann") == (4.0, False, "Kept.")
    # And the old name brings back what was chosen under it.
    assert book_of(room).read().choices[WRITTEN]["ann"].levels["Says why"] == 2
    change_bank(room, "**Gives a reason**", "**Says why**")
    assert rubric([UNIT, "--rescore"]) == 0
    assert f"ann, {WRITTEN}: 4 → 5 points (+1)." in capsys.readouterr().out
    assert stands(room, "ann") == (5.0, False, "Kept.")
    assert rubric([UNIT, "--rescore"]) == 0
    assert "changed" not in capsys.readouterr().out.splitlines()[0]


def test_a_rubric_with_other_points_than_the_gradebook_is_not_used_until_it_is_released(room, capsys):
    choose(room, "ann", ALL)
    change_bank(room, "- **Says why**\n  - 0: Gives no reason.\n  - 1: Gives a reason about the helper.\n"
                "  - 2: Gives a reason about Sam.\n", "")  # fmt: skip
    change_bank(room, "points: 6", "points: 4")
    # A rubric has three criteria at least, so one is split.
    change_bank(room, "- **Leaves room**\n  - 0: Tells Sam what to do.\n  - 1: Asks a closed question.\n"
                "  - 2: Leaves the next word to Sam.", "- **Leaves room**\n  - 0: No.\n  - 1: Yes.\n"
                "- **Says why**\n  - 0: No.\n  - 1: Yes.")  # fmt: skip
    assert rubric([UNIT, "--rescore"]) == 1
    assert f"alongside release {UNIT}" in capsys.readouterr().err
    assert stands(room, "ann")[0] == 5.0
    assert room.run("alongside", "release", UNIT).code == 0
    assert rubric([UNIT, "--rescore"]) == 0
    out = capsys.readouterr().out
    assert '"Says why"' in out
    assert stands(room, "ann") == (5.0, True, None)


def test_work_handed_in_again_loses_its_levels_and_waits_and_an_unchanged_one_does_not(room):
    for who in ("ann", "bo"):
        choose(room, who, ALL, "Well heard.")
    send(room, "ann", {WRITTEN: "Something else."}, minutes=60)
    assert mark([UNIT, "--force"]) == 0
    assert [stands(room, who)[:2] for who in ("ann", "bo")] == [(5.0, True), (5.0, True)]
    with desk_of(room) as desk:
        desk.resume()
        learners = [each.learner for each in desk.papers[WRITTEN]]
        states = dict(zip(learners, desk.states(desk.questions[0]), strict=True))
    assert (states["ann"].again, states["ann"].levels, states["ann"].done) == (True, {}, False)
    assert (states["bo"].again, states["bo"].done, stands(room, "bo")) == (False, True, (5.0, False, "Well heard."))
    choose(room, "ann", {**ALL, "Leaves room": 2}, "Better still.")
    assert stands(room, "ann") == (6.0, False, "Better still.")


@pytest.mark.parametrize("written", [False, True])
def test_a_page_that_was_stopped_half_way_goes_on_where_it_was(room, written):
    choose(room, "ann", {**ALL, "Says why": 0}, "First.")
    kept = book_of(room).read().choices[WRITTEN]["ann"]
    book_of(room).put(WRITTEN, "ann", Choice(ALL, "Second.", kept.answer, kept.gave, pending=True))
    if written:
        by_formgrader(room, "ann", 5.0, "Second.")
    with desk_of(room) as desk:
        desk.resume()
    assert stands(room, "ann") == (5.0, False, "Second.")
    after = book_of(room).read().choices[WRITTEN]["ann"]
    assert (after.gave, after.pending) == (5.0, False)


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"format": 1, "unit": "other", "comments": [], "choices": {}}',
                                 b'{"format": 1, "unit": "listening", "comments": [3], "choices": {}}',
                                 b'{"format": 1, "unit": "listening", "comments": [], "choices": {"a": {"b": {}}}}',
                                 b"\xff\xfe", b"[" * 100_000])  # fmt: skip
def test_a_torn_file_is_told_and_kept_aside(tmp_path, raw):
    book = RubricBook(tmp_path, UNIT)
    book.path.parent.mkdir()
    book.path.write_bytes(raw)
    note = book.set_aside()
    aside = next(iter(book.path.parent.glob("*.unread-*")))
    assert aside.read_bytes() == raw
    assert str(aside) in note
    assert book.set_aside() == ""
    assert book.read().choices == {}


def test_a_file_of_a_newer_form_is_left_where_it_is(tmp_path, monkeypatch):
    book = RubricBook(tmp_path, UNIT)
    book.path.parent.mkdir()
    book.path.write_text('{"format": 2}', encoding="utf-8")
    with pytest.raises(TooNew, match="newer version"):
        book.set_aside()
    assert book.path.read_text(encoding="utf-8") == '{"format": 2}'


def test_two_pages_at_once_keep_each_others_choices_and_comments(tmp_path):
    one, two = RubricBook(tmp_path, UNIT), RubricBook(tmp_path, UNIT)
    one.put(WRITTEN, "ann", Choice({"a": 1}))
    two.put(WRITTEN, "bo", Choice({"a": 2}, "x", "ab", 2.0))
    assert one.remember("Well heard.") == ("Well heard.",)
    assert two.remember("Say why.") == ("Well heard.", "Say why.")
    assert one.forget("Well heard.") == ("Say why.",)
    kept = two.read()
    assert kept.choices == {WRITTEN: {"ann": Choice({"a": 1}), "bo": Choice({"a": 2}, "x", "ab", 2.0)}}
    assert kept.comments == ("Say why.",)
    assert (one.path.stat().st_mode & 0o777) == 0o600


def test_a_unit_without_written_answers_or_without_a_gradebook_is_told_plainly(room, capsys):
    with pytest.raises(NotMarkable, match="no graded quiz"), open_desk(room.catalog, "nothing"):
        pass
    (room.assessments / "gradebook.db").unlink()
    assert rubric([UNIT]) == 1
    assert "alongside release" in capsys.readouterr().err


def test_nothing_that_goes_to_the_page_holds_a_name(room):
    words = read_words(room.root, "en")["rubric"]
    with desk_of(room) as desk:
        page = RubricPage(desk, words, "en")
        of_question = page.view["questions"][0]["codes"]
        told = [page.handle("open", {"question": WRITTEN, "code": code}).data for code in of_question]
        asked = {"question": WRITTEN, "code": told[0]["code"], "levels": [2, 1, 2], "comment": "Well heard."}
        told.append(page.handle("choose", asked).data)
        sent = json.dumps([page.view, told], ensure_ascii=False).replace(HOSTILE_TEXT, "")
    assert told[-1]["done"] is True
    assert not [who for who in ("ann", "zoë", "ñandú", '"bo"') if who in sent]


@pytest.mark.parametrize(
    "message",
    [{}, {"question": WRITTEN}, {"question": [], "code": "A7"}, {"question": WRITTEN, "code": "ann"},
     {"levels": [2, 1]}, {"levels": [2, 1, 3]}, {"levels": [True, 1, 2]}, {"levels": {"a": 1}}, {"levels": [-2, 0, 0]},
     {"levels": [0, 0, 0], "comment": 3}, {"levels": [0, 0, 0], "comment": "x" * 20_001}],
)  # fmt: skip
def test_a_misshapen_message_changes_nothing(room, message):
    words = read_words(room.root, "en")["rubric"]
    with desk_of(room) as desk:
        page = RubricPage(desk, words, "en")
        right = {"question": WRITTEN, "code": page.view["questions"][0]["codes"][0], "comment": ""}
        asked = {**right, **message} if "levels" in message else message
        assert page.handle("choose", asked) is None
        assert page.handle("no-such", right) is None
        page.set_state({"view": {}})
        assert page.view["questions"]
    assert [stands(room, who)[0] for who in TEXTS] == [None] * 3


def test_a_gradebook_that_cannot_be_written_is_told_and_what_was_there_stays(room):
    choose(room, "ann", ALL, "Well heard.")
    words = read_words(room.root, "en")["rubric"]
    with desk_of(room) as desk:
        page = RubricPage(desk, words, "en")
        code = next(paper.code for paper in desk.papers[WRITTEN] if paper.learner == "ann")
        (room.assessments / "rubric" / f"{UNIT}.json").write_text("{", encoding="utf-8")
        asked = {"question": WRITTEN, "code": code, "levels": [0, 0, 0], "comment": ""}
        assert page.handle("choose", asked).data == {"trouble": words["not_saved"]}
    assert stands(room, "ann") == (5.0, False, "Well heard.")


def test_a_page_that_goes_on_with_a_new_kernel_writes_over_nothing_that_it_has_not_shown(room):
    """The kernel that showed the answer is gone, and the next one knows what was seen from the page alone."""
    words = read_words(room.root, "en")["rubric"]
    with desk_of(room) as desk:
        code = next(paper.code for paper in desk.papers[WRITTEN] if paper.learner == "ann")
        asked = {"question": WRITTEN, "code": code, "levels": [2, 1, 2], "comment": "Well heard."}
        seen = RubricPage(desk, words, "en").handle("open", asked).data["seen"]
        by_formgrader(room, "ann", None, "From formgrader.")
        told = RubricPage(desk, words, "en").handle("choose", {**asked, "seen": seen}).data
        assert told["notice"] == words["elsewhere_comment"]
        assert stands(room, "ann")[2] == "From formgrader."
        again = RubricPage(desk, words, "en").handle("choose", {**asked, "seen": told["seen"]}).data
        assert again["notice"] == ""
        assert stands(room, "ann") == (5.0, False, "Well heard.")
        other = RubricPage(desk, words, "en").handle("choose", {**asked, "levels": [0, 0, 0], "seen": ["0", *seen[1:]]})
    assert other.data == {"trouble": words["lost"]}
    assert stands(room, "ann") == (5.0, False, "Well heard.")
