"""What an author marks in a text becomes plain Markdown: links, claims with their day, and meanings that open."""

from dataclasses import replace

from alongside.glossary import read_glossary
from alongside.prose import citations, cite, fact_names, set_text, term_names, with_facts, without_marks
from tests.course.small import GLOSSARY

WORDS = {
    "fact": {
        "months": "January February March April May June July August September October November December",
        "day": "{month} {day}, {year}",
        "checked": "checked {day}",
    },
    "glossary": {"what_is": "What {term} means", "more": "More on {term}"},
}


def test_a_citation_becomes_a_link_that_says_what_it_is(course):
    """A known source is linked; an unknown one is left as it stands."""
    assert cite("So [@book-2020].", course.sources) == "So ([A book, 2020](https://example.org/book))."
    assert cite("So [@nobody].", course.sources) == "So [@nobody]."
    assert citations("[@a] and [@b]") == ("a", "b")


def test_a_dated_fact_shows_its_claim_its_source_where_it_holds_and_its_day(course):
    """The learner sees when it was checked, whether or not it has gone stale."""
    law = replace(course.facts["line"], id="law", claim="A law stands.", where="Utopia", title="", how="")
    everywhere = replace(law, id="rule", where="anywhere")
    known = replace(course, facts={"law": law, "rule": everywhere, "line": course.facts["line"]})
    book, day = "[A book, 2020](https://example.org/book)", "checked November 21, 2026"
    assert with_facts("[=law]", known, WORDS) == f"A law stands. ({book}; Utopia; {day})"
    assert with_facts("[=rule]", known, WORDS) == f"A law stands. ({book}; {day})"
    assert with_facts("[=line]", known, WORDS) == f"You can call 999 at any hour. ({day})"
    assert with_facts("[=nobody]", course, WORDS) == "[=nobody]"
    assert fact_names("[=a], [=b]") == ("a", "b")


def test_a_term_is_shown_in_the_authors_words_and_opens_under_its_paragraph(course):
    """The meaning stands right under the paragraph, once, in a control that the browser itself opens."""
    glossary, _ = read_glossary(GLOSSARY, "glossary.md", course)
    made = set_text("People like [[hearing|to be heard]]. [[hearing]]\n\nMore.", course, glossary.terms, WORDS)
    first, summary, meaning, more, end, rest = made.split("\n\n")
    assert first == "People like *to be heard*. *hearing*"
    assert summary == "<details><summary>What Hearing means</summary>"
    assert meaning == "To take in what a person says."
    assert more == "[More on Hearing](../glossary.ipynb#Hearing)"
    assert (end, rest) == ("</details>", "More.")


def test_nothing_comes_between_a_list_and_the_line_that_leads_to_it(course):
    """A meaning stands under the list or the table that follows its paragraph."""
    glossary, _ = read_glossary(GLOSSARY, "glossary.md", course)
    for listed in ("- One.\n- Two.", "1. One.\n\n2. Two.", "| A | B |\n| --- | --- |"):
        made = set_text(f"These are the signs of [[hearing]].\n\n{listed}\n\nMore.", course, glossary.terms, WORDS)
        assert made.startswith(f"These are the signs of *hearing*.\n\n{listed}\n\n<details>")


def test_a_text_without_marks_reads_as_it_did(course):
    """A paragraph that marks nothing is not changed."""
    text = "One.\n\n- two\n- three\n\n> four"
    assert set_text(text, course, {}, WORDS) == text


def test_what_is_counted_as_words_leaves_the_marks_out():
    """Sources and facts are not the author's own words; a term counts by what is shown."""
    assert without_marks("A [[b-c]] and [[d|e f]] [@g] [=h]").split() == ["A", "b", "c", "and", "e", "f"]
    assert term_names("[[b-c]] [[d|e f]]") == ("b-c", "d")
