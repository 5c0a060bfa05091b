"""Text becomes notebooks one way: drift is told, hand-made changes are kept, and learners' copies hold no key."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat
import pytest

from alongside.build import Built, build, out_of_date, planned
from alongside.catalog import Catalog
from alongside.cli import main
from alongside.paths import course_root

ROOT = course_root(Path(__file__))


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A copy of the course that a test may change."""
    for part in ("course", "modules", "assessments"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    return tmp_path


def notebooks() -> list[Built]:
    """Give every notebook that the course's text makes."""
    return [built for built in planned(Catalog(ROOT))[0] if built.path.suffix == ".ipynb"]


def test_what_is_committed_is_what_the_text_makes() -> None:
    """Nothing in the repository is out of date, and every page that should be built is."""
    stale, faults = out_of_date(Catalog(ROOT))
    assert (stale, faults) == ((), ())
    assert len(notebooks()) >= 5


def test_the_page_of_what_is_covered_is_built_with_the_notebooks(course: Path) -> None:
    """An objective that is changed makes it out of date, and `alongside build` mends it without asking."""
    design = course / "modules" / "02-empathy" / "design.md"
    design.write_text(design.read_text(encoding="utf-8").replace("*samhsa: VIII", "*samhsa: VII"), encoding="utf-8")
    assert out_of_date(Catalog(course))[0] == ("course/COVERAGE.md",)
    assert build(Catalog(course)) == (("course/COVERAGE.md",), ())
    assert out_of_date(Catalog(course))[0] == ()


def test_every_built_notebook_is_valid_and_code_cells_are_one_folded_line_without_outputs() -> None:
    """A learner in JupyterLab sees one folded line where there is code, and nothing was saved with the page."""
    for built in notebooks():
        book = nbformat.reads(built.text, as_version=4)
        nbformat.validate(book)
        for cell in book.cells:
            if cell.cell_type == "code":
                assert cell.outputs == []
                assert cell.metadata.jupyter.source_hidden
                assert "HIDDEN TESTS" in cell.source or len(cell.source.splitlines()) <= 1


def test_the_first_line_of_a_page_in_jupyterlab_says_which_button_to_press() -> None:
    """It stands in a cell that the web page leaves out."""
    words = Catalog(ROOT).words["lesson"]["lab_button"]
    for built in notebooks():
        first = json.loads(built.text)["cells"][0]
        assert "".join(first["source"]).partition("\n\n")[0] == words
        assert first["metadata"]["tags"] == ["lab-only"]


def test_in_jupyterlab_each_page_to_read_leads_to_my_work() -> None:
    """In the cell that the web page leaves out, since the web page has the link in its head."""
    ways = {
        built.shown: "".join(json.loads(built.text)["cells"][0]["source"]).partition("\n\n")[2] for built in notebooks()
    }
    assert ways["modules/home.ipynb"] == ways["modules/glossary.ipynb"] == "[My work](my-work.ipynb)"
    assert ways["modules/02-empathy/lesson.ipynb"] == "[My work](../my-work.ipynb)"
    assert ways["modules/my-work.ipynb"] == ways["modules/02-empathy/quiz.ipynb"] == ""


def test_my_work_is_built_where_it_is_written(course: Path) -> None:
    """A course without it has no page and no link to it."""
    (course / "modules" / "my-work.md").unlink()
    plan, faults = planned(Catalog(course))
    assert faults == ()
    assert not any("my-work" in built.text for built in plan if built.path.name != "home.ipynb")  # whose text says it


def test_an_edited_lesson_is_out_of_date_until_it_is_built(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`alongside build --check` exits with 1 and names the notebook; `alongside build` mends it."""
    monkeypatch.chdir(course)
    lesson = course / "modules" / "02-empathy" / "lesson.md"
    lesson.write_text(
        lesson.read_text(encoding="utf-8").replace("a long silence", "a silent stretch"), encoding="utf-8"
    )
    assert main(["build", "--check"]) == 1
    assert out_of_date(Catalog(course))[0] == ("modules/02-empathy/lesson.ipynb",)
    assert main(["build"]) == 0
    assert main(["build", "--check"]) == 0


def test_a_notebook_that_was_changed_by_hand_is_kept_and_the_author_is_told(course: Path) -> None:
    """The change is still there afterwards, and the message says what to do."""
    path = course / "modules" / "02-empathy" / "lesson.ipynb"
    book = json.loads(path.read_text(encoding="utf-8"))
    book["cells"][3]["source"] = ["My own words.\n"]
    path.write_text(json.dumps(book), encoding="utf-8")
    lesson = path.with_suffix(".md")
    lesson.write_text(lesson.read_text(encoding="utf-8") + "\nOne more line.\n", encoding="utf-8")
    written, faults = build(Catalog(course))
    assert written == ()
    assert "My own words." in path.read_text(encoding="utf-8")
    (fault,) = faults
    assert str(fault) == (
        "modules/02-empathy/lesson.ipynb:1: This notebook was changed by hand, so it was not overwritten. Copy your "
        "change into the text file it is made from, delete this notebook, and build again."
    )


def test_a_notebook_that_was_only_run_is_built_again_without_complaint(course: Path) -> None:
    """Outputs are nobody's words."""
    path = course / "modules" / "02-empathy" / "lesson.ipynb"
    before = path.read_bytes()
    book = json.loads(before)
    book["cells"][1]["execution_count"] = 1
    path.write_text(json.dumps(book), encoding="utf-8")
    assert build(Catalog(course)) == (("modules/02-empathy/lesson.ipynb",), ())
    assert path.read_bytes() == before


def test_a_notebook_that_no_text_makes_is_told(course: Path) -> None:
    """A page whose lesson was taken away does not linger."""
    (course / "modules" / "02-empathy" / "old.ipynb").write_text("{}", encoding="utf-8")
    assert out_of_date(Catalog(course))[0] == ("modules/02-empathy/old.ipynb",)


def test_the_source_folder_of_a_unit_holds_the_notebook_and_nothing_else() -> None:
    """nbgrader copies whatever lies there into what learners get."""
    folders = [path for path in (ROOT / "assessments" / "source").iterdir() if path.is_dir()]
    assert folders
    for folder in folders:
        assert [path.name for path in folder.iterdir() if not path.name.startswith(".")] == [f"{folder.name}.ipynb"]


def test_the_learners_copy_holds_no_key_and_no_reason() -> None:
    """Neither an answer's id, nor a reason, nor a hidden test stands in the quiz that learners open."""
    catalog = Catalog(ROOT)
    bank, _ = catalog.bank("empathy")
    assert bank is not None
    text = (ROOT / "modules" / "02-empathy" / "quiz.ipynb").read_text(encoding="utf-8")
    for question in bank.questions:
        for option in question.options:
            assert option.id not in text
            assert json.dumps(option.reason, ensure_ascii=False)[1:-1] not in text
    assert "HIDDEN" not in text


def test_a_private_bank_is_never_built_into_the_course(
    course: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `ALONGSIDE_BANK` set, what is built in the course is still the public bank alone."""
    private = tmp_path_factory.mktemp("bank")
    public = (course / "assessments" / "questions" / "empathy.md").read_text(encoding="utf-8")
    (private / "empathy.md").write_text(public.replace("## ", "## Secret ", 1), encoding="utf-8")
    monkeypatch.setenv("ALONGSIDE_BANK", str(private))
    assert build(Catalog(course)) == ((), ())


def test_a_second_language_is_a_file_beside_the_first(course: Path) -> None:
    """`lesson.es.md` becomes `lesson.es.ipynb`, in its own language, and is not taken for a leftover."""
    words = course / "course" / "words"
    (words / "es.toml").write_text('[lesson]\nlab_button = "Pulse"\n', encoding="utf-8")
    lesson = course / "modules" / "01-what-peer-support-is" / "lesson.md"
    text = lesson.read_text(encoding="utf-8").replace("format: 1", "format: 1\nlang: es", 1)
    lesson.with_name("lesson.es.md").write_text(text, encoding="utf-8")
    written, faults = build(Catalog(course))
    assert faults == ()
    assert written == ("modules/01-what-peer-support-is/lesson.es.ipynb",)
    assert out_of_date(Catalog(course))[0] == ()
    book = json.loads((lesson.parent / "lesson.es.ipynb").read_text(encoding="utf-8"))
    assert book["metadata"]["alongside"]["language"] == "es"
    assert 'lesson("what-peer-support-is", "es")' in "".join(book["cells"][1]["source"])
