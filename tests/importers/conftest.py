"""One worker for the files of all tests here, as one reads all files of a call; limits hold for each file anew."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from listmerge.importers import worker


@pytest.fixture(scope="session", autouse=True)
def one_worker() -> Iterator[None]:
    with worker.kept():
        yield
