"""Where a command works: the workspace, the configuration, the clock, and who is told how far it is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from listmerge import config
from listmerge.config import Config
from listmerge.errors import ListmergeError, OptionError
from listmerge.model import RawTable
from listmerge.workspace.folder import DEFAULT, Workspace


class Listener(Protocol):
    """Who is told how far a command is. `cli.screen` is one."""

    def step(self, what: str, done: int = 0, total: int = 0) -> None:
        """`what` begins, or `done` of `total` of it are done."""

    def problem(self, error: ListmergeError) -> None:
        """Something went wrong with one input; the command goes on with the others."""

    def remark(self, sentence: str) -> None:
        """Something worth knowing."""

    def vouches_for(self, table: RawTable) -> bool:
        """Whether someone who can be asked says that the columns of an unknown list are read rightly."""


class Silence:
    """A listener who does not care."""

    def step(self, what: str, done: int = 0, total: int = 0) -> None: ...

    def problem(self, error: ListmergeError) -> None: ...

    def remark(self, sentence: str) -> None: ...

    def vouches_for(self, table: RawTable) -> bool:
        return False


@dataclass(frozen=True)
class Place:
    """The workspace and its configuration. `now` is the time that everything made in this command bears."""

    workspace: Workspace
    config: Config
    now: datetime
    listener: Listener = field(default_factory=Silence)

    @classmethod
    def at(
        cls, folder: str | Path = "", *, config_file: str | Path = "", now: datetime | None = None,
        listener: Listener | None = None, patience: float | None = None,
    ) -> Place:
        """The place for a workspace folder ('' = LISTMERGE_WORKSPACE, else ./contacts.listmerge).

        Raises OptionError when the configuration is wrong.
        """
        where = Path(folder or os.environ.get("LISTMERGE_WORKSPACE", "") or DEFAULT)
        settings = config.load(Path(config_file) if config_file else config.find(where))
        wait = settings.patience if patience is None else patience
        workspace = Workspace(where, patience=wait, keep_runs=settings.keep_runs)
        return cls(workspace, settings, now or clock(), listener or Silence())


def clock() -> datetime:
    """Now, or the moment that SOURCE_DATE_EPOCH sets, for outputs that must not differ. Raises OptionError."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        return datetime.fromtimestamp(int(fixed), UTC) if fixed else datetime.now(UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise OptionError("bad-option", f"SOURCE_DATE_EPOCH is no moment: {fixed!r}.", where="SOURCE_DATE_EPOCH",
                          hint="write the seconds since 1970, or unset it.") from error


@contextmanager
def placed(place: Place | str | Path | None) -> Iterator[Place]:
    """A Place, made from a folder's path where one is given."""
    yield place if isinstance(place, Place) else Place.at(place or "")
