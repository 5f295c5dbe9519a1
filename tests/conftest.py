"""What all tests share: the folder with reference samples and labelled lists, where it is present."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from listmerge.importers import worker

from .lists import Table

ROOT = Path(__file__).parent.parent

settings.register_profile("listmerge", deadline=None)      # a busy machine is no failure
settings.load_profile("listmerge")


@pytest.fixture(scope="session", autouse=True)
def one_worker() -> Iterator[None]:
    """One worker for the files of all tests, as one reads all files of a call; limits hold for each file anew."""
    with worker.kept():
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference data: LISTMERGE_SHARED, else `shared` beside the checkout; skips when it is absent."""
    folder = Path(os.environ.get("LISTMERGE_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("the reference data (folder 'shared' beside the checkout, or LISTMERGE_SHARED) is absent")
    return folder


@pytest.fixture(scope="session")
def samples(shared: Path) -> Path:
    """The sample exports with invented people."""
    return shared / "formats" / "samples"


@pytest.fixture
def table(tmp_path: Path) -> Table:
    """A folder with lists and a workspace to play on."""
    return Table(tmp_path)
