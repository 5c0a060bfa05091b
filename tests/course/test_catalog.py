"""The course is found by looking: folders are modules, and there is no list."""

import shutil

import pytest

from alongside.catalog import Catalog


def test_folders_are_modules_in_the_order_of_their_numbers(minimal_course):
    """A new folder is a module at once; its number is its place, the rest its name; `_` leaves one out."""
    for name in ("10-last", "02-second-part", "_template", "notes"):
        shutil.copytree(minimal_course / "modules" / "01-first", minimal_course / "modules" / name)
    modules = Catalog(minimal_course, environ={}).modules
    assert [(module.number, module.id) for module in modules] == [(1, "first"), (2, "second-part"), (10, "last")]


def test_a_module_is_found_by_either_name(catalog):
    """With its number or without; any other name is told with those there are."""
    assert catalog.module("first") is catalog.module("01-first")
    with pytest.raises(KeyError, match="The modules are: first"):
        catalog.module("frist")


def test_everything_in_a_module_is_read(catalog):
    """A walk is no conversation, and whole files have no faults."""
    module = catalog.module("first")
    assert list(module.scenarios) == ["talk"]
    assert list(module.questions) == ["heard"]
    assert list(module.reflections) == ["a-time"]
    assert module.lesson.title == "First"
    assert module.faults == ()
    assert catalog.home[0].title == "Small"


def test_a_broken_conversation_leaves_the_rest(minimal_course):
    """One file with a fault does not take the module down."""
    (minimal_course / "modules/01-first/scenarios/broken.md").write_text("## Start\n", encoding="utf-8")
    module = Catalog(minimal_course, environ={}).module("first")
    assert list(module.scenarios) == ["talk"]
    assert {fault.path for fault in module.faults} == {"modules/01-first/scenarios/broken.md"}
    assert module.lesson is not None


def test_another_language_lies_beside(minimal_course):
    """A file in the language that is asked for is read; where there is none, the first language stands in."""
    lesson = minimal_course / "modules/01-first/lesson.md"
    spanish = lesson.read_text(encoding="utf-8").replace("title: First", "title: Primero\nlang: es")
    lesson.with_name("lesson.es.md").write_text(spanish, encoding="utf-8")
    words = minimal_course / "course/words"
    (words / "es.toml").write_text('[buttons]\ngo = "Seguir"\n', encoding="utf-8")
    catalog = Catalog(minimal_course, language="es", environ={})
    module = catalog.module("first")
    assert (module.lesson.title, module.lesson.language) == ("Primero", "es")
    assert list(module.reflections) == ["a-time"]
    assert catalog.words["buttons"]["go"] == "Seguir"
    assert Catalog(minimal_course, environ={}).module("first").lesson.title == "First"


def test_a_private_bank_takes_the_place_of_the_public_one(minimal_course, tmp_path):
    """A file of the same name counts instead; one of another name is added."""
    private = tmp_path / "private"
    private.mkdir()
    public = minimal_course / "assessments/questions/first.md"
    text = public.read_text(encoding="utf-8").replace("cut-off", "private-one")
    (private / "first.md").write_text(text, encoding="utf-8")
    catalog = Catalog(minimal_course, environ={"ALONGSIDE_BANK": str(private)})
    bank, faults = catalog.bank("first")
    assert faults == ()
    assert [question.id for question in bank.questions] == ["private-one"]
    assert catalog.bank("other") == (None, ())


def test_letters_that_cannot_be_read_do_not_stop_the_reading(minimal_course):
    """Bytes that are not UTF-8 are kept as marks."""
    lesson = minimal_course / "modules/01-first/lesson.md"
    lesson.write_bytes(lesson.read_bytes() + b"\xff\xfe\n")
    assert "\ufffd" in Catalog(minimal_course, environ={}).module("first").lesson.prose[-1].text
