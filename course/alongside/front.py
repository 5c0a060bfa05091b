"""Front matter with its rules: which facts a file must have, and of what kind."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from alongside.blocks import Fact, Fault, Page

__all__ = ["Front"]


class Front:
    """The facts at the top of a page. Each reading method notes a fault and gives a harmless value when one is off."""

    def __init__(self, page: Page, known: Sequence[str]) -> None:
        """Take a page's facts; `known` are the names that it may have."""
        self.page = page
        self.faults: list[Fault] = []
        for name, fact in page.facts.items():
            if name not in known:
                names = ", ".join(known)
                self._fault(fact, f'"{name}" is not a fact that this kind of file has. Use one of: {names}.')

    def _fault(self, fact: Fact | None, message: str) -> None:
        self.faults.append(Fault(self.page.path, fact.line if fact else 1, message))

    def text(self, name: str, *, needed: bool = True) -> str:
        """Give the words after the colon."""
        fact = self.page.facts.get(name)
        if needed and (fact is None or not fact.value):
            self._fault(fact, f"The facts at the top need a line `{name}: ...`.")
        return fact.value if fact else ""

    def number(self, name: str, lowest: int, highest: int) -> int:
        """Give a whole number between two limits."""
        fact = self.page.facts.get(name)
        value = fact.value if fact else ""
        if not (value.isascii() and value.isdigit() and lowest <= int(value[:9]) <= highest):
            self._fault(fact, f"The facts at the top need a line `{name}: ` and a number from {lowest} to {highest}.")
            return lowest
        return int(value)

    def one(self, name: str, allowed: Sequence[str]) -> str:
        """Give a value that must be one of a few."""
        fact = self.page.facts.get(name)
        if fact is None or fact.value not in allowed:
            self._fault(fact, f"The facts at the top need a line `{name}: {allowed[0]}`.")
            return allowed[0]
        return fact.value

    def names(self, name: str, known: Collection[str], where: str) -> tuple[str, ...]:
        """Give a list of names, written `[one, two]` or `one, two`, each of which must be known."""
        fact = self.page.facts.get(name)
        found = tuple(part.strip() for part in (fact.value if fact else "").strip("[]").split(",") if part.strip())
        if not found:
            self._fault(fact, f"The facts at the top need a line `{name}: [...]` with one name or more.")
        for item in found:
            if item not in known:
                self._fault(fact, f'"{item}" is not in the list of {name}. {where} has: {", ".join(sorted(known))}.')
        return found
