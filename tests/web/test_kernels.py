"""Kernels that are forked, handed to visitors and ended: real ones."""

from __future__ import annotations

import ast
import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from traitlets.config import Config

from alongside_web.kernels import CourseKernels, Full, provisioner_name

pytestmark = pytest.mark.skipif(provisioner_name() != "alongside-forked", reason="there is no fork server here")

SECONDS = 20.0


async def until(true: Callable[[], object]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end, "it never happened"
        await asyncio.sleep(0.02)


@asynccontextmanager
async def kernels(folder: Path, **traits) -> AsyncIterator[CourseKernels]:
    """Course kernels as the web server has them, ended at the end."""
    KernelProvisionerFactory.clear_instance()
    config = Config()
    config.KernelProvisionerFactory.default_provisioner_name = provisioner_name()
    config.KernelManager.transport = "ipc"
    made = CourseKernels(config=config, connection_dir=str(folder), **{"spare": 0, "pause": 0.01, **traits})
    try:
        yield made
    finally:
        await made.shutdown_all()
        KernelProvisionerFactory.clear_instance()


def running(test: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(test(), 60))


async def ask(made: CourseKernels, kernel_id: str, code: str) -> dict:
    """Run code in a kernel. Gives the reply, and under `value` what the expression `result` is worth after it."""
    client = made.get_kernel(kernel_id).client()
    client.start_channels(iopub=False, stdin=False, hb=False, control=False)
    try:
        reply = await client.execute(
            code, store_history=False, user_expressions={"result": "result"}, reply=True, timeout=SECONDS
        )
    finally:
        client.stop_channels()
    content = reply["content"]
    found = content.get("user_expressions", {}).get("result", {})
    return {**content, "value": found.get("data", {}).get("text/plain")}


def pid_of(made: CourseKernels, kernel_id: str) -> int:
    return made.get_kernel(kernel_id).provisioner.pid


def alive(pid: int) -> bool:
    """Whether a process runs. One that has ended and was not yet waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_a_kernel_runs_code_and_has_everything_loaded(tmp_path):
    """A page's kernel answers, widgets are loaded and listened for, nothing is left of the rehearsal."""

    async def run():
        async with kernels(tmp_path) as made:
            kernel_id = await made.open_for("ann", str(tmp_path), dict(os.environ))
            code = """
                import sys
                import alongside_widgets
                from comm import get_comm_manager
                from ipywidgets.widgets import widget
                names = ["anywidget", "ipywidgets", "alongside_widgets.roleplay", "alongside_widgets.graded_quiz"]
                lines = [getattr(alongside_widgets, name) for name in alongside_widgets.__all__]
                comms = get_comm_manager()
                result = (
                    all(name in sys.modules for name in names), all(map(callable, lines)), sorted(comms.targets),
                    len(widget._instances), len(comms.comms), "debugpy.server" in sys.modules,
                )
            """
            answer = await ask(made, kernel_id, textwrap.dedent(code))
            assert answer["status"] == "ok", answer["evalue"]
            assert answer["value"] == "(True, True, ['jupyter.widget', 'jupyter.widget.control'], 0, 0, False)"

    running(run)


def test_environment_and_folder_are_what_was_given(tmp_path):
    """A fresh kernel and one that waited both have exactly the environment and the folder of their visitor."""
    given = {"ALONGSIDE_HOME": str(tmp_path), "WHO": 'Zoë\'s "{x}"\n'}

    async def run(spare):
        async with kernels(tmp_path, spare=spare) as made:
            made.fill()
            await until(lambda: len(made._spares) == spare)
            kernel_id = await made.open_for("ann", str(tmp_path), given)
            answer = await ask(made, kernel_id, "import os; result = (dict(os.environ), os.getcwd())")
            assert ast.literal_eval(answer["value"]) == (given, str(tmp_path))
            assert answer["execution_count"] <= 1

    running(lambda: run(0))
    running(lambda: run(1))


def test_kernels_know_nothing_of_each_other(tmp_path):
    """What one visitor's kernel holds is in no other's, and each has randomness of its own."""

    async def run():
        async with kernels(tmp_path) as made:
            one = await made.open_for("ann", str(tmp_path), {"WHO": "ann"})
            await ask(made, one, "import builtins; builtins.secret = secret = 'mine'")
            two = await made.open_for("bo", str(tmp_path), {"NAME": "bo"})
            code = "import os, builtins; result = ('secret' in dir(builtins), 'secret' in dir(), 'WHO' in os.environ)"
            assert (await ask(made, two, code))["value"] == "(False, False, False)"
            drawn = [(await ask(made, each, "import random; result = random.random()"))["value"] for each in (one, two)]
            assert drawn[0] != drawn[1]

    running(run)


def test_interrupted_ended_and_killed(tmp_path):
    """A kernel can be interrupted, ends with code 0 when asked, and gives the signal when it was killed."""

    async def run():
        async with kernels(tmp_path) as made:
            kernel_id = await made.open_for("ann", str(tmp_path), dict(os.environ))
            assert os.getpgid(pid_of(made, kernel_id)) == pid_of(made, kernel_id)
            asked = asyncio.create_task(ask(made, kernel_id, "import time; time.sleep(30)"))
            await asyncio.sleep(0.5)
            await made.interrupt_kernel(kernel_id)
            assert (await asked)["ename"] == "KeyboardInterrupt"
            process = made.get_kernel(kernel_id).provisioner.process
            await made.shutdown_kernel(kernel_id)
            assert (process.poll(), alive(process.pid)) == (0, False)

            kernel_id = await made.open_for("ann", str(tmp_path), dict(os.environ))
            process = made.get_kernel(kernel_id).provisioner.process
            made.get_kernel(kernel_id).stop_restarter()
            os.kill(process.pid, signal.SIGKILL)
            await until(lambda: process.poll() is not None)
            assert process.poll() == -signal.SIGKILL
            assert not await made.get_kernel(kernel_id).is_alive()
            process.send_signal(signal.SIGINT)

    running(run)


def test_a_kernel_that_dies_starts_again_as_its_visitors(tmp_path):
    """A dead kernel is noticed and started again with what its visitor's kernel had, not with a spare one's."""
    given = {"ALONGSIDE_HOME": str(tmp_path), "WHO": "ann"}

    async def run():
        async with kernels(tmp_path, spare=1) as made:
            made.fill()
            await until(lambda: made._spares)
            kernel_id = await made.open_for("ann", str(tmp_path), given)
            heard = []
            made.add_restart_callback(kernel_id, lambda: heard.append("restarting"), "restart")
            before = pid_of(made, kernel_id)
            os.kill(before, signal.SIGKILL)
            await until(lambda: heard and pid_of(made, kernel_id) not in {None, before})
            answer = await ask(made, kernel_id, "import os; result = (dict(os.environ), os.getcwd())")
            assert ast.literal_eval(answer["value"]) == (given, str(tmp_path))
            assert made.owned_by(kernel_id, "ann")

    running(run)


def test_spares_are_used_and_replaced(tmp_path):
    """A visitor gets a kernel that waited, another takes its place, and waiting ones are nobody's and never culled."""

    async def run():
        async with kernels(tmp_path, spare=2, cull_idle_timeout=1) as made:
            made.fill()
            await until(lambda: len(made._spares) == 2)
            waiting = list(made._spares)
            assert not any(made.owned_by(each, owner) for each in waiting for owner in ("", "ann"))
            await asyncio.sleep(1.1)
            await made.cull_kernels()
            assert made._spares == waiting
            kernel_id = await made.open_for("ann", str(tmp_path), dict(os.environ))
            assert kernel_id == waiting[0]
            await until(lambda: len(made._spares) == 2)
            assert kernel_id not in made._spares
            await asyncio.sleep(1.1)
            await made.cull_kernels()
            assert kernel_id not in made
            assert not made.owned_by(kernel_id, "ann")

    running(run)


def test_a_spare_that_does_not_answer_is_not_given(tmp_path):
    """When the waiting kernel has died, the visitor gets a fresh one."""

    async def run():
        async with kernels(tmp_path, spare=1) as made:
            made.fill()
            await until(lambda: made._spares)
            dead = made._spares[0]
            made.get_kernel(dead).stop_restarter()
            os.kill(pid_of(made, dead), signal.SIGKILL)
            await until(lambda: made.get_kernel(dead).provisioner.process.poll() is not None)
            kernel_id = await made.open_for("ann", str(tmp_path), {"WHO": "ann"})
            assert kernel_id != dead
            assert (await ask(made, kernel_id, "import os; result = os.environ['WHO']"))["value"] == "'ann'"
            await until(lambda: dead not in made)

    running(run)


def test_full_and_a_visitors_oldest(tmp_path):
    """No more kernels open than may be; a visitor with too many loses the one without a page, then the oldest."""

    async def run():
        async with kernels(tmp_path, spare=2, most=3, most_each=2) as made:
            first = await made.open_for("ann", str(tmp_path), {})
            second = await made.open_for("ann", str(tmp_path), {})
            made.notify_connect(first)
            third = await made.open_for("ann", str(tmp_path), {})
            assert [made.owned_by(each, "ann") for each in (first, second, third)] == [True, False, True]
            await until(lambda: second not in made)
            await made.open_for("bo", str(tmp_path), {})
            assert not made.has_room("cy")
            assert made.has_room("ann")
            with pytest.raises(Full):
                await made.open_for("cy", str(tmp_path), {})
            await until(lambda: len(made) == 3)  # no spare ones where there is no room for their visitors
            made.notify_connect(third)
            fourth = await made.open_for("ann", str(tmp_path), {})
            assert [made.owned_by(each, "ann") for each in (first, third, fourth)] == [False, True, True]

    running(run)


def test_many_at_once_stay_within_bounds(tmp_path):
    """Visitors who all come at the same moment are counted before their kernels have started."""

    async def run():
        async with kernels(tmp_path, spare=1, most=3) as made:
            opened = await asyncio.gather(
                *(made.open_for(f"visitor {number}", str(tmp_path), {}) for number in range(5)), return_exceptions=True
            )
            assert sum(isinstance(each, Full) for each in opened) == 2
            assert len(made._owners) == 3

    running(run)


def test_owned_by_its_visitor_alone(tmp_path):
    """A kernel belongs to the one it was opened for, and an unknown one to nobody."""

    async def run():
        async with kernels(tmp_path) as made:
            kernel_id = await made.open_for("änn", str(tmp_path), {})
            assert made.owned_by(kernel_id, "änn")
            assert not made.owned_by(kernel_id, "bo")
            assert not made.owned_by(kernel_id, "")
            assert not made.owned_by("nothing", "änn")

    running(run)


def test_a_page_that_is_left(tmp_path):
    """A left page's kernel ends after a while, unless the page comes back; so does one never connected to."""

    async def run():
        async with kernels(tmp_path, grace=1.0, patience=4.0) as made:
            left, back, never = [await made.open_for("ann", str(tmp_path), {}) for _ in range(3)]
            for kernel_id in (left, back):
                made.notify_connect(kernel_id)
                made.leave(kernel_id)
                made.notify_disconnect(kernel_id)
            assert made.owned_by(left, "ann")
            made.notify_connect(back)
            await until(lambda: left not in made and never not in made)
            assert made.owned_by(back, "ann")
            assert [list(made._owners), made._timers] == [[back], {}]
            made.leave("nothing")

    running(run)


def test_a_tree_of_processes_ends_together(tmp_path):
    """Ending everything ends open and waiting kernels, and no more are started."""

    async def run():
        async with kernels(tmp_path, spare=1) as made:
            made.fill()
            await until(lambda: made._spares)
            await made.open_for("ann", str(tmp_path), {})
            await until(lambda: made._spares)
            pids = [pid_of(made, each) for each in made.list_kernel_ids()]
            assert len(pids) == 2
            await made.shutdown_all()
            made.fill()
            assert not any(map(alive, pids))
            assert [made.list_kernel_ids(), made._owners, made._spares, made._timers] == [[], {}, [], {}]

    running(run)


SERVER = """
import asyncio, os, sys
from multiprocessing import forkserver
sys.path.insert(0, {tests!r})
from test_kernels import kernels, pid_of, until
from pathlib import Path

async def serve():
    async with kernels(Path({folder!r}), spare=1) as made:
        made.fill()
        await until(lambda: made._spares)
        kernel_id = await made.open_for("ann", {folder!r}, dict(os.environ))
        await until(lambda: made._spares)
        held = forkserver._forkserver._forkserver_pid
        pids = [pid_of(made, each) for each in made.list_kernel_ids()]
        threads = len(os.listdir(f"/proc/{{held}}/task"))
        print(threads, held, *pids, flush=True)
        await asyncio.sleep(60)

if __name__ == "__main__":
    try:
        asyncio.run(serve())
    except KeyboardInterrupt:
        pass
"""


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_outlives_the_server(tmp_path, end):
    """Whatever ends the web server, its kernels and the process they were forked from end within seconds."""
    script = tmp_path / "server.py"
    script.write_text(SERVER.format(tests=str(Path(__file__).parent), folder=str(tmp_path)), encoding="utf-8")
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as server:
        threads, *pids = map(int, server.stdout.readline().split())
        assert threads == 1  # forking a process with threads is not safe
        assert len(pids) == 3
        assert all(map(alive, pids))
        os.kill(server.pid, end)
        server.wait(SECONDS)
    running(lambda: until(lambda: not any(map(alive, pids))))


def test_errors_of_a_page_reach_no_log(tmp_path):
    """What a learner wrote is in no traceback that the server's terminal or log would show."""
    code = f"""
        import asyncio, os, sys
        from pathlib import Path
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        from test_kernels import ask, kernels

        async def run():
            async with kernels(Path({str(tmp_path)!r})) as made:
                kernel_id = await made.open_for("ann", {str(tmp_path)!r}, dict(os.environ))
                for line in ("raise ValueError('a private sentence')", "import os; os.write(2, b'a private sentence')",
                             "import logging; logging.getLogger('comm').error('a private sentence')"):
                    await ask(made, kernel_id, line)

        if __name__ == "__main__":
            asyncio.run(run())
    """
    script = tmp_path / "server.py"
    script.write_text(textwrap.dedent(code), encoding="utf-8")
    ended = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=60, check=True)
    assert "private" not in ended.stdout + ended.stderr
