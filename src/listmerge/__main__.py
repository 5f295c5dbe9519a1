"""`python -m listmerge` and the console script."""

from __future__ import annotations

from listmerge.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
