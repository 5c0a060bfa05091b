"""The glossary has one meaning for each term, and becomes a page where each stands under its own heading."""

from hypothesis import given

from alongside.glossary import read_glossary
from alongside.page_notebook import glossary_notebook
from tests.course.generated import pages
from tests.course.small import GLOSSARY

HEAD = "---\nformat: 1\ntitle: A\n---\n"


def test_a_term_has_its_meaning_its_facts_and_its_neighbours(course):
    """Each part of a term is found where the author wrote it."""
    glossary, faults = read_glossary(GLOSSARY, "glossary.md", course)
    assert faults == ()
    term = glossary.terms["hearing"]
    assert (term.name, term.meaning) == ("Hearing", "To take in what a person says.")
    assert (term.facts, term.related) == (("It takes time [@book-2020].",), ("talking",))
    assert (term.taught, term.source, term.heading) == ("first", "book-2020", "Hearing")


@given(text=pages())
def test_any_text_gives_a_glossary_or_faults(course, text):
    """Whatever an author types, they get a glossary or are told what is wrong, and never both or neither."""
    for page in (text, HEAD + text):
        glossary, faults = read_glossary(page, "glossary.md", course)
        assert (glossary is None) == bool(faults)


def test_the_page_has_an_index_and_every_term_under_a_heading(catalog):
    """Each entry of the index leads to a heading that is on the page, and each term says where it is taught."""
    words = {"what_is": "", "more": "", "related": "See also:", "taught": "Taught in:"}
    catalog.words = {"lesson": {"lab_button": "Press"}, "glossary": words, "fact": {}}
    glossary, _ = catalog.glossary
    book = glossary_notebook(glossary, catalog)
    texts = ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "markdown"]
    assert "- [Hearing](#Hearing)\n- [Talking](#Talking)" in texts
    hearing = next(text for text in texts if text.startswith("## Hearing"))
    assert "To take in what a person says. ([A book, 2020](https://example.org/book))" in hearing
    assert "See also: [Talking](#Talking)" in hearing
    assert "Taught in: [First](01-first/lesson.ipynb)" in hearing
