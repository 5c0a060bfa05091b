"""A conversation as plain text to keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from alongside.course import Course
from alongside.roleplay import Turn
from alongside.scenario import Scenario
from alongside.sentences import fill

__all__ = ["transcript"]


def transcript(scenario: Scenario, turns: Sequence[Turn], course: Course, said: Mapping[str, str]) -> str:
    """Write a conversation as plain text to keep. That it has ended stands only under one that has."""
    person = scenario.person
    intro = said["transcript_intro" if person else "transcript_intro_plain"]
    rows = [scenario.title, fill(intro, course=course.title, person=person), ""]
    for turn in turns:
        for line in turn.heard:
            if line.kind == "thought":
                thinker = next((each.speaker for each in turn.heard if each.speaker), person)
                rows.append(fill(said["transcript_thinks"], person=thinker, words=line.words))
            else:
                rows.append(f"{line.speaker}: {line.words}" if line.speaker else line.words)
        rows.append("")
        if turn.chosen:
            label = said[turn.chosen.rating.value.lower()]
            rows.extend([f"{said['you']}: {turn.chosen.words}", f"    {label}. {turn.chosen.reason}", ""])
    last = turns[-1]
    return "\n".join([*rows, said["ended"], ""] if not last.offered and not last.halted else rows)
