"""Walk every state that a scenario can be in: what can be reached, what cannot, and the most that any path can earn.

A state is the scene, the meters, the memory and, for replies that a loop can come back to, whether they were given
before (since a reply gives its points once). There are finitely many, so what is said here is proved, not sampled.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from alongside.blocks import Fault
from alongside.roleplay import State, available, follow, start
from alongside.scenario import Rating, Reply, Scenario

__all__ = ["LIMIT", "Report", "explore"]

LIMIT = 60_000
"""States after which a scenario is called too tangled: no person could follow it, and no author could mend it."""

Clicks = tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """What a walk of every state found.

    `endings` gives the fewest replies that lead to each ending, in words. `totals` is the most points that any path
    can earn, by skill. `best` and `worst` are the replies, in words, of the paths that earn the most and the least.
    `longest` and `shortest` count replies from the start to an ending.
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


Node = tuple[State, frozenset[str]]
Weigh = Callable[[Node, Reply], int]


@dataclass
class _Graph:
    """The states as nodes, the replies between them, and how each node was first reached."""

    scenario: Scenario
    tracked: frozenset[str]
    edges: dict[Node, list[tuple[Reply, Node]]] = field(default_factory=dict)
    came: dict[Node, tuple[Node, Reply] | None] = field(default_factory=dict)
    harms: dict[State, tuple[Node, Reply]] = field(default_factory=dict)
    harmful: set[str] = field(default_factory=set)
    full: bool = False

    def clicks(self, node: Node) -> Clicks:
        """The words of the replies that first led to a node."""
        words: list[str] = []
        step = self.came.get(node)
        while step:
            words.append(step[1].words)
            step = self.came.get(step[0])
        return tuple(reversed(words))


def explore(scenario: Scenario) -> Report:
    """Walk a scenario. Its faults each name the line, and the replies that lead to the trouble."""
    graph = _walk(scenario)
    scenes = {node[0].scene for node in graph.edges} | {state.scene for state in graph.harms}
    given = {reply.id for edges in graph.edges.values() for reply, _ in edges} | graph.harmful
    ends = [node for node in graph.edges if scenario.by_id[node[0].scene].is_ending]
    endings: dict[str, Clicks] = {}
    for node in ends:  # nodes stand in the order in which they were found, so the first is the nearest
        endings.setdefault(node[0].scene, graph.clicks(node))
    for state, (node, reply) in graph.harms.items():
        if scenario.by_id[state.scene].is_ending:
            endings.setdefault(state.scene, (*graph.clicks(node), reply.words))
    done = _can_end(graph, ends)
    faults = [
        *_not_reached(scenario, scenes, given, graph),
        *_empty(scenario, graph),
        *_stuck(scenario, graph, done),
        *_not_mendable(scenario, graph),
    ]
    if graph.full:
        faults.append(
            Fault(scenario.path, 1, f"This conversation can stand in more than {LIMIT} ways. Make it simpler.")
        )
    totals = {skill: _most(graph, _points((skill,)), done)[0] for skill in scenario.skills}
    _, best = _most(graph, _points(scenario.skills), done)
    _, worst = _most(graph, _points(scenario.skills, -1), done)
    longest, _ = _most(graph, _fresh(), done)
    shortest = min((len(graph.clicks(node)) for node in ends), default=0)
    return Report(
        len(graph.edges), frozenset(scenes), frozenset(given), endings, totals, best, worst, longest, shortest,
        tuple(sorted(set(faults), key=lambda fault: (fault.line, fault.message))),
    )  # fmt: skip


def _walk(scenario: Scenario) -> _Graph:
    """Find every node, nearest first, so that the clicks to each are the fewest."""
    graph = _Graph(scenario, _in_loops(scenario))
    first: Node = (start(scenario), frozenset())
    graph.came[first] = None
    queue = deque([first])
    while queue:
        node = queue.popleft()
        if len(graph.edges) >= LIMIT:
            graph.full = True
            break
        edges: list[tuple[Reply, Node]] = []
        for reply in available(scenario, node[0]):
            state = follow(scenario, node[0], reply)
            if reply.rating is Rating.HARM:  # shown, then taken again: the talk does not go on from there
                graph.harmful.add(reply.id)
                graph.harms.setdefault(state, (node, reply))
                continue
            after: Node = (state, node[1] | {reply.id} if reply.id in graph.tracked else node[1])
            edges.append((reply, after))
            if after not in graph.came:
                graph.came[after] = (node, reply)
                queue.append(after)
        graph.edges[node] = edges
    for edges in graph.edges.values():  # only nodes that were walked, when the walk was cut short
        edges[:] = [(reply, after) for reply, after in edges if after in graph.edges]
    return graph


def _in_loops(scenario: Scenario) -> frozenset[str]:
    """The replies that lead, in some number of steps, back to their own scene."""
    leads = {
        scene.id: {target.scene for reply in scene.replies for target in reply.targets} for scene in scenario.scenes
    }
    found = set()
    for scene in scenario.scenes:
        for reply in scene.replies:
            if any(scene.id in _reach(leads, target.scene) for target in reply.targets):
                found.add(reply.id)
    return frozenset(found)


def _reach(leads: Mapping[str, set[str]], scene: str) -> set[str]:
    seen, todo = {scene}, [scene]
    while todo:
        for other in leads[todo.pop()] - seen:
            seen.add(other)
            todo.append(other)
    return seen


def _can_end(graph: _Graph, ends: Iterable[Node]) -> set[Node]:
    """The nodes from which an ending can be reached."""
    into: dict[Node, list[Node]] = {}
    for node, edges in graph.edges.items():
        for _, after in edges:
            into.setdefault(after, []).append(node)
    done = set(ends)
    todo = list(done)
    while todo:
        for node in into.get(todo.pop(), ()):
            if node not in done:
                done.add(node)
                todo.append(node)
    return done


def _points(skills: Iterable[str], sign: int = 1) -> Weigh:
    """Weigh a reply by the points it gives there: none when a loop came back to it."""
    wanted = frozenset(skills)

    def weigh(node: Node, reply: Reply) -> int:
        if reply.id in node[1]:
            return 0
        return sign * sum(value for skill, value in reply.effects.points if skill in wanted)

    return weigh


def _fresh() -> Weigh:
    """Weigh each reply as one turn, once."""
    return lambda node, reply: 0 if reply.id in node[1] else 1


def _most(graph: _Graph, weigh: Weigh, done: set[Node]) -> tuple[int, Clicks]:
    """Find the path from the start to an ending that weighs the most, and its replies in words.

    Rounds of relaxation: a loop weighs nothing (its replies were given before), so this comes to rest.
    """
    first = next(iter(graph.edges))
    weight: dict[Node, int] = {first: 0}
    step: dict[Node, tuple[Node, Reply]] = {}
    changed = [first]
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
    ends = [node for node in weight if graph.scenario.by_id[node[0].scene].is_ending]
    if not ends:
        return 0, ()
    node = max(ends, key=lambda end: weight[end])
    words: list[str] = []
    top = weight[node]
    seen: set[Node] = set()
    while node in step and node not in seen:
        seen.add(node)
        node, reply = step[node]
        words.append(reply.words)
    return top, tuple(reversed(words))


def _path(clicks: Clicks) -> str:
    """Say the clicks to a place in words."""
    return " Clicks: " + " > ".join(f'"{words}"' for words in clicks) if clicks else " This is so from the start."


def _not_reached(scenario: Scenario, scenes: set[str], given: set[str], graph: _Graph) -> Iterable[Fault]:
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
                        f'"{reply.words}" can never be chosen. Loosen its condition, or lead to this scene otherwise.',
                    )  # fmt: skip
    taken = {(reply.id, after[0].scene) for edges in graph.edges.values() for reply, after in edges}
    taken |= {(reply.id, state.scene) for state, (_, reply) in graph.harms.items()}
    for scene in scenario.scenes:
        for reply in scene.replies:
            if reply.id not in given or reply.rating is Rating.HARM:
                continue
            for target in reply.targets:
                if (reply.id, target.scene) not in taken:
                    yield Fault(
                        scenario.path, target.line,
                        f'"{reply.words}" never leads to "{target.title or target.scene}". Change its condition.',
                    )  # fmt: skip


def _empty(scenario: Scenario, graph: _Graph) -> Iterable[Fault]:
    """States in a scene that has replies, none of which can be chosen; and those where only harm can."""
    told: set[str] = set()
    for node, edges in graph.edges.items():
        scene = scenario.by_id[node[0].scene]
        if scene.is_ending or edges or scene.id in told or graph.full:
            continue
        told.add(scene.id)
        if available(scenario, node[0]):
            text = f'In "{scene.title}" every reply is a Harm, so nobody can go on.'
        else:
            text = f'In "{scene.title}" nothing can be chosen.'
        yield Fault(
            scenario.path, scene.line, f"{text} Give it a reply without a condition.{_path(graph.clicks(node))}"
        )


def _stuck(scenario: Scenario, graph: _Graph, done: set[Node]) -> Iterable[Fault]:
    told: set[str] = set()
    for node, edges in graph.edges.items():
        scene = scenario.by_id[node[0].scene]
        if node in done or not edges or scene.id in told or graph.full:
            continue
        told.add(scene.id)
        yield Fault(
            scenario.path, scene.line,
            f'From "{scene.title}" no ending can be reached. Lead a reply on.{_path(graph.clicks(node))}',
        )  # fmt: skip


def _not_mendable(scenario: Scenario, graph: _Graph) -> Iterable[Fault]:
    """A talk that goes wrong must be mendable somewhere: a Rethink reply after which a Strong one can be given."""
    wrong = [after for edges in graph.edges.values() for reply, after in edges if reply.rating is Rating.RETHINK]
    strong = {node for node, edges in graph.edges.items() if any(reply.rating is Rating.STRONG for reply, _ in edges)}
    if wrong and not graph.full and not _can_end(graph, strong).intersection(wrong):
        yield Fault(
            scenario.path, 1,
            "After a Rethink reply nothing can be mended. Let one of them lead to a scene with a Strong reply.",
        )  # fmt: skip
