"""The kernels of everybody's pages: some wait empty for the next visitor, each open one belongs to one visitor.

Voila can keep kernels ready by itself, but those have run their page before it is known who will read it, so that it
would show somebody else's record.
"""

from __future__ import annotations

import asyncio
import hmac
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_client.ioloop.restarter import AsyncIOLoopKernelRestarter
from jupyter_client.manager import KernelManager
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager, ServerKernelManager
from traitlets import Float, Int, default

__all__ = ["CourseKernel", "CourseKernels", "Full"]

_CHILD = "alongside_web.kernels.child"
_READY_SECONDS = 60.0  # a stock kernel on a slow computer
_TOLD_SECONDS = 5.0


class Full(Exception):
    """As many kernels are open as this server may have."""


class QuickRestarter(AsyncIOLoopKernelRestarter):
    """Notices within a second that a kernel has died, so that its page can go on with a new one."""

    time_to_dead = Float(1.0, help="Seconds between two looks at a kernel.").tag(config=True)


class CourseKernel(ServerKernelManager):
    """One kernel."""

    @default("restarter_class")
    def _quick_restarter(self) -> type[QuickRestarter]:
        return QuickRestarter

    def hand_over(self, environ: Mapping[str, str], folder: str) -> None:
        """Remember whose kernel it is now, for when it dies and is started again."""
        arguments: Any = self._launch_args
        arguments.update(env=dict(environ), cwd=folder)

    async def execute(self, code: str, seconds: float) -> bool:
        """Run code that leaves no trace, once the kernel is ready. Says whether it ran in time and without error."""
        client = self.client()
        client.start_channels(iopub=False, stdin=False, hb=False, control=False)
        try:
            reply = await client.execute(
                code, silent=True, store_history=False, allow_stdin=False, reply=True, timeout=seconds
            )
        except (TimeoutError, RuntimeError):  # no answer; the kernel has died
            return False
        finally:
            client.stop_channels()
        return bool(reply["content"]["status"] == "ok")


class CourseKernels(AsyncMappingKernelManager):
    """Every kernel of the web server. Use `open_for`: a kernel that is started in another way belongs to nobody."""

    spare = Int(1, help="How many empty kernels wait for the next visitors.").tag(config=True)
    most = Int(100, help="How many kernels may be open for visitors at once.").tag(config=True)
    most_each = Int(8, help="How many of them one visitor may have.").tag(config=True)
    grace = Float(20.0, help="Seconds after a page is left until its kernel ends.").tag(config=True)
    patience = Float(120.0, help="Seconds until the kernel of a page that never connects ends.").tag(config=True)
    away = Float(600.0, help="Seconds without a connected page until a kernel ends.").tag(config=True)
    pause = Float(0.5, help="Seconds between two starts of spare kernels. Visitors come first.").tag(config=True)

    def __init__(self, **kwargs: Any) -> None:
        """Open no kernel yet: `fill` starts the spare ones."""
        super().__init__(**kwargs)
        self._owners: dict[str, str] = {}
        self._spares: list[str] = []
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._filling: asyncio.Task[None] | None = None
        self._opening = 0
        self._closing = False

    @default("kernel_manager_class")
    def _course_kernel(self) -> str:
        return f"{CourseKernel.__module__}.{CourseKernel.__name__}"

    def fill(self) -> None:
        """Start the spare kernels in the background, or end those that are too many. Call it once the loop runs."""
        if self._closing:
            return
        while len(self._spares) > max(self._wanted(), 0):
            self._end_soon(self._spares[0])
        if len(self._spares) < self._wanted() and (self._filling is None or self._filling.done()):
            self._filling = asyncio.get_running_loop().create_task(self._start_spares())

    def has_room(self, owner: str) -> bool:
        """Whether a kernel could be opened for a visitor now."""
        return len(self._owners) < self.most or len(self._owned(owner)) >= self.most_each

    async def open_for(self, owner: str, folder: str, environ: Mapping[str, str]) -> str:
        """Open a kernel for a visitor, in a folder and with exactly this environment. Gives its id.

        A visitor who has the most that one may have loses the one used longest ago. Raises Full, and whatever
        starting a kernel raises.
        """
        mine = self._owned(owner)
        if len(mine) >= self.most_each:
            self._end_soon(min(mine, key=self._last_used))
        if len(self._owners) >= self.most:
            raise Full
        self._opening += 1
        try:
            kernel_id = await self._take_spare(owner, folder, environ) or await self._start(owner, folder, environ)
        finally:
            self._opening -= 1
            self.fill()
        self._end_later(kernel_id, self.patience)
        return kernel_id

    def owned_by(self, kernel_id: str, owner: str) -> bool:
        """Whether a kernel is open and belongs to a visitor. Takes as long for a wrong name as for the right one."""
        held = self._owners.get(kernel_id)
        return held is not None and hmac.compare_digest(held.encode(), owner.encode())

    def leave(self, kernel_id: str) -> None:
        """Hear that a page was left: its kernel ends after a while, unless the page is connected again by then."""
        if kernel_id in self._owners:
            self._end_later(kernel_id, self.grace)

    def end_all(self, owner: str, but: str = "") -> None:
        """End a visitor's kernels, perhaps but for one. Their pages come back by themselves, each with a new one."""
        for kernel_id in self._owned(owner):
            if kernel_id != but:
                self._end_soon(kernel_id)

    def pre_start_kernel(self, kernel_name: str | None, kwargs: dict[str, Any]) -> tuple[KernelManager, str, str]:
        """Prepare a kernel. Names its sockets shortly: a socket's path has room for about a hundred characters."""
        kernel, name, kernel_id = super().pre_start_kernel(kernel_name, kwargs)
        if kernel.transport == "ipc" and self.connection_dir:
            kernel.ip = str(Path(self.connection_dir) / kernel_id[:8])
        return kernel, name, kernel_id

    def notify_connect(self, kernel_id: str) -> None:
        """Notice that a page has connected, so that its kernel stays."""
        super().notify_connect(kernel_id)
        self._stop_timer(kernel_id)

    def notify_disconnect(self, kernel_id: str) -> None:
        """Notice that a page's line is gone. It may come back; if it does not, the kernel ends after a longer while."""
        super().notify_disconnect(kernel_id)
        if kernel_id in self._owners and kernel_id not in self._timers and not self._kernel_connections.get(kernel_id):
            self._end_later(kernel_id, self.away)

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """End a kernel that nobody has used for long. A spare one has been used by nobody, and stays."""
        if kernel_id not in self._spares:
            await super().cull_kernel_if_idle(kernel_id)

    def remove_kernel(self, kernel_id: str) -> KernelManager:
        """Forget a kernel that has ended, in whatever way."""
        self._forget(kernel_id)
        removed: KernelManager = super().remove_kernel(kernel_id)
        self.fill()
        return removed

    async def shutdown_all(self, now: bool = False) -> None:  # type: ignore[override]  # noqa: FBT001, FBT002  Jupyter's
        """End every kernel, spare ones too, and open no more."""
        self._closing = True
        for kernel_id in list(self._timers):
            self._stop_timer(kernel_id)
        loop = asyncio.get_running_loop()
        # Voila calls this from a loop that may not be the one that it served with. What that one left half done is
        # ended with the server.
        unfinished = [task for task in (self._filling, *self._ending) if task and task.get_loop() is loop]
        await asyncio.gather(*unfinished, return_exceptions=True)
        await asyncio.gather(*(self._end(kernel_id, now=now) for kernel_id in self.list_kernel_ids()))

    def _owned(self, owner: str) -> list[str]:
        return [kernel_id for kernel_id, held in self._owners.items() if held == owner]

    def _wanted(self) -> int:
        """Give how many kernels should wait: never so many that visitors could find no room beside them."""
        return min(self.spare, self.most - len(self._owners))

    def _last_used(self, kernel_id: str) -> tuple[bool, float]:
        """Order kernels for ending: those that no page is connected to first, then by when they were used."""
        used = getattr(self._kernels.get(kernel_id), "last_activity", None)
        return bool(self._kernel_connections.get(kernel_id)), used.timestamp() if used else float("inf")

    async def _take_spare(self, owner: str, folder: str, environ: Mapping[str, str]) -> str | None:
        """Give the visitor a spare kernel, and tell the kernel. None when there is none that answers."""
        code = f"__import__({_CHILD!r}, fromlist=['become']).become({dict(environ)!r}, {folder!r})"
        while self._spares:
            kernel_id = self._spares.pop(0)
            self._owners[kernel_id] = owner
            kernel: Any = self.get_kernel(kernel_id)
            kernel.hand_over(environ, folder)
            told = await kernel.is_alive() and await kernel.execute(code, _TOLD_SECONDS)
            if told and kernel_id in self._owners:
                return kernel_id
            self._end_soon(kernel_id)
        return None

    async def _start(self, owner: str, folder: str, environ: Mapping[str, str]) -> str:
        """Start a kernel for a visitor."""
        kernel_id = self.new_kernel_id()
        self._owners[kernel_id] = owner  # counted from now on
        try:
            await self.start_kernel(kernel_id=kernel_id, cwd=folder, env=dict(environ))
        except BaseException:
            self._forget(kernel_id)
            raise
        if kernel_id not in self._owners:  # the same visitor has opened so many more that this one was given up
            self._end_soon(kernel_id)
            raise Full
        return kernel_id

    async def _start_spares(self) -> None:
        """Start spare kernels one after the other until there are enough."""
        while len(self._spares) < self._wanted() and not self._closing:
            if not self._opening:
                try:
                    kernel_id = await self.start_kernel(cwd=self.root_dir, env=dict(os.environ))
                except Exception:  # visitors then start their own, and are told if that fails too
                    self.log.exception("A spare kernel could not be started.")
                    return
                kernel: Any = self.get_kernel(kernel_id)
                if await kernel.execute("", _READY_SECONDS):
                    self._spares.append(kernel_id)
                else:
                    await self._end(kernel_id, now=True)
                    return
            await asyncio.sleep(self.pause)
        self.fill()

    def _end_later(self, kernel_id: str, seconds: float) -> None:
        """End a kernel after some seconds, unless a page is connected to it then."""
        self._stop_timer(kernel_id)
        self._timers[kernel_id] = asyncio.get_running_loop().call_later(seconds, self._end_if_alone, kernel_id)

    def _stop_timer(self, kernel_id: str) -> None:
        timer = self._timers.pop(kernel_id, None)
        if timer:
            timer.cancel()

    def _end_if_alone(self, kernel_id: str) -> None:
        self._stop_timer(kernel_id)
        if not self._kernel_connections.get(kernel_id):
            self._end_soon(kernel_id)

    def _end_soon(self, kernel_id: str) -> None:
        """End a kernel in the background. It belongs to nobody from now on."""
        self._forget(kernel_id)
        task = asyncio.get_running_loop().create_task(self._end(kernel_id))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def _end(self, kernel_id: str, *, now: bool = False) -> None:
        """End a kernel, if it is still there. Never raises: there is nobody to tell."""
        if kernel_id in self:
            try:
                await self.shutdown_kernel(kernel_id, now=now)
            except Exception:
                self.log.exception("A kernel could not be ended.")

    def _forget(self, kernel_id: str) -> None:
        self._owners.pop(kernel_id, None)
        self._stop_timer(kernel_id)
        if kernel_id in self._spares:
            self._spares.remove(kernel_id)
