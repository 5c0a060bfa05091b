"""Find a browser for the tests, or install one. `python tests/apps/browser.py` prints where it is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ENVIRONMENT = "ALONGSIDE_BROWSER"
NONE = (
    "No browser was found to run the tests in, and none could be installed. "
    "Install Chromium or Chrome (on Debian or Ubuntu: sudo apt-get install chromium), then run `make test` again. "
    f"If you have one in an unusual place, name it: {ENVIRONMENT}=/path/to/chrome make test"
)
_NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "chrome")
_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def find_browser() -> str | None:
    """Give a browser that starts: the one that is named, one that is installed, or one that Playwright once fetched."""
    return next((path for path in _candidates() if _starts(path)), None)


def install_browser() -> str | None:
    """Fetch one: Playwright's own, else the system's package. None when neither can be had."""
    _quiet([sys.executable, "-m", "playwright", "install", "chromium"], 600)
    found = find_browser()
    if found:
        return found
    if shutil.which("apt-get"):
        first = [] if os.geteuid() == 0 else ["sudo", "-n"]
        _quiet([*first, "apt-get", "update", "-qq"], 600)
        packages = ["chromium", "fonts-dejavu-core"]
        _quiet([*first, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], 1800)
    return find_browser()


def _candidates() -> Iterator[str]:
    named = os.environ.get(ENVIRONMENT)
    if named:
        yield named
    for name in _NAMES:
        path = shutil.which(name)
        if path:
            yield path
    if _MAC.is_file():
        yield str(_MAC)
    for cache in (Path.home() / ".cache" / "ms-playwright", Path.home() / "Library" / "Caches" / "ms-playwright"):
        for pattern in ("chromium-*/chrome-*/chrome", "chromium-*/chrome-*/*.app/Contents/MacOS/*"):
            yield from (str(path) for path in sorted(cache.glob(pattern), reverse=True))


def _starts(path: str) -> bool:
    """Some installed names are only a pointer to a store, and a download can lack the system's libraries."""
    return _quiet([path, "--version"], 60)


def _quiet(command: list[str], seconds: float) -> bool:
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False, env=environ
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def main() -> int:
    """Print the browser's path, or say what to install."""
    found = find_browser()
    if not found:
        print("Looking for a browser to install ...", file=sys.stderr)
        found = install_browser()
    print(found or NONE, file=sys.stdout if found else sys.stderr)
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
