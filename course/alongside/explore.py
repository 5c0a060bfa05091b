"""What can be reached in a scenario, what cannot, and the most that any path can earn.

Every state is walked (see `states`), so what is said here is proved, not sampled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from alongside.blocks import Fault
from alongside.roleplay import available
from alongside.scenario import Rating, Reply, Scenario
from alongside.states import LIMIT, Clicks, Graph, Node, can_end, walk

__all__ = ["Report", "explore"]


@dataclass(frozen=True)
class Report:
    """What a walk of every state found.

    `endings` gives the fewest replies that lead to each ending, in words. `totals` is the most points that any path
    can earn, by skill, with own words or without. `best` and `worst` are the replies, in words, of the paths that
    earn the most and the least. `longest` and `shortest` count replies from the start to an ending.
    """

    states: int
    scenes: frozenset[str]
    replies: frozenset[str]
    endings: Mapping[str, Clicks]
    totals: Mapping[str, int]
    best: Clicks
    worst: Clicks
    longest: int
    shortest: int
    faults: tuple[Fault, ...]


Weigh = Callable[[Node, Reply], int]


def explore(scenario: Scenario) -> Report:
    """Walk a scenario. Its faults each name the line, and the replies that lead to the trouble.

    All that is said of it holds for somebody who never types; own words are walked beside that, for their faults.
    """
    graph = walk(_without_routes(scenario))
    typed = walk(scenario) if any(scene.routes for scene in scenario.scenes) else graph
    scenes, given, ends = _found(graph)
    endings: dict[str, Clicks] = {}
    for node in ends:  # nodes stand in the order in which they were found, so the first is the nearest
        endings.setdefault(graph.states[node].scene, graph.clicks(node))
    for state, (node, reply) in graph.harms.items():
        if scenario.by_id[state.scene].is_ending:
            endings.setdefault(state.scene, (*graph.clicks(node), reply.words))
    done = can_end(graph, ends)
    faults = _faults(graph)
    totals = {skill: _most(graph, _points(graph, (skill,)), done)[0] for skill in scenario.skills}
    if typed is not graph:
        given |= _found(typed)[1]
        faults += [*_faults(typed), *_richer(typed, totals)]
    _, best = _most(graph, _points(graph, scenario.skills), done)
    _, worst = _most(graph, _points(graph, scenario.skills, -1), done)
    longest, _ = _most(graph, _fresh(graph), done)
    shortest = min((len(graph.clicks(node)) for node in ends), default=0)
    return Report(
        len(graph.edges), frozenset(scenes), frozenset(given), endings, totals, best, worst, longest, shortest,
        tuple(sorted(set(faults), key=lambda fault: (fault.line, fault.message))),
    )  # fmt: skip


def _without_routes(scenario: Scenario) -> Scenario:
    return replace(scenario, scenes=tuple(replace(scene, replies=scene.written) for scene in scenario.scenes))


def _found(graph: Graph) -> tuple[set[str], set[str], list[Node]]:
    """Give the scenes and replies that are reached, and where it ends."""
    scenes = {graph.states[node].scene for node in range(len(graph.edges))} | {state.scene for state in graph.harms}
    given = {reply.id for edges in graph.edges for reply, _ in edges} | graph.harmful
    return scenes, given, [node for node in range(len(graph.edges)) if graph.scene(node).is_ending]


def _faults(graph: Graph) -> list[Fault]:
    scenario = graph.scenario
    scenes, given, ends = _found(graph)
    faults = [
        *_not_reached(scenario, scenes, given, graph),
        *_empty(scenario, graph),
        *_stuck(scenario, graph, can_end(graph, ends)),
        *_not_mendable(scenario, graph),
    ]
    if graph.full:
        faults.append(
            Fault(scenario.path, 1, f"This conversation can stand in more than {LIMIT} ways. Make it simpler.")
        )
    return faults


def _richer(typed: Graph, totals: Mapping[str, int]) -> Iterable[Fault]:
    """Own words earn no more on any path than written replies can: nobody has to type."""
    done = can_end(typed, _found(typed)[2])
    for skill, most in totals.items():
        top, _ = _most(typed, _points(typed, (skill,)), done)
        if top > most:
            yield Fault(
                typed.scenario.path, 1,
                f"Own words can bring {top} points for {skill}, written replies {most}. Give them no more than those.",
            )  # fmt: skip


def _points(graph: Graph, skills: Iterable[str], sign: int = 1) -> Weigh:
    """Weigh a reply by the points it gives there: none when a loop came back to it."""
    wanted = frozenset(skills)
    worth = {
        reply.id: sign * sum(value for skill, value in reply.effects.points if skill in wanted)
        for scene in graph.scenario.scenes
        for reply in scene.replies
    }
    return lambda node, reply: 0 if reply.id in graph.before[node] else worth[reply.id]


def _fresh(graph: Graph) -> Weigh:
    """Weigh each reply as one turn, once."""
    return lambda node, reply: 0 if reply.id in graph.before[node] else 1


def _most(graph: Graph, weigh: Weigh, done: set[Node]) -> tuple[int, Clicks]:
    """Find the path from the start to an ending that weighs the most, and its replies in words.

    Rounds of relaxation: a loop weighs nothing (its replies were given before), so this comes to rest.
    """
    weight: dict[Node, int] = {0: 0}
    step: dict[Node, tuple[Node, Reply]] = {}
    changed = [0]
    while changed:
        following: dict[Node, None] = {}
        for node in changed:
            for reply, after in graph.edges[node]:
                if after not in done:
                    continue
                value = weight[node] + weigh(node, reply)
                if after not in weight or value > weight[after]:
                    weight[after], step[after] = value, (node, reply)
                    following[after] = None
        changed = list(following)
    ends = [node for node in weight if graph.scene(node).is_ending]
    if not ends:
        return 0, ()
    node = max(ends, key=lambda end: weight[end])
    words: list[str] = []
    top = weight[node]
    seen: set[Node] = set()
    while node in step and node not in seen:
        seen.add(node)
        node, reply = step[node]
        words.append(reply.label)
    return top, tuple(reversed(words))


def _path(clicks: Clicks) -> str:
    """Say the clicks to a place in words."""
    return " Clicks: " + " > ".join(f'"{words}"' for words in clicks) if clicks else " This is so from the start."


def _not_reached(scenario: Scenario, scenes: set[str], given: set[str], graph: Graph) -> Iterable[Fault]:
    if graph.full:
        return
    for scene in scenario.scenes:
        if scene.id not in scenes:
            yield Fault(
                scenario.path, scene.line,
                f'No path leads to the scene "{scene.title}". Lead a reply to it, or take it out.',
            )  # fmt: skip
        else:
            for reply in scene.replies:
                if reply.id not in given:
                    yield Fault(
                        scenario.path, reply.line,
                        f'"{reply.label}" can never be chosen. Loosen its condition, or lead to this scene otherwise.',
                    )  # fmt: skip
    taken = {(reply.id, graph.states[after].scene) for edges in graph.edges for reply, after in edges}
    taken |= {(reply.id, state.scene) for state, (_, reply) in graph.harms.items()}
    for scene in scenario.scenes:
        for reply in scene.replies:
            if reply.id not in given or reply.rating is Rating.HARM:
                continue
            for target in reply.targets:
                if (reply.id, target.scene) not in taken:
                    yield Fault(
                        scenario.path, target.line,
                        f'"{reply.label}" never leads to "{target.title or target.scene}". Change its condition.',
                    )  # fmt: skip


def _empty(scenario: Scenario, graph: Graph) -> Iterable[Fault]:
    """States in a scene that has replies, none of which can be chosen; and those where only harm can."""
    told: set[str] = set()
    for node, edges in enumerate(graph.edges):
        scene = graph.scene(node)
        if scene.is_ending or edges or scene.id in told or graph.full:
            continue
        told.add(scene.id)
        if available(scenario, graph.states[node]):
            text = f'In "{scene.title}" every reply is a Harm, so nobody can go on.'
        else:
            text = f'In "{scene.title}" nothing can be chosen.'
        yield Fault(
            scenario.path, scene.line, f"{text} Give it a reply without a condition.{_path(graph.clicks(node))}"
        )


def _stuck(scenario: Scenario, graph: Graph, done: set[Node]) -> Iterable[Fault]:
    told: set[str] = set()
    for node, edges in enumerate(graph.edges):
        scene = graph.scene(node)
        if node in done or not edges or scene.id in told or graph.full:
            continue
        told.add(scene.id)
        yield Fault(
            scenario.path, scene.line,
            f'From "{scene.title}" no ending can be reached. Lead a reply on.{_path(graph.clicks(node))}',
        )  # fmt: skip


def _not_mendable(scenario: Scenario, graph: Graph) -> Iterable[Fault]:
    """A talk that goes wrong must be mendable somewhere: a Rethink reply after which a Strong one can be given."""
    wrong = [after for edges in graph.edges for reply, after in edges if reply.rating is Rating.RETHINK]
    strong = [
        node for node, edges in enumerate(graph.edges) if any(reply.rating is Rating.STRONG for reply, _ in edges)
    ]
    if wrong and not graph.full and not can_end(graph, strong).intersection(wrong):
        yield Fault(
            scenario.path, 1,
            "After a Rethink reply nothing can be mended. Let one of them lead to a scene with a Strong reply.",
        )  # fmt: skip
