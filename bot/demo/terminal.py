"""The terminal: what is typed arrives as lines, what happens meanwhile is printed above the prompt."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys

PROMPT = "> "


class Terminal:
    """Standard input and output of this process."""

    def __init__(self) -> None:
        self.colours = sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
        self.columns = shutil.get_terminal_size().columns
        self._prompting = False

    @property
    def is_interactive(self) -> bool:
        """Whether somebody can type."""
        return sys.stdin is not None and not sys.stdin.closed and sys.stdin.isatty()

    def show(self, text: str) -> None:
        """Print lines; a prompt that stands moves below them."""
        if self._prompting:
            text = f"\r\x1b[K{text}\n{PROMPT}"
        else:
            text += "\n"
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except BrokenPipeError:  # nobody reads on, as after `| head`: this ends it as Ctrl-C does
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            signal.raise_signal(signal.SIGINT)

    async def read(self) -> str | None:
        """The next line that is typed; None at the end of input."""
        loop = asyncio.get_running_loop()
        ready = asyncio.Event()
        file = sys.stdin.fileno()
        sys.stdout.write(PROMPT)
        sys.stdout.flush()
        self._prompting = True
        loop.add_reader(file, ready.set)
        try:
            await ready.wait()
            # A terminal hands over whole lines, so this waits for nothing.
            line = os.read(file, 65536).decode(sys.stdin.encoding or "utf-8", "replace")
        finally:
            loop.remove_reader(file)
            self._prompting = False
        return line or None
