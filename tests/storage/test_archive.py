"""The archive's one entrance: article, text and story in one transaction, whoever calls."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Table, func, select

from crawler.article import Article, Credit, CreditKind
from storage.archive import Archived, archive
from storage.articles import Outcome, get_article
from storage.change_kind import ChangeKind
from storage.cleaning import clean
from storage.database import Database
from storage.relations import Relation
from storage.schema.everything import metadata
from tests.storage.articles import NOON, article, paragraph, report

NOW = NOON + timedelta(days=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """An outlet as the archive needs to know it."""

    role: str
    group: str | None = None
    aliases: tuple[str, ...] = ()
    name: str = "صبح سیرجان"
    name_en: str | None = None
    town: str | None = "سیرجان"


ROLES = {
    "sobh": Role(role="local"),
    "rasa": Role(role="republisher"),
    "peyk": Role(role="local"),
}


def _archive(connection: Connection, given_article: Article) -> Archived:
    return archive(connection, given_article, roles=ROLES, now=NOW)


def _archive_each(database: Database, *given_articles: Article) -> list[Archived]:
    archived = []
    for given_article in given_articles:
        with database.write() as connection:
            archived.append(_archive(connection, given_article))
    return archived


def _rows(database: Database) -> dict[str, int]:
    def count(connection: Connection, table: Table) -> int:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()

    with database.read() as connection:
        return {table.name: count(connection, table) for table in metadata.sorted_tables}


def test_an_article_like_no_other_is_the_original_of_its_own_story(database: Database) -> None:
    (archived,) = _archive_each(database, report("sobh"))
    assert archived.outcome is Outcome.NEW
    assert archived.relation is Relation.ORIGINAL
    assert archived.original_article_id == archived.article_id
    assert archived.evidence is None
    assert archived.rerooted is False


def test_a_copy_joins_the_story_it_copies(database: Database) -> None:
    first, copy = _archive_each(database, report("sobh"), report("rasa", minutes=30))
    assert copy.story_id == first.story_id
    assert copy.relation is Relation.COPY
    assert copy.original_article_id == first.article_id
    assert copy.evidence is not None


def test_a_better_original_that_arrives_later_re_roots_the_story(database: Database) -> None:
    named = (Credit(kind=CreditKind.QUOTED_FROM, name="صبح سیرجان", outlet_id="sobh"),)
    copy, original = _archive_each(
        database, report("rasa", credits=named), report("sobh", minutes=30)
    )
    assert original.story_id == copy.story_id
    assert original.original_article_id == original.article_id
    assert original.rerooted is True


def test_the_same_reading_again_is_unchanged_and_adds_no_row(database: Database) -> None:
    several = (report("sobh"), report("rasa", minutes=30), article())
    before = _archive_each(database, *several)
    rows = _rows(database)
    after = _archive_each(database, *several)
    assert _rows(database) == rows
    assert after == [
        replace(
            one,
            outcome=Outcome.UNCHANGED,
            evidence=then.evidence,
        )
        for one, then in zip(before, after, strict=True)
    ]


def test_an_edit_is_a_revision_and_stays_in_its_story(database: Database) -> None:
    edited = report("sobh", title="۱۹ واحد به تولید برگشت", fetched_at=NOON + HOUR)
    first, revised = _archive_each(database, report("sobh"), edited)
    assert revised.outcome is Outcome.REVISED
    assert (revised.article_id, revised.story_id) == (first.article_id, first.story_id)
    assert (first.changes, revised.changes) == ((), (ChangeKind.FIGURE, ChangeKind.HEADLINE))
    with database.read() as connection:
        assert get_article(connection, first.article_id).article == edited


def test_a_source_named_only_later_counts(database: Database) -> None:
    credited = (Credit(kind=CreditKind.SOURCE_TAG, name="پیک", outlet_id="peyk"),)
    later = report("sobh", credits=credited, fetched_at=NOON + HOUR)
    first, copy, again = _archive_each(database, report("sobh"), report("peyk", minutes=9), later)
    assert first.story_id == copy.story_id == again.story_id
    assert again.outcome is Outcome.UNCHANGED
    assert again.rerooted is True
    assert again.original_article_id == copy.article_id


def test_an_undone_transaction_leaves_nothing_behind(database: Database) -> None:
    _archive_each(database, article())
    rows = _rows(database)

    def fail() -> None:
        with database.write() as connection:
            _archive(connection, report("sobh"))
            _archive(connection, report("rasa", minutes=30))
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert _rows(database) == rows


def test_threads_that_archive_the_same_article_at_once_make_it_once(database: Database) -> None:
    def run(_: int) -> Archived:
        return _archive_each(database, report("sobh"))[0]

    with ThreadPoolExecutor(6) as pool:
        archived = list(pool.map(run, range(12)))
    assert [one.outcome for one in archived].count(Outcome.NEW) == 1
    assert len({(one.article_id, one.story_id) for one in archived}) == 1
    rows = _rows(database)
    assert rows["articles"] == rows["revisions"] == rows["stories"] == rows["story_members"] == 1


def test_workers_that_archive_copies_at_the_same_instant_end_with_one_story(
    database: Database,
) -> None:
    outlets = [f"outlet{number}" for number in range(8)]

    def run(outlet_id: str) -> Archived:
        return _archive_each(database, report(outlet_id))[0]

    with ThreadPoolExecutor(8) as pool:
        archived = list(pool.map(run, outlets))
    assert len({one.story_id for one in archived}) == 1
    assert _rows(database)["stories"] == 1


def test_writers_of_several_articles_each_neither_block_for_ever_nor_lose_any(
    database: Database,
) -> None:
    numbers = list(range(1, 6))

    def run(order: list[int]) -> None:
        with database.write() as connection:
            for number in order:
                _archive(connection, article(number))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, [numbers, numbers[::-1]] * 4))
    rows = _rows(database)
    assert rows["articles"] == rows["revisions"] == rows["story_members"] == 5


def test_characters_no_database_takes_are_archived_all_the_same(database: Database) -> None:
    bad = "مس\x00 \ud83d"
    hostile = report(
        "sobh",
        title=f"{report('sobh').title} {bad}",
        kicker=bad,
        lead=bad,
        external_id=bad,
        byline=bad,
        section=(bad,),
        tags=(bad,),
        tail=bad,
        credits=(Credit(kind=CreditKind.QUOTED_FROM, name=bad, body=bad),),
    )
    hostile = replace(hostile, blocks=(*hostile.blocks, *paragraph(bad)))
    first, again = _archive_each(database, hostile, hostile)
    assert again.outcome is Outcome.UNCHANGED
    (copy,) = _archive_each(database, replace(hostile, outlet_id="peyk"))
    assert copy.story_id == first.story_id
    with database.read() as connection:
        kept = get_article(connection, first.article_id).article
    assert kept == clean(hostile)
    assert kept.lead == "مس\ufffd \ufffd"


def test_endless_addresses_are_kept_apart(database: Database) -> None:
    endless = f"https://sobh.example/{random.Random(3).randbytes(4000).hex()}"
    pages = [article(canonical_url=endless + ending) for ending in ("a", "b")]
    one, other, again = _archive_each(database, *pages, pages[0])
    assert one.article_id != other.article_id
    assert (again.article_id, again.outcome) == (one.article_id, Outcome.UNCHANGED)
