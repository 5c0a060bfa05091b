"""The oldest versions of what the course runs on that are safe to use, told from what is installed. Asks no server."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from packaging.version import InvalidVersion, Version

__all__ = ["FLOORS", "floors", "main"]

FLOORS = {
    "jupyter-server": "2.20",
    "jupyter-server-proxy": "4.2.0",
    "jupyterlab": "4.6",
    "notebook": "7.5.6",
    "voila": "0.5.13",
    "nbgrader": "0.9.6",
}
"""The first version of each without a known hole. What is not installed needs none."""

SLOW = "rfc3987-syntax"


def floors(
    installed: Callable[[str], str] = version, importable: Callable[[str], object] = find_spec
) -> tuple[str, ...]:
    """Give a sentence for each package that is too old, and one for the package that makes every start slow.

    `installed` gives a package's version or raises PackageNotFoundError; `importable` gives None for a module that
    cannot be imported.
    """
    found = []
    for name, lowest in FLOORS.items():
        try:
            has = installed(name)
        except PackageNotFoundError:
            continue
        if _older(has, lowest):
            found.append(f'{name} {has} is too old to be safe. Run: pip install --upgrade "{name}>={lowest}"')
    if importable(SLOW.replace("-", "_")) is not None:
        found.append(
            f"{SLOW} makes every start of Jupyter seconds slower, and nothing needs it. Run: pip uninstall {SLOW}"
        )
    return tuple(found)


def _older(has: str, lowest: str) -> bool:
    try:
        return Version(has) < Version(lowest)
    except InvalidVersion:
        return True


def main() -> int:
    """Print what is wrong. Gives 1 when something is, else 0."""
    found = floors()
    for sentence in found:
        print(sentence)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
