"""Marks for Moodle's grade import (Grades, Import, CSV file): one row for each learner, one column for each unit.

Moodle is told on its own page which column says who a learner is and which grade item a column goes to. It stops at the
first learner that it does not know. An empty cell is "no grade" where the item is there, and may become 0 where the
item is new. So nobody without a score is in the file.
"""

from __future__ import annotations

from collections.abc import Mapping

from alongside_grading.results.grades import Cohort, guard
from alongside_grading.wording import number

__all__ = ["moodle_rows"]

COLUMNS = ("First name", "Last name", "ID number", "Email address")  # as Moodle's own export calls them
_MOST = 100  # Moodle refuses a grade above it unless its own setting allows more


def moodle_rows(cohort: Cohort, titles: Mapping[str, str], *, unfinished: bool) -> tuple[list[list[str]], list[str]]:
    """Give the table for Moodle, and what the instructor should know about it."""
    rows = [[*COLUMNS, *(guard(titles.get(unit, unit)) for unit in cohort.most)]]
    holes, changed = 0, []
    for learner in cohort.learners:
        scores = [cohort.given(learner.id, unit, unfinished=unfinished) for unit in cohort.most]
        if all(score is None for score in scores):
            continue
        named = learner.lms or learner.id
        who = [guard(text) for text in (learner.first, learner.last, named, learner.email)]
        if who[2] != named:
            changed.append(who[2])
        holes += None in scores
        rows.append([*who, *("" if score is None else number(score) for score in scores)])
    how = (
        'In Moodle, choose the encoding UTF-8 and the separator comma. At "Map from" choose "ID number", and at "Map '
        'to" choose "ID number", "Username" or "Email address", whichever your learners\' names in nbgrader are. '
        "Then choose the grade item for each quiz. Moodle stops at a learner whom it does not know."
    )
    notes = [how]
    if holes:
        notes.append(
            f"Learners with a score in one quiz and none in another: {holes}. Choose a grade item that is there "
            "already: for a new one Moodle may take an empty cell for 0. Or export one quiz at a time with --unit."
        )
    if any(most > _MOST for most in cohort.most.values()):
        notes.append(f"Moodle refuses grades above {_MOST} unless its administrator allows them.")
    if changed:
        notes.append(
            "These begin like a formula, so they have an apostrophe before them, and Moodle will not know them: "
            f"{', '.join(changed)}."
        )
    return rows, notes
