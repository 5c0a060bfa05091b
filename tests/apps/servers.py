"""Start the course's servers for tests, wait until they answer, and end them with all that they started."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120.0  # two workers share two cores with their browsers
STOP_SECONDS = 15.0
_PAUSE = 0.1
TOKEN = "for-tests"  # noqa: S105  a test's own server, on this machine alone
_NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", ".*_cache", ".hypothesis", ".ipynb_checkpoints", "__pycache__", "*.egg-info", "build", "dist"
)


class NotStartedError(Exception):
    """A server ended, or did not answer in time. Carries the end of what it wrote."""


@dataclass(frozen=True)
class Server:
    """A running server: its address (no slash at the end), the learners' space, the folder it serves, its log."""

    url: str
    home: Path
    root: Path
    log: Path


def free_port() -> int:
    """Give a port of this machine that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def copy_course(folder: Path) -> Path:
    """Copy the checkout, without what tools left in it, to a folder that is not there yet."""
    return Path(shutil.copytree(ROOT, folder, ignore=_NOT_COPIED))


def clean_environ(home: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give an environment in which nothing of the person who runs the tests is read or written."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ALONGSIDE_", "JUPYTER"))}
    return {
        **kept,
        "ALONGSIDE_HOME": str(home),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        "JUPYTER_CONFIG_DIR": str(home / "jupyter-config"),
        "JUPYTER_DATA_DIR": str(home / "jupyter-data"),
        "JUPYTER_RUNTIME_DIR": str(home / "jupyter-runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "lab-settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "lab-workspaces"),
        **(more or {}),
    }


@contextmanager
def running(
    command: Sequence[str], url: str, log: Path, *, environ: Mapping[str, str], folder: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server in `folder` until the block ends. Raises NotStartedError unless `url` answers with 200 in time."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            list(command),
            cwd=folder,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(process, url, log)
        yield process
    finally:
        _stop(process)


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if _answers(url):
            return
        try:
            process.wait(_PAUSE)
        except subprocess.TimeoutExpired:
            continue
        break
    tail = log.read_text(encoding="utf-8", errors="replace")[-4000:]
    message = f"{url} did not answer. The server wrote:\n{tail}"
    raise NotStartedError(message)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=30) as reply:
            return bool(reply.status == 200 and reply.read(1))
    except (urllib.error.URLError, OSError):
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ask the whole group to end. Kernels, which have groups of their own, end when their server does."""
    for asked, seconds in ((signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, STOP_SECONDS)):
        try:
            os.killpg(process.pid, asked)
        except ProcessLookupError:
            break
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
        break
    process.wait(STOP_SECONDS)


@contextmanager
def open_site(home: Path, *arguments: str, root: Path = ROOT) -> Iterator[Server]:
    """Run the web app as `make open` does, with `arguments` such as `--shared`."""
    home.mkdir(parents=True, exist_ok=True)
    port = free_port()
    server = Server(f"http://127.0.0.1:{port}", home, root, home / "server.log")
    command = [sys.executable, "-m", "alongside", "open", "--no-browser", "--port", str(port), *arguments]
    with running(command, f"{server.url}/", server.log, environ=clean_environ(home), folder=root):
        yield server


@contextmanager
def open_lab(home: Path, root: Path) -> Iterator[Server]:
    """Run JupyterLab as `make open LAB=1` does, on a folder that may be changed."""
    home.mkdir(parents=True, exist_ok=True)
    port = free_port()
    server = Server(f"http://127.0.0.1:{port}", home, root, home / "server.log")
    command = [sys.executable, "-m", "alongside", "open", "--lab", "--no-browser", "--port", str(port)]
    environ = clean_environ(home, {"JUPYTER_TOKEN": TOKEN})
    with running(command, f"{server.url}/lab?token={TOKEN}", server.log, environ=environ, folder=root):
        yield server
