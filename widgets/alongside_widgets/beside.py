"""A talk of another day beside a new one: the same turn of both, and never the next one of the past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from alongside.own_words import spoken
from alongside.roleplay import How, Run, play
from alongside.scenario import Reply, Scenario
from alongside.talks import Talk, ended, replay
from alongside_widgets.base import View, fill

__all__ = ["rated", "with_talks"]

Words = Mapping[str, Mapping[str, str]]


def with_talks(
    shown: View, scenario: Scenario, run: Run, talks: Sequence[Talk], beside: Talk | None, words: Words
) -> View:
    """Give a conversation's view with the talks that can stand beside it, newest first, and with the one that does.

    `talks` are those that came to an ending, oldest first. Each is named by the moment it ended: the page says the day.
    """
    turns = play(scenario, run.choices)
    over = ended(turns)
    offered = [talk.ended for talk in reversed(talks) if not (over and talk.choices == run.choices)]
    if beside is None:
        return {**shown, "talks": offered, "beside": None}
    past = _parts(scenario, beside, words)
    return {
        **shown,
        "talks": offered,
        "beside": {"ended": beside.ended, "note": _became(scenario, beside, words["roleplay"])},
        "entries": [*_after_each(shown["entries"], past), *(past[len(turns) - 1 :] if over else ())],
    }


def rated(reply: Reply, said: Mapping[str, str]) -> View:
    """Say what a reply did: its rating, the word for it, and the reason."""
    rating = reply.rating.value.lower()
    return {"rating": rating, "label": said[rating], "reason": reply.reason}


def _after_each(entries: Sequence[View], past: Sequence[View]) -> Sequence[View]:
    """Put each turn of the past after the same one of now, once that is chosen: sooner it would give that away."""
    found: list[View] = []
    for part in entries:
        found.append(part)
        if part["kind"] == "you":
            found.extend(past[part["turn"] : part["turn"] + 1])
    return found


def _parts(scenario: Scenario, talk: Talk, words: Words) -> list[View]:
    """Give a talk in one part for each turn, and one for its ending where it still comes to that."""
    said = words["roleplay"]
    turns = spoken(play(scenario, replay(scenario, talk).run.choices), {}, words)
    return [
        {
            "key": f"past/{talk.ended}/{place}",
            "kind": "past",
            "turn": place,
            "lines": [
                {"kind": line.kind, "speaker": line.speaker, "words": line.words}
                for line in turn.heard
                if line.kind != "thought"
            ],
            "you": {"speaker": said["you"], "words": turn.chosen.words, **rated(turn.chosen, said)}
            if turn.chosen
            else None,
            "ended": "" if turn.chosen else said["ended"],
        }
        for place, turn in enumerate(turns)
        if turn.chosen or ended(turns)
    ]


def _became(scenario: Scenario, talk: Talk, said: Mapping[str, str]) -> str:
    """Say what a change of the conversation did to a talk. Empty when it is as it was."""
    found = replay(scenario, talk)
    sentences = {
        How.SAME: "",
        How.CHANGED: said["beside_changed"],
        How.SHORTER: fill(said["beside_shorter"], turn=len(found.run.choices)),
    }
    return sentences.get(found.how, said["beside_anew"])
