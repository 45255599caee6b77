from datetime import timedelta

import pytest

from storage.database import Database
from storage.errors import UnknownRecordError
from storage.members import find_member, members_of
from storage.relations import Relation
from storage.rulings import merge, root_by_hand, split, standing_story
from storage.stories import Placement
from storage.storyline import Happening, get_story, history
from tests.storage.same_story_press import ROLES, arrive
from tests.storage.same_story_texts import NOON, SESSION, article, credit

LATER = NOON + timedelta(days=1)
PISTACHIO = (
    "برداشت پسته در باغ‌های انار از هفته آینده آغاز می‌شود و کشاورزان از کم‌آبی گله دارند.",
    "رئیس جهاد کشاورزی شهرستان می‌گوید امسال شبنم بهاری به خوشه‌ها آسیب زده است.",
    "خریداران نیز چشم به راه نرخ پایه مانده‌اند و بازار هنوز آرام است.",
)


def by_hand(database: Database, source: Placement, target: Placement) -> None:
    with database.write() as connection:
        merge(
            connection,
            source.story_id,
            into=target.story_id,
            by_whom="زهرا",
            why="یک گزارش در دو قالب",
            roles=ROLES,
            now=LATER,
        )


def taken_out(database: Database, *article_ids: int) -> int:
    with database.write() as connection:
        return split(
            connection, article_ids, by_whom="زهرا", why="دو رویداد", roles=ROLES, now=LATER
        )


def rooted(database: Database, story_id: int, article_id: int) -> None:
    with database.write() as connection:
        root_by_hand(
            connection,
            story_id,
            original_article_id=article_id,
            by_whom="زهرا",
            why="عکس از اوست",
            now=LATER,
        )


def members(database: Database, story_id: int) -> list[int]:
    with database.read() as connection:
        return [one.article_id for one in members_of(connection, story_id)]


def test_merging_by_hand_moves_every_member_and_keeps_one_original(database: Database) -> None:
    first, other = arrive(
        database, article("nazir"), article("farda", PISTACHIO, title="پسته انار", minutes=60)
    )
    by_hand(database, other, first)
    assert len(members(database, first.story_id)) == 2
    with database.read() as connection:
        assert standing_story(connection, other.story_id).id == first.story_id
        assert get_story(connection, first.story_id).original_article_id == 1
        relations = [one.relation for one in members_of(connection, first.story_id)]
        told = history(connection, other.story_id)
    assert relations == [Relation.ORIGINAL, Relation.COPY]
    assert [(one.kind, one.by_whom) for one in told] == [(Happening.MERGED, "زهرا")]


def test_merging_twice_is_merging_once(database: Database) -> None:
    first, other = arrive(
        database, article("nazir"), article("farda", PISTACHIO, title="پسته انار", minutes=60)
    )
    by_hand(database, other, first)
    by_hand(database, other, first)
    with database.read() as connection:
        assert len(history(connection, first.story_id)) == 1


def test_a_copy_of_a_merged_article_joins_the_story_that_took_it_in(database: Database) -> None:
    first, other = arrive(
        database, article("nazir"), article("farda", PISTACHIO, title="پسته انار", minutes=60)
    )
    by_hand(database, other, first)
    late = arrive(database, article("arman", PISTACHIO, title="پسته انار رسید", minutes=200))[0]
    assert late.story_id == first.story_id


def test_what_was_split_by_hand_stays_apart_when_it_is_read_again(database: Database) -> None:
    original, copy = arrive(database, article("nazir"), article("farda", minutes=60))
    assert copy.story_id == original.story_id
    fresh = taken_out(database, 2)
    again = arrive(database, article("nazir"), article("farda", minutes=60))
    assert [one.story_id for one in again] == [original.story_id, fresh]
    assert again[1].relation is Relation.ORIGINAL


def test_when_the_original_is_split_off_the_rest_gets_another(database: Database) -> None:
    original = arrive(
        database,
        article("nazir"),
        article("farda", minutes=60),
        article("arman", minutes=90, credits_=(credit("farda"),)),
    )[0]
    rooted(database, original.story_id, 1)
    fresh = taken_out(database, 1)
    with database.read() as connection:
        rest = get_story(connection, original.story_id)
        gone = get_story(connection, fresh)
        new_root = find_member(connection, rest.original_article_id)
    assert gone.original_article_id == 1
    assert rest.original_article_id == 2
    assert new_root is not None
    assert new_root.relation is Relation.ORIGINAL
    assert not rest.is_rooted_by_hand


def test_an_original_chosen_by_hand_is_never_changed_by_the_machine(database: Database) -> None:
    first = arrive(database, article("nazir"), article("farda", minutes=60))[0]
    rooted(database, first.story_id, 2)
    credits_ = (credit("nazir"),)
    late = arrive(database, article("arman", minutes=120, credits_=credits_))[0]
    assert late.original_article_id == 2
    assert not late.rerooted
    with database.read() as connection:
        relations = {one.article_id: one.relation for one in members_of(connection, first.story_id)}
    assert relations[2] is Relation.ORIGINAL
    assert relations[1] is not Relation.ORIGINAL


def test_choosing_the_same_original_by_hand_only_holds_it(database: Database) -> None:
    first = arrive(database, article("nazir"), article("farda", minutes=60))[0]
    rooted(database, first.story_id, 1)
    with database.read() as connection:
        assert history(connection, first.story_id) == []
        assert get_story(connection, first.story_id).is_rooted_by_hand


def test_rulings_refuse_what_is_not_there(database: Database) -> None:
    first, other = arrive(
        database, article("nazir"), article("farda", PISTACHIO, title="پسته انار", minutes=60)
    )
    with pytest.raises(UnknownRecordError, match="story 99 "):
        by_hand(database, other, _nowhere(other))
    with pytest.raises(UnknownRecordError, match="not in story"):
        rooted(database, first.story_id, 2)
    with pytest.raises(UnknownRecordError, match="in no story"):
        taken_out(database, 77)
    with pytest.raises(UnknownRecordError, match="not members of one story"):
        taken_out(database, 1, 2)
    with pytest.raises(ValueError, match="the whole of story"):
        taken_out(database, 1)


def _nowhere(placement: Placement) -> Placement:
    return Placement(
        story_id=99,
        relation=placement.relation,
        original_article_id=placement.original_article_id,
        rerooted=False,
        evidence=None,
    )


def test_a_lone_article_whose_text_becomes_a_copy_moves_and_says_so(database: Database) -> None:
    unfinished = article(
        "farda", ("خبر در حال تکمیل است.",), title="نشست صنایع", minutes=60, url="https://f.test/1"
    )
    first, early = arrive(database, article("nazir"), unfinished)
    assert early.story_id != first.story_id
    complete = article("farda", SESSION, minutes=80, url="https://f.test/1")
    moved = arrive(database, complete)[0]
    assert moved.story_id == first.story_id
    assert moved.moved_from == early.story_id
    with database.read() as connection:
        assert standing_story(connection, early.story_id).id == first.story_id
        assert [one.kind for one in history(connection, first.story_id)] == [Happening.MOVED]
