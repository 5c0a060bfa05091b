"""What a learner chose to show to their instructor: a reflection's words as of a day. It goes out with a hand-in alone.

Kept by "module--reflection" as `text`, `other`, `shared` and `handed`: when it was shared, and when a file with it was
last made, in UTC. What was taken back is kept as nothing at all, so that an older copy of it does not come back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from alongside.reflection import Reflection
from alongside.responses import MOST_TEXT, Shown, moment_in

__all__ = ["Snapshot", "chosen", "read_snapshot"]


@dataclass(frozen=True)
class Snapshot:
    """A reflection's words as they were shared. `handed` is when a file with them was last made."""

    text: str = field(repr=False)
    other: bool
    shared: datetime
    handed: datetime | None = None

    def as_data(self) -> dict[str, object]:
        """Give plain data, to be kept."""
        handed = _written(self.handed) if self.handed else None
        return {"text": self.text, "other": self.other, "shared": _written(self.shared), "handed": handed}

    def in_file(self, moment: datetime) -> Snapshot:
        """Note that a file with these words was made."""
        return replace(self, handed=moment)


def read_snapshot(value: object) -> Snapshot | None:
    """Read what was kept, of whatever shape. None where nothing is shared."""
    if not isinstance(value, Mapping):
        return None
    text, shared = value.get("text"), moment_in(value.get("shared"))
    if not isinstance(text, str) or not text.strip() or len(text) > MOST_TEXT or shared is None:
        return None
    return Snapshot(text, value.get("other") is True, shared, moment_in(value.get("handed")))


def chosen(prompts: Mapping[str, Reflection], find: Callable[[str], object]) -> dict[str, tuple[Shown, Snapshot]]:
    """Give what goes into the file of a module, by name: of the module's own reflections, those that are shared.

    `prompts` are the reflections by the names that they are kept by; `find` gives what is kept by a name.
    """
    found = {}
    for name, prompt in prompts.items():
        snapshot = read_snapshot(find(name))
        if snapshot:
            shown = Shown(prompt.id, prompt.title, snapshot.text, snapshot.other, snapshot.shared)
            found[name] = (shown, snapshot)
    return found


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
