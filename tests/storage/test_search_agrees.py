"""The archive's search and the meaning of a query must agree, on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from storage.database import Database
from storage.evaluate import Analysed, evaluate
from storage.query import Everything, Query
from storage.query_format import format_query
from storage.search import matching, search
from tests.storage.newsroom import Story, put_all, queries, stories


class _UndoError(Exception):
    """Leaves the archive as it was before the example."""


@contextmanager
def undone(database: Database) -> Iterator[Connection]:
    """Write, and leave the archive as it was before the example."""
    with suppress(_UndoError), database.write() as connection:
        yield connection
        raise _UndoError


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(stories(), min_size=1, max_size=6), st.lists(queries(), min_size=1, max_size=12))
def test_a_search_finds_exactly_what_the_query_holds_for(
    database: Database, written: list[Story], asked: list[Query]
) -> None:
    with undone(database) as connection:
        put_all(connection, written)
        everything = list(matching(connection, Everything()))
        assert len(everything) == len(written)
        for query in asked:
            expected = [
                one.article_id for one in everything if evaluate(query, Analysed(one.document))
            ]
            found = [one.article_id for one in search(connection, query, limit=50).hits]
            assert found == expected, format_query(query)
