"""Lines that could hurt, and lines that look like them and do not, from plain text files.

`course/coding/safety/<writer>-unsafe.txt` and `<writer>-safe.txt`: on each row the kind, the line before, and the
reply, with a tab between. Those under `held-out/` are for measuring alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from alongside.blocks import Fault
from alongside.coding.codes import HURTS

__all__ = ["HELD_OUT", "SAFETY", "SafetyLine", "read_safety"]

SAFETY = Path("course") / "coding" / "safety"
HELD_OUT = SAFETY / "held-out"
_ENDS = {"-unsafe": True, "-safe": False}


@dataclass(frozen=True)
class SafetyLine:
    """A reply to a line, the kind of harm that it does or only looks like, and who wrote it."""

    kind: str
    unsafe: bool
    previous: str
    reply: str
    group: str


def read_safety(root: Path, folder: Path = SAFETY) -> tuple[tuple[SafetyLine, ...], tuple[Fault, ...]]:
    """Read every line of a folder, and what is wrong with the rest."""
    lines: list[SafetyLine] = []
    faults: list[Fault] = []
    for path in sorted((root / folder).glob("*.txt")):
        shown = path.relative_to(root).as_posix()
        end = next((end for end in _ENDS if path.stem.endswith(end)), None)
        if end is None:
            faults.append(Fault(shown, 1, "The name of this file ends in -safe.txt or -unsafe.txt."))
            continue
        for number, row in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            parts = [part.strip() for part in row.split("\t")]
            if not row.strip() or row.startswith("#"):
                continue
            if len(parts) != len(("kind", "previous", "reply")) or not all(parts):
                faults.append(Fault(shown, number, "A row has a kind, a line before and a reply, with a tab between."))
            elif parts[0] not in HURTS:
                faults.append(Fault(shown, number, f"There is no kind called {parts[0]}, but {', '.join(HURTS)}."))
            else:
                lines.append(SafetyLine(parts[0], _ENDS[end], parts[1], parts[2], path.stem.removesuffix(end)))
    return tuple(lines), tuple(faults)
