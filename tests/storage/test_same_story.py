from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.article import Article
from storage.database import Database
from storage.members import find_member, members_of
from storage.relations import Relation
from storage.rulings import split, standing_story
from storage.storyline import Happening, get_story, history
from tests.storage.same_story_press import ROLES, arrive
from tests.storage.same_story_reports import REPORTS
from tests.storage.same_story_texts import SESSION, SESSION_TITLE, article, credit, office

OLD_SPELLING = str.maketrans({"ی": "ي", "ک": "ك"})


def nazir(minutes: float = 0) -> Article:
    lead = (
        "به گزارش گروه اقتصادی پایگاه خبری «نذیر کرمان» و به نقل از روابط عمومی استانداری "
        "کرمان، " + SESSION[0],
    )
    return article("nazir", lead + SESSION[1:], minutes=minutes, credits_=(office(),))


def respelled(paragraphs: Sequence[str]) -> tuple[str, ...]:
    joined = (one.replace("\u200c", "").translate(OLD_SPELLING) for one in paragraphs)
    return tuple(one.replace("کارگاه", "کـارگـاه").replace("گزارش", "گـزارش") for one in joined)


def arman(paragraphs: tuple[str, ...] = SESSION, *, title: str = SESSION_TITLE) -> Article:
    lead = (
        "به گزارش گروه اقتصادی پایگاه خبری «نذیر کرمان» و به نقل از روابط عمومی استانداری "
        "کرمان، " + paragraphs[0],
    )
    return article(
        "arman",
        (*lead, *paragraphs[1:], "منبع:آرمـان"),
        title=title,
        minutes=95,
        credits_=(credit("nazir"), office()),
    )


COPIES = {
    "verbatim": arman(),
    "truncated": arman(SESSION[:3]),
    "re-headlined": arman(title="صنعت بزرگ باید دست کوچک‌ترها را بگیرد"),
    "re-spelled": arman(respelled(SESSION)),
    "truncated, re-headlined and re-spelled": arman(
        respelled(SESSION[:3]), title="معاون استاندار: سود معدن در همین خاک بماند"
    ),
}


@pytest.mark.parametrize("copy", COPIES.values(), ids=COPIES)
def test_an_original_and_its_copy_are_one_story_with_the_press_office_behind_it(
    database: Database, copy: Article
) -> None:
    first, second = arrive(database, nazir(), copy)
    assert second.story_id == first.story_id
    assert second.original_article_id == first.original_article_id
    assert not second.rerooted
    assert second.relation in {Relation.COPY, Relation.TRUNCATED, Relation.REWRITTEN}
    with database.read() as connection:
        story = get_story(connection, first.story_id)
    assert story.origin == "روابط عمومی استانداری کرمان"


@pytest.mark.parametrize("copy", COPIES.values(), ids=COPIES)
def test_a_copy_that_arrives_first_gives_the_story_back_to_its_original(
    database: Database, copy: Article
) -> None:
    early, late = arrive(database, copy, nazir())
    assert late.story_id == early.story_id
    assert late.rerooted
    assert late.relation is Relation.ORIGINAL
    with database.read() as connection:
        story = get_story(connection, early.story_id)
        told = history(connection, early.story_id)
        copied = find_member(connection, early.original_article_id)
    assert story.original_article_id == late.original_article_id
    assert [event.kind for event in told] == [Happening.REROOTED]
    assert told[0].before == early.original_article_id
    assert told[0].after == late.original_article_id
    assert copied is not None
    assert copied.relation is not Relation.ORIGINAL


def test_another_story_stands_alone(database: Database) -> None:
    other = article(
        "farda",
        (
            "برداشت پسته در باغ‌های انار از هفته آینده آغاز می‌شود و کشاورزان از کم‌آبی گله دارند.",
            "رئیس جهاد کشاورزی شهرستان می‌گوید امسال شبنم بهاری به خوشه‌ها آسیب زده است.",
        ),
        title="پسته انار زودتر رسید",
        minutes=10,
    )
    first, second = arrive(database, nazir(), other)
    assert second.story_id != first.story_id
    assert second.relation is Relation.ORIGINAL
    assert second.evidence is None


def test_placing_the_same_article_again_changes_nothing(database: Database) -> None:
    first, copy = arrive(database, nazir(), arman())
    again = arrive(database, nazir(), arman())
    assert [one.story_id for one in again] == [first.story_id, copy.story_id]
    assert not any(one.rerooted for one in again)
    with database.read() as connection:
        assert len(members_of(connection, first.story_id)) == 2


def test_a_copy_months_later_is_not_looked_for(database: Database) -> None:
    first = arrive(database, nazir())[0]
    late = arrive(database, article("farda", minutes=timedelta(days=90).total_seconds() / 60))[0]
    assert late.story_id != first.story_id


STANDING = "متن کامل این گزارش را در نسخه چاپی امروز روزنامه و در پایگاه ما بخوانید و نظر دهید."
FOOTER = (
    "خوانندگان گرامی می‌توانند خبرهای کوتاه و بلند شهر و روستای خود را با نام و نشانی یا "
    "بی‌نام برای تحریریه بفرستند تا پس از راستی‌آزمایی منتشر شود. بازنشر نوشته‌های این "
    "پایگاه با آوردن نام آن آزاد است و دیدگاه‌هایی که آبروی کسی را نشانه بگیرد کنار گذاشته "
    "می‌شود. تلفن تحریریه شب و روز پاسخگوست و نامه‌ها تا یک هفته خوانده می‌شود."
)


def test_an_outlets_standing_words_make_no_copy(database: Database) -> None:
    placed = arrive(
        database,
        article("farda", (STANDING,), title="نبض بازار پسته در انار"),
        article("farda", (STANDING,), title="یک روز با مقنیان جوپار", minutes=30),
        article("farda", ("بارش باران در بافت آغاز شد.", FOOTER), title="باران بافت", minutes=60),
        article("farda", ("نمایشگاه خرمای بم گشایش یافت.", FOOTER), title="خرمای بم", minutes=90),
    )
    assert len({one.story_id for one in placed}) == 4


def test_an_outlet_that_goes_on_with_its_own_text_revises_it(database: Database) -> None:
    first, second = arrive(
        database,
        article("farda", SESSION[:4]),
        article("farda", SESSION, minutes=120),
    )
    assert second.story_id == first.story_id
    assert second.relation is Relation.REVISION


def test_twins_of_one_house_mirror_each_other(database: Database) -> None:
    first, second = arrive(database, article("rasad"), article("online", minutes=3))
    assert second.story_id == first.story_id
    assert second.relation is Relation.MIRROR


def test_the_same_id_on_another_host_is_a_mirror(database: Database) -> None:
    first, second = arrive(
        database,
        article("nazir", external_id="48123"),
        article("farda", minutes=3, external_id="48123"),
    )
    assert second.relation is Relation.MIRROR
    assert first.relation is Relation.ORIGINAL


def test_two_partial_copies_meet_in_their_late_original(database: Database) -> None:
    report = REPORTS["workshops"]
    paragraphs = report.paragraphs
    upper = article("arman", paragraphs[:3], title=report.title, minutes=0)
    lower = article("farda", paragraphs[3:], title=report.title, minutes=20)
    apart = arrive(database, upper, lower)
    assert apart[0].story_id != apart[1].story_id
    whole = article("nazir", paragraphs, title=report.title, minutes=-30)
    late = arrive(database, replace(whole, fetched_at=lower.fetched_at + timedelta(hours=1)))[0]
    with database.read() as connection:
        assert len(members_of(connection, late.story_id)) == 3
        assert standing_story(connection, apart[0].story_id).id == late.story_id
        assert standing_story(connection, apart[1].story_id).id == late.story_id
        relations = [one.relation for one in members_of(connection, late.story_id)]
    assert late.relation is Relation.ORIGINAL
    assert relations.count(Relation.ORIGINAL) == 1


def test_what_a_person_split_no_late_original_joins(database: Database) -> None:
    report = REPORTS["workshops"]
    paragraphs = report.paragraphs
    upper = article("arman", paragraphs[:3], title=report.title, minutes=0)
    lower = article("farda", paragraphs[3:], title=report.title, minutes=20)
    other = article("rasad", paragraphs[3:], title=report.title, minutes=40)
    placed = arrive(database, upper, lower, other)
    with database.write() as connection:
        split(connection, [3], by_whom="زهرا", why="دو خبر", roles=ROLES, now=other.fetched_at)
    arrive(database, article("nazir", paragraphs, title=report.title, minutes=60))
    with database.read() as connection:
        standing = {standing_story(connection, one.story_id).id for one in placed}
        assert find_member(connection, 3) != find_member(connection, 2)
        separate = find_member(connection, 3)
    assert separate is not None
    assert separate.story_id not in standing


PRICES = (
    "هر کیلوگرم پسته فندقی در میدان بار رفسنجان امروز {a} هزار تومان، اکبری {b} هزار تومان، "
    "کله‌قوچی {c} هزار تومان و احمدآقایی {d} هزار تومان داد و ستد شد. فعالان بازار، نرخ ارز را "
    "سبب این تغییر می‌دانند."
)


def test_a_copy_of_a_known_templates_issue_joins_that_issue_only(database: Database) -> None:
    days = [
        article(
            "farda",
            (PRICES.format(a=401 + 7 * day, b=511 + 9 * day, c=445 + 4 * day, d=470 + 3 * day),),
            title="نرخ امروز پسته",
            minutes=60 * 24 * day,
        )
        for day in range(8)
    ]
    issues = arrive(database, *days)
    assert len({one.story_id for one in issues}) == 8
    paragraphs = ("به گزارش فردای کرمان، " + days[7].body,)
    copy = article("arman", paragraphs, title="پسته چند شد؟", minutes=60 * 24 * 7 + 90)
    copied = arrive(database, copy)[0]
    assert copied.story_id == issues[7].story_id


def test_a_week_later_a_whole_copy_counts_and_a_part_does_not(database: Database) -> None:
    week = 7 * 24 * 60
    report = REPORTS["steam"]
    mixed = (*SESSION[1:4], *report.paragraphs[:4])
    first, part, whole = arrive(
        database,
        article("nazir"),
        article("arman", mixed, title="گزارش هفته", minutes=week),
        article("farda", minutes=week + 30),
    )
    assert part.story_id != first.story_id
    assert whole.story_id == first.story_id
