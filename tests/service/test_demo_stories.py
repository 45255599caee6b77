"""The stories of the simulated press: what each telling changes, and that the cast is complete."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.demo import printed_dates
from service.demo.cast import HOSTILE_FILE, Member, Trouble, load_cast
from service.demo.chronicle import KEEPERS, chronicle, notices
from service.demo.pieces import Piece, apply, pieces_at, shorten, slug_of
from service.demo.spelling import (
    TATWEEL,
    ZWNJ,
    arabic_digits,
    arabic_letters,
    joined,
    latin_digits,
    spaced,
    stretched,
)
from service.demo.stories import Edit, Story, Telling, load_stories, paragraphs_of

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
CAST = load_cast()
STORIES = load_stories()
TOPICS = {"sme", "copper", "football-mes"}
SENTENCES = "کوره روشن شد. سنگ به انبار رفت. کارگران برگشتند. شب آرام بود."


def a_member(name: str = "one", habit: str = "plain") -> Member:
    return Member(
        id=name,
        name=f"رسانه {name}",
        name_en=name,
        role="local",
        family="wordpress",
        dialect="wordpress",
        feed_path="/feed/",
        profile="wordpress",
        habit=habit,
    )


def told(edit: Edit, *, habit: str = "plain") -> Piece:
    """Tell a small story with one edit, as a copy of another outlet's."""
    story = Story(
        id="s",
        section="شهر",
        title="کوره‌ها روشن شد",
        lead="چکیده",
        paragraphs=(SENTENCES, "بند دوم."),
        tellings=(
            Telling(outlet_id="first", before_now=timedelta(hours=2)),
            Telling(outlet_id="one", before_now=timedelta(hours=1), edit=edit),
        ),
    )
    pieces = pieces_at((story,), (a_member("first"), a_member("one", habit)), act=1, now=NOW)
    return next(piece for piece in pieces if piece.outlet_id == "one")


def test_the_press_is_large_enough_to_show_every_kind_of_thing() -> None:
    assert len(CAST) >= 12
    assert len(STORIES) >= 30
    assert len({member.family for member in CAST}) >= 8
    assert len({member.dialect for member in CAST}) >= 6
    assert {member.trouble for member in CAST + load_cast(HOSTILE_FILE)} == set(Trouble)
    assert {"fa", "ar", "ckb"} == {story.language for story in STORIES}


def test_every_name_in_the_stories_is_known() -> None:
    everybody = CAST + load_cast(HOSTILE_FILE)
    outlets, stories = {member.id for member in everybody}, {story.id for story in STORIES}
    assert len(stories) == len(STORIES)
    for story in STORIES:
        assert {telling.outlet_id for telling in story.tellings} <= outlets
        assert set(story.topics) <= TOPICS
        assert {story.same_event_as, story.template_of} - {None} <= stories


def test_an_original_is_older_than_its_copies() -> None:
    for story in STORIES:
        first, *copies = story.tellings
        assert all(copy.before_now < first.before_now for copy in copies), story.id


def test_an_outlet_tells_a_story_once_and_numbers_are_its_own() -> None:
    pieces = pieces_at(STORIES, CAST, act=2, now=NOW)
    assert set(Counter((piece.outlet_id, piece.story_id) for piece in pieces).values()) == {1}
    assert set(Counter((piece.outlet_id, piece.number) for piece in pieces).values()) == {1}


def test_nothing_is_dated_in_the_future_and_newest_comes_first() -> None:
    pieces = pieces_at(STORIES, CAST, act=2, now=NOW)
    assert all(piece.published_at <= piece.modified_at <= NOW for piece in pieces)
    assert all(one.published_at >= other.published_at for one, other in pairwise(pieces))


def test_no_gap_for_a_name_is_left_open() -> None:
    for piece in pieces_at(STORIES, CAST, act=2, now=NOW):
        assert "{" not in f"{piece.title}{piece.lead}{piece.body}{piece.closing}"


def test_the_copper_story_without_the_word_copper_has_it_nowhere() -> None:
    (story,) = (story for story in STORIES if story.id == "khatoonabad")
    text = " ".join((story.title, story.kicker, story.lead, *story.paragraphs, *story.tags))
    assert "copper" in story.topics
    assert "مس" not in text.split()


def test_a_copy_names_its_own_outlet_or_the_original() -> None:
    piece = told(Edit(opening="به گزارش {own} به نقل از {origin}، ", closing="منبع: {origin}"))
    assert piece.paragraphs[0].startswith("به گزارش رسانه one به نقل از رسانه first، کوره")
    assert (piece.closing, piece.original_outlet_id) == ("منبع: رسانه first", "first")


def test_a_truncated_copy_ends_with_a_sentence() -> None:
    assert told(Edit(keep=0.4)).paragraphs == ("کوره روشن شد. سنگ به انبار رفت.",)


def test_words_are_swapped_everywhere_and_paragraphs_added() -> None:
    piece = told(Edit(swap={"کوره": "تنور"}, append=("پایان.",)))
    assert piece.title == f"تنور{ZWNJ}ها روشن شد"
    assert piece.paragraphs[0].startswith("تنور")
    assert piece.paragraphs[-1] == "پایان."


def test_paragraphs_can_be_run_together() -> None:
    assert told(Edit(in_one_paragraph=True)).paragraphs == (f"{SENTENCES} بند دوم.",)


def test_a_headline_anew_leaves_the_text_alone() -> None:
    piece = told(Edit(title="تازه", kicker="روتیتر", lead="", byline="نام"))
    assert (piece.title, piece.kicker, piece.lead, piece.byline) == ("تازه", "روتیتر", "", "نام")
    assert piece.paragraphs[0] == SENTENCES


def test_an_edit_of_nothing_changes_nothing() -> None:
    piece = told(Edit())
    assert apply(Edit(), piece) == piece


def test_a_newsroom_spells_as_it_is_used_to() -> None:
    assert told(Edit(), habit="joined").title == "کورهها روشن شد"


@given(st.floats(min_value=0.05, max_value=0.99))
def test_what_is_cut_is_a_beginning_of_the_text(keep: float) -> None:
    paragraphs = ("کوره", SENTENCES, SENTENCES)
    cut = shorten(paragraphs, keep)
    assert cut
    assert "\n".join(paragraphs).startswith("\n".join(cut))


@pytest.mark.parametrize(
    ("spelling", "printed"),
    [
        (arabic_letters, f"شركت{ZWNJ}هاي ۱۲ كارخانه"),
        (joined, "شرکتهای ۱۲ کارخانه"),
        (spaced, "شرکت های ۱۲ کارخانه"),
        (arabic_digits, f"شرکت{ZWNJ}های ١٢ کارخانه"),
        (latin_digits, f"شرکت{ZWNJ}های 12 کارخانه"),
    ],
)
def test_each_habit_changes_what_it_is_about(spelling: object, printed: str) -> None:
    assert callable(spelling)
    assert spelling(f"شرکت{ZWNJ}های ۱۲ کارخانه") == printed


@given(st.text(alphabet="ابتسشمنهیک۱۲ \u200c", max_size=60))
def test_a_tatweel_lengthens_words_and_loses_no_letter(text: str) -> None:
    assert stretched(text).replace(TATWEEL, "") == text


def test_headlines_of_the_press_do_get_stretched() -> None:
    assert any(TATWEEL in stretched(story.title) for story in STORIES)


def test_a_slug_is_letters_and_hyphens() -> None:
    assert slug_of(f"چرا «کوره{ZWNJ}ها» خاموش شد؟") == "چرا-کورهها-خاموش-شد"


def test_an_empty_line_ends_a_paragraph_and_a_line_break_does_not() -> None:
    assert paragraphs_of("\nیک\nدو\n\nسه\n") == ("یک دو", "سه")


@pytest.mark.parametrize(
    ("style", "printed"),
    [
        (printed_dates.jalali_long, "۲ آذر ۱۴۰۵ - ۱۱:۳۰"),
        (printed_dates.jalali_weekday, "دوشنبه ۲ آذر ۱۴۰۵ ساعت ۱۱:۳۰"),
        (printed_dates.jalali_slashes, "1405/09/02 11:30"),
        (printed_dates.jalali_seconds, "1405/09/02 11:30:00"),
        (printed_dates.jalali_dashes, "۱۴۰۵-۰۹-۰۲ ۱۱:۳۰"),
        (printed_dates.jalali_arabic_digits, "١٤٠٥/٠٩/٠٢ - ١١:٣٠"),
        (printed_dates.jalali_both, "۲ آذر ۱۴۰۵ - ۱۱:۳۰ - 23 November 2026"),
        (printed_dates.iso_utc, "2026-11-23T08:00:00Z"),
        (printed_dates.iso_tehran, "2026-11-23T11:30:00+03:30"),
        (printed_dates.rfc822, "Mon, 23 Nov 2026 08:00:00 GMT"),
        (printed_dates.sepehr, "23 Nov 2026 11:30:00 +0330"),
        (printed_dates.naive, "2026-11-23 11:30:00"),
    ],
)
def test_one_instant_in_every_form_of_the_press(style: object, printed: str) -> None:
    assert callable(style)
    assert style(NOW) == printed


def test_a_deep_archive_has_a_notice_of_its_own_for_every_day() -> None:
    notices = chronicle(days=400)
    pieces = pieces_at(notices, CAST, act=1, now=NOW)
    days = {(NOW - piece.published_at).days for piece in pieces}
    assert len(notices) == len({notice.id for notice in notices}) == 398
    assert days >= set(range(4, 400))
    assert {piece.outlet_id for piece in pieces} == set(KEEPERS)
    assert len({(piece.outlet_id, piece.number) for piece in pieces}) == len(pieces)
    assert chronicle(days=400) == notices


def test_a_press_without_an_archive_has_none() -> None:
    assert chronicle(days=0) == ()


def test_every_outlet_gets_its_notices_of_the_last_hours() -> None:
    told = notices(("kavirpress", "felezban"), 5)
    pieces = pieces_at(told, CAST, act=1, now=NOW)
    assert Counter(piece.outlet_id for piece in pieces) == {"kavirpress": 5, "felezban": 5}
    assert all(timedelta() < NOW - piece.published_at < timedelta(hours=48) for piece in pieces)
    assert len({piece.body for piece in pieces}) == 10
