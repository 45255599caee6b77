"""The archive's search and the meaning of a query must agree, on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from alerts.match import Matcher
from alerts.rules import rule_of
from storage.database import Database
from storage.evaluate import Analysed, evaluate
from storage.query import Everything, Query
from storage.query_format import format_query
from storage.query_parser import parse
from storage.search import matching, search
from tests.storage.newsroom import NOW, Story, put_all, queries, stories


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


ODD = (
    "NOT مس",
    "-(مس OR معدن)",
    "* -مس",
    "NOT NOT مس",
    "after:1404 before:1403",
    "last:0d",
    "is:copy is:original",
    "lang:zz",
    "topic:none",
    "outlet:x:y",
    "مس*",
    '="معدن مس"',
    "title:(مس OR NOT معدن)",
    "مس NOT NEAR/1 معدن",
    "مس NEAR/100 تولید",
    " NEAR ".join(["مس", "معدن"] * 20),
    "(" * 40 + "مس" + ")" * 40,
    " OR ".join(f"واژه{number}" for number in range(800)) + " OR مس",
)


@pytest.mark.parametrize("text", ODD, ids=lambda text: text[:30])
def test_odd_queries_mean_the_same_in_the_archive_and_as_rules(
    database: Database, text: str
) -> None:
    stories = [
        Story(number=1, title="معدن مس", body="تولید مس در معدن کرمان"),
        Story(number=2, title="مسئولان", body="معدن طلا"),
        Story(number=3, title="باران", body="هوا سرد شد"),
    ]
    query = parse(text, now=NOW)
    matcher = Matcher.compile([rule_of("odd", query, text)])
    with undone(database) as connection:
        put_all(connection, stories)
        everything = list(matching(connection, Everything()))
        held = [one.article_id for one in everything if evaluate(query, Analysed(one.document))]
        fired = [one.article_id for one in everything if matcher.match(one.document)]
        found = [one.article_id for one in search(connection, query, limit=50).hits]
    assert fired == held
    assert found == held
