from datetime import timedelta

from crawler.article import Credit, CreditKind
from storage.database import Database
from storage.habits import outlet_habits
from storage.pickup import pickup
from storage.relations import Relation
from storage.spread import story_spread
from storage.unresolved import unresolved_credits
from tests.storage.same_story_press import arrive
from tests.storage.same_story_texts import NOON, SESSION, SESSION_TITLE, article, credit, office

DAY = timedelta(days=1)


def a_chain(database: Database) -> int:
    """Nazir's story, taken by Farda with credit, by Vista from Farda, by Arman without a word."""
    return arrive(
        database,
        article("nazir", credits_=(office(),)),
        article("farda", SESSION[:4], minutes=30, credits_=(credit("nazir"),)),
        article(
            "vista",
            SESSION[:4],
            minutes=90,
            credits_=(credit("farda", CreditKind.SOURCE_TAG),),
        ),
        article("arman", minutes=240),
    )[0].story_id


def test_a_spread_tells_who_took_the_text_from_whom_when_and_how_much(database: Database) -> None:
    story_id = a_chain(database)
    with database.read() as connection:
        spread = story_spread(connection, story_id)
    told = [(one.outlet_id, one.source_outlet_id, one.is_credited) for one in spread.steps]
    assert told == [
        ("nazir", None, False),
        ("farda", "nazir", True),
        ("vista", "farda", True),
        ("arman", "nazir", False),
    ]
    assert [one.after for one in spread.steps] == [
        timedelta(minutes=minutes) for minutes in (0, 30, 90, 240)
    ]
    farda = spread.steps[1]
    assert farda.relation is Relation.TRUNCATED
    assert farda.kept is not None
    assert 0.4 < farda.kept < 0.8
    assert farda.added is not None
    assert farda.added < 0.1
    assert spread.origin == "روابط عمومی استانداری کرمان"
    assert spread.outlet_ids == {"nazir", "farda", "vista", "arman"}


def test_a_first_reading_that_was_no_original_is_compared_with_the_one_that_came_late(
    database: Database,
) -> None:
    story_id = arrive(
        database,
        article("arman", SESSION[:4], minutes=60, credits_=(credit("nazir"),)),
        article("nazir", minutes=90),
    )[0].story_id
    with database.read() as connection:
        spread = story_spread(connection, story_id)
    (arman,) = [step for step in spread.steps if step.outlet_id == "arman"]
    assert spread.original_article_id != arman.article_id
    assert arman.kept is not None
    assert arman.added is not None
    assert 0.4 < arman.kept < 0.8
    assert arman.added < 0.1


def test_habits_tell_an_outlets_own_work_from_what_it_copies(database: Database) -> None:
    a_chain(database)
    pistachio = (
        "برداشت پسته در باغ‌های انار از هفته آینده آغاز می‌شود و کشاورزان از کم‌آبی گله دارند.",
    )
    arrive(database, article("farda", pistachio, title="پسته انار رسید", minutes=300))
    with database.read() as connection:
        farda = outlet_habits(connection, "farda", since=NOON - DAY, until=NOON + DAY)
        nazir = outlet_habits(connection, "nazir", since=NOON - DAY, until=NOON + DAY)
        silent = outlet_habits(connection, "mehr", since=NOON - DAY, until=NOON + DAY)
        before = outlet_habits(connection, "farda", since=NOON - DAY, until=NOON)
    assert farda.own_share == 0.5
    assert [(one.outlet_id, one.articles, one.credited) for one in farda.suppliers] == [
        ("nazir", 1, 1)
    ]
    assert farda.suppliers[0].delay == timedelta(minutes=30)
    assert farda.copied_by == {"vista": 1}
    assert nazir.own_share == 1.0
    assert nazir.copied_by == {"farda": 1, "arman": 1}
    assert (silent.articles, silent.own_share) == (0, 0.0)
    assert before.articles == 0


def test_a_release_is_followed_to_everybody_who_ran_it(database: Database) -> None:
    a_chain(database)
    with database.read() as connection:
        runs = pickup(connection, "\n".join(SESSION), title=SESSION_TITLE, released_at=NOON)
    assert [run.outlet_id for run in runs] == ["nazir", "farda", "vista", "arman"]
    assert runs[0].kept > 0.95
    assert runs[1].kept < 0.8
    assert all(run.added < 0.2 for run in runs)


def test_a_release_nobody_ran_is_picked_up_by_nobody(database: Database) -> None:
    a_chain(database)
    with database.read() as connection:
        assert pickup(connection, "گلخانه‌های جیرفت امسال زودتر بار دادند.", released_at=NOON) == []
        assert pickup(connection, "\n".join(SESSION), released_at=NOON + 90 * DAY) == []


def test_names_nobody_has_mapped_are_listed_for_the_operator(database: Database) -> None:
    unknown = Credit(kind=CreditKind.QUOTED_FROM, name="هفته‌نامه ناشناس")
    other = Credit(kind=CreditKind.SOURCE_TAG, name="پیک بردسیر")
    arrive(
        database,
        article("nazir", credits_=(unknown, office())),
        article("farda", minutes=30, credits_=(credit("nazir"), unknown)),
        article("arman", minutes=60, credits_=(other,)),
    )
    with database.read() as connection:
        names = unresolved_credits(connection, since=NOON - DAY)
        assert unresolved_credits(connection, since=NOON + DAY) == []
    assert [(one.name, one.times, one.article_id) for one in names] == [
        ("هفته‌نامه ناشناس", 2, 2),
        ("پیک بردسیر", 1, 3),
    ]
