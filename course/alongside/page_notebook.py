"""The notebooks that are read as pages: a lesson, the home page, my work, and the glossary."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from alongside.blocks import heading_slug
from alongside.catalog import Catalog, Module
from alongside.glossary import Glossary, Term
from alongside.lesson import Activity, Lesson, Prose
from alongside.notebook import Notebook, code, digest, markdown, notebook
from alongside.prose import cite, set_text, with_facts

__all__ = ["glossary_notebook", "lesson_notebook"]


def lesson_notebook(lesson: Lesson, module: Module | None, catalog: Catalog, *, opens: str = "home") -> Notebook:
    """Make one lesson's notebook: text as it stands, and one folded line of code for each activity.

    Without a module it is the home page's, or that of the page which `opens` names.
    """
    words = catalog.words["lesson"]
    other = f', "{lesson.language}"' if lesson.language != catalog.course.language else ""
    opener = (
        f'from alongside_widgets import lesson; course = lesson("{module.id}"{other})'
        if module
        else f"from alongside_widgets import {opens}; course = {opens}({other.removeprefix(', ')})"
    )
    translated = module is not None and other and catalog.unit(module) in catalog.bank_paths
    quiz = f"quiz.{catalog.language}.ipynb" if translated else "quiz.ipynb"
    glossary, _ = catalog.glossary
    cells = list(_opening(opener, _title(lesson, words), words, lesson.facts, _way(catalog, lesson, module)))
    # The home page says itself where its list of lessons stands.
    if module and not any(isinstance(part, Activity) and part.kind == "progress" for part in lesson.parts):
        cells.append(code("progress", "course.progress()"))
    for part in lesson.parts:
        if isinstance(part, Prose):
            cells.extend(_prose(text, catalog, glossary) for text in _apart(part.text, words["one_page"]))
        else:
            cells.append(_activity(part, words, quiz))
    return _page(cells, lesson.title, lesson.language)


def glossary_notebook(glossary: Glossary, catalog: Catalog) -> Notebook:
    """Make the glossary's page: an index, then each term under its own heading, in the order of its name."""
    terms = sorted(glossary.terms.values(), key=lambda term: term.name.casefold())
    other = f'"{glossary.language}"' if glossary.language != catalog.course.language else ""
    opener = f"from alongside_widgets import glossary; course = glossary({other})"
    title = "\n\n".join((f"# {glossary.title}", *glossary.opening))
    index = "\n".join(f"- [{term.name}](#{term.heading})" for term in terms)
    cells = [
        *_opening(opener, title, catalog.words["lesson"], glossary.fact_names, _way(catalog)),
        markdown("index", index),
        *(markdown(f"term-{term.id}", _term(term, glossary, catalog)) for term in terms),
    ]
    return _page(cells, glossary.title, glossary.language)


def _opening(
    opener: str, title: str, words: Mapping[str, str], facts: Sequence[str], way: str
) -> Iterable[dict[str, Any]]:
    """Give the cells that every page starts with. Where it holds dated facts, the last tells of those gone stale."""
    yield markdown("press", f"{words['lab_button']}{way}", {"tags": ["lab-only"]})
    yield code("course", opener, {"tags": ["opener"]})
    yield markdown("title", title)
    if facts:
        yield code("dated-facts", "course.dated_facts()")


def _way(catalog: Catalog, lesson: Lesson | None = None, module: Module | None = None) -> str:
    """Give JupyterLab's way to my work, which on the web stands in the head of every page."""
    my_work, _ = catalog.my_work
    if my_work is None or my_work is lesson:
        return ""
    path = Path(my_work.path).with_suffix(".ipynb").name
    return f"\n\n[{catalog.words['page']['my_work']}]({'../' if module else ''}{path})"


def _page(cells: Iterable[dict[str, Any]], title: str, language: str) -> Notebook:
    book = notebook(list(cells), {"title": title})
    book["metadata"]["alongside"] = {"language": language}
    book["metadata"]["alongside"]["built"] = digest(book)
    return book


def _title(lesson: Lesson, words: Mapping[str, str]) -> str:
    rows = [f"# {lesson.title}"]
    if lesson.minutes:
        rows.append(words["about_minutes"].format(minutes=lesson.minutes))
    if lesson.note:
        rows.append(f"**{words['content_note']}** {lesson.note}")
    return "\n\n".join(rows)


def _apart(text: str, title: str) -> Iterable[str]:
    """Give the part under one heading as a text of its own, so that it can be printed alone."""
    found = re.search(rf"^## {re.escape(title)}$.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    pieces = (text[: found.start()], found[0], text[found.end() :]) if found else (text,)
    yield from (piece.strip("\n") for piece in pieces if piece.strip())


def _prose(text: str, catalog: Catalog, glossary: Glossary | None) -> dict[str, Any]:
    first = next((row for row in text.splitlines() if row.strip()), "text").lstrip("# ")
    name = heading_slug(first)[:40].strip("-") or "text"
    safe = "".join(char if char.isascii() else "-" for char in name)
    tags = {"tags": ["one-page"]} if first == catalog.words["lesson"]["one_page"] else None
    return markdown(
        f"text-{safe}", set_text(text, catalog.course, glossary.terms if glossary else {}, catalog.words), tags
    )


def _activity(part: Activity, words: Mapping[str, str], quiz: str) -> dict[str, Any]:
    if part.kind == "graded-quiz":
        return markdown("graded-quiz", f"[{words['open_quiz']}]({quiz})")
    call = part.kind.replace("-", "_")
    names = ", ".join(json.dumps(name, ensure_ascii=False) for name in part.names)
    return code(part.cell, f"course.{call}({names})")


def _term(term: Term, glossary: Glossary, catalog: Catalog) -> str:
    said = catalog.words["glossary"]
    source = f" [@{term.source}]" if term.source else ""
    rows = [f"## {term.name}", f"{term.meaning}{source}"]
    if term.facts:
        rows.append("\n".join(f"- {fact}" for fact in term.facts))
    near = [glossary.terms[name] for name in term.related if name in glossary.terms]
    if near:
        rows.append(f"{said['related']} " + ", ".join(f"[{each.name}](#{each.heading})" for each in near))
    module = next((each for each in catalog.modules if each.id == term.taught), None)
    if module and module.lesson:
        rows.append(f"{said['taught']} [{module.lesson.title}]({module.folder.name}/lesson.ipynb)")
    return cite(with_facts("\n\n".join(rows), catalog.course, catalog.words), catalog.course.sources)
