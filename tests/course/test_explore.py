"""Exploring proves what can happen in a conversation, and tells each fault with the clicks that lead to it."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from alongside.course import read_course
from alongside.explore import Report, explore
from alongside.paths import course_root
from alongside.roleplay import earned, play, start
from alongside.scenario import Scenario
from alongside.scenario_reader import read_scenario

HEAD = "---\nformat: 1\ntitle: A talk\nskills: [reflecting]\nminutes: 5\n---\n\n"


def scenario(body: str) -> Scenario:
    """Read a scenario from the text after its front matter."""
    read, faults = read_scenario(HEAD + body, "talk.md", "talk", read_course(course_root(Path(__file__))))
    assert read is not None, [str(fault) for fault in faults]
    return read


def reply(words: str, target: str, rating: str = "Okay", effects: str = "", when: str = "") -> str:
    """Write one reply."""
    line = f"  > *{effects}*\n" if effects else ""
    return f'- **You{when}:** "{words}" → {target}\n  > **{rating}.** Why it is so.\n{line}'


def messages(report: Report) -> list[str]:
    """Give the faults as an author reads them."""
    return [str(fault) for fault in report.faults]


LINE = "**Robin:** Hello.\n\n"
BYE = f"## Bye\n\n{LINE}"


def test_a_scenario_without_trouble_has_no_fault_and_both_endings() -> None:
    """Two endings are found, each with the fewest clicks that lead there."""
    start = f"## Start\n\n{LINE}{reply('One', '[Bye](#bye)')}{reply('Two', '[End](#end)')}"
    report = explore(scenario(f"{start}\n{BYE}\n## End\n\n{LINE}"))
    assert messages(report) == []
    assert report.endings == {"bye": ("One",), "end": ("Two",)}
    assert (report.longest, report.shortest, report.states) == (1, 1, 3)


def test_a_scene_that_nothing_leads_to_is_told_with_its_line() -> None:
    """The fault names the scene and stands on its heading."""
    report = explore(scenario(f"## Start\n\n{LINE}{reply('One', '[Bye](#bye)')}\n{BYE}\n## Lost\n\n{LINE}"))
    assert [line for line in messages(report) if "Lost" in line] == [
        'talk.md:20: No path leads to the scene "Lost". Lead a reply to it, or take it out.'
    ]


def test_a_reply_whose_condition_never_holds_is_told() -> None:
    """A reply that needs a memory which nobody gives can never be chosen."""
    body = f"## Start\n\n{LINE}{reply('One', '[Bye](#bye)')}{reply('Two', '[Bye](#bye)', when=' (if friends)')}\n{BYE}"
    assert any('"Two" can never be chosen' in line for line in messages(explore(scenario(body))))


def test_an_empty_choice_is_told_with_the_clicks_that_lead_to_it() -> None:
    """One branch leaves nothing to choose, and the fault says which replies lead there."""
    body = (
        f"## Start\n\n{LINE}{reply('Kind', '[Next](#next)', effects='trust +1')}{reply('Hard', '[Next](#next)')}\n"
        f"## Next\n\n{LINE}{reply('On', '[Bye](#bye)', when=' (if trust >= 1)')}\n{BYE}"
    )
    told = messages(explore(scenario(body)))
    assert any("nothing can be chosen" in line and 'Clicks: "Hard"' in line for line in told)


def test_a_loop_without_a_way_out_is_told() -> None:
    """From a scene that only leads to itself no ending can be reached."""
    body = (
        f"## Start\n\n{LINE}{reply('One', '[Bye](#bye)')}{reply('Two', '[Round](#round)')}\n"
        f"## Round\n\n{LINE}{reply('Again', '[Round](#round)')}\n{BYE}"
    )
    assert any('From "Round" no ending can be reached' in line for line in messages(explore(scenario(body))))


def test_the_second_way_of_a_target_must_be_possible() -> None:
    """Trust starts at 0, so `if trust >= 0` always holds here and the other way is dead."""
    start = (
        f"## Start\n\n{LINE}{reply('One', '[Bye](#bye) if trust >= 0, else [End](#end)')}{reply('Two', '[End](#end)')}"
    )
    body = f"{start}\n{BYE}\n## End\n\n{LINE}"
    assert any('"One" never leads to "End"' in line for line in messages(explore(scenario(body))))


def test_a_conversation_that_cannot_be_mended_is_told() -> None:
    """After the only Rethink reply there is no Strong one."""
    start = f"## Start\n\n{LINE}{reply('Wrong', '[Bye](#bye)', 'Rethink')}{reply('Right', '[Bye](#bye)', 'Strong')}"
    body = f"{start}\n{BYE}"
    assert any("nothing can be mended" in line for line in messages(explore(scenario(body))))


def test_a_harm_reply_shows_its_scene_but_the_talk_does_not_go_on_there() -> None:
    """Replies behind a Harm reply cannot be chosen, and points behind it are not counted."""
    body = (
        f"## Start\n\n{LINE}{reply('Hurt', '[After](#after)', 'Harm')}"
        f"{reply('Fine', '[Bye](#bye)', effects='reflecting 1')}\n"
        f"## After\n\n{LINE}{reply('More', '[Bye](#bye)', effects='reflecting 3')}\n{BYE}"
    )
    report = explore(scenario(body))
    assert "after" in report.scenes
    assert any('"More" can never be chosen' in line for line in messages(report))
    assert report.totals == {"reflecting": 1}


def test_a_loop_gives_its_points_once() -> None:
    """Going round does not earn a reply's points again, and the total says so."""
    body = (
        f"## Start\n\n{LINE}{reply('Round', '[Start](#start)', effects='reflecting 2')}"
        f"{reply('Out', '[Bye](#bye)', effects='reflecting 1')}\n{BYE}"
    )
    talk = scenario(body)
    report = explore(talk)
    assert report.totals == {"reflecting": 3}
    rounds = [reply.id for reply in talk.start.replies]
    assert earned(talk, [rounds[0]] * 5 + [rounds[1]]) == {"reflecting": 3}


@pytest.mark.parametrize("depth", [1, 3])
def test_totals_are_the_most_that_trying_every_path_by_hand_finds(depth: int) -> None:
    """Exploring agrees with a plain listing of all paths, where meters open and close replies."""
    scenes = []
    for level in range(depth):
        onward = f"[S{level + 1}](#s{level + 1})"
        scenes.append(
            f"## S{level}\n\n{LINE}{reply('Up', onward, effects='trust +1 · reflecting 1')}"
            f"{reply('Down', onward, effects='trust -1')}"
            f"{reply('Rich', onward, effects='reflecting 3', when=' (if trust < 0)')}\n"
        )
    talk = scenario("\n".join([*scenes, f"## S{depth}\n\n{LINE}"]))
    best = 0
    for words in product(["Up", "Down", "Rich"], repeat=depth):
        ids = [next(r.id for r in talk.scenes[level].replies if r.words == word) for level, word in enumerate(words)]
        if len(play(talk, ids)) == depth + 1:
            best = max(best, earned(talk, ids)["reflecting"])
    assert explore(talk).totals == {"reflecting": best}
    assert start(talk).scene == "s0"


ROUTES = (
    "- **You, in your own words (reflects):** → [Bye](#bye)\n  > **Strong.** Why.\n  > *reflecting {points}*\n"
    "- **You, in your own words (anything else):** → [Bye](#bye)\n  > **Okay.** Why.\n"
)


@pytest.mark.parametrize(("points", "told"), [(2, 0), (3, 1)])
def test_what_can_be_earned_is_the_same_for_those_who_never_type(points: int, told: int) -> None:
    """Own words are walked as replies, but the totals and best paths are of written ones."""
    first = f"## Start\n\n{LINE}{reply('One', '[Bye](#bye)', effects='reflecting 2')}{reply('Two', '[Bye](#bye)')}"
    talk = scenario(f"{first}{ROUTES.format(points=points)}\n{BYE}")
    report = explore(talk)
    assert report.totals == {"reflecting": 2}
    assert report.best == ("One",)
    assert report.replies == {each.id for each in talk.start.replies}
    assert " ".join(messages(report)).count("Own words can bring 3 points for reflecting") == told


def test_own_words_cannot_earn_what_a_written_reply_has_earned_before() -> None:
    """In a loop, the same skill would come twice: once written, once typed."""
    first = (
        f"## Start\n\n{LINE}{reply('Round', '[Start](#start)', effects='reflecting 2')}{reply('Out', '[Bye](#bye)')}"
    )
    report = explore(scenario(f"{first}{ROUTES.format(points=2)}\n{BYE}"))
    assert "Own words can bring 4 points for reflecting, written replies 2" in " ".join(messages(report))


def test_where_only_own_words_lead_nobody_has_to_go() -> None:
    """A scene that is reached by typing alone is not reached, and one that is left by typing alone is stuck."""
    first = f"## Start\n\n{LINE}{reply('One', '[Bye](#bye)')}{reply('Two', '[Round](#round)')}"
    second = f"## Round\n\n{LINE}{reply('Again', '[Round](#round)')}{reply('More', '[Round](#round)')}"
    body = f"{first}{ROUTES.format(points=0).replace('[Bye](#bye)', '[Far](#far)')}\n{second}"
    body += f"{ROUTES.format(points=0)}\n## Far\n\n{LINE}\n{BYE}"
    told = " ".join(messages(explore(scenario(body))))
    assert 'No path leads to the scene "Far"' in told
    assert 'From "Round" no ending can be reached' in told
