"""The engine: few verbs, so that the stages do not know on what they run.

`sql` for sets (joins, groups, counts, in the subset where DuckDB and Spark mean the same), `map` for values (a pure
function over Arrow batches), `components` for graphs, `put` and `get` to move data in and out. A second engine must
pass the same contract tests and give the same clusters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pyarrow as pa

    from listmerge.model import Columns

#: Takes one table per source (the rows of one batch), gives one table per table made.
MapFunction = Callable[..., "Sequence[pa.Table]"]


class Engine(Protocol):
    """Named tables that are each made once and never changed."""

    def put(self, name: str, table: pa.Table) -> None:
        """Makes table `name` from Arrow data."""

    def get(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """The rows of `name` as Arrow; raises KeyError when it was not made."""

    def sql(self, name: str, query: str) -> None:
        """Makes table `name` as the result of `query` over tables made before."""

    def map(
        self, makes: Mapping[str, Columns], sources: Sequence[str], fn: MapFunction, together: str | None = None
    ) -> None:
        """Makes the tables `makes` by applying `fn` to batches of `sources`.

        Without `together` there is one source, cut anywhere. With it, every source has that int32 column, rows with the
        same value come in one batch (many values a batch), in the source's order within a value.
        """

    def components(self, name: str, edges: str) -> None:
        """Makes `name` (contact, cluster): the connected part of each end of `edges` (left, right), named by its
        smallest contact."""

    def drop(self, *names: str) -> None:
        """Forgets tables that no later stage reads."""
