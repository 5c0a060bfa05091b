"""What the coach hears in a conversation. It is loaded when words are first asked for, and no page waits for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from alongside.own_words import LONGEST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alongside_widgets.base import View

__all__ = ["Ear", "Heard"]

_LANGUAGE = "en"  # the one that the coach can read


@dataclass(frozen=True)
class Heard:
    """What was heard: the coach's kind and view, the deeds that can be told, and those to choose from if unsure."""

    kind: str
    view: View
    deeds: frozenset[str] = frozenset()
    options: tuple[str, ...] = ()


class Ear:
    """Listens to what is typed to one person."""

    def __init__(self, words: Mapping[str, str], person: str, language: str) -> None:
        """Take the coach's sentences and the person's name. Nothing is loaded yet."""
        self._words, self._person, self._language = words, person, language
        self._known: dict[tuple[str, str], Heard] = {}

    @cached_property
    def ready(self) -> bool:
        """Whether the coach can listen: it reads the talk's language, and its weights are there."""
        from alongside.coding.model import NoModel, load  # noqa: PLC0415  see above

        if self._language.partition("-")[0] != _LANGUAGE:
            return False
        try:
            load()
        except NoModel:
            return False
        return True

    def hear(self, text: str, previous: str) -> Heard | None:
        """Say what is heard in a text after a line. None where nobody can listen."""
        if not self.ready:
            return None
        key = (text, previous)
        if key not in self._known:
            self._known = {**dict(list(self._known.items())[-_MOST:]), key: self._hear(text, previous)}
        return self._known[key]

    def _hear(self, text: str, previous: str) -> Heard:
        from alongside.coding.coach import Coached, coach  # noqa: PLC0415  see above
        from alongside.coding.listening import listen  # noqa: PLC0415
        from alongside_widgets.coaching import coached_view  # noqa: PLC0415

        if len(text) > LONGEST:
            return Heard("odd", coached_view(Coached("odd", (self._words["odd_huge"],)), ""))
        listened = listen(text, previous)
        coached = coach(listened, self._person, self._words)
        return Heard(coached.kind, coached_view(coached, text), listened.deeds, coached.options)


_MOST = 40  # texts remembered: more than a talk has turns
