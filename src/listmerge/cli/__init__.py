"""The command line: one file per verb, errors as one small form, exit statuses as in `listmerge.errors`."""

from __future__ import annotations

from listmerge.cli.app import main

__all__ = ["main"]
