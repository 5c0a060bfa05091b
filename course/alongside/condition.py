"""Conditions: `made-light`, `not made-light`, `trust >= 1`, joined with `and`. There is no other programming."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["ALWAYS", "Condition", "NotACondition", "Test", "holds", "read_condition"]

_WORD = r"[a-z][a-z0-9-]*"
_METER = re.compile(rf"^({_WORD})\s*(>=|<=|=|>|<)\s*([+-]?\d{{1,3}})$")
_MEMORY = re.compile(rf"^(not\s+)?({_WORD})$")


class NotACondition(ValueError):
    """The text is not a condition. Its message says what to write."""


@dataclass(frozen=True)
class Test:
    """One thing that must be so: something remembered (or not), or a meter compared with a number."""

    name: str
    op: str  # "is" and "not" ask the memory; ">=", "<=", ">", "<" and "=" read a meter
    value: int = 0


Condition = tuple[Test, ...]
ALWAYS: Condition = ()


def read_condition(text: str) -> Condition:
    """Read the words inside `(if ...)`. Raises NotACondition with what to write instead."""
    tests = []
    for part in re.split(r"\s+and\s+", text.strip().lower()):
        meter, memory = _METER.match(part.strip()), _MEMORY.match(part.strip())
        if meter:
            tests.append(Test(meter[1], meter[2], int(meter[3])))
        elif memory and memory[2] not in {"and", "or", "not", "if"}:
            tests.append(Test(memory[2], "not" if memory[1] else "is"))
        else:
            message = (
                f'"{part.strip()}" is not a condition. Write a remembered word, `not` and a word, or `trust >= 1`.'
            )
            raise NotACondition(message)
    return tuple(tests)


def holds(condition: Condition, meters: Mapping[str, int], memory: frozenset[str]) -> bool:
    """Say whether every test holds. An empty condition always does."""
    return all(_passes(test, meters, memory) for test in condition)


def _passes(test: Test, meters: Mapping[str, int], memory: frozenset[str]) -> bool:
    if test.op == "is":
        return test.name in memory
    if test.op == "not":
        return test.name not in memory
    value = meters.get(test.name, 0)
    compare = {
        ">=": value >= test.value,
        "<=": value <= test.value,
        ">": value > test.value,
        "<": value < test.value,
        "=": value == test.value,
    }
    return compare[test.op]
