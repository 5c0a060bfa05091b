"""How long things take: medians, with the goals beside them. For information; it never fails. Run by `make bench`."""

from __future__ import annotations

import statistics
import subprocess
import sys
from pathlib import Path

RUNS = 7
_IMPORT = """
import time
start = time.perf_counter()
import alongside.catalog, alongside.roleplay
print(time.perf_counter() - start)
"""
# Every widget, not only the package's front door, which is lazy.
_MORE = """
import importlib, pkgutil, time
import ipywidgets
start = time.perf_counter()
import alongside_widgets
for found in pkgutil.iter_modules(alongside_widgets.__path__):
    importlib.import_module(f"alongside_widgets.{found.name}")
print(time.perf_counter() - start)
"""
_EXPLORE = """
import time
from alongside.catalog import open_catalog
from alongside.explore import explore
found = [scenario for module in open_catalog().modules for scenario in module.scenarios.values()]
start = time.perf_counter()
for scenario in found:
    explore(scenario)
print(time.perf_counter() - start)
"""
_CHECK = """
import time
start = time.perf_counter()
from alongside.catalog import open_catalog
from alongside.checks import check_course
check_course(open_catalog())
print(time.perf_counter() - start)
"""
MEASURED = (
    ("import alongside, its reader and its engine", _IMPORT, 0.060),
    ("import alongside_widgets, after ipywidgets", _MORE, 0.150),
    ("explore every scenario", _EXPLORE, 1.0),
    ("check the whole course, with its imports", _CHECK, 3.0),
)

PARTS = ("bench_record.py", "load_record.py", "bench_marking.py", "bench_listing.py", "bench_web.py", "bench_coding.py")
"""What takes a program of its own: a large record, many who write at once, marking, a large class, pages, coding."""


def measure(script: str, runs: int = RUNS) -> float | None:
    """Give the median of the seconds that `script` prints, each time in a new process. None when it does not run."""
    found = []
    for _ in range(runs):
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
        try:
            found.append(float(done.stdout.strip()))
        except ValueError:
            return None
    return statistics.median(found)


def main() -> int:
    """Print a line for each thing that is measured."""
    print(f"Median of {RUNS} runs, each in a new process. The goals are for information.")
    for name, script, goal in MEASURED:
        seconds = measure(script)
        took = "did not run" if seconds is None else f"{seconds * 1000:8.0f} ms"
        print(f"{name:<48} {took:>12}   goal {goal * 1000:6.0f} ms")
    for part in PARTS:
        print(flush=True)
        done = subprocess.run([sys.executable, str(Path(__file__).with_name(part))], check=False)
        if done.returncode:
            print(f"{part} did not run to its end.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
