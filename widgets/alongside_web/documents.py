"""A page's own text, which is the same for every visitor: made once from its notebook by Voila's exporter and template.

What differs from visitor to visitor, the activities, comes after it in pieces of data (`activities`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
from voila.exporter import VoilaExporter, VoilaMarkdownRenderer

from alongside.catalog import Catalog, Module, open_catalog
from alongside_web.fronts import Fronts
from alongside_widgets.base import fill

__all__ = ["Document", "Documents", "Heading", "outline", "place_in_course"]

_LEFT_OUT = frozenset({"lab-only", "for-marking"})
_ANCHOR = re.compile(r'<a class="anchor-link" href="[^"]*"\s*(?:/>|>.*?</a>)')
_KIND = re.compile(r"\b(?P<kind>roleplay|practice|reflection|progress|quiz|journal|conversations|keep|delete|lab)\(")
_CODE, _WORDS = "code", "markdown"
View = dict[str, Any]


@dataclass(frozen=True)
class Heading:
    """A line of a page's outline: where it leads, its words, and the activities that follow it, by kind."""

    anchor: str
    words: str
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """A page as everyone gets it: the text up to the activities' data, and the cells that make those."""

    head: str
    cells: tuple[nbformat.NotebookNode, ...]


class _Markdown(VoilaMarkdownRenderer):
    """Markdown whose headings can be linked to and carry no link of their own, which a screen reader would read out."""

    def heading(self, text: str, level: int, **attributes: Any) -> str:
        return _ANCHOR.sub("", super().heading(text, level, **attributes))

    def table(self, text: str) -> str:
        """Put a table into a part that the keyboard can scroll, where it is wider than the screen."""
        return f'<div class="alongside-wide" tabindex="0"><table>\n{text}</table></div>\n'


class Documents:
    """The course's pages, each made when it is first asked for and again when its notebook changes."""

    def __init__(
        self, root: Path, template_paths: Sequence[str], resources: View, fronts: Fronts, pictures: object = None
    ) -> None:
        """Name the course's root, where Voila found its template, and what every page is told.

        `pictures` is Voila's contents manager, which finds the pictures that a page's text names.
        """
        self._root, self._resources, self._fronts = root, resources, fronts
        self._base_url = str(resources["base_url"])
        self._exporter = VoilaExporter(
            template_name="alongside",
            template_paths=list(template_paths),
            base_url=self._base_url,
            markdown_renderer_class=_Markdown,
            contents_manager=pictures,
        )
        self._made: dict[str, tuple[int, Document]] = {}

    async def read(self, path: str) -> Document:
        """Give a page by its notebook's path under `modules/`. Raises OSError and nbformat's errors."""
        file = self._root / "modules" / path
        stamp = file.stat().st_mtime_ns
        made = self._made.get(path)
        if made is None or made[0] != stamp:
            made = (stamp, await self._make(path, nbformat.read(file, as_version=4)))
            self._made[path] = made
        return made[1]

    async def _make(self, path: str, book: nbformat.NotebookNode) -> Document:
        about = book.metadata.get("alongside", {})
        catalog = open_catalog(self._root, about.get("language", ""))
        words = catalog.words["page"]
        book.cells = [cell for cell in book.cells if not _LEFT_OUT & set(cell.metadata.get("tags", ()))]
        cells = tuple(cell for cell in book.cells if cell.cell_type == _CODE)
        blocks = [self._block(cell) for cell in book.cells]
        extra = {
            "blocks": blocks,
            "headings": outline(blocks, words),
            "outline_at": next((n for n, block in enumerate(blocks) if "<h2" in block["html"]), 0),
            "place": place_in_course(catalog, path),
            "words": words,
            "crisis": catalog.course.crisis,
            "course": catalog.course.title,
            "language": catalog.language,
            "count": len(cells),
            "client": self._fronts.client(),
        }
        pieces = self._exporter.generate_from_notebook_node(book, resources=dict(self._resources), extra_context=extra)
        return Document("".join([piece async for piece, _ in pieces]), cells)

    def _block(self, cell: nbformat.NotebookNode) -> View:
        """Give what stands in the place of a cell: its words as HTML, or the kind of activity that comes there."""
        if cell.cell_type == _CODE:
            kind = _KIND.search(cell.source)
            return {"id": cell["id"], "html": "", "kind": kind["kind"] if kind else ""}
        html = self._exporter.markdown2html({"cell": cell}, cell.source) if cell.cell_type == _WORDS else ""
        return {"id": "", "html": html, "one_page": "one-page" in cell.metadata.get("tags", ())}


def outline(blocks: Sequence[View], words: Mapping[str, str]) -> list[Heading]:
    """Give the second-level headings of a page, with the kinds of activity under each, in words."""
    found: list[Heading] = []
    for block in blocks:
        reader = _Headings()
        reader.feed(block["html"])
        found.extend(Heading(anchor, said) for anchor, said in reader.found)
        said = words.get(f"kind_{block.get('kind')}", "")
        if found and said and said not in found[-1].kinds:
            found[-1] = replace(found[-1], kinds=(*found[-1].kinds, said))
    return found


class _Headings(HTMLParser):
    """Collects the id and the words of each `h2`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        anchor = dict(attrs).get("id")
        if tag == "h2" and anchor:
            self.found.append((anchor, ""))
            self._inside = True

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "h2"

    def handle_data(self, data: str) -> None:
        if self._inside:
            anchor, said = self.found[-1]
            self.found[-1] = (anchor, said + data)


def place_in_course(catalog: Catalog, path: str) -> View:
    """Say where a page stands: the way back, and what comes before and after. Addresses are relative to the page."""
    folder, _, file = path.rpartition("/")
    said = catalog.words["page"]
    lead = "../" if folder else ""
    modules_folder = catalog.root / "modules"
    home = {"words": said["home"], "href": f"{lead}{_file(modules_folder, 'home', catalog)}"}
    glossary = {"words": said["glossary"], "href": f"{lead}{_file(modules_folder, 'glossary', catalog)}"}
    work = {"words": said["my_work"], "href": f"{lead}{_file(modules_folder, 'my-work', catalog)}"}
    lab = {"words": said["practice_lab"], "href": f"{lead}{_file(modules_folder, 'practice-lab', catalog)}"}
    here: View = {
        "home": home,
        "glossary": glossary,
        "work": work,
        "lab": lab if (modules_folder / "practice-lab.ipynb").is_file() else None,
        "trail": [],
        "before": None,
        "after": None,
        "at": file,
    }
    modules = list(catalog.modules)
    number = next((n for n, module in enumerate(modules) if module.folder.name == folder), None)
    if number is None:
        return here
    module = modules[number]
    quiz = file.startswith("quiz.")
    lesson = _link(module, "lesson", catalog)
    here["trail"] = [lesson] if quiz else []
    here["count"] = fill(said["module_of"], number=number + 1, total=len(modules))
    here["before"] = lesson if quiz else (_link(modules[number - 1], "lesson", catalog) if number else None)
    following = modules[number + 1 :]
    here["after"] = _link(following[0], "lesson", catalog) if following else None
    return here


def _link(module: Module, page: str, catalog: Catalog) -> View:
    title = module.lesson.title if module.lesson else module.id.replace("-", " ").capitalize()
    return {"words": title, "href": f"../{module.folder.name}/{_file(module.folder, page, catalog)}"}


def _file(folder: Path, page: str, catalog: Catalog) -> str:
    """Name a page's notebook in the catalog's language, or in the course's own where there is no other yet."""
    other = f"{page}.{catalog.language}.ipynb"
    return other if catalog.language != catalog.course.language and (folder / other).is_file() else f"{page}.ipynb"
