"""Voila's settings inside Binder's Jupyter server: the same as on the course's own server, and a link to JupyterLab."""

from alongside_web.settings import configure

configure(c)  # noqa: F821  Jupyter gives every settings file its `c`
