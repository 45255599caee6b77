"""The form in which articles are kept: exact, versioned, and fit for any database."""

import json
from dataclasses import fields, replace

import pytest
from hypothesis import given

from crawler.article import Article
from storage.codec import (
    Keys,
    Said,
    content_hash,
    decode_article,
    decode_said,
    encode_about,
    encode_said,
    said_of,
    storable,
)
from storage.errors import UnreadableRecordError
from tests.storage.articles import any_article, article, paragraph


def _round_trip(given_article: Article) -> Article:
    keys = Keys(
        outlet_id=given_article.outlet_id,
        canonical_url=given_article.canonical_url,
        language=given_article.language,
        fetched_at=given_article.fetched_at,
    )
    said = encode_said(said_of(given_article))
    return decode_article(keys, said=said, about=encode_about(given_article))


@given(any_article)
def test_any_article_comes_back_as_it_was(given_article: Article) -> None:
    assert _round_trip(given_article) == given_article


@given(any_article)
def test_what_is_written_is_text_any_database_takes(given_article: Article) -> None:
    for text in (encode_said(said_of(given_article)), encode_about(given_article)):
        assert storable(text) == text
        assert text.encode("utf-8")


def test_half_a_character_and_nul_survive() -> None:
    broken = article(title="سیر\x00جان \ud83d", tags=("\udfff",))
    assert _round_trip(broken) == broken
    assert storable(encode_about(broken)) == encode_about(broken)


def test_persian_letters_are_kept_legible() -> None:
    assert "سیرجان" in encode_said(said_of(article()))


def test_every_field_of_an_article_is_either_said_or_about_or_a_key() -> None:
    about = json.loads(
        encode_about(
            article(
                modified=article().published,
                byline="الف",
                image_url="ب",
                tail="پ",
                missing=("lead",),
                is_excerpt=True,
            )
        )
    )
    said = {field.name for field in fields(Said)}
    keys = {field.name for field in fields(Keys)}
    assert said | keys | (set(about) - {"v"}) == {field.name for field in fields(Article)}


def test_another_text_has_another_hash() -> None:
    said = said_of(article())
    others = (
        replace(said, title="دیگر"),
        replace(said, kicker="دیگر"),
        replace(said, lead="دیگر"),
        replace(said, blocks=said.blocks[:-1]),
    )
    assert len({content_hash(one) for one in (said, *others)}) == 5


def test_the_hash_tells_apart_what_is_absent_and_what_is_empty() -> None:
    hashes = {
        content_hash(said)
        for said in (
            Said(title="الف"),
            Said(title="الف", kicker=""),
            Said(title="الف", lead=""),
            Said(title="الف", blocks=paragraph("")),
            Said(title="الف", blocks=paragraph("") * 2),
        )
    }
    assert len(hashes) == 5


def test_the_hash_is_the_one_earlier_archives_are_keyed_by() -> None:
    said = Said(title="خبر", kicker=None, lead="لید", blocks=paragraph("متن"))
    assert content_hash(said) == "917adc477b6067261ecc2762740c6fb9"


@given(any_article)
def test_what_readers_do_not_see_does_not_change_the_hash(given_article: Article) -> None:
    other = replace(given_article, tags=("دیگر",), section=("تازه",), published=None, tail="پایان")
    assert content_hash(said_of(other)) == content_hash(said_of(given_article))


def test_a_record_of_a_later_release_is_refused_in_words() -> None:
    with pytest.raises(UnreadableRecordError, match="form 2.*install"):
        decode_said('{"v":2,"title":"خبر"}')
