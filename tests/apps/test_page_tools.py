"""What every page offers: stepping away, its text's size and colors, the way through the course, and no JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.apps.conftest import DESK, Seen
from tests.apps.pages import (
    CATALOG,
    EMPATHY,
    GLOSSARY,
    LESSONS,
    MY_WORK,
    PRACTICE_LAB,
    QUIZ,
    WORDS,
    focused,
    open_page,
    press,
)
from tests.apps.servers import Server

SAID = WORDS["page"]
REFLECTION = next(iter(CATALOG.module("empathy").reflections.values()))
TITLES = [module.lesson.title for module in CATALOG.modules if module.lesson]


def test_the_skip_link_comes_first_and_leads_to_the_text(page: Page, site: Server) -> None:
    """One Tab shows it, Enter follows it, and the next Tab is in the page's own part."""
    open_page(page, site, EMPATHY)
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name=SAID["skip"])
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    expect(link).not_to_be_in_viewport()
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.querySelector('main').contains(document.activeElement)")


# Step away.


def calm(page: Page) -> Locator:
    """Find the calm page by its name."""
    return page.get_by_role("dialog", name=SAID["away_title"])


def text_field(page: Page) -> Locator:
    area = page.get_by_role("region", name=REFLECTION.title).get_by_role("textbox")
    area.fill("Half a thought")
    area.evaluate("(e) => e.setSelectionRange(4, 4)")
    return area


def choice(page: Page) -> Locator:
    radio = page.locator("main input[type=radio]").first
    radio.check()
    return radio


def reply(page: Page) -> Locator:
    return (
        page.get_by_role("button", name=re.compile("^" + WORDS["roleplay"]["start_over"]))
        .or_(page.get_by_role("group", name=WORDS["roleplay"]["replies"]).get_by_role("button"))
        .first
    )


def way_home(page: Page) -> Locator:
    return page.get_by_role("link", name=SAID["home"])


@pytest.mark.parametrize("back", ["Escape", "the button"])
@pytest.mark.parametrize("where", [text_field, choice, reply, way_home])
def test_esc_steps_away_from_anywhere_and_back_to_the_very_place(
    page: Page, site: Server, where: Callable[[Page], Locator], back: str
) -> None:
    """What has the keyboard has it again, words and choices are as they were, and so is the place on the page."""
    open_page(page, site, EMPATHY)
    here = where(page)
    here.focus()
    page.evaluate("() => { window.here = document.activeElement; window.place = window.scrollY; }")
    page.keyboard.press("Escape")
    expect(calm(page)).to_be_visible()
    expect(calm(page).get_by_role("heading", level=2)).to_be_focused()
    if back == "Escape":
        page.keyboard.press("Escape")
    else:
        calm(page).get_by_role("button", name=SAID["away_back"]).click()
    expect(calm(page)).to_be_hidden()
    assert page.evaluate("() => document.activeElement === window.here")
    assert abs(page.evaluate("() => window.scrollY - window.place")) <= 1
    expect(page).to_have_title(re.compile(CATALOG.module("empathy").lesson.title))  # type: ignore[union-attr]
    if where is text_field:
        page.keyboard.type("!")
        expect(here).to_have_value("Half! a thought")
    if where is choice:
        expect(here).to_be_checked()


@pytest.mark.parametrize("path", ["", MY_WORK, PRACTICE_LAB, GLOSSARY, QUIZ, *LESSONS])
def test_one_can_step_away_from_every_page(page: Page, site: Server, path: str) -> None:
    """By a button that is always in sight. Each crisis line is there, and nothing that counts down."""
    open_page(page, site, path)
    button = page.get_by_role("button", name=SAID["away"])
    expect(button).to_be_in_viewport(ratio=1)
    button.click()
    for line in CATALOG.course.crisis:
        expect(calm(page)).to_contain_text(line.title)
        expect(calm(page)).to_contain_text(line.how)
    expect(calm(page).get_by_role("timer")).to_have_count(0)
    expect(calm(page).get_by_role("progressbar")).to_have_count(0)
    words = calm(page).inner_text()
    assert not re.search(r"\d+:\d\d|\b\d+\s*(?:second|minute)s?\b|\bleft\b", words)
    page.wait_for_timeout(1200)
    assert calm(page).inner_text() == words


def test_while_one_is_away_the_page_behind_cannot_be_reached(page: Page, site: Server) -> None:
    """Tab stays on the calm page, a finger finds nothing else, and the tab says no more than the course."""
    open_page(page, site, EMPATHY)
    page.keyboard.press("Escape")
    expect(page).to_have_title(SAID["away_tab"])
    for _ in range(4):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "() => document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
    corners = """() => [[5, 5], [innerWidth - 30, innerHeight - 30], [innerWidth / 2, innerHeight / 2]]
        .every(([x, y]) => document.elementFromPoint(x, y).closest('dialog'))"""
    assert page.evaluate(corners)


def test_whoever_steps_away_again_and_again_always_comes_back(page: Page, site: Server) -> None:
    """Ten times by keyboard: the page is the same, and it has written nothing to its log."""
    open_page(page, site, EMPATHY)
    area = text_field(page)
    area.focus()
    for _ in range(10):
        page.keyboard.press("Escape")
        expect(calm(page)).to_be_visible()
        page.keyboard.press("Escape")
        expect(calm(page)).to_be_hidden()
    expect(area).to_be_focused()
    expect(area).to_have_value("Half a thought")


def test_esc_that_ends_something_else_does_not_step_away(page: Page, site: Server) -> None:
    """While a letter is being put together, or where an activity has taken the key for itself."""
    open_page(page, site, EMPATHY)
    area = text_field(page)
    composing = "{ key: 'Escape', bubbles: true, isComposing: true }"
    area.evaluate(f"(e) => e.dispatchEvent(new KeyboardEvent('keydown', {composing}))")
    area.evaluate("(e) => e.addEventListener('keydown', (event) => event.preventDefault(), { once: true })")
    area.press("Escape")
    expect(calm(page)).to_be_hidden()
    area.press("Escape")
    expect(calm(page)).to_be_visible()


# Text and colors.


def size(page: Page) -> float:
    """Give how large the page's letters are, in px."""
    found: float = page.evaluate("() => parseFloat(getComputedStyle(document.documentElement).fontSize)")
    return found


def dark(page: Page) -> bool:
    """Whether the page is darker than its letters."""
    light: bool = page.evaluate(
        """() => { const look = getComputedStyle(document.body);
        const sum = (color) => color.match(/[\\d.]+/g).slice(0, 3).reduce((all, one) => all + Number(one), 0);
        return sum(look.backgroundColor) < sum(look.color); }"""
    )
    return light


def choose(page: Page, *words: str) -> None:
    """Open the choices and make some, by keyboard alone."""
    page.evaluate("() => document.activeElement.blur()")
    press(page, until=lambda: focused(page) == SAID["look"])
    page.keyboard.press("Enter")
    for word in words:
        wanted = page.get_by_role("radio", name=word, exact=True)
        press(page, until=lambda radio=wanted: in_its_group(page, radio))  # type: ignore[misc]
        press(page, until=wanted.is_checked, key="ArrowDown")


def in_its_group(page: Page, radio: Locator) -> bool:
    """Whether the keyboard is in the group that a choice belongs to."""
    name = radio.get_attribute("name")
    return bool(page.evaluate("(name) => document.activeElement.name === name", name))


def test_text_and_colors_are_chosen_by_keyboard_and_kept(page: Page, site: Server) -> None:
    """At once, after a reload, and on the next page; the page is drawn in them from its first moment."""
    open_page(page, site, EMPATHY)
    plain = size(page)
    choose(page, SAID["text_larger"], SAID["theme_dark"])
    assert size(page) == pytest.approx(plain * 1.5)
    assert dark(page)
    page.reload(wait_until="commit")
    page.wait_for_selector("main h1")
    assert (size(page), dark(page)) == (pytest.approx(plain * 1.5), True)
    open_page(page, site, GLOSSARY)
    assert (size(page), dark(page)) == (pytest.approx(plain * 1.5), True)
    page.locator("summary", has_text=SAID["look"]).click()
    expect(page.get_by_role("radio", name=SAID["text_larger"], exact=True)).to_be_checked()
    expect(page.get_by_role("radio", name=SAID["theme_dark"], exact=True)).to_be_checked()


def test_a_choice_is_taken_back_by_keyboard(page: Page, site: Server) -> None:
    """As the device has it again, also after a reload."""
    open_page(page, site, GLOSSARY)
    plain = size(page)
    choose(page, SAID["text_large"], SAID["theme_dark"])
    assert (size(page), dark(page)) == (pytest.approx(plain * 1.25), True)
    page.reload()
    choose(page, SAID["text_normal"], SAID["theme_auto"])
    assert (size(page), dark(page)) == (plain, False)
    page.reload()
    assert (size(page), dark(page)) == (plain, False)


def test_until_one_chooses_the_device_decides(new_page: Callable[..., Page], site: Server) -> None:
    """Also when the device changes its mind while the page is open; a choice holds against it."""
    page = open_page(new_page(color_scheme="dark"), site, EMPATHY)
    assert dark(page)
    page.emulate_media(color_scheme="light")
    assert not dark(page)
    choose(page, SAID["theme_dark"])
    assert dark(page)
    choose_again = page.get_by_role("radio", name=SAID["theme_light"], exact=True)
    choose_again.check()
    page.emulate_media(color_scheme="dark")
    assert not dark(page)


def test_activities_have_the_colors_that_were_chosen(new_page: Callable[..., Page], site: Server) -> None:
    """No conversation stays white on a dark page, or dark on a light one."""
    for scheme, word in (("light", "theme_dark"), ("dark", "theme_light")):
        page = open_page(new_page(color_scheme=scheme), site, EMPATHY)
        part = page.locator(".alongside-activity .al").first
        lightness = """(e) => { for (let at = e; at; at = at.parentElement) {
          const color = getComputedStyle(at).backgroundColor;
          const parts = color.match(/[\\d.]+/g);
          if (!/, 0\\)|transparent/.test(color)) return parts.slice(0, 3).reduce((a, b) => a + Number(b), 0);
        } return 765; }"""
        before = part.evaluate(lightness)
        choose(page, SAID[word])
        after = part.evaluate(lightness)
        assert (after < before) is (word == "theme_dark")


@pytest.mark.parametrize("kept", ["{", "null", '"x"', '{"text": "\\"><script>", "theme": 5}', '{"theme": "no-such"}'])
def test_a_broken_choice_does_no_harm(page: Page, site: Server, seen: Seen, kept: str) -> None:
    """Whatever stands in the browser's store, the page opens and a choice can be made."""
    page.add_init_script(f"localStorage.getItem('tried') || localStorage.setItem('alongside-look', {kept!r})")
    open_page(page, site, GLOSSARY)
    choose(page, SAID["text_large"])
    assert size(page) == pytest.approx(20)
    assert seen.errors == []


def test_where_nothing_can_be_kept_a_choice_holds_for_the_page(page: Page, site: Server, seen: Seen) -> None:
    """A browser that forbids its store."""
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
    )
    open_page(page, site, GLOSSARY)
    choose(page, SAID["theme_dark"])
    assert dark(page)
    assert seen.errors == []


# The way through the course.


def test_next_leads_through_every_lesson_and_before_leads_back(page: Page, site: Server) -> None:
    """Each link has the name of the page that it opens, and says which module it is."""
    open_page(page, site, LESSONS[0])
    expect(page.locator("a[rel=prev]")).to_have_count(0)
    for number, title in enumerate(TITLES):
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        count = SAID["module_of"].format(number=number + 1, total=len(TITLES))
        expect(page.get_by_role("navigation", name=SAID["nav"])).to_contain_text(count)
        if number + 1 < len(TITLES):
            link = page.get_by_role("link", name=f"{SAID['after']} {TITLES[number + 1]}", exact=True)
            expect(link).to_have_attribute("rel", "next")
            link.click()
    expect(page.locator("a[rel=next]")).to_have_count(0)
    page.get_by_role("link", name=f"{SAID['before']} {TITLES[-2]}", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLES[-2])


def test_a_quiz_leads_back_to_its_lesson_and_on_to_the_next(page: Page, site: Server) -> None:
    """By the way at the top of the page, and by the links at its end."""
    number = next(n for n, module in enumerate(CATALOG.modules) if module.id == "empathy")
    here = open_page(page, site, QUIZ).get_by_role("navigation", name=SAID["nav"])
    current = here.locator("[aria-current=page]")
    expect(current).to_have_count(1)
    here.get_by_role("link", name=TITLES[number], exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLES[number])
    expect(page).to_have_url(re.compile(EMPATHY))
    open_page(page, site, QUIZ)
    page.get_by_role("link", name=f"{SAID['after']} {TITLES[number + 1]}", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLES[number + 1])


def test_every_line_of_a_pages_outline_leads_to_its_heading(page: Page, site: Server) -> None:
    """Each opens the part that it names."""
    open_page(page, site, EMPATHY)
    outline = page.locator("details", has=page.locator("summary", has_text=SAID["outline"]))
    outline.locator("summary").click()
    links = outline.get_by_role("link")
    words = links.all_inner_texts()
    headings = page.get_by_role("main").locator(".alongside-words h2, .alongside-one-page h2").all_inner_texts()
    assert words == headings
    for link, name in zip(links.all(), words, strict=True):
        link.click()
        expect(page.get_by_role("heading", level=2, name=name, exact=True)).to_be_in_viewport()


# Without JavaScript, without motion.


@pytest.mark.parametrize("path", ["home.ipynb", MY_WORK, PRACTICE_LAB, GLOSSARY, QUIZ, *LESSONS])
def test_without_javascript_a_page_reads_and_the_crisis_lines_are_there(
    new_page: Callable[..., Page], site: Server, path: str
) -> None:
    """Words, links and lines; what would not work is not shown, and stepping away leads to the lines."""
    page = new_page(java_script_enabled=False, viewport=DESK)
    page.goto(f"{site.url}/voila/render/{path}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text(SAID["no_script"])).to_be_visible()
    for line in CATALOG.course.crisis:
        expect(page.get_by_text(line.how).first).to_be_visible()
    expect(page.get_by_text(SAID["look"])).to_be_hidden()
    expect(page.get_by_text(SAID["opening"])).to_be_hidden()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("link", name=SAID["away"]).click()
    expect(page.get_by_role("heading", name=SAID["hard_day"])).to_be_in_viewport()


@pytest.mark.parametrize("path", ["", EMPATHY, QUIZ])
def test_nothing_moves_for_those_who_ask(new_page: Callable[..., Page], site: Server, path: str) -> None:
    """No animation runs, none would start, and a link jumps without gliding."""
    page = open_page(new_page(reduced_motion="reduce"), site, path)
    page.keyboard.press("Escape")
    assert page.evaluate("() => document.getAnimations().length") == 0
    moving = page.evaluate(
        """() => [...document.querySelectorAll('*')].map((e) => getComputedStyle(e))
        .filter((look) => look.animationName !== 'none' || look.scrollBehavior === 'smooth'
          || look.transitionProperty !== 'none' && look.transitionDuration.split(',').some((one) => parseFloat(one) > 0)
        ).length"""
    )
    assert moving == 0
