"""Starts kernels by forking a process that has everything loaded, in place of loading it again for each of them."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from alongside_web.kernels.child import run

__all__ = ["ForkedProvisioner", "provisioner_name"]

_WARM = "alongside_web.kernels.warm"
_PAUSE = 0.005  # seconds between two looks for a kernel's socket
_LOOKS = 1000


def provisioner_name() -> str:
    """Name the provisioner for this computer: ours, or Jupyter's own where there is no fork server."""
    can_fork = "forkserver" in multiprocessing.get_all_start_methods()
    return "alongside-forked" if can_fork else "local-provisioner"


class _Forked:
    """A forked kernel, with the few things of `subprocess.Popen` that a provisioner asks for."""

    stdin = stdout = stderr = None

    def __init__(self, connection_file: str, environ: dict[str, str], folder: str) -> None:
        """Start it. Takes a second the first time, until the fork server has loaded everything. Raises OSError."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([_WARM])
        arguments = (str(Path(connection_file).absolute()), environ, folder)
        # As a daemon it is ended when the web server ends in an orderly way.
        self._process = context.Process(target=run, args=arguments, daemon=True)
        try:
            self._process.start()
        except EOFError as error:
            message = "The process that kernels are forked from has ended."
            raise OSError(message) from error
        self.pid: int = self._process.pid or 0
        self._code: int | None = None

    def poll(self) -> int | None:
        """Give the exit code, minus the signal when it was ended by one, or None while it runs."""
        if self._code is None:
            self._code = self._process.exitcode
        return self._code

    def wait(self) -> int | None:
        """Wait for its end and free what the server held of it. Gives the exit code."""
        if self._code is None:
            self._process.join()
        code = self.poll()
        self._process.close()
        return code

    def send_signal(self, signum: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signum)


class ForkedProvisioner(LocalProvisioner):
    """Starts kernels from the fork server, each in a process group of its own. A kernel spec's command is not used."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:  # noqa: ARG002  see above
        """Start the kernel. Raises OSError when that cannot be done."""
        folder = str(kwargs.get("cwd") or Path.cwd())
        manager: Any = self.parent
        forked = await asyncio.to_thread(_Forked, manager.connection_file, kwargs["env"], folder)
        process: Any = forked
        self.process = process
        self.pid = self.pgid = forked.pid
        self.cwd = folder
        if self.connection_info["transport"] == "ipc":
            await self._listening()
        return self.connection_info

    async def _listening(self) -> None:
        """Wait until the kernel has opened its last socket, or has ended, or for some seconds at most.

        Whoever connects before that is heard a tenth of a second later, which is longer than the whole start.
        """
        for _ in range(_LOOKS):
            if self._last_socket.exists() or await self.poll() is not None:
                return
            await asyncio.sleep(_PAUSE)

    @property
    def _last_socket(self) -> Path:
        return Path(f"{self.connection_info['ip']}-{self.connection_info['hb_port']}")
