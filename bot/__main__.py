"""``python -m bot`` is ``kumpel``."""

from bot.cli import main

if __name__ == "__main__":
    main()
