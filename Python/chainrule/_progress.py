"""A bar that shows how far the program has come, in terminals and notebooks."""

from __future__ import annotations

import html
import importlib
import re
import shutil
import sys
import time
from typing import Any

_SECONDS = {"s": 1, "min": 60, "h": 3600}
_LINE = re.compile(r"(?P<label>.+?): (?P<text>.*), (?P<left>\d+) (?P<unit>s|min|h) left")


class Progress:
    """What is shown while the program works: nothing, a line of the terminal, or a bar below a notebook's cell.

    The program tells now and then how long it will take; in between, the bar moves by the clock.
    """

    def __init__(self, enabled: bool) -> None:
        """Begins to show, if it is wanted and somebody is looking."""
        self._start = self._shown = time.monotonic()
        self._text = ""
        self._total: float | None = None
        self._notebook = _notebook_display() if enabled else None
        self._terminal = enabled and self._notebook is None and sys.stderr is not None and sys.stderr.isatty()
        self._visible = False

    def take(self, line: str) -> bool:
        """Reads a line of the program's standard error, and says whether it was one of progress."""
        found = _LINE.fullmatch(line)
        if found is None:
            # A model that is compared has a line of its own when it is done.
            self._text, self._total = line.removeprefix("chainrule: "), None
            return False
        left = int(found["left"]) * _SECONDS[found["unit"]]
        self._text = f"{found['label']}: {found['text']}"
        self._total = time.monotonic() - self._start + left
        return True

    def tick(self) -> None:
        """Draws again, after a fifth of a second or more."""
        now = time.monotonic()
        if now - self._shown < 0.2:
            return
        self._shown = now
        elapsed = now - self._start
        share = None if self._total is None else min(elapsed / max(self._total, 1e-9), 0.99)
        if self._notebook is not None:
            self._notebook(_bar_html(share, elapsed, self._text))
        elif self._terminal:
            width = max(shutil.get_terminal_size().columns - 1, 20)
            filled = 0 if share is None else int(20 * share)
            line = f"{'█' * filled}{'░' * (20 - filled)} {elapsed:.0f} s  {self._text}"
            print(f"\r\x1b[2K{line[:width]}", end="", file=sys.stderr, flush=True)
        self._visible = True

    def close(self) -> None:
        """Takes the bar away."""
        if not self._visible:
            return
        if self._notebook is not None:
            self._notebook("")
        elif self._terminal:
            print("\r\x1b[2K", end="", file=sys.stderr, flush=True)


def _bar_html(share: float | None, elapsed: float, text: str) -> str:
    value = "" if share is None else f' value="{share:.3f}"'
    return f"<progress max=1{value}></progress> {elapsed:.0f} s&ensp;<small>{html.escape(text)}</small>"


def _notebook_display() -> Any:
    """Gives a function that shows HTML in one place of a notebook; `None` outside of notebooks."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None or not hasattr(shell, "kernel"):
        return None
    ipython_display: Any = importlib.import_module("IPython.display")
    handle: Any = None

    def show(text: str) -> None:
        nonlocal handle
        if handle is None:
            handle = ipython_display.display(ipython_display.HTML(text), display_id=True)
        else:
            handle.update(ipython_display.HTML(text))

    return show
