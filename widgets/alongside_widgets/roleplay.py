"""A practised conversation: what has been said so far, what can be said now, and in the end how it went."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, ClassVar

from alongside.course import Course
from alongside.own_words import (
    Typed,
    asked,
    previous,
    read_typed,
    route,
    route_meant,
    spoken,
    still,
    typed_data,
)
from alongside.record import FINISHED, OWN_WORDS, RUNS, TALKS, Place, Record, Thing, now
from alongside.record.shelf import Shelf
from alongside.roleplay import How, Restored, Run, Turn, again, choose, play, profile, restore
from alongside.scenario import ANYTHING, Scenario
from alongside.talks import Talk, add, ended, is_whole, read_talks, talks_data, unite
from alongside.transcript import transcript
from alongside_widgets.base import Activity, Answer, View, fill, points_in_words, text_in, trouble_in_words
from alongside_widgets.beside import rated, with_talks
from alongside_widgets.disputing import dispute, dispute_view, keep_dispute
from alongside_widgets.hearing import Ear

__all__ = ["OwnWords", "RolePlay", "came_back", "ended", "transcript", "view"]

Words = Mapping[str, Mapping[str, str]]
_CHOICE = ("feedback", "roleplay")  # where the learner's wish for feedback is kept
_WHO_READS = {
    Place.OWN: "own_reads_own",
    Place.ACCOUNT: "own_reads_account",
    Place.CODE: "own_reads_code",
    Place.VISIT: "own_reads_visit",
    Place.OPEN: "own_reads_open",
}
_BESIDE = "beside"  # the kind of the talk that the learner wished to see beside a new one, by "module--scenario"


@dataclass(frozen=True)
class OwnWords:
    """What was typed, by turn, and what the coach heard in that of a turn.

    `reads` says who can read what is typed next; without it nothing is asked for. `disputes` is what a part that the
    coach marked can be heard as instead, where anything was typed.
    """

    typed: Mapping[int, Typed] = field(default_factory=dict)
    coached: Callable[[int], View | None] = lambda _turn: None
    reads: str = ""
    disputes: View | None = None


def view(
    scenario: Scenario,
    run: Run,
    course: Course,
    words: Words,
    totals: Callable[[], Mapping[str, int]],
    *,
    always: bool = True,
    before: str = "",
    own: OwnWords | None = None,
) -> View:
    """Give all that the page shows of a run. What a reply is worth stays out until it is chosen.

    `totals` gives the most points by skill, and is asked for at an ending only. `before` is a sentence
    about a run that was kept from another day, or empty. `own` is what was said in own words, and whether more of
    them are asked for.
    """
    said, own = words["roleplay"], own or OwnWords()
    turns = spoken(play(scenario, run.choices), own.typed, words)
    last = turns[-1]
    entries = list(_entries(turns, said, own))
    if ended(turns):
        entries.append({"key": "ended", "kind": "ended", "words": said["ended"]})
    facts = [fill(said["minutes"], minutes=scenario.minutes)]
    if scenario.person:
        facts.append(fill(said["with_person"], person=scenario.person))
    return {
        "lang": scenario.language,
        "words": {**words["save"], **said},
        "title": scenario.title,
        "facts": facts,
        "note": scenario.note,
        "log": fill(said["log"], title=scenario.title),
        "entries": entries,
        "replies": [{"id": reply.id, "words": reply.words} for reply in last.offered if not reply.own],
        "own": _asks_for(scenario, turns, said, own.reads),
        "coach": {"coach": words["coach"]["coach"]},
        "dispute": own.disputes,
        "halted": last.halted,
        "started": bool(run.choices or run.earlier),
        "always": always,
        "before": before,
        "trouble": "",
        "end": _end(scenario, run, turns, course, words, totals()) if ended(turns) else None,
    }


def came_back(found: Restored, words: Words) -> str:
    """Say where a run goes on that was kept from another day, and what a change of the talk did to it."""
    if found.how is How.NEW or (found.how is How.SAME and not found.run.choices):
        return ""
    if found.how is How.SAME:
        return words["roleplay"]["before"]
    return fill(words["record"][found.how.value], turn=len(found.run.choices) + 1)


def _asks_for(scenario: Scenario, turns: Sequence[Turn], said: Mapping[str, str], reads: str) -> View | None:
    """Give what is asked for where own words can be typed."""
    if not reads or not any(reply.own for reply in turns[-1].offered):
        return None
    label = fill(said["own_label"], person=scenario.person) if scenario.person else said["own_label_plain"]
    return {"label": label, "reads": reads}


def _entries(turns: Sequence[Turn], said: Mapping[str, str], own: OwnWords) -> Iterable[View]:
    """Give what is in the log, one part for each side of a turn. A key changes when anything before it does."""
    path = "start"
    for number, turn in enumerate(turns, start=1):
        yield {
            "key": f"{path}/heard",
            "kind": "heard",
            "name": fill(said["heard_group"], number=number),
            "turn": number - 1,
            "lines": [_line(line.kind, line.words, line.speaker, _speaker(turn), said) for line in turn.heard],
        }
        if turn.chosen:
            words = own.typed.get(number - 1)
            path = f"{path}/{turn.chosen.id}{_mark_of(words)}"
            yield {
                "key": path,
                "kind": "you",
                "name": fill(said["you_group"], number=number),
                "speaker": said["you"],
                "words": turn.chosen.words,
                "turn": number - 1,
                "again": fill(said["again_name"], number=number),
                "coached": own.coached(number - 1) if words else None,
                **rated(turn.chosen, said),
            }


def _mark_of(typed: Typed | None) -> str:
    """Tell apart two texts that took the same way."""
    return hashlib.sha256(typed.text.encode("utf-8", "replace")).hexdigest()[:8] if typed else ""


def _speaker(turn: Turn) -> str:
    return next((line.speaker for line in turn.heard if line.speaker), "")


def _line(kind: str, words: str, speaker: str, thinker: str, said: Mapping[str, str]) -> View:
    if kind != "thought":
        return {"kind": kind, "speaker": speaker, "words": words}
    return {
        "kind": "thought",
        "ask": fill(said["thinking_ask"], person=thinker) if thinker else said["thinking_ask_plain"],
        "speaker": fill(said["thinking"], person=thinker) if thinker else said["thinking_plain"],
        "words": words,
    }


def _end(
    scenario: Scenario,
    run: Run,
    turns: Sequence[Turn],
    course: Course,
    words: Words,
    totals: Mapping[str, int],
) -> View:
    said = words["roleplay"]
    person = scenario.person
    skills = []
    for skill, points, most in profile(scenario, run, totals).points:
        about = course.skills.get(skill)
        skills.append({
            "name": about.name if about else skill,
            "means": about.means if about else "",
            "points": points,
            "most": most,
            "said": points_in_words(said, points, most),
        })  # fmt: skip
    thoughts = [
        {
            "when": fill(said["thoughts_before"], number=number) if turn.chosen else said["thoughts_end"],
            "lines": [line.words for line in turn.heard if line.kind == "thought"],
        }
        for number, turn in enumerate(turns, start=1)
        if any(line.kind == "thought" for line in turn.heard)
    ]
    title = fill(said["thoughts_title"], person=person) if person else said["thoughts_title_plain"]
    return {
        "skills": skills,
        "thoughts_title": title,
        "thoughts": thoughts,
        "tries": _tries(scenario, run, turns, words),
        "filename": f"{scenario.id}.txt",
        "transcript": transcript(scenario, turns, course, said),
    }


def _tries(scenario: Scenario, run: Run, turns: Sequence[Turn], words: Words) -> list[View]:
    """Give each moment that was taken again: what was said before, and what this time, where they differ."""
    said = words["roleplay"]
    now = [turn for turn in turns if turn.chosen]
    found: list[View] = []
    for earlier in run.earlier:
        then = [turn for turn in spoken(play(scenario, earlier), {}, words) if turn.chosen]
        pairs = zip(earlier, run.choices, strict=False)
        place = next((index for index, (one, two) in enumerate(pairs) if one != two), None)
        if place is None:
            continue
        both = [
            {"words": turn.chosen.words, **rated(turn.chosen, said)}
            for turn in (then[place], now[place])
            if turn.chosen
        ]
        row = {"turn": fill(said["tries_turn"], number=place + 1), "before": both[0], "now": both[1]}
        if row not in found:
            found.append(row)
    return found


def _is_moment(value: object) -> bool:
    return value is None or type(value) is int


class RolePlay(Activity):
    """A conversation to practise. Every choice is kept at once; any turn can be taken again."""

    JS: ClassVar[str] = "roleplay.js"
    CSS: ClassVar[tuple[str, ...]] = ("base.css", "coach.css", "dispute.css", "roleplay.css")

    def __init__(self, scenario: Scenario, module: str, course: Course, words: Words, record: Record) -> None:
        """Open a conversation where the learner left it."""
        self._scenario, self._course, self._words, self._record = scenario, course, words, record
        self._name = f"{module}--{scenario.id}"
        kept = record.get(RUNS, self._name)
        found = restore(scenario, kept)
        self._run = found.run
        self._typed = read_typed(record.get(OWN_WORDS, self._name), found.run.choices)
        self._ear = Ear(words["coach"], scenario.person, scenario.language)
        self._trouble = trouble_in_words(record, words)
        if found.left_out:
            with suppress(OSError):  # it is still there until the next choice, and trouble is told before that
                record.set_aside(RUNS, self._name, kept)
        self._always = record.get(*_CHOICE) is not False
        self._talks = read_talks(record.get(TALKS, self._name))
        self._beside = next(iter(read_talks(record.get(_BESIDE, self._name))), None)
        super().__init__(self._view(before=came_back(found, words)))

    def _view(self, *, before: str = "") -> View:
        disputes = dispute_view(self._record, self._words) if self._typed else None
        own = OwnWords(self._typed, self._coached, self._reads(), disputes)
        shown = view(
            self._scenario, self._run, self._course, self._words, self._totals,
            always=self._always, before=before, own=own,
        )  # fmt: skip
        shown["trouble"] = self._trouble
        return with_talks(shown, self._scenario, self._run, self._talks, self._beside, self._words)

    def _reads(self) -> str:
        """Say who can read own words. Empty where none are asked for, or the coach cannot listen."""
        asked_for = any(reply.own for reply in play(self._scenario, self._run.choices)[-1].offered)
        return self._words["roleplay"][_WHO_READS[self._record.space.place]] if asked_for and self._ear.ready else ""

    def _coached(self, turn: int) -> View | None:
        """Give what the coach heard in what was typed in a turn, as it stands in the log."""
        typed, said = self._typed[turn], self._words["roleplay"]
        heard = self._ear.hear(typed.text, previous(play(self._scenario, self._run.choices)[turn]))
        if heard is None or heard.kind in {"odd", "harm"}:  # it was not so when it was said
            return None
        if heard.kind != "unsure":
            return heard.view
        label = self._words["coach"].get(f"deed_{typed.meant}")
        return {**heard.view, "said": [fill(said["own_meant"], meant=label) if label else said["own_unsure"]]}

    def _totals(self) -> Mapping[str, int]:
        from alongside.explore import explore  # noqa: PLC0415  a walk of every state, needed at an ending only

        return explore(self._scenario).totals

    def handle(self, do: str, message: Mapping[str, Any]) -> Answer | None:
        """Take a reply ("choose") or own words ("own"), go back to a turn ("again"), start over ("over"), note a wish.

        A part that the coach marked in own words can be heard another way ("dispute").

        The wishes are to see what each reply does ("feedback"), and to see a talk of another day beside this one
        ("beside"), which is named by the moment it ended: its place in the list changes when a talk ends.
        """
        run = self._run
        if do == "own":
            return self._say(message)
        if do == "dispute":
            return self._dispute(message)
        if do == "choose" and isinstance(message.get("reply"), str):
            # A choice of a turn that is past was sent twice, over a line that had been lost.
            if message.get("turn", len(run.choices)) == len(run.choices):
                offered = play(self._scenario, run.choices)[-1].offered
                written = any(reply.id == message["reply"] and not reply.own for reply in offered)
                run = choose(self._scenario, run, message["reply"]) if written else run
        elif do == "again" and type(message.get("turn")) is int and 0 <= message["turn"] < len(run.choices):
            run = again(run, message["turn"])
        elif do == "over":
            run = Run(run.scenario, run.digest)
        elif do == "feedback" and isinstance(message.get("on"), bool):
            self._always = message["on"]
            self._keep(*_CHOICE, value=self._always)
        elif do == "beside" and _is_moment(message.get("talk", "")):
            self._put_beside(message["talk"])
        else:
            return None
        if run != self._run:
            self._go_on(run)
        self.view = self._view()
        return Answer()

    def _say(self, message: Mapping[str, Any]) -> Answer | None:
        """Take what was typed. It goes along a route, or the coach says or asks something and nothing moves.

        With `anyway` it goes on although it might land hard, and `meant` says what it was for where that was asked.
        """
        text, turn = text_in(message, "text"), len(self._run.choices)
        if text is None or type(message.get("turn")) is not int:
            return None
        last = play(self._scenario, self._run.choices)[-1]
        routes = tuple(reply for reply in last.offered if reply.own)
        heard = self._ear.hear(text, previous(last)) if routes and message["turn"] == turn else None
        if heard is None:  # sent twice over a line that had been lost, or nobody can listen any more
            self.view = self._view()
            return Answer()
        if heard.kind in {"odd", "harm"} or (heard.kind == "careful" and message.get("anyway") is not True):
            return Answer({"heard": heard.view})
        meant = ""
        if heard.kind == "unsure":
            known, meant = asked(routes, heard.options), str(message.get("meant", ""))
            if meant not in {*known, ANYTHING}:
                return Answer({"heard": heard.view, "options": self._options(known)})
            taken = route_meant(routes, meant)
        else:
            taken = route(routes, heard.deeds)
        self._typed = {**self._typed, turn: Typed(text, taken.id, meant)}
        self._go_on(choose(self._scenario, self._run, taken.id))
        self.view = self._view()
        return Answer()

    def _dispute(self, message: Mapping[str, Any]) -> Answer | None:
        """Keep how the learner hears a part of what they typed in a turn."""
        turn = message.get("turn")
        if type(turn) is not int or turn not in self._typed or not self._ear.ready:
            return None
        from alongside.coding.listening import listen  # noqa: PLC0415  pages must not load the coder before it is used

        before = previous(play(self._scenario, self._run.choices)[turn])
        heard = listen(self._typed[turn].text, before)
        found = dispute(heard, before, message.get("start"), message.get("means"))
        return keep_dispute(found, self._record, self._words) if found else None

    def _options(self, known: Sequence[str]) -> list[View]:
        deeds = [{"deed": deed, "words": self._words["coach"][f"deed_{deed}"]} for deed in known]
        return [*deeds, {"deed": ANYTHING, "words": self._words["roleplay"]["own_else"]}]

    def _put_beside(self, moment: int | None) -> None:
        """Put the talk that ended at a moment beside this one, or put it away. An unknown one changes nothing."""
        known = next((talk for talk in self._talks if talk.ended == moment), None)
        if known is not None or moment is None:
            self._beside = known
            self._keep(_BESIDE, self._name, value=talks_data([known] if known else []))

    def _go_on(self, run: Run) -> None:
        """Go on with a run, and keep it at one with the list of talks, where it has come to an ending."""
        left, self._run, moment = self._run, run, now()
        self._typed = still(self._typed, run.choices)
        over = ended(play(self._scenario, run.choices))
        try:
            with self._record.changing() as shelf:
                shelf_talks = shelf.readable(TALKS, self._name)
                before = read_talks(shelf_talks.value if shelf_talks else None)
                talks = self._with_left(before, left, shelf.readable(RUNS, self._name))
                if over:
                    talks = add(talks, Talk(run.choices, run.digest, moment))
                    shelf.keep(Thing(FINISHED, self._name, value=True, saved=moment))
                if talks != before:
                    if shelf_talks and not is_whole(shelf_talks.value):
                        shelf.lay_aside(shelf_talks)
                    shelf.keep(Thing(TALKS, self._name, talks_data(talks), moment))
                shelf.keep(Thing(RUNS, self._name, run.to_dict(), moment))
                self._keep_typed(shelf, moment)
        except OSError:
            self._trouble = self._words["save"]["cannot_save"]
            talks = add(self._talks, Talk(run.choices, run.digest, moment)) if over else self._talks
        else:
            self._trouble = ""
        self._talks = talks

    def _keep_typed(self, shelf: Shelf, moment: int) -> None:
        """Keep what was typed beside the run, as of the same moment. What the run has no more is written over."""
        if not self._record.keeps(OWN_WORDS):
            return
        data, there = typed_data(self._typed), shelf.readable(OWN_WORDS, self._name)
        if self._typed or (there and there.value != data):
            shelf.keep(Thing(OWN_WORDS, self._name, data, moment))

    def _with_left(self, talks: tuple[Talk, ...], left: Run, kept: Thing | None) -> tuple[Talk, ...]:
        """Add the run that is left, if it is an ending from before the course kept talks."""
        known = any(talk.choices == left.choices for talk in talks)
        if known or kept is None or not ended(play(self._scenario, left.choices)):
            return talks
        return unite(talks, [Talk(left.choices, left.digest, kept.saved)])

    def _keep(self, kind: str, name: str, *, value: object) -> None:
        try:
            self._record.put(kind, name, value)
            self._trouble = ""
        except OSError:
            self._trouble = self._words["save"]["cannot_save"]
