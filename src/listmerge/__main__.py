"""`python -m listmerge` and the console script."""

from __future__ import annotations

import signal


def main() -> None:
    """Runs the command line. Until it is loaded an interrupt ends the process at once: nothing is begun yet."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from listmerge.cli import main as run  # typer and rich are heavy

    run()


if __name__ == "__main__":
    main()
