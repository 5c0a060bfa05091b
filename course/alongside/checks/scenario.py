"""Rules for one conversation, each on its own. What cannot be reached or ended is told by `explore`.

After the lint of branching scripts (products.md 3.6); the thresholds are the course's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import product

from alongside.blocks import Fault
from alongside.checks.text import bare, longer, plain, words
from alongside.condition import Condition, holds
from alongside.explore import explore
from alongside.scenario import Heard, Rating, Scenario, Scene

__all__ = ["RULES", "check_scenario"]

MOST_IN_LINE = 40
MOST_IN_SCENE = 120
MOST_IN_REASON = 60
_MOST_WORDS_TRIED = 8  # remembered words whose every combination is tried in one scene: 256 of them
_FEWEST_ENDINGS = 2
_FEWEST_REPLIES = 2
_DANGER = "noticing-distress"


def replies_differ(scenario: Scenario) -> Iterator[Fault]:
    """Two replies in a scene do not say the same words."""
    for scene in scenario.scenes:
        first: dict[str, int] = {}
        for reply in scene.written:
            said = bare(reply.words)
            if said in first:
                message = f"This reply says the same as the one on line {first[said]}. Change one, or take it out."
                yield Fault(scenario.path, reply.line, message)
            first.setdefault(said, reply.line)


def scene_offers_a_choice(scenario: Scenario) -> Iterator[Fault]:
    """A scene that goes on has two replies or more, whatever can be said in one's own words."""
    for scene in scenario.scenes:
        if scene.routes and len(scene.written) < _FEWEST_REPLIES:
            message = f"Beside own words there should be {_FEWEST_REPLIES} written replies or more. Nobody has to type."
            yield Fault(scenario.path, scene.routes[0].line, message)
        elif len(scene.replies) == 1:
            yield Fault(scenario.path, scene.line, "This scene has one reply, so there is no choice. Write another.")


def strong_not_longest(scenario: Scenario) -> Iterator[Fault]:
    """The Strong reply does not stand out by its length."""
    for scene in scenario.scenes:
        strong = [reply for reply in scene.written if reply.rating is Rating.STRONG]
        others = [len(words(reply.words)) for reply in scene.written if reply.rating is not Rating.STRONG]
        for reply in strong:
            count = len(words(reply.words))
            if longer([count], others):
                mean = round(sum(others) / len(others))
                message = (
                    f"This Strong reply has {count} words, the others about {mean}, so its length gives it away. "
                    "Shorten it, or write more in the others."
                )
                yield Fault(scenario.path, reply.line, message)


def strong_not_always_first(scenario: Scenario) -> Iterator[Fault]:
    """The first Strong reply does not stand first in more than half of the scenes. One scene shows no pattern."""
    scenes = [
        scene
        for scene in scenario.scenes
        if len(scene.written) > 1 and any(reply.rating is Rating.STRONG for reply in scene.written)
    ]
    leading = [scene for scene in scenes if scene.written[0].rating is Rating.STRONG]
    if len(scenes) > 1 and len(leading) * 2 > len(scenes):
        message = (
            f"The Strong reply stands first in {len(leading)} of {len(scenes)} scenes, so its place gives it away. "
            "Move it down in some of them."
        )
        yield Fault(scenario.path, leading[0].written[0].line, message)


def lines_are_short(scenario: Scenario) -> Iterator[Fault]:
    """Nobody says more than 40 words at once."""
    for scene in scenario.scenes:
        for line, text in [*((each.line, each.words) for each in scene.heard),
                           *((each.line, each.words) for each in scene.replies)]:  # fmt: skip
            count = len(words(plain(text)))
            if count > MOST_IN_LINE:
                message = f"This line has {count} words. Write at most {MOST_IN_LINE}, or make two lines of it."
                yield Fault(scenario.path, line, message)


def scenes_are_short(scenario: Scenario) -> Iterator[Fault]:
    """No more than 120 words are heard and seen at once. Thoughts are not counted: they wait until asked for."""
    for scene in scenario.scenes:
        most = _most_heard(scenario, scene)
        if most > MOST_IN_SCENE:
            message = f"Up to {most} words are heard in this scene. Write at most {MOST_IN_SCENE}, or make two scenes."
            yield Fault(scenario.path, scene.line, message)


def _most_heard(scenario: Scenario, scene: Scene) -> int:
    """Count the words of the fullest way to hear a scene, by trying what its conditions read."""
    heard = [(each, len(words(plain(each.words)))) for each in scene.heard if each.kind != "thought"]
    names = sorted({test.name for each, _ in heard for test in each.when if test.op in {"is", "not"}})
    read = {test.name for each, _ in heard for test in each.when}
    meters = [meter for meter in scenario.meters if meter.name in read]
    if sum(count for _, count in heard) <= MOST_IN_SCENE or len(names) > _MOST_WORDS_TRIED:
        return sum(count for _, count in heard)
    levels = [range(meter.lowest, meter.highest + 1) for meter in meters]
    return max(
        _heard_in(heard, dict(zip((meter.name for meter in meters), values, strict=True)), frozenset(known))
        for values in product(*levels)
        for chosen in product((True, False), repeat=len(names))
        for known in [[name for name, kept in zip(names, chosen, strict=True) if kept]]
    )


def _heard_in(heard: list[tuple[Heard, int]], meters: dict[str, int], memory: frozenset[str]) -> int:
    return sum(count for each, count in heard if holds(each.when, meters, memory))


def reasons_are_short(scenario: Scenario) -> Iterator[Fault]:
    """A reason has at most 60 words."""
    for scene in scenario.scenes:
        for reply in scene.replies:
            count = len(words(plain(reply.reason)))
            if count > MOST_IN_REASON:
                message = f"The reason under this reply has {count} words. Write at most {MOST_IN_REASON}."
                yield Fault(scenario.path, reply.line, message)


def two_endings(scenario: Scenario) -> Iterator[Fault]:
    """A conversation can end in two ways or more."""
    endings = sum(scene.is_ending for scene in scenario.scenes)
    if endings < _FEWEST_ENDINGS:
        message = f"There should be {_FEWEST_ENDINGS} endings or more; here are {endings}. Add a scene without replies."
        yield Fault(scenario.path, 1, message)


def named_skills_are_earned(scenario: Scenario) -> Iterator[Fault]:
    """Every skill at the top can be earned in some reply."""
    earned = {skill for skill, points in _points(scenario) if points}
    for skill in dict.fromkeys(scenario.skills):
        if skill not in earned:
            message = f"No reply gives points for {skill}. Give some, as `*{skill} 2*`, or take it out of `skills`."
            yield Fault(scenario.path, 1, message)


def earned_skills_are_named(scenario: Scenario) -> Iterator[Fault]:
    """Every skill that a reply gives points for stands at the top."""
    for scene in scenario.scenes:
        for reply in scene.replies:
            for skill, _ in reply.effects.points:
                if skill not in scenario.skills:
                    message = f"This reply gives points for {skill}. Add {skill} to `skills` at the top."
                    yield Fault(scenario.path, reply.line, message)


def own_words_earn_no_more(scenario: Scenario) -> Iterator[Fault]:
    """Own words give no more points for a skill than the best written reply of the scene."""
    for scene in scenario.scenes:
        for route in scene.routes:
            for skill, points in route.effects.points:
                most = max((dict(reply.effects.points).get(skill, 0) for reply in scene.written), default=0)
                if points > most:
                    message = (
                        f"These own words give {points} for {skill}, and the best written reply here gives {most}. "
                        "Give no more than that: nobody has to type."
                    )
                    yield Fault(scenario.path, route.line, message)


def words_read_are_remembered(scenario: Scenario) -> Iterator[Fault]:
    """A condition reads only words that some reply remembers."""
    known = {word for scene in scenario.scenes for reply in scene.replies for word in reply.effects.remember}
    for line, condition in _conditions(scenario):
        for test in condition:
            if test.op in {"is", "not"} and test.name not in known:
                message = f'No reply remembers "{test.name}". Write `remember: {test.name}` under one, or change this.'
                yield Fault(scenario.path, line, message)


def words_remembered_are_read(scenario: Scenario) -> Iterator[Fault]:
    """A remembered word is read by some condition, and a word to forget was remembered."""
    read = {test.name for _, condition in _conditions(scenario) for test in condition}
    known = {word for scene in scenario.scenes for reply in scene.replies for word in reply.effects.remember}
    for scene in scenario.scenes:
        for reply in scene.replies:
            for word in reply.effects.remember:
                if word not in read:
                    message = f'"{word}" is remembered here, but no `(if {word})` reads it. Write one, or take it out.'
                    yield Fault(scenario.path, reply.line, message)
            for word in reply.effects.forget:
                if word not in known:
                    message = f'"{word}" is forgotten here, but no reply remembers it. Take it out, or remember it.'
                    yield Fault(scenario.path, reply.line, message)


def danger_can_be_missed(scenario: Scenario) -> Iterator[Fault]:
    """Where noticing distress is practised, some reply is a Harm: missing danger has to show."""
    ratings = {reply.rating for scene in scenario.scenes for reply in scene.replies}
    if any(skill == _DANGER for skill, _ in _points(scenario)) and Rating.HARM not in ratings:
        message = f"Replies here earn {_DANGER}, but none is rated Harm. Add one that misses the danger."
        yield Fault(scenario.path, 1, message)


def every_path_is_sound(scenario: Scenario) -> Iterable[Fault]:
    """Every scene, reply and ending can be reached, nothing is a dead end, and a bad turn can be mended."""
    return explore(scenario).faults


Rule = Callable[[Scenario], Iterable[Fault]]

RULES: tuple[Rule, ...] = (
    replies_differ, scene_offers_a_choice, strong_not_longest, strong_not_always_first, lines_are_short,
    scenes_are_short, reasons_are_short, two_endings, named_skills_are_earned, earned_skills_are_named,
    own_words_earn_no_more, words_read_are_remembered, words_remembered_are_read, danger_can_be_missed,
    every_path_is_sound,
)  # fmt: skip


def check_scenario(scenario: Scenario) -> Iterator[Fault]:
    """Hold a conversation against every rule."""
    for rule in RULES:
        yield from rule(scenario)


def _points(scenario: Scenario) -> Iterator[tuple[str, int]]:
    for scene in scenario.scenes:
        for reply in scene.replies:
            yield from reply.effects.points


def _conditions(scenario: Scenario) -> Iterator[tuple[int, Condition]]:
    for scene in scenario.scenes:
        for heard in scene.heard:
            yield heard.line, heard.when
        for reply in scene.replies:
            yield reply.line, reply.when
            for target in reply.targets:
                yield target.line, target.when
