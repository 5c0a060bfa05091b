"""The course's activities as widgets: one line in a notebook shows one of them.

    from alongside_widgets import lesson; course = lesson("empathy")
    course.roleplay("a-rough-week")

Nothing here raises in a notebook: what is broken or missing shows a short note, and the rest of the page works.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alongside_widgets.base import Activity
    from alongside_widgets.page import GlossaryPage, HomePage, LabPage, LessonPage, WorkPage

__all__ = ["glossary", "home", "lesson", "my_work", "practice_lab", "quiz"]


def lesson(name: str, language: str = "") -> LessonPage:
    """Open a lesson by the name of its module, such as "empathy". Never raises."""
    from alongside_widgets.page import LessonPage  # noqa: PLC0415  widgets are loaded when one is first asked for

    return LessonPage(name, language)


def home(language: str = "") -> HomePage:
    """Open the course's home page. Never raises."""
    from alongside_widgets.page import HomePage  # noqa: PLC0415  widgets are loaded when one is first asked for

    return HomePage(language)


def my_work(language: str = "") -> WorkPage:
    """Open the page of all that a learner did. Never raises."""
    from alongside_widgets.page import WorkPage  # noqa: PLC0415  widgets are loaded when one is first asked for

    return WorkPage(language)


def practice_lab(language: str = "") -> LabPage:
    """Open the practice lab. Never raises."""
    from alongside_widgets.page import LabPage  # noqa: PLC0415  widgets are loaded when one is first asked for

    return LabPage(language)


def glossary(language: str = "") -> GlossaryPage:
    """Open the page of what words mean. Never raises."""
    from alongside_widgets.page import GlossaryPage  # noqa: PLC0415  widgets are loaded when one is first asked for

    return GlossaryPage(language)


def quiz(unit: str, language: str = "") -> Activity | None:
    """Show the graded quiz of a unit, such as "empathy". Never raises."""
    from alongside_widgets.page import open_quiz  # noqa: PLC0415  widgets are loaded when one is first asked for

    return open_quiz(unit, language)
