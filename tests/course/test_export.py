"""Pages to read hold all that can be read, as text, and nothing that runs or asks another host."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from alongside.catalog import Catalog
from alongside.export import Line, Pages, gathered, to_html, to_text
from alongside.own_words import Typed, typed_data
from alongside.record import DISPUTES, GRADED, OWN_WORDS, PRACTICE, REFLECTIONS, RUNS, SHARED, TALKS, TRIES, Thing
from alongside.roleplay import Run
from tests.course.small import TYPED

HOSTILE = '<script>alert("x")</script> & <img src=x onerror=y>'
NOW = 1_795_262_400_000


@pytest.fixture
def things(catalog):
    talk = catalog.module("first").scenarios["talk"]
    said = {"choices": [talk.start.replies[1].id], "digest": talk.digest, "ended": NOW}
    shared = {"text": "SHAREDWORDS", "other": False, "shared": "2026-11-20T12:00:00+00:00", "handed": None}
    return [
        Thing(REFLECTIONS, "first--a-time", {"text": f"MYWORDS {HOSTILE}", "other": True}, NOW),
        Thing(SHARED, "first--a-time", shared, NOW),
        Thing(TALKS, "first--talk", {"format": 1, "talks": [said]}, NOW),
        Thing(PRACTICE, "first--heard", {"best": 1}, NOW),
        Thing(GRADED, "first", {"answers": {"long-gone": "OLDANSWER"}}, NOW),
        Thing(GRADED, "other-unit", {"answers": {"q": "OTHERANSWER"}}, NOW),
    ]  # fmt: skip


@pytest.fixture
def pages(catalog, words, things):
    aside = [Thing(REFLECTIONS, "first--a-time", {"text": "OLDERWORDS"}, NOW)]
    return gathered(catalog, words, things, aside, NOW, lambda _question, answer: [str(answer)] if answer else [])


class Seen(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.text = [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        assert not any(name.startswith("on") or name in {"src", "href"} for name, _ in attrs)

    def handle_data(self, data):
        self.text += data


def test_everything_that_can_be_read_is_in_both(pages):
    """Journal, what is shared, talks, practice and answers, each under its title."""
    page = Seen()
    page.feed(to_html(pages))
    for text in (to_text(pages), page.text):
        for words in ("MYWORDS", HOSTILE, "SHAREDWORDS", "OLDERWORDS", "OLDANSWER", "OTHERANSWER", "A time",
                      "It sounds like a long one.", "The conversation ends here.", "1 of 1", "Heard",
                      "About someone else", "November 20, 2026"):  # fmt: skip
            assert words in text


def test_the_page_is_text_alone_in_the_learners_language(pages):
    """No script, no link, no picture, and headings in order."""
    html = to_html(pages)
    seen = Seen()
    seen.feed(html)
    assert '<html lang="en">' in html
    assert not {"script", "img", "a", "iframe", "form", "link"} & set(seen.tags)
    assert "http" not in html.replace("http-equiv", "")
    levels = [int(tag[1]) for tag in seen.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_parts_without_anything_are_left_out(catalog, words):
    """Somebody who only wrote gets a journal, and no empty headings."""
    written = [Thing(REFLECTIONS, "first--a-time", {"text": "x"}, NOW)]
    pages = gathered(catalog, words, written, [], NOW, lambda *_: [])
    assert [line.text for line in pages.lines if line.kind == "part"] == ["My journal"]


@pytest.mark.parametrize(
    "value", [None, {"best": True}, {"best": float("nan")}, {"best": -1}, {"best": 99}, {"best": "2"}]
)
def test_points_that_a_question_cannot_give_are_not_told(catalog, words, value):
    """Whatever a record holds."""
    pages = gathered(catalog, words, [Thing(PRACTICE, "first--heard", value, NOW)], [], NOW, lambda *_: [])
    assert pages.lines == ()


def test_plain_text_has_its_headings_underlined():
    """So that it can be found again in a long file."""
    text = to_text(Pages("Title", "About.", "en", (Line("part", "Part"), Line("group", "Group"), Line("words", "W"))))
    assert "Title\n=====\n" in text
    assert "Part\n====\n" in text
    assert "Group\n-----\n" in text


def test_own_words_are_in_the_talk_that_they_were_said_in(minimal_course, words):
    """As they were typed, and never as anything but words."""
    (minimal_course / "modules/01-first/scenarios/talk.md").write_text(TYPED, encoding="utf-8")
    catalog = Catalog(minimal_course, environ={})
    talk = catalog.module("first").scenarios["talk"]
    taken = talk.start.routes[0].id
    things = [
        Thing(RUNS, "first--talk", Run(talk.id, talk.digest, (taken,)).to_dict(), NOW),
        Thing(OWN_WORDS, "first--talk", typed_data({0: Typed(f"TYPED {HOSTILE}", taken)}), NOW),
    ]
    pages = gathered(catalog, words, things, [], NOW, lambda *_: [])
    seen = Seen()
    seen.feed(to_html(pages))
    assert f"You: TYPED {HOSTILE}" in seen.text
    assert f"You: TYPED {HOSTILE}" in to_text(pages)
    assert "script" not in seen.tags


def test_what_was_counted_and_heard_another_way_is_there(catalog, words):
    """By day, however few the tries were, and each part in the learner's own words."""
    dispute = {"previous": "A line.", "reply": HOSTILE, "clause": HOSTILE, "heard": "advises", "means": "reflects"}
    things = [
        Thing(TRIES, "abcdef01", {"day": "2026-11-20", "found": {"reflections": 2, "questions": 1}}, NOW),
        Thing(TRIES, "abcdef02", {"day": "2026-11-21", "found": {"questions": 1, "open": 1}}, NOW),
        Thing(DISPUTES, "abcdef", {"format": 1, **dispute}, NOW),
    ]
    text = to_text(gathered(catalog, words, things, [], NOW, lambda *_: []))
    for sentence in ("November 20, 2026", "For every question, you gave back 2 times.", "Your one question was open."):
        assert sentence in text
    assert f"The reply: “{HOSTILE}”" in text
    assert "You hear: gives back" in text
