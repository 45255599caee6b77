"""Search over the archive: order, pages, late arrivals, revisions, stories, highlights."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from storage.articles import get_article
from storage.coarse import coarse
from storage.database import Database
from storage.document import document_of
from storage.index import index_article, keep_topics, remove_article
from storage.query_parser import parse
from storage.relations import Relation
from storage.schema.stories import stories as story_table
from storage.schema.stories import story_members
from storage.search import BadCursorError, Order, SearchPage, search
from storage.search_sql import Window, candidates
from tests.storage.newsroom import NOW, Story, put, put_all


def find(connection: Connection, query: str, **how: object) -> SearchPage:
    return search(connection, parse(query, now=NOW), **how)  # type: ignore[arg-type]


def titles(page: SearchPage) -> list[str]:
    return [hit.archived.article.title for hit in page.hits]


def hours_ago(hours: int) -> Story:
    return Story(title=f"مس {hours}", at=NOW - timedelta(hours=hours))


def test_the_newest_come_first_page_by_page(database: Database) -> None:
    with database.write() as connection:
        put_all(connection, [hours_ago(hours) for hours in (5, 1, 4, 2, 3)])
        first = find(connection, "مس", limit=2)
        assert titles(first) == ["مس 1", "مس 2"]
        second = find(connection, "مس", limit=2, cursor=first.next_cursor)
        assert titles(second) == ["مس 3", "مس 4"]
        third = find(connection, "مس", limit=2, cursor=second.next_cursor)
        assert titles(third) == ["مس 5"]
        assert third.next_cursor is None


def test_pages_stay_stable_while_articles_arrive_early_and_late(database: Database) -> None:
    with database.write() as connection:
        put_all(connection, [hours_ago(hours) for hours in (2, 4, 6, 8)])
        first = find(connection, "مس", limit=2)
        put(connection, replace(hours_ago(1), number=90))
        put(connection, replace(hours_ago(3), number=91))
        put(connection, replace(hours_ago(7), number=92))
        second = find(connection, "مس", limit=10, cursor=first.next_cursor)
        assert titles(second) == ["مس 6", "مس 7", "مس 8"]
        assert titles(find(connection, "مس", limit=10)) == [
            f"مس {n}" for n in (1, 2, 3, 4, 6, 7, 8)
        ]


def test_many_articles_of_one_second_keep_their_order(database: Database) -> None:
    with database.write() as connection:
        ids = put_all(connection, [Story(title="مس") for _ in range(30)])
        page = find(connection, "مس", limit=50)
        assert [hit.article_id for hit in page.hits] == ids[::-1]


def test_a_revision_is_found_by_its_new_words_only(database: Database) -> None:
    with database.write() as connection:
        put(connection, Story(title="خبر", body="معدن طلا"))
        put(connection, Story(title="خبر", body="معدن نقره", seen_at=NOW + timedelta(hours=1)))
        assert find(connection, "طلا").hits == ()
        (hit,) = find(connection, "نقره is:revision").hits
        assert hit.document.is_revised


def test_indexing_again_changes_nothing(database: Database) -> None:
    with database.write() as connection:
        story = Story(title="معدن مس")
        assert put(connection, story) == put(connection, story)
        assert len(find(connection, "معدن").hits) == 1


def test_a_corrected_date_moves_an_article(database: Database) -> None:
    with database.write() as connection:
        moved, stays = put_all(connection, [hours_ago(9), hours_ago(5)])
        archived = get_article(connection, moved)
        later = document_of(archived.article, published_at=NOW - timedelta(hours=1))
        index_article(connection, moved, later)
        assert [hit.article_id for hit in find(connection, "مس").hits] == [moved, stays]


def test_a_removed_article_is_found_no_more(database: Database) -> None:
    with database.write() as connection:
        article_id = put(connection, Story(title="معدن مس"))
        keep_topics(connection, article_id, {"copper"})
        remove_article(connection, article_id)
        remove_article(connection, article_id)
        assert find(connection, "معدن").hits == ()
        assert find(connection, "*").hits == ()


def test_highlights_mark_the_printed_form(database: Database) -> None:
    with database.write() as connection:
        put(connection, Story(title="حمایت از شركت هاي كوچك", body="شرکت‌های کوچـک و بزرگ"))
        (found,) = find(connection, "شرکتهای کوچک").hits
        (title,) = (
            hit.printed for hit in found.highlights if hit.field == "title" and "ش" in hit.printed
        )
        assert title == "شركت هاي"
        (found,) = find(connection, '"شرکتهای کوچک"').hits
        assert [hit.printed for hit in found.highlights] == ["شركت هاي كوچك", "شرکت‌های کوچـک"]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("outlet:nazir", 2),
        ("outlet:نذیر", 2),
        ("رسانه:فلزات", 1),
        ("town:کرمان", 2),
        ("role:trade", 1),
        ("role:(trade OR local)", 3),
        ("lang:ar", 1),
        ("tag:مس", 1),
        ("credit:ایرنا", 1),
        ("title:مس", 1),
        ("body:مس", 1),
        ("title:(مس NEAR/3 معدن)", 1),
        ("-مس", 1),
        ("معدن OR -مس", 2),
        ("*", 3),
        ("after:1404/03/10", 2),
        ("before:2025-05-31", 1),
        ("last:36h -فوتبال", 2),
    ],
)
def test_fields_and_facts_narrow_a_search(database: Database, query: str, count: int) -> None:
    with database.write() as connection:
        put_all(
            connection,
            [
                Story(title="معدن مس", at=NOW - timedelta(hours=1), credit="ایرنا"),
                Story(title="خبر دیگر", body="قیمت مس", at=NOW - timedelta(hours=2), language="ar"),
                Story(title="بازار", tags=("مس",), outlet="metals", at=NOW - timedelta(days=9)),
            ],
        )
        assert len(find(connection, query).hits) == count


def test_topics_are_asked_for_where_they_stand(database: Database) -> None:
    with database.write() as connection:
        copper, _ = put_all(connection, [hours_ago(1), hours_ago(2)])
        keep_topics(connection, copper, {"copper", "sme"})
        keep_topics(connection, copper, {"copper"})
        assert titles(find(connection, "topic:copper")) == ["مس 1"]
        assert titles(find(connection, "-topic:copper")) == ["مس 2"]
        assert titles(find(connection, "topic:sme")) == []
        (hit,) = find(connection, "topic:copper مس").hits
        assert hit.document.topics == {"copper"}


def _tell(connection: Connection, *members: tuple[int, Relation]) -> int:
    inserted = connection.execute(
        story_table.insert().values(
            original_article_id=members[0][0], created_at=NOW, is_rooted_by_hand=False
        )
    )
    assert inserted.inserted_primary_key is not None
    story_id = int(inserted.inserted_primary_key[0])
    for article_id, relation in members:
        row = {"article_id": article_id, "story_id": story_id, "outlet_id": "nazir"}
        row |= {"relation": relation, "credits": "[]", "seen_at": NOW, "letters": 10}
        connection.execute(story_members.insert().values(row | {"is_placed_by_hand": False}))
    return story_id


def test_a_story_is_shown_once_when_asked(database: Database) -> None:
    with database.write() as connection:
        ids = put_all(connection, [hours_ago(hours) for hours in (1, 2, 3, 4)])
        story_id = _tell(connection, (ids[2], Relation.ORIGINAL), (ids[0], Relation.COPY))
        page = find(connection, "مس", collapse=True)
        assert titles(page) == ["مس 1", "مس 2", "مس 4"]
        assert page.hits[0].story_id == story_id
        assert titles(find(connection, "مس is:original", collapse=True)) == ["مس 2", "مس 3", "مس 4"]
        assert titles(find(connection, "is:copy")) == ["مس 1"]
        first = find(connection, "مس", limit=1, collapse=True)
        second = find(connection, "مس", limit=9, collapse=True, cursor=first.next_cursor)
        assert titles(second) == ["مس 2", "مس 4"]


def test_the_best_come_first_when_asked(database: Database) -> None:
    with database.write() as connection:
        put_all(
            connection,
            [
                Story(title="خبر روز", body="مس", at=NOW - timedelta(hours=1)),
                Story(title="بازار مس", body="مس مس", at=NOW - timedelta(hours=2)),
                Story(title="گزارش", lead="مس", at=NOW - timedelta(hours=3)),
            ],
        )
        page = find(connection, "مس", order=Order.BEST, limit=2)
        assert titles(page) == ["بازار مس", "گزارش"]
        put(connection, Story(title="مس مس مس", number=50, at=NOW - timedelta(minutes=1)))
        rest = find(connection, "مس", order=Order.BEST, limit=2, cursor=page.next_cursor)
        assert titles(rest) == ["خبر روز"]
        assert rest.next_cursor is None


def test_a_page_that_looked_at_enough_in_vain_says_so_and_goes_on(database: Database) -> None:
    with database.write() as connection:
        put_all(connection, [hours_ago(hours) for hours in range(1, 20)])
        put(connection, Story(title="طلا", number=99, at=NOW - timedelta(hours=30)))
        page = find(connection, "طلا OR -مس", limit=2, most=6)
        assert (page.hits, page.is_partial) == ((), True)
        while page.is_partial:
            page = find(connection, "طلا OR -مس", limit=2, most=6, cursor=page.next_cursor)
        assert (titles(page), page.next_cursor) == (["طلا"], None)


def test_gathering_first_and_walking_by_time_find_the_same(database: Database) -> None:
    window = Window(first=0, below=2**60)
    with database.write() as connection:
        put_all(connection, [hours_ago(hours) for hours in range(1, 9)])
        keep_topics(connection, find(connection, "مس 3").hits[0].article_id, {"copper"})
        wanted = coarse(parse("مس", now=NOW))
        gathered = candidates(connection, wanted, window=window, limit=5)
        walked = candidates(connection, wanted, window=window, limit=5, gather_up_to=-1)
        assert len(walked) == 5
        assert walked == gathered
        (one,) = candidates(connection, wanted, window=window, topics=["copper"], limit=5)
        assert one == walked[2]


def test_an_endless_text_is_indexed_as_far_as_it_is_read(database: Database) -> None:
    letters = "بپتجچحخدرزسشصضطظعغفقکگلمنوه"
    words = [a + b + c + d for a in letters for b in letters for c in letters for d in letters[:3]]
    with database.write() as connection:
        put(connection, Story(title="بی‌پایان " * 9_000, body=" ".join(words), tags=tuple(words)))
        assert len(find(connection, f"بی‌پایان {words[7]}").hits) == 1
        assert find(connection, f"{words[50_000]} OR مس").hits == ()


@pytest.mark.parametrize("order", list(Order))
def test_a_cursor_from_elsewhere_is_refused(database: Database, order: Order) -> None:
    with database.read() as connection, pytest.raises(BadCursorError, match="begin again"):
        find(connection, "مس", cursor="xyz", order=order)


def test_a_text_too_long_for_positions_is_found_all_the_same(database: Database) -> None:
    body = "و خبر " * 9_000 + "شرکت ملی مس"
    with database.write() as connection:
        put(connection, Story(title="بلند", body=body))
        assert titles(find(connection, '"شرکت ملی مس"')) == ["بلند"]
        assert titles(find(connection, '"خبر و خبر" body:شرک*')) == ["بلند"]
        assert titles(find(connection, '"ملی شرکت"')) == []
