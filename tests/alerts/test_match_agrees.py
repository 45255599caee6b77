"""The compiled matcher and the meaning of a query must agree."""

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.match import Matcher
from alerts.rules import rule_of
from storage.document import document_of
from storage.evaluate import Analysed, evaluate, hits
from storage.query import Query
from storage.query_format import format_query
from tests.storage.newsroom import DESKS, Story, article_of, queries, stories


@settings(max_examples=300, deadline=None)
@given(stories(), st.lists(queries(), min_size=1, max_size=20))
def test_the_matcher_fires_exactly_the_rules_that_hold(story: Story, asked: list[Query]) -> None:
    document = document_of(article_of(story), published_at=story.at, outlet=DESKS.get(story.outlet))
    rules = [rule_of(str(n), query, format_query(query)) for n, query in enumerate(asked)]
    analysed = Analysed(document)
    expected = {
        rule.id: hits(query, analysed)
        for rule, query in zip(rules, asked, strict=True)
        if evaluate(query, analysed)
    }
    found = {match.rule_id: match.hits for match in Matcher.compile(rules).match(document)}
    assert found == expected
