"""nbgrader is set up so that a private bank stays private, and no file's name can name anyone or anything else."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from alongside.handin import listed_as
from alongside_grading.config import HANDED_IN, BankInRepository, configure, course_directory
from tests.grading.folder import ROOT

PREFIXES = (
    "",
    "Ann--Marie Smith_123_assignsubmission_file_",
    "smithann_LATE_4711_815_",
    "Ann S_5_file_/",
    "x--y/z--w_",
)
SUFFIXES = ("", " (1)", "-1", "(2)", " - Copy")
STAMP = "20261121T101500Z"


class Loose(dict):
    """As traitlets' own: what is not there is made when it is asked for."""

    def __getattr__(self, name):
        return self.setdefault(name, Loose())

    def __setattr__(self, name, value):
        self[name] = value


def told(path):
    match = re.match(HANDED_IN, path)
    return match and (match["student_id"], match["timestamp"], match["file_id"])


@given(name=st.text(min_size=1, max_size=30), prefix=st.sampled_from(PREFIXES), suffix=st.sampled_from(SUFFIXES))
def test_any_name_a_learner_types_is_read_back_from_the_file(name, prefix, suffix):
    try:
        learner = listed_as(name)
    except ValueError:
        assume(condition=False)
    for file in ("empathy.ipynb", "responses.json"):
        path = f"/a--b/course/downloaded/empathy/extracted/{prefix}empathy--{learner}--{STAMP}{suffix}/{file}"
        assert told(path) == (learner, STAMP, file)


@pytest.mark.parametrize("learner", ["zoë-ñandú", "李小龍", "आरती", "0042", "ann_b", "o.neil", "a b"])
def test_letters_of_any_language_are_read(learner):
    assert told(f"/x/empathy--{learner}--{STAMP}/empathy.ipynb") == (learner, STAMP, "empathy.ipynb")


@pytest.mark.parametrize(
    "learner", ["", "..", ".x", "-x", " x", "a/b", "<b>", "a{b}", "a[b]", "a*", "a?", "a'b", "a$b", "a\tb"]
)
def test_what_could_be_a_folder_a_pattern_or_a_tag_is_no_learner(learner):
    assert told(f"/x/empathy--{learner}--{STAMP}/empathy.ipynb") is None


@pytest.mark.parametrize(
    "file", ["x.py", "gradebook.db", "timestamp.txt", "../empathy.ipynb/x", "other.json", ".x.ipynb", "Empathy.ipynb"]
)
def test_only_the_notebook_and_the_answers_are_taken(file):
    assert told(f"/x/empathy--ada--{STAMP}/{file}") is None


def test_a_name_inside_the_zip_cannot_stand_for_another_learner():
    path = f"/x/empathy--ada--{STAMP}/empathy--bob--20991231T235959Z/empathy.ipynb"
    assert told(path) == ("ada", STAMP, "empathy.ipynb")


def test_without_a_private_bank_the_course_directory_is_where_the_file_lies(tmp_path):
    assert course_directory(tmp_path, {}) == tmp_path
    assert course_directory(tmp_path, {"ALONGSIDE_BANK": "  "}) == tmp_path


def test_a_private_bank_is_its_own_course_directory(tmp_path):
    assert course_directory(ROOT / "assessments", {"ALONGSIDE_BANK": str(tmp_path)}) == tmp_path


@pytest.mark.parametrize("inside", ["", "assessments", "assessments/questions", "modules/mine"])
def test_a_private_bank_inside_a_copy_of_the_course_is_refused(tmp_path, inside):
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "course.yaml").write_text("", encoding="utf-8")
    with pytest.raises(BankInRepository, match="Move it to a folder outside"):
        course_directory(ROOT / "assessments", {"ALONGSIDE_BANK": str(tmp_path / inside)})


def test_a_way_around_by_a_link_is_refused_too(tmp_path):
    link = tmp_path / "link"
    link.symlink_to(ROOT / "assessments" / "questions")
    with pytest.raises(BankInRepository):
        course_directory(ROOT / "assessments", {"ALONGSIDE_BANK": str(link)})


def test_a_private_bank_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BankInRepository, match="there is no such folder"):
        course_directory(ROOT / "assessments", {"ALONGSIDE_BANK": str(tmp_path / "gone")})


def test_a_bank_in_the_wrong_place_stops_nbgrader_with_a_sentence(monkeypatch):
    monkeypatch.setenv("ALONGSIDE_BANK", str(ROOT / "assessments"))
    with pytest.raises(SystemExit, match="A private bank could"):
        configure(Loose(), ROOT / "assessments")


def test_everything_the_private_bank_makes_lies_beside_it(tmp_path, monkeypatch):
    monkeypatch.setenv("ALONGSIDE_BANK", str(tmp_path))
    (tmp_path / "empathy.md").write_text("", encoding="utf-8")
    c = Loose()
    configure(c, ROOT / "assessments")
    assert c.CourseDirectory.root == str(tmp_path)
    assert c.Autograde.exclude_overwriting == {"empathy": ["responses.json"]}
    assert "db_url" not in c.CourseDirectory


def test_no_source_file_ever_stands_in_for_a_learners_answers(monkeypatch):
    monkeypatch.delenv("ALONGSIDE_BANK", raising=False)
    c = Loose()
    configure(c, ROOT / "assessments")
    units = {path.stem for path in (ROOT / "assessments" / "questions").glob("*.md")}
    assert units <= set(c.Autograde.exclude_overwriting)
    assert all(files == ["responses.json"] for files in c.Autograde.exclude_overwriting.values())


def test_setting_up_loads_nothing_of_jupyter():
    code = (
        "import sys, pathlib, alongside_grading.config as c\n"
        "class L(dict):\n"
        "    def __getattr__(self, n): return self.setdefault(n, L())\n"
        "    def __setattr__(self, n, v): self[n] = v\n"
        "c.configure(L(), pathlib.Path('.'))\n"
        "slow = ('nbgrader', 'nbformat', 'nbconvert', 'traitlets', 'IPython', 'ipywidgets')\n"
        "print([n for n in slow if n in sys.modules])"
    )
    here = Path(__file__).parent
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=here)
    assert done.stdout.strip() == "[]"


def test_every_step_that_is_named_can_be_loaded():
    from traitlets import import_item

    c = Loose()
    configure(c, ROOT / "assessments")
    named = [
        *c.Autograde.sanitize_preprocessors,
        *c.Autograde.autograde_preprocessors,
        *c.GenerateFeedback.preprocessors,
        c.Autograde.exporter_class,
        c.GenerateFeedback.exporter_class,
        c.ZipCollectApp.extractor_plugin,
        c.ZipCollectApp.collector_plugin,
    ]
    assert all(isinstance(import_item(name), type) for name in named)
