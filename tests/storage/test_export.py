"""Out of the archive and in again: nothing lost as JSON Lines, harmless as a spreadsheet."""

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.article import Article, DateClaim, DateSource, Trust
from storage.archive import archive
from storage.articles import ArchivedArticle, latest_articles
from storage.database import Database
from storage.errors import UnreadableRecordError
from storage.export import Exported, write_csv, write_jsonl
from storage.importing import read_jsonl
from tests.storage.archiving import ROLES
from tests.storage.articles import NOON, any_article, article, paragraph

NOW = NOON + timedelta(days=9)


def _silent(_count: int) -> None:
    """Hear the progress and say nothing."""


def _archived(given_article: Article, number: int = 1) -> ArchivedArticle:
    return ArchivedArticle(
        id=number,
        article=given_article,
        content_hash="",
        word_count=7,
        published_at=None,
        sort_at=NOON,
        first_seen_at=NOON,
        last_seen_at=NOON,
        is_backfill=False,
    )


def _lines(*articles: Article) -> str:
    out = StringIO()
    write_jsonl([Exported(archived=_archived(one)) for one in articles], out, progress=_silent)
    return out.getvalue()


def _read(text: str) -> list[Article]:
    return list(read_jsonl(text.splitlines(), name="file.jsonl", now=NOW))


def _has_needed(given_article: Article) -> bool:
    return bool(given_article.url.strip() and given_article.title.strip())


@given(st.lists(any_article.filter(_has_needed), max_size=3))
def test_what_was_exported_is_imported_as_it_was(articles: list[Article]) -> None:
    out = StringIO(_lines(*articles))
    assert list(read_jsonl(out, name="file.jsonl", now=NOW)) == articles


def test_a_line_tells_of_the_archive_too() -> None:
    out = StringIO()
    told: list[int] = []
    exported = Exported(archived=_archived(article(), 7), story_id=3, relation="copy")
    assert write_jsonl([exported] * 2, out, progress=told.append) == 2
    record = json.loads(out.getvalue().splitlines()[0])
    assert (record["article_id"], record["story_id"], record["relation"]) == (7, 3, "copy")
    assert record["first_seen_at"] == "2026-03-21T12:00:00+00:00"
    assert record["published"]["source"] == "feed"
    assert record["blocks"][1] == {"kind": "heading", "text": "سرمایهٔ طرح"}
    assert "سیرجان" in out.getvalue()
    assert told == [1, 2]


def _table(*articles: Article) -> list[dict[str, str]]:
    out = StringIO(newline="")
    exported = [Exported(archived=_archived(one), story_id=3, relation="copy") for one in articles]
    assert write_csv(exported, out, progress=_silent) == len(articles)
    assert out.getvalue().startswith("\ufeffarticle_id,")
    return list(csv.DictReader(StringIO(out.getvalue().removeprefix("\ufeff"), newline="")))


def test_a_spreadsheet_reads_dates_of_both_calendars_and_whole_bodies() -> None:
    (row,) = _table(article())
    assert row["published_jalali"] == "1405/01/01"
    assert row["published_tehran"] == "2026-03-21 15:30"
    assert row["body"] == article().body
    assert row["tags"] == "سیرجان، شهرک صنعتی"
    assert row["section"] == "استان › اقتصاد"
    assert row["credits"] == ""
    assert (row["relation"], row["words"], row["date_trust"]) == ("copy", "7", "exact")


def test_absent_fields_are_empty_cells() -> None:
    bare = replace(
        article(), kicker=None, lead=None, published=None, byline=None, blocks=(), tags=()
    )
    out = StringIO(newline="")
    early = replace(_archived(bare), sort_at=datetime(1800, 1, 1, tzinfo=UTC))
    write_csv([Exported(archived=early)], out, progress=_silent)
    (row,) = csv.DictReader(StringIO(out.getvalue().removeprefix("\ufeff"), newline=""))
    for name in ("story_id", "relation", "kicker", "lead", "body", "date_trust", "tags"):
        assert row[name] == ""
    assert row["published_jalali"] == ""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_no_cell_begins_a_formula(start: str) -> None:
    (row,) = _table(article(title=f"{start}HYPERLINK(1)"))
    assert row["title"] == f"'{start}HYPERLINK(1)"


def test_an_analysts_own_line_needs_little() -> None:
    line = {
        "outlet_id": "sobh",
        "url": "https://sobh.example/1",
        "title": "خبر",
        "body": "بند نخست\n\n بند دوم ",
        "published": "2025-03-21T10:00:00+03:30",
        "mood": "fields nobody knows are passed over",
    }
    (read,) = _read(f"\ufeff{json.dumps(line)}\n\n")
    assert read.blocks == paragraph("بند نخست") + paragraph("بند دوم")
    assert read.canonical_url == read.url
    assert read.fetched_at == NOW
    assert read.published == DateClaim(
        at=datetime(2025, 3, 21, 6, 30, tzinfo=UTC),
        source=DateSource.LISTING,
        trust=Trust.EXACT,
        printed="2025-03-21T10:00:00+03:30",
    )


_GOOD = '{"outlet_id":"sobh","url":"https://sobh.example/1","title":"خبر"'


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "is no JSON"),
        ("[1]", "no JSON object"),
        ('{"outlet_id":"sobh","title":7}', "lacks url, title"),
        (f'{_GOOD},"format":"rasad-article/9"}}', "this release reads"),
        (f'{_GOOD},"published":"yesterday"}}', "another form"),
        (f'{_GOOD},"published":"2025-03-21T10:00:00"}}', "names no zone"),
        (f'{_GOOD},"published":7}}', "another form"),
        (f'{_GOOD},"blocks":[{{"kind":"song","text":"لا"}}]}}', "song"),
        (f'{_GOOD},"tags":"مس"}}', "tags is one text"),
        (f'{_GOOD},"lead":7}}', "7 is no text"),
        (f'{_GOOD},"language":"persian of Kerman"}}', "language of more than 8 letters"),
        (f'{_GOOD},"canonical_url":"{"u" * 1001}"}}', "canonical_url of more than 1000"),
        (f'{_GOOD},"credits":["ایرنا"]}}', "another form"),
    ],
)
def test_a_bad_line_is_named_with_its_reason(line: str, reason: str) -> None:
    with pytest.raises(UnreadableRecordError, match=reason) as caught:
        _read(f"{_GOOD}}}\n{line}")
    assert str(caught.value).startswith("file.jsonl, line 2 ")


def test_one_archive_goes_into_another_by_way_of_a_file(database: Database) -> None:
    several = [article(number) for number in range(5)]
    with database.write() as connection:
        for one in several:
            archive(connection, one, roles=ROLES, now=NOW, backfill=True)
    with database.read() as connection:
        exported = [Exported(archived=one) for one in latest_articles(connection, limit=9)]
    out = StringIO()
    write_jsonl(exported, out, progress=_silent)
    assert _read(out.getvalue()) == several[::-1]
