"""nbgrader reads this file where it is run. What it sets, and why, stands in `alongside_grading/config.py`."""

from pathlib import Path

from alongside_grading.config import configure

configure(get_config(), Path(__file__).parent)  # type: ignore[name-defined]  # noqa: F821  nbgrader gives it
