"""Errors: what went wrong, where, and what to do next.

    ListmergeError
    ├── OptionError      exit 2   an option or the configuration is wrong
    ├── InputError       exit 3   a file is missing, unreadable, empty or no contact list; the rest is done
    ├── SafetyStop       exit 4   a safety limit stopped the command; nothing was published
    ├── WorkspaceError   exit 5   the workspace is busy, damaged or too new
    ├── DiskError        exit 6   the disk is full or not writable
    └── Bug              exit 70  listmerge contradicts itself (the books do not balance)

Every error is one small form, printed in one place (`listmerge.cli`):

    error[ambiguous-layout]: kontakte.csv could be google-contacts or outlook-classic.
      where: lists/kontakte.csv
      hint:  say which with --layout.

Flaws of values and records are not errors but issues: data, in `model.Issue`.
"""

from __future__ import annotations

from functools import partial
from typing import Any


class ListmergeError(Exception):
    """An error that a person can act on.

    `code` is a short stable name (`ambiguous-layout`), `what` one sentence, `where` a path, row or option
    ('' when there is none), `hint` what to do next.
    """

    exit_status = 70

    def __init__(self, code: str, what: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(code, what, where, hint)
        self.code = code
        self.what = what
        self.where = where
        self.hint = hint

    def __reduce__(self) -> tuple[Any, ...]:       # so that another process can say what went wrong
        return partial(type(self), where=self.where, hint=self.hint), (self.code, self.what)

    def __str__(self) -> str:
        lines = [f"error[{self.code}]: {self.what}"]
        lines += [f"  where: {self.where}"] if self.where else []
        lines += [f"  hint:  {self.hint}"] if self.hint else []
        return "\n".join(lines)


class OptionError(ListmergeError):
    """An option or the configuration is wrong."""

    exit_status = 2


class InputError(ListmergeError):
    """An input is missing, unreadable, empty or no contact list."""

    exit_status = 3


class SafetyStop(ListmergeError):
    """A safety limit stopped the command; nothing was published."""

    exit_status = 4


class WorkspaceError(ListmergeError):
    """The workspace is busy, damaged or written by a newer listmerge."""

    exit_status = 5


class DiskError(ListmergeError):
    """The disk is full or a place is not writable."""

    exit_status = 6


class Bug(ListmergeError):
    """listmerge contradicts itself; nothing was published."""

    exit_status = 70
