"""Rules for the glossary, and for the terms that lessons mark."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from alongside.blocks import Fault
from alongside.catalog import Catalog
from alongside.glossary import Glossary
from alongside.prose import term_names

__all__ = ["RULES", "check_glossary"]

MOST_WORDS = 60  # a meaning is read in the middle of something else


def taught_in_a_module(catalog: Catalog, glossary: Glossary) -> Iterator[Fault]:
    """A term is taught in a module that is there, and marked in its lesson, so that the link leads to it."""
    modules = {module.id: module for module in catalog.modules}
    for term in glossary.terms.values():
        module = modules.get(term.taught)
        if module is None and modules:
            message = f"There is no module called {term.taught}. Write `taught:` and one of: {', '.join(modules)}."
            yield Fault(glossary.path, term.line, message)
        elif (
            module
            and module.lesson
            and term.id not in {name for part in module.lesson.prose for name in term_names(part.text)}
        ):
            message = (
                f"The lesson of {term.taught} does not mark this term. Write [[{term.id}]] where it comes up first."
            )
            yield Fault(glossary.path, term.line, message)


def related_terms_are_there(catalog: Catalog, glossary: Glossary) -> Iterator[Fault]:  # noqa: ARG001  rules are called alike
    """A term's neighbours are terms, and not itself."""
    for term in glossary.terms.values():
        for name in term.related:
            if name not in glossary.terms or name == term.id:
                yield Fault(
                    glossary.path, term.line, f"{name} is not another term. Take it out of `related:`, or add it."
                )


def meanings_are_short(catalog: Catalog, glossary: Glossary) -> Iterator[Fault]:  # noqa: ARG001  rules are called alike
    """A meaning is short: it opens in the middle of a lesson."""
    for term in glossary.terms.values():
        count = len(term.meaning.split())
        if count > MOST_WORDS:
            message = f"This meaning has {count} words; {MOST_WORDS} is the most. Move the rest into facts under it."
            yield Fault(glossary.path, term.line, message)


Rule = Callable[[Catalog, Glossary], Iterator[Fault]]

RULES: tuple[Rule, ...] = (taught_in_a_module, related_terms_are_there, meanings_are_short)


def check_glossary(catalog: Catalog) -> Iterator[Fault]:
    """Hold the glossary against every rule, and every term that a lesson marks against the glossary."""
    glossary, faults = catalog.glossary
    yield from faults
    if glossary:
        for rule in RULES:
            yield from rule(catalog, glossary)
    if faults:
        return
    terms = glossary.terms if glossary else {}
    for module in catalog.modules:
        lesson = module.lesson
        for part in lesson.prose if lesson else ():
            for number, row in enumerate(part.text.split("\n"), part.line):
                for name in term_names(row):
                    if name not in terms:
                        message = f"There is no term called {name}. Add it to modules/glossary.md, or unmark the words."
                        yield Fault(module.path(module.folder / "lesson.md"), number, message)
