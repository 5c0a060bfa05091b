"""What `course/facts.yaml` means: every claim that can go out of date, once, with its source and two dates."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from alongside.blocks import Fault

__all__ = ["DatedFact", "read_facts", "stale"]

_NEEDED = ("claim", "where", "source", "checked", "stale")
_TO_CALL = ("title", "how")


@dataclass(frozen=True)
class DatedFact:
    """A claim that can go out of date.

    It holds in `where`; someone checked it on `checked`; from `stale` on it must be checked again. `title` and `how`
    are for lines to call alone: a name, and what to do in a few words.
    """

    id: str
    claim: str
    where: str
    source: str
    checked: date
    stale: date
    title: str = ""
    how: str = ""
    line: int = 1

    @property
    def anywhere(self) -> bool:
        """Whether it holds in every country."""
        return self.where == "anywhere"


def stale(facts: Iterable[DatedFact], today: date) -> tuple[DatedFact, ...]:
    """Give the facts that are due for a new check on a day."""
    return tuple(fact for fact in facts if fact.stale <= today)


def read_facts(text: str, path: str, sources: Collection[str]) -> tuple[dict[str, DatedFact], tuple[Fault, ...]]:
    """Read the file of facts: those that are whole, by id, and the faults of those that are not.

    YAML keeps the words (a claim may hold a colon only in quotation marks, and the fault says so); every value is
    taken as the text that stands there, so that `stale: 2027-05-21` and a claim that reads `no` mean what they say.
    """
    import yaml  # noqa: PLC0415  a third of the time that importing this package would take

    try:
        root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        message = (
            "This cannot be read. Write `name: words` on each line; words with a colon in them need double quotes."
        )
        return {}, (Fault(path, mark.line + 1 if mark else 1, message),)
    facts: dict[str, DatedFact] = {}
    faults: list[Fault] = []
    for name, entry in root.value if isinstance(root, yaml.MappingNode) else ():
        line = name.start_mark.line + 1
        if not isinstance(entry, yaml.MappingNode):
            faults.append(Fault(path, line, f"{name.value} says nothing. Write its claim and the rest under it."))
            continue
        if name.value in facts:
            faults.append(Fault(path, line, f"Two facts have the name {name.value}. Change one."))
        values = {str(key.value): str(value.value).strip() for key, value in entry.value}
        wrong = tuple(_wrong(name.value, values, sources, path, line))
        faults.extend(wrong)
        if not wrong:
            facts[name.value] = _fact(name.value, values, line)
    if not facts and not faults:
        faults.append(Fault(path, 1, "There is no fact here. Write one as the lines at the top of this file show."))
    return facts, tuple(faults)


def _fact(name: str, values: Mapping[str, str], line: int) -> DatedFact:
    return DatedFact(
        name, values["claim"], values["where"], values["source"], date.fromisoformat(values["checked"]),
        date.fromisoformat(values["stale"]), values.get("title", ""), values.get("how", ""), line,
    )  # fmt: skip


def _wrong(name: str, values: Mapping[str, str], sources: Collection[str], path: str, line: int) -> Iterable[Fault]:
    known = (*_NEEDED, *_TO_CALL)
    for key in values:
        if key not in known:
            yield Fault(path, line, f'{name} has "{key}", which no fact has. Use: {", ".join(known)}.')
    for key in _NEEDED:
        if not values.get(key):
            yield Fault(path, line, f"{name} has no `{key}: ...`. Write one.")
    if bool(values.get("title")) != bool(values.get("how")):
        yield Fault(path, line, f"{name} is a line to call, so it needs both `title: ...` and `how: ...`.")
    source = values.get("source")
    if source and source not in sources:
        yield Fault(path, line, f"{name} names the source {source}, which is not in course/sources.toml. Add it there.")
    days = {key: _day(values[key]) for key in ("checked", "stale") if values.get(key)}
    for key, day in days.items():
        if day is None:
            yield Fault(path, line, f"{name} needs a day after `{key}:`, written like 2027-05-21.")
    checked, due = days.get("checked"), days.get("stale")
    if checked and due and due <= checked:
        yield Fault(path, line, f"{name} goes stale before it was checked. Write a later day after `stale:`.")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
