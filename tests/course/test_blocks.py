"""The reader of the script takes any text, and gives back what was written, with its lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.blocks import Fault, Item, Paragraph, heading_slug, parse
from tests.course.awkward import AWKWARD
from tests.course.generated import pages


@given(pages())
def test_any_text_is_read_without_an_error(text):
    """Whatever a file holds, reading it gives a page, and every line number is one that the file has."""
    page = parse(text, "a.md")
    last = text.count("\n") + text.count("\r") + 1
    numbers = [fault.line for fault in page.faults] + [section.line for section in page.sections]
    assert all(1 <= number <= last for number in numbers)


@pytest.mark.parametrize("line", AWKWARD)
def test_a_fact_is_taken_raw(line):
    """A value at the top means the words that stand there, whatever they look like."""
    assert parse(f"---\ntitle: {line}\n---\n", "a.md").facts["title"].value == line


@pytest.mark.parametrize("line", AWKWARD)
def test_an_item_and_its_quote_are_taken_raw(line):
    """The words after a dash, and those after a quote mark, come through word for word."""
    (item,) = parse(f"- [ ] {line}\n  > {line}\n", "a.md").opening
    assert isinstance(item, Item)
    assert item.text == f"[ ] {line}"
    assert item.quotes[0].text == line


def test_blocks_know_their_lines():
    """Headings, paragraphs, items, nested items and quotes each know where they stand."""
    page = parse("one\ntwo\n\n## A {#b}\n\n- c\n  - 0: d\n  > e\n- f\n  goes on\n", "a.md")
    (paragraph,) = page.opening
    assert isinstance(paragraph, Paragraph)
    assert (paragraph.text, paragraph.line) == ("one two", 1)
    (section,) = page.sections
    assert (section.title, section.anchor, section.line) == ("A", "b", 4)
    first, second = section.items
    assert (first.line, first.items[0].text, first.items[0].line) == (6, "0: d", 7)
    assert (second.text, second.line) == ("f goes on", 9)
    assert section.paragraphs == ()


def test_line_endings_of_other_systems_count_the_same():
    """A file from another system, with a mark at its start, reads the same."""
    assert parse("\ufeff## A\r\n\r\n- b\r\n", "a.md").sections == parse("## A\n\n- b\n", "a.md").sections


def test_a_file_of_facts_without_an_end_has_one_fault():
    """The missing dashes are told once, and not once more for each line after them."""
    page = parse("---\ntitle: a\nwords\nwords\n", "a.md")
    assert [str(fault) for fault in page.faults] == [
        "a.md:1: The facts at the top have no end. Put a line of three dashes, ---, after them."
    ]


def test_a_fault_is_written_as_editors_link_it():
    """A fault reads as path, line and words."""
    assert str(Fault("modules/a.md", 3, "Wrong. Write b.")) == "modules/a.md:3: Wrong. Write b."


@pytest.mark.parametrize(
    ("title", "slug"), [("Opens up", "opens-up"), ("  It's 2:30! ", "its-230"), ("Été", "été"), ("!", "")]
)
def test_a_heading_has_the_same_name_as_on_its_page(title, slug):
    """Links that work here also work where the file is shown as a page."""
    assert heading_slug(title) == slug


@given(st.text())
def test_a_slug_never_holds_what_a_link_cannot(text):
    """A slug holds letters, digits, dashes and underscores alone."""
    assert all(char.isalnum() or char in "-_" for char in heading_slug(text))
