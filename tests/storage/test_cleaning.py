"""Texts that no database takes are made fit for one, and nothing else is touched."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from crawler.article import Article, Credit, CreditKind
from storage.cleaning import clean
from storage.codec import encode_about, encode_said, said_of
from tests.storage.articles import any_article, article, paragraph

_torn = st.text(st.sampled_from("م\x00\ud83d\udfff "), max_size=9)


def test_an_article_without_such_characters_is_returned_itself() -> None:
    ordinary = article(title="مس 🙂 \u200c")
    assert clean(ordinary) is ordinary


@given(any_article, _torn)
def test_every_text_becomes_storable_and_keeps_its_length(one: Article, torn: str) -> None:
    credit = Credit(kind=CreditKind.PREFIX, name=torn, body=torn, start=1, end=2)
    hostile = replace(
        one, title=torn, lead=torn, tags=(torn,), credits=(credit,), blocks=paragraph(torn)
    )
    cleaned = clean(hostile)
    for text in (encode_said(said_of(cleaned)), encode_about(cleaned)):
        assert text.encode()
        assert "\\u0000" not in text
        assert "\\ud83d" not in text
    assert len(cleaned.title) == len(torn)
    assert cleaned.credits[0].start == 1
    assert clean(cleaned) is cleaned
    if one.published is None:
        assert cleaned.published is None
    else:
        printed = cleaned.published.printed if cleaned.published else ""
        assert cleaned.published == replace(one.published, printed=printed)
        assert len(printed) == len(one.published.printed)
