"""A conversation means what its page says, word for word."""

import pytest
from hypothesis import given

from alongside.condition import Test as Part
from alongside.scenario import Rating
from alongside.scenario_reader import read_scenario
from tests.course.awkward import AWKWARD
from tests.course.generated import pages, read
from tests.course.small import SCENARIO, TYPED

HEAD = "---\nformat: 1\ntitle: A\nskills: [reflecting]\nminutes: 3\n---\n"


@given(text=pages())
def test_any_text_gives_a_conversation_or_faults(course, text):
    """Whatever an author types, they get a conversation or are told what is wrong, and never both or neither."""
    for page in (text, HEAD + text):
        scenario, faults = read_scenario(page, "a.md", "a", course)
        assert (scenario is None) == bool(faults)


@pytest.mark.parametrize("line", AWKWARD)
def test_awkward_lines_survive(course, line):
    """Speech, a thought, a reply and its reason come through word for word. Curly quotes in a reply become straight."""
    text = (
        f"{HEAD}\n## S\n\n**Alex:** {line}\n\n*Thinking: {line}*\n\n"
        f'- **You:** "{line}" → [End](#end)\n  > **Okay.** {line}\n'
        "\n## End\n\nThe end.\n"
    )
    scene = read(text, course).start
    speech, thought = scene.heard
    (reply,) = scene.replies
    assert speech.words == line
    assert thought.words == line
    assert reply.words == line.replace("“", '"').replace("”", '"')
    assert reply.reason == line


def test_everything_on_the_page_is_read(course):
    """Scenes, speakers, conditions, targets, ratings and effects are all there."""
    scenario = read(SCENARIO, course)
    assert (scenario.title, scenario.skills, scenario.minutes, scenario.person) == (
        "A talk", ("reflecting", "repairing"), 3, "Alex",
    )  # fmt: skip
    assert [scene.id for scene in scenario.scenes] == ["start", "shut", "open", "leaves"]
    assert [scene.is_ending for scene in scenario.scenes] == [False, False, True, True]
    assert [heard.kind for heard in scenario.start.heard] == ["seen", "speech", "thought"]
    reply = scenario.start.replies[0]
    assert (reply.words, reply.rating, reply.reason) == (
        "At least it is over.", Rating.RETHINK, "It hurries past the week.",
    )  # fmt: skip
    assert (reply.effects.meters, reply.effects.remember) == ((("trust", -1),), ("hurried",))
    assert scenario.by_id["open"].heard[0].when == (Part("hurried", "is"),)


def test_a_target_may_have_two_ways(course):
    """A reply leads one way if a condition holds, and else the other."""
    (first, second) = (
        read(SCENARIO.replace("→ [Shut](#shut)", "-> Shut if trust >= 1, else [Open](#open)"), course)
        .start.replies[0]
        .targets
    )
    assert (first.scene, first.when, second.scene, second.when) == ("shut", (Part("trust", ">=", 1),), "open", ())


def test_identity_is_not_place(course):
    """A reply keeps its id when it moves in its scene, and the digest tells that the page changed."""
    moved = SCENARIO.replace("The room is empty.\n\n", "")
    before, after = read(SCENARIO, course), read(moved, course)
    assert [reply.id for reply in before.start.replies] == [reply.id for reply in after.start.replies]
    assert before.digest != after.digest


def test_one_wrong_line_does_not_hide_another(course):
    """All faults of a page are told at once, in the order of its lines."""
    wrong = (
        SCENARIO.replace("(#shut)", "(#shutt)")
        .replace("**Strong.** It names", "It names")
        .replace("minutes: 3", "minutes: x")
    )
    _, faults = read_scenario(wrong, "a.md", "a", course)
    assert [fault.line for fault in faults] == [5, 16, 28]


def test_own_words_have_routes_in_the_order_of_the_author(course):
    """Each with its deeds, no words, and a name that its place does not change; the last is for anything else."""
    scene = read(TYPED, course).start
    assert [route.own for route in scene.routes] == [("reflects", "affirms"), ("advises", "minimises"), ("anything",)]
    assert [reply.words for reply in scene.written] == [reply.words for reply in read(SCENARIO, course).start.replies]
    assert {route.words for route in scene.routes} == {""}
    assert [route.label for route in scene.routes][-1] == "In your own words (anything else)"
    turned = read(TYPED.replace("(reflects, affirms)", "( Affirms, reflects )"), course).start
    assert [route.id for route in turned.routes] == [route.id for route in scene.routes]
    assert len({reply.id for reply in scene.replies}) == 5


def test_own_words_may_lead_two_ways(course):
    """As other replies do, and `->` and a missing comma are as good."""
    text = TYPED.replace(
        "**You, in your own words (anything else):** → [Shut](#shut)",
        "**You in your own words (anything else):** -> Open if trust >= 1, else Shut",
    )
    (*_, last) = read(text, course).start.routes
    assert [target.scene for target in last.targets] == ["open", "shut"]
