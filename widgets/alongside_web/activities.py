"""A page's activities: its cells run by Voila's executor in the visitor's kernel, and what comes of it as plain data.

The data goes to the page in pieces, one for each cell, so that the first activity is there before the last is made.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from queue import Empty
from typing import Any

import nbformat
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import KernelManager
from nbclient.exceptions import CellExecutionError, DeadKernelError
from voila.execute import VoilaExecutor

from alongside_web.fronts import Fronts

__all__ = ["Widgets", "outputs_of", "piece", "run"]

_WIDGET = "application/vnd.jupyter.widget-view+json"
_PICTURES = ("image/png", "image/jpeg")
_OURS = "anywidget"
_NOT_DRAWN = "@jupyter-widgets/base"  # layouts, which only the stock manager reads
_HELD = re.compile(r'"(?:IPY_MODEL_|anywidget:)([^"]+)"')
_ANSWER_SECONDS, _MOST_QUESTIONS = 0.1, 300
View = dict[str, Any]


class Widgets:
    """The models of a page as the executor hears of them, ready for the page: each front-end module once, by name."""

    def __init__(self, executor: VoilaExecutor, fronts: Fronts) -> None:
        """Look at an executor's widget state."""
        self._executor, self._fronts = executor, fronts
        self._sent: dict[str, tuple[View, View]] = {}
        self._styles: set[str] = set()

    def news(self) -> View:
        """Give the models that the page does not have as they are now, and the styles that they bring."""
        models: View = {}
        styles: list[str] = []
        for name, state in self._executor.widget_state.items():
            if state.get("_model_module") == _NOT_DRAWN:
                continue
            # The executor puts a new value in the place of an old one, so that a look at the places is enough.
            now = dict(state), dict(self._executor.widget_buffers.get(name, {}))
            if self._sent.get(name) == now:
                continue
            self._sent[name] = now
            shown = {key: value for key, value in state.items() if not key.startswith(("_model", "_view", "_dom"))}
            css = shown.pop("_css", "")
            if isinstance(shown.get("_esm"), str):
                shown["_esm"] = self._fronts.add(shown["_esm"])
            models[name] = {"state": shown, "buffers": [[each["path"], each["data"]] for each in now[1].values()]}
            if css and css not in self._styles:
                self._styles.add(css)
                styles.append(css)
        return {"models": models, "styles": styles}

    def foreign(self, outputs: Sequence[View]) -> bool:
        """Whether something is shown that only the stock widget manager can draw."""
        known = self._executor.widget_state
        shown = [output["model"] for output in outputs if "model" in output]
        for name in shown:  # which grows by what each of them holds
            state = known.get(name, {})
            if state.get("_model_module") != _OURS:
                return True
            held = (found for value in state.values() for found in _HELD.findall(json.dumps(value)))
            shown.extend(
                each for each in held if each not in shown and known.get(each, {}).get("_model_module") != _NOT_DRAWN
            )
        return False


def outputs_of(cell: Mapping[str, Any]) -> list[View] | None:
    """Give what a cell shows: a model, a picture, plain text, or that it failed. None: a stock page has to."""
    found: list[View] = []
    for output in cell.get("outputs", ()):
        kind = output["output_type"]
        if kind == "error":
            found.append({"trouble": True})
        elif kind == "stream":
            found.append({"text": output["text"]})
        else:
            data = output["data"]
            picture = next((each for each in _PICTURES if each in data), None)
            if _WIDGET in data:
                found.append({"model": data[_WIDGET]["model_id"]})
            elif picture:
                found.append({"image": f"data:{picture};base64,{data[picture]}", "alt": data.get("text/plain", "")})
            elif set(data) == {"text/plain"}:
                found.append({"text": data["text/plain"]})
            else:
                return None
    return found


def piece(data: View) -> str:
    """Write data into the page so that nothing in it can be read as HTML or end it early."""
    safe = json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
    return f'<script type="application/json" class="alongside-part">{safe}</script>\n'


async def run(cells: Sequence[nbformat.NotebookNode], kernel: KernelManager, fronts: Fronts) -> AsyncIterator[View]:
    """Run a page's cells and give a piece for each. `{"stock": True}` ends it: the page needs the stock manager.

    A cell that fails is shown as such, and the next ones run. Nothing that a cell says goes into a log.
    """
    own = [nbformat.from_dict({**cell, "outputs": []}) for cell in cells]  # no visitor's outputs come near another's
    executor = VoilaExecutor(
        nbformat.v4.new_notebook(cells=own), km=kernel, config=kernel.config, show_tracebacks=False
    )
    executor.kc = kernel.client()
    executor.kc.start_channels(stdin=False, hb=False)
    widgets = Widgets(executor, fronts)
    try:
        if not await _heard(executor.kc):
            yield {"trouble": "failed"}
            return
        for number, cell in enumerate(own, start=1):
            try:
                await executor.execute_cell(cell, None, number - 1, store_history=False)
            except CellExecutionError:
                cell.outputs = [output for output in cell.outputs if output.output_type == "error"]
            except (DeadKernelError, TimeoutError):
                yield {"trouble": "failed"}
                return
            outputs = outputs_of(cell)
            if outputs is None or widgets.foreign(outputs):
                yield {"stock": True}
                return
            yield {"cell": cell["id"], "number": number, "outputs": outputs, **widgets.news()}
        last = widgets.news()
        if last["models"]:
            yield last
    finally:
        executor.kc.stop_channels()


async def _heard(client: AsyncKernelClient) -> bool:
    """Wait until what the kernel says is heard. False: it never said anything.

    `wait_for_ready` does the same, and then listens a fifth of a second for silence, which is longer than the rest of
    the page takes. What is still to come of these questions is passed over by the executor.
    """
    for _ in range(_MOST_QUESTIONS):
        client.kernel_info()
        try:
            await client.get_iopub_msg(timeout=_ANSWER_SECONDS)
        except Empty:
            continue
        return True
    return False
