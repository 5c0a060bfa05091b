"""How many return codes may be tried in vain: from one address, and from all together."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable

__all__ = ["Guesses"]


class Guesses:
    """Counts codes that led nowhere. A code that was right counts for nothing, so learners are not in each other's way.

    What is remembered is bounded: no more than `most_in_all` guesses, each for `seconds`.
    """

    def __init__(
        self, clock: Callable[[], float], *, most: int = 10, most_in_all: int = 500, seconds: float = 600.0
    ) -> None:
        """Take a clock in seconds that never goes back, and how much is let through in how long."""
        self._clock, self._most, self._most_in_all, self._seconds = clock, most, most_in_all, seconds
        self._missed: deque[tuple[float, str]] = deque()
        self._by_address: Counter[str] = Counter()

    def wait(self, address: str) -> float:
        """Give the seconds until this address may try again. 0 when it may try now."""
        now = self._forget()
        if self._by_address[address] >= self._most:
            first = next(moment for moment, each in self._missed if each == address)
            return first + self._seconds - now
        if len(self._missed) >= self._most_in_all:
            return self._missed[0][0] + self._seconds - now
        return 0.0

    def missed(self, address: str) -> None:
        """Note a code that led nowhere."""
        self._missed.append((self._forget(), address))
        self._by_address[address] += 1
        if len(self._missed) > self._most_in_all:
            self._drop()

    def _forget(self) -> float:
        now = self._clock()
        while self._missed and self._missed[0][0] + self._seconds <= now:
            self._drop()
        return now

    def _drop(self) -> None:
        _, address = self._missed.popleft()
        self._by_address[address] -= 1
        if not self._by_address[address]:
            del self._by_address[address]
