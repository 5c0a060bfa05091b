"""Texts, conversations and answers made at random, within what can be written."""

from hypothesis import strategies as st

from alongside.course import Course
from alongside.scenario import Scenario
from alongside.scenario_reader import read_scenario

_PIECES = (
    "---", "format: 1", "title: A", "skills: [reflecting]", "minutes: 3", "## Start", "## Start {#a}", "### Rubric",
    "#", "**Alex:** words", "**Alex (if a and trust >= 1):** words", "**Alex (if", "*Thinking: words*", "*Thinking",
    "(if a) seen", '- **You:** "words" → [Start](#start)', "- **You:** words -> Start if a, else [Start](#start)",
    "- **You:**", "- [x] a", "- [ ] b", "- [=] 5 to 7", "- [=] x", "- a → b", "1. one", "2. two",
    "  > **Strong.** Why.", "  > *trust +1 · remember: a*", "  > *reflecting 99 · x*", "  > **Harm**", "> quote",
    "  - 0: no", "  - 1: yes", "- **Name**", "{{ roleplay a }}", "{{ roleplay }}", "{{", "[@book-2020]",
    "[@nobody]", "*skill: reflecting · points: 1 · source: book-2020 · reviewed: x*", "*kind: written*",
    "*kind: number · points: 999*", "### Or write about someone else", "", "", "   ", "\t- tab",
)  # fmt: skip


def pages() -> st.SearchStrategy[str]:
    """Any text at all, or rows of which most look like the script."""
    rows = st.lists(st.one_of(st.sampled_from(_PIECES), st.sampled_from(_PIECES), st.text(max_size=30)), max_size=25)
    return st.one_of(st.text(), rows.map("\n".join))


def json_values() -> st.SearchStrategy[object]:
    """Anything that a file of answers can hold."""
    numbers = st.one_of(st.integers(), st.just(10**400), st.floats())
    leaves = st.one_of(st.none(), st.booleans(), numbers, st.text(max_size=12))
    return st.recursive(
        leaves,
        lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(st.text(max_size=12), inner, max_size=4)),
    )


@st.composite
def scenario_texts(draw: st.DrawFn) -> str:
    """A conversation with loops, conditions, meters and memory, from every scene of which the end can be reached."""
    count = draw(st.integers(1, 4))
    rows = ["---", "format: 1", "title: A", "skills: [reflecting, repairing]", "minutes: 3", "---"]
    conditions = st.sampled_from(("", "", "late", "not late", "trust >= 1", "trust < 0 and not early"))
    for scene in range(count):
        rows += ["", f"## S{scene}", "", f"**Alex:** Line {scene}."]
        when = draw(conditions)
        if when:
            rows.append(f"**Alex (if {when}):** And more.")
        rows += ["", '- **You:** "To the end." → [End](#end)', "  > **Okay.** It ends."]
        for reply in range(draw(st.integers(0, 3))):
            to, other = (draw(st.sampled_from([*(f"s{each}" for each in range(count)), "end"])) for _ in range(2))
            when, turn = draw(conditions), draw(conditions)
            rating = draw(st.sampled_from(("Strong", "Okay", "Rethink", "Harm")))
            target = f"[A](#{to}) if {turn}, else [B](#{other})" if turn else f"[A](#{to})"
            rows.append(f'- **You{f" (if {when})" if when else ""}:** "Reply {reply}." → {target}')
            rows.append(f"  > **{rating}.** Why.")
            effects = draw(
                st.lists(
                    st.sampled_from((
                        "reflecting 1", "reflecting 3", "repairing 2", "trust +1", "trust -2", "trust +3",
                        "remember: late", "remember: early", "forget: late",
                    )),
                    max_size=3,
                    unique=True,
                )
            )  # fmt: skip
            if effects and rating != "Harm":
                rows.append(f"  > *{' · '.join(effects)}*")
    return "\n".join([*rows, "", "## End", "", "**Alex:** Bye.", ""])


def read(text: str, course: Course) -> Scenario:
    """Read a conversation that is known to be whole."""
    scenario, faults = read_scenario(text, "talk.md", "talk", course)
    if scenario is None:
        raise ValueError("\n".join(map(str, faults)))
    return scenario
