"""The course's own rules stand alone."""

import subprocess
import sys

CODE = """
import sys
for name in ("ipywidgets", "IPython", "traitlets", "nbformat", "anywidget", "jupyter_client", "nbgrader", "voila"):
    sys.modules[name] = None
import importlib, pkgutil
import alongside
found = [each.name for each in pkgutil.walk_packages(alongside.__path__, "alongside.")]
names = [name for name in found if not name.endswith("__main__")]
for name in names:
    importlib.import_module(name)
arrows = sorted(name for name in sys.modules if name.startswith("alongside_"))
print(len(names), arrows)
"""


def test_every_module_imports_without_jupyter():
    """With Jupyter, widgets and nbgrader blocked, every module of `alongside` imports, and pulls in no sister."""
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    count, _, arrows = done.stdout.strip().partition(" ")
    assert int(count) > 20
    assert arrows == "[]"
