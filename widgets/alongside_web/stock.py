"""Pages with widgets of another kind, which Voila's own client has to draw: found out when such a page is first run."""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable
from typing import Any

from voila.configuration import VoilaConfiguration
from voila.paths import collect_template_paths

__all__ = ["OwnKernels", "StockPages"]

_TEMPLATE = "alongside-stock"


class StockPages(set[str]):
    """The pages, by their notebooks' paths, and how Voila makes them."""

    def __init__(self, configuration: VoilaConfiguration) -> None:
        """Take Voila's settings over, but for the template."""
        super().__init__()
        self.configuration = copy.copy(configuration)
        self.configuration.template = _TEMPLATE
        self.template_paths = collect_template_paths(["voila", "nbconvert"], _TEMPLATE, prune=True)


class OwnKernels:
    """The course's kernels as Voila's page handler knows them. The one that it starts belongs to the visitor."""

    def __init__(self, kernels: Any, open_kernel: Callable[[str], Awaitable[str]]) -> None:  # noqa: ANN401  Voila's class
        """Take all kernels, and what opens one for this visitor in a folder."""
        self._kernels, self._open = kernels, open_kernel

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever the other has
        """Leave the rest as it is."""
        return getattr(self._kernels, name)

    async def start_kernel(self, *, path: str, **_: object) -> str:
        """Open the visitor's kernel in a folder. What else Voila would tell it no page of ours asks for."""
        return await self._open(path)
