"""The bot's own process, which ``kumpel run`` becomes: ``python -m bot.service FILE``, FILE holding the settings.

It loads nothing of the command line, since it stays in memory for months.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

_FOR_TERMINALS = ("click", "pygments", "rich")
"""What structlog and httpx would load for colours and a command line that this process has no use for: 10 MiB."""

_modules: dict[str, Any] = sys.modules
for _name in _FOR_TERMINALS:
    _modules.setdefault(_name, None)


def main() -> None:
    """Run until told to stop; what stands in the way is told in plain words."""
    from bot.complaints import NOT_DONE, in_plain_words
    from bot.wording import system_language

    try:
        _run(Path(sys.argv[1]))
    except Exception as error:
        told = in_plain_words(error, system_language())
        if told:
            sys.stderr.write(f"{told[0]}\n")
            sys.exit(told[1])
        from bot.logs import log_crash

        log_crash(error)
        sys.exit(NOT_DONE)


def _run(env: Path) -> None:
    from bot.settings import load_settings

    settings = load_settings(env)  # before the imports that take long

    from bot.app import run
    from bot.logs import configure_logging

    configure_logging(settings.log_format, settings.log_level, settings.confidential)
    asyncio.run(run(settings))


if __name__ == "__main__":
    main()
