"""Counting what was found, and offering the nearest query when nothing was."""

from datetime import timedelta

import pytest

from storage.database import Database
from storage.did_you_mean import nearest
from storage.facets import Facet, facets
from storage.index import keep_topics
from storage.query_format import format_query
from storage.query_parser import parse
from tests.storage.newsroom import NOW, Story, put_all


def test_matches_are_counted_by_what_they_have(database: Database) -> None:
    with database.write() as connection:
        ids = put_all(
            connection,
            [
                Story(title="معدن مس"),
                Story(title="بازار مس", outlet="metals"),
                Story(title="مس قدیم", at=NOW - timedelta(days=40)),
                Story(title="طلا"),
            ],
        )
        keep_topics(connection, ids[0], {"copper", "mining-kerman"})
        keep_topics(connection, ids[1], {"copper"})
        found = facets(connection, parse("مس", now=NOW))
        part = facets(connection, parse("مس", now=NOW), most=2)
    assert (found.articles, found.is_partial) == (3, False)
    assert found.counts[Facet.OUTLET] == (("nazir", 2), ("metals", 1))
    assert found.counts[Facet.ROLE] == (("local", 2), ("trade", 1))
    assert found.counts[Facet.TOPIC] == (("copper", 2), ("mining-kerman", 1))
    assert found.counts[Facet.MONTH] == (("1404/03", 2), ("1404/02", 1))
    assert found.counts[Facet.SECTION] == ()
    assert (part.articles, part.is_partial) == (2, True)


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        ("سرچشنه", "سرچشمه"),
        ('"مجتمع سرچشنه"', '"مجتمع سرچشمه"'),
        ("مس سرچشنه -طلا", "مس سرچشمه NOT طلا"),
        ("title:سرچشنه OR نقرهای", "title:سرچشمه OR نقرهای"),
        ("سرچشنه NEAR/3 مجتمع", "سرچشمه NEAR/3 مجتمع"),
        ("مس زمرد", "مس"),
        ("ژژژژژژ", None),
        ("=سرچشنه", None),
    ],
)
def test_the_nearest_query_with_matches_is_offered(
    database: Database, asked: str, offered: str | None
) -> None:
    with database.write() as connection:
        put_all(connection, [Story(title="مجتمع سرچشمه و مس"), Story(title="بازار پسته")])
        found = nearest(connection, parse(asked, now=NOW))
    assert (found and format_query(found)) == offered
