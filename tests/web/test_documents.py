"""A page's own text: its outline, its place in the course, and that it is made again when its notebook changes."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from voila.configuration import VoilaConfiguration
from voila.paths import collect_template_paths

from alongside.catalog import Catalog
from alongside.course import read_words
from alongside.paths import course_root
from alongside_web.documents import Document, Documents, Heading, outline, place_in_course
from alongside_web.fronts import Fronts
from alongside_web.settings import find_templates, voila_settings

ROOT = course_root(Path(__file__))
COURSE = Catalog(ROOT, environ={})
SAID = COURSE.words["page"]
NAMES = [module.folder.name for module in COURSE.modules]
TITLES = [module.lesson.title for module in COURSE.modules if module.lesson]


# The outline.


def words_of(html: str) -> dict[str, Any]:
    return {"id": "", "html": html, "kind": ""}


def activity(kind: str) -> dict[str, Any]:
    return {"id": "cell", "html": "", "kind": kind}


def test_the_outline_holds_second_level_headings_and_what_comes_under_each() -> None:
    """In order, each kind of activity once, in words; what comes before the first heading has no line to stand in."""
    blocks = [
        activity("progress"),
        words_of('<h1 id="top">Top</h1><p>x</p>'),
        activity("roleplay"),
        words_of('<h2 id="one">One</h2><h3 id="deep">Deeper</h3>'),
        activity("roleplay"),
        activity("roleplay"),
        activity("practice"),
        words_of('<h2 id="two">Two</h2>'),
        activity(""),
        activity("unheard-of"),
        words_of('<h2 id="three">Three</h2><h2 id="four">Four</h2>'),
        activity("reflection"),
    ]
    assert outline(blocks, SAID) == [
        Heading("one", "One", (SAID["kind_roleplay"], SAID["kind_practice"])),
        Heading("two", "Two"),
        Heading("three", "Three"),
        Heading("four", "Four", (SAID["kind_reflection"],)),
    ]


def test_the_outlines_words_are_the_headings_own() -> None:
    """Marked words and signs are taken as they are read; a heading that nothing can lead to is left out."""
    found = outline([words_of('<h2 id="a&amp;b">Say <em>it</em> &amp; &lt;stop&gt;</h2><h2>Nowhere</h2>')], SAID)
    assert found == [Heading("a&b", "Say it & <stop>")]
    assert outline([], SAID) == []


# Where a page stands.


def link(number: int, page: str = "lesson") -> dict[str, str]:
    return {"words": TITLES[number], "href": f"../{NAMES[number]}/{page}.ipynb"}


def counted(number: int) -> str:
    return SAID["module_of"].format(number=number + 1, total=len(NAMES))


def test_the_first_lesson_has_nothing_before_it() -> None:
    """Home is one folder up, and the second lesson comes next."""
    here = place_in_course(COURSE, f"{NAMES[0]}/lesson.ipynb")
    assert (here["before"], here["after"]) == (None, link(1))
    assert here["home"] == {"words": SAID["home"], "href": "../home.ipynb"}
    assert here["glossary"] == {"words": SAID["glossary"], "href": "../glossary.ipynb"}
    assert here["work"] == {"words": SAID["my_work"], "href": "../my-work.ipynb"}
    assert here["lab"] == {"words": SAID["practice_lab"], "href": "../practice-lab.ipynb"}
    assert (here["trail"], here["count"]) == ([], counted(0))


def test_the_last_lesson_has_nothing_after_it() -> None:
    """Its number is that of all modules."""
    here = place_in_course(COURSE, f"{NAMES[-1]}/lesson.ipynb")
    assert (here["before"], here["after"]) == (link(-2), None)
    assert here["count"] == counted(len(NAMES) - 1)


def test_a_lesson_in_the_middle_leads_both_ways() -> None:
    """To the lessons beside it."""
    here = place_in_course(COURSE, f"{NAMES[3]}/lesson.ipynb")
    assert (here["before"], here["after"], here["count"]) == (link(2), link(4), counted(3))


def test_a_quiz_leads_back_to_its_own_lesson() -> None:
    """The lesson is on the way back and comes before; the next lesson comes after."""
    here = place_in_course(COURSE, f"{NAMES[1]}/quiz.ipynb")
    assert here["trail"] == [link(1)]
    assert (here["before"], here["after"]) == (link(1), link(2))


@pytest.mark.parametrize("path", ["home.ipynb", "my-work.ipynb", "practice-lab.ipynb", "glossary.ipynb"])
def test_a_page_outside_the_modules_stands_in_no_row(path: str) -> None:
    """No number, nothing before or after, and links without a way up."""
    here = place_in_course(COURSE, path)
    assert (here["before"], here["after"], here["trail"]) == (None, None, [])
    assert "count" not in here
    assert here["home"]["href"] == "home.ipynb"
    assert here["at"] == path


@pytest.fixture
def partly_spanish(tmp_path: Path) -> Catalog:
    """The course with home and two of its lessons in a second language."""
    for name in ("course", "modules"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "course" / "words" / "es.toml").write_text('[page]\nhome = "Inicio"\n', encoding="utf-8")
    for page in ("home", f"{NAMES[0]}/lesson", f"{NAMES[2]}/lesson"):
        for kind in ("md", "ipynb"):
            first = tmp_path / "modules" / f"{page}.{kind}"
            shutil.copy(first, first.with_name(f"{first.stem}.es.{kind}"))
    return Catalog(tmp_path, "es", environ={})


def test_a_page_in_another_language_leads_to_pages_in_it(partly_spanish: Catalog) -> None:
    """With its own words; where there is no word yet, the first language's stands in."""
    here = place_in_course(partly_spanish, "home.es.ipynb")
    assert here["home"] == {"words": "Inicio", "href": "home.es.ipynb"}
    assert here["glossary"]["words"] == SAID["glossary"]
    assert place_in_course(partly_spanish, f"{NAMES[0]}/lesson.es.ipynb")["home"]["href"] == "../home.es.ipynb"


def test_no_link_of_a_half_translated_course_leads_nowhere(partly_spanish: Catalog) -> None:
    """Where the other language has no page yet, the link leads to the first language's."""
    modules = partly_spanish.root / "modules"
    for path in ("home.es.ipynb", f"{NAMES[0]}/lesson.es.ipynb", f"{NAMES[2]}/lesson.es.ipynb"):
        here = place_in_course(partly_spanish, path)
        for end in (here["home"], here["work"], here["glossary"], here["before"], here["after"], *here["trail"]):
            if end:
                assert ((modules / path).parent / end["href"]).resolve().is_file(), (path, end["href"])


# The page.


@pytest.fixture
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Documents:
    """Pages made from a copy of one module."""
    monkeypatch.setenv("JUPYTER_PATH", "")
    find_templates()
    for name in ("course", f"modules/{NAMES[1]}"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    settings = voila_settings(Catalog(tmp_path, environ={}))
    resources = {**settings.VoilaConfiguration.resources, "base_url": "/at/"}
    paths = collect_template_paths(["voila", "nbconvert"], VoilaConfiguration(config=settings).template, prune=True)
    return Documents(tmp_path, paths, resources, Fronts())


def made(documents: Documents, path: str = f"{NAMES[1]}/lesson.ipynb") -> Document:
    return asyncio.run(documents.read(path))


def notebook(documents: Documents) -> Path:
    return documents._root / "modules" / NAMES[1] / "lesson.ipynb"


def change(path: Path, *cells: dict[str, Any]) -> None:
    """Put cells at a notebook's end, later than it was made."""
    book = json.loads(path.read_text(encoding="utf-8"))
    book["cells"] += cells
    path.write_text(json.dumps(book), encoding="utf-8")
    later = path.stat().st_mtime + 5
    os.utime(path, (later, later))


def test_a_page_is_made_once_and_again_when_its_notebook_changes(documents: Documents) -> None:
    """The same page is given twice; after a change its new words are there."""
    first = made(documents)
    assert made(documents) is first
    change(notebook(documents), {"cell_type": "markdown", "id": "new", "metadata": {}, "source": ["## Brand new"]})
    second = made(documents)
    assert second is not first
    assert "Brand new" in second.head
    assert "Brand new" not in first.head


def test_what_is_for_the_lab_or_for_marking_is_neither_shown_nor_run(documents: Documents) -> None:
    """Cells with those tags are in no part of the page."""
    for tag in ("lab-only", "for-marking"):
        words = {"cell_type": "markdown", "id": f"w-{tag}", "metadata": {"tags": [tag]}, "source": ["SECRET"]}
        code = {"cell_type": "code", "id": f"c-{tag}", "metadata": {"tags": [tag]}, "source": ["SECRET"]}
        change(notebook(documents), words, {**code, "outputs": [], "execution_count": None})
    page = made(documents)
    assert "SECRET" not in page.head
    assert all("SECRET" not in cell.source for cell in page.cells)


class Tags(HTMLParser):
    """Collects a page's tags with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs)))


def test_a_page_has_its_language_one_main_part_and_no_link_inside_a_heading(documents: Documents) -> None:
    """A screen reader says each heading's words and nothing more, and a heading can be led to."""
    page = made(documents)
    tags = Tags(page.head).all
    assert ("html", {"lang": "en"}) in tags
    assert [tag for tag, _ in tags].count("main") == 1
    assert "anchor-link" not in page.head
    assert [attributes for tag, attributes in tags if tag == "h2" and "id" not in attributes] == []


def test_what_a_page_loads_stands_under_the_servers_own_address(documents: Documents) -> None:
    """Its client, its style sheet and nothing of another host."""
    loaded = [
        attributes.get("src") or attributes.get("href") or ""
        for tag, attributes in Tags(made(documents).head).all
        if tag in {"script", "link", "img"} and (attributes.get("src") or attributes.get("href"))
    ]
    assert len(loaded) >= 3
    assert all(each.startswith(("/at/voila/front/", "data:image/")) for each in loaded)


def test_a_place_for_each_activity_says_what_comes(documents: Documents) -> None:
    """Each cell that runs has one place, and an activity's says in words what is being opened."""
    page = made(documents)
    places = [attributes["data-cell"] for _, attributes in Tags(page.head).all if "data-cell" in attributes]
    assert places == [cell["id"] for cell in page.cells]
    assert SAID["coming_roleplay"] in page.head


def test_the_pages_own_script_stands_after_all_that_it_looks_for(documents: Documents) -> None:
    """It runs as soon as it is loaded, which on a second visit is at once. It is asked for from the start."""
    head = made(documents, f"{NAMES[1]}/lesson.ipynb").head
    script = head.index('<script type="module"')
    assert head.index('<link rel="modulepreload"') < head.index("<body") < head.index('id="alongside"') < script


def test_a_page_that_is_not_there_is_an_error_and_is_not_remembered(documents: Documents) -> None:
    """It is looked for again the next time."""
    with pytest.raises(OSError, match=r"none\.ipynb"):
        made(documents, f"{NAMES[1]}/none.ipynb")
    shutil.copy(notebook(documents), notebook(documents).with_name("none.ipynb"))
    assert made(documents, f"{NAMES[1]}/none.ipynb").cells


def test_every_activity_has_words_for_its_coming() -> None:
    """The kinds that a page looks for are the kinds that have words."""
    kinds = {name.removeprefix("coming_") for name in read_words(ROOT)["page"] if name.startswith("coming_")}
    assert kinds == {
        *("roleplay", "practice", "reflection", "progress", "quiz"),
        *("journal", "conversations", "keep", "delete", "lab"),
    }
