"""One question of each kind."""

FACTS = "*skill: reflecting · points: 3 · source: book-2020 · reviewed: 2026-11-21*"


def ask(name: str, body: str, facts: str = FACTS) -> str:
    """Write a question."""
    return f"## {name} {{#{name}}}\n\n{facts}\n\nWhich is right?\n\n{body}\n"


BANK = "\n".join(
    (
        ask("single", "- [ ] A\n  > No.\n- [x] B\n  > Yes.\n- [ ] C\n  > No.\n"),
        ask("several", "- [x] A\n  > Yes.\n- [x] B\n  > Yes.\n- [ ] C\n  > No.\n"),
        ask("order", "1. First.\n   > So.\n2. Second.\n   > So.\n3. Third.\n   > So.\n"),
        ask(
            "match",
            "- Tea? → A fix\n  > So.\n- You are worn out. → A reflection\n  > So.\n- Me too. → A fix\n  > So.\n",
        ),
        ask(
            "number",
            "- [=] 45 to 60\n  > So.\n- [ ] 5\n  > Too few.\n",
            FACTS.replace("points: 3", "points: 3 · unit: minutes"),
        ),
        ask(
            "written",
            "### Rubric\n\n" + "".join(f"- **{name}**\n  - 0: No.\n  - 1: In part.\n  - 2: Yes.\n" for name in "ABC"),
            FACTS.replace("points: 3", "points: 6 · kind: written"),
        ),
    )
)
