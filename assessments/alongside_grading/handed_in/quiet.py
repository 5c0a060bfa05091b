"""nbgrader's parts at work without their log: what they say is for their own commands, and names machines' folders."""

from __future__ import annotations

import logging
from pathlib import Path

__all__ = ["Said", "quiet_log"]

_OURS = str(Path(__file__).parents[1])


class Said(logging.Handler):
    """Keeps what our own steps say while nbgrader runs them, each sentence once."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.sentences: dict[str, None] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a sentence of ours. What nbgrader itself says is for its own commands."""
        if record.pathname.startswith(_OURS):
            self.sentences[record.getMessage()] = None


def quiet_log(said: Said | None = None) -> logging.Logger:
    """Give a log that nothing is printed from. `said` keeps what our own steps say."""
    log = logging.getLogger("alongside.mark")
    log.propagate = False
    log.handlers = [said or logging.NullHandler()]
    return log
