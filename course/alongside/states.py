"""Every state that a scenario can be in, and the replies between them.

A state is the scene, the meters, the memory and, for replies that a loop can come back to, whether they were given
before (since a reply gives its points once). There are finitely many, so they can all be walked. What no reply further
on asks for makes no difference any more, so it is left out of a state, which leaves a thirtieth of them in this course.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from alongside.roleplay import State, available, follow, start
from alongside.scenario import Rating, Reply, Scenario, Scene

__all__ = ["LIMIT", "Clicks", "Graph", "Node", "can_end", "walk"]

LIMIT = 60_000
"""States after which a scenario is called too tangled: no person could follow it, and no author could mend it."""

Clicks = tuple[str, ...]


Node = int
"""A state by its number, in the order in which it was found; the start is 0."""


@dataclass
class Graph:
    """The states by number, the replies between them, and how each was first reached."""

    scenario: Scenario
    tracked: frozenset[str]
    states: list[State] = field(default_factory=list)
    before: list[frozenset[str]] = field(default_factory=list)  # tracked replies that were given on the way
    edges: list[list[tuple[Reply, Node]]] = field(default_factory=list)
    came: list[tuple[Node, Reply] | None] = field(default_factory=list)
    harms: dict[State, tuple[Node, Reply]] = field(default_factory=dict)
    harmful: set[str] = field(default_factory=set)
    full: bool = False

    def scene(self, node: Node) -> Scene:
        """The scene that a node stands in."""
        return self.scenario.by_id[self.states[node].scene]

    def clicks(self, node: Node) -> Clicks:
        """The words of the replies that first led to a node."""
        words: list[str] = []
        step = self.came[node]
        while step:
            words.append(step[1].label)
            step = self.came[step[0]]
        return tuple(reversed(words))


def walk(scenario: Scenario) -> Graph:
    """Find every node, nearest first, so that the clicks to each are the fewest."""
    graph = Graph(scenario, _in_loops(scenario))
    number: dict[tuple[State, frozenset[str]], Node] = {}

    def find(state: State, before: frozenset[str], came: tuple[Node, Reply] | None) -> Node:
        """Give a state's number; a new one is put at the end, where the walk comes to it."""
        node = number.setdefault((state, before), len(graph.states))
        if node == len(graph.states):
            graph.states.append(state)
            graph.before.append(before)
            graph.came.append(came)
        return node

    asked = _asked(scenario)
    find(_trimmed(start(scenario), asked), frozenset(), None)
    while len(graph.edges) < len(graph.states):
        node = len(graph.edges)
        if node >= LIMIT:
            graph.full = True
            break
        state, before = graph.states[node], graph.before[node]
        edges: list[tuple[Reply, Node]] = []
        for reply in available(scenario, state):
            after = _trimmed(follow(scenario, state, reply), asked)
            if reply.rating is Rating.HARM:  # shown, then taken again: the talk does not go on from there
                graph.harmful.add(reply.id)
                graph.harms.setdefault(after, (node, reply))
                continue
            given = before | {reply.id} if reply.id in graph.tracked else before
            edges.append((reply, find(after, given, (node, reply))))
        graph.edges.append(edges)
    walked = len(graph.edges)
    if graph.full:
        graph.edges = [[(reply, after) for reply, after in edges if after < walked] for edges in graph.edges]
    return graph


def _asked(scenario: Scenario) -> dict[str, frozenset[str]]:
    """For each scene, the meters and remembered words that some reply there or further on asks for."""
    leads = _leads(scenario)
    here = {
        scene.id: {
            test.name
            for reply in scene.replies
            for condition in (reply.when, *(target.when for target in reply.targets))
            for test in condition
        }
        for scene in scenario.scenes
    }
    return {scene: frozenset().union(*(here[other] for other in _reach(leads, scene))) for scene in leads}


def _trimmed(state: State, asked: Mapping[str, frozenset[str]]) -> State:
    names = asked[state.scene]
    meters = tuple(pair for pair in state.meters if pair[0] in names)
    return State(state.scene, meters, state.memory & names)


def _leads(scenario: Scenario) -> dict[str, set[str]]:
    return {
        scene.id: {target.scene for reply in scene.replies for target in reply.targets} for scene in scenario.scenes
    }


def _in_loops(scenario: Scenario) -> frozenset[str]:
    """The replies that lead, in some number of steps, back to their own scene."""
    leads = _leads(scenario)
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


def can_end(graph: Graph, ends: Iterable[Node]) -> set[Node]:
    """The nodes from which an ending can be reached."""
    into: dict[Node, list[Node]] = {}
    for node, edges in enumerate(graph.edges):
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
