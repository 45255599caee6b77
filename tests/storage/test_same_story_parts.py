"""The pure parts of the same-story decision, one by one."""

from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persian.fold import fold
from storage.alignment import align, runs_in_order
from storage.candidates import propose
from storage.comparison import Side, compare, title_likeness
from storage.digests import is_component
from storage.everyday import is_date_word, is_everyday, is_number
from storage.evidence import Evidence, Ground, decode_evidence, encode_evidence
from storage.fingerprints import PERIOD, Posting, period_of
from storage.furniture import without_furniture
from storage.gaps import gaps
from storage.masks import masked
from storage.relations import Relation, relation_to
from storage.replacements import Replacements, replacements
from storage.shingles import (
    INDEX_GRAM,
    fingerprints,
    gram_hashes,
    skeleton,
    spread_over,
    window_of,
    winnow,
)
from storage.sketch import Sketch, sketch, words_in
from tests.storage.same_story_reports import REPORTS
from tests.storage.same_story_texts import NOON

LETTERS = "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
WORDS = st.lists(st.text(LETTERS, min_size=2, max_size=8), min_size=1, max_size=120)
NOBODY = frozenset[str]()


def text_of(name: str) -> str:
    return "\n".join(REPORTS[name].paragraphs)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("مسئولان", "مسوولان"),
        ("رئیس", "رییس"),
        ("هیئت", "هيأت"),
        ("می‌شود", "میشود"),
        ("وی گفت", "او گفت"),
        ("متهمان", "متهمین"),
        ("شرکت‌های", "شركت هاي"),
        ("عــــزیز", "عزيز"),
        ("۱۲۳", "١٢٣"),
    ],
)
def test_spellings_of_one_word_have_one_skeleton(one: str, other: str) -> None:
    left, right = skeleton(fold(one))[0], skeleton(fold(other))[0]
    assert left.tolist() == right.tolist()


def test_a_skeleton_knows_where_each_letter_stood_and_leaves_out_emoji() -> None:
    text = "مس 🏭 کرمان"
    codes, offsets = skeleton(text)
    assert [text[at] for at in offsets.tolist()] == [chr(code) for code in codes.tolist()]
    assert "🏭" not in {chr(code) for code in codes.tolist()}


@settings(deadline=None)
@given(WORDS)
def test_every_window_of_a_text_keeps_a_fingerprint(words: list[str]) -> None:
    codes, _ = skeleton("".join(words))
    hashes = gram_hashes(codes, INDEX_GRAM)
    window = window_of(len(codes))
    positions = winnow(hashes, window).tolist()
    assert bool(positions) == bool(len(hashes))
    assert all(after - before <= window for before, after in pairwise(positions))
    assert positions == sorted(set(positions))


@settings(deadline=None)
@given(WORDS, st.integers(0, 100))
def test_a_truncated_text_shares_fingerprints_with_the_whole(words: list[str], cut: int) -> None:
    whole, _ = skeleton("".join(words))
    part = whole[: len(whole) * (100 - cut) // 100]
    hashes = gram_hashes(part, INDEX_GRAM)
    if len(hashes) < 2 * window_of(len(whole)):
        return
    kept = fingerprints(gram_hashes(whole, INDEX_GRAM), len(whole))
    shared = set(kept.tolist()) & set(fingerprints(hashes, len(part)).tolist())
    assert shared


def test_a_text_shorter_than_a_gram_has_no_hashes() -> None:
    codes, _ = skeleton("مس")
    assert len(gram_hashes(codes, INDEX_GRAM)) == 0
    assert len(winnow(gram_hashes(codes, INDEX_GRAM), 8)) == 0
    assert sketch("مس", "").fingerprints == ()


def test_grams_cover_the_letters_from_their_starts() -> None:
    flags = spread_over(np.array([1, 2, 7]), 3, 12)
    assert np.flatnonzero(flags).tolist() == [1, 2, 3, 4, 7, 8, 9]


@settings(deadline=None)
@given(WORDS)
def test_a_text_is_wholly_in_itself(words: list[str]) -> None:
    one = Sketch(title="", text=" ".join(words))
    aligned = align(one, one)
    if len(one.grams):
        assert aligned.left.all()
        assert aligned.right.all()


@settings(deadline=None)
@given(WORDS, WORDS)
def test_runs_stand_in_order_and_hold_equal_letters(left: list[str], right: list[str]) -> None:
    middle = ["گزارش", "کارگاه‌های", "کوچک", "شهرستان", "رفسنجان"]
    one = Sketch(title="", text=" ".join([*left, *middle, *right]))
    other = Sketch(title="", text=" ".join([*right, *middle, *left]))
    runs = runs_in_order(one, other, align(one, other))
    for run in runs:
        mine = one.codes[run.left : run.left_end].tolist()
        assert mine == other.codes[run.right : run.right_end].tolist()
    for before, after in pairwise(runs):
        assert before.left < after.left
        assert before.right < after.right


def exchanged(one: str, other: str, neutral: frozenset[str] = NOBODY) -> Replacements:
    left, right = Sketch(title="", text=fold(one)), Sketch(title="", text=fold(other))
    found = gaps(left, right, runs_in_order(left, right, align(left, right)))
    return replacements(found, left=left.says, right=right.says, neutral=neutral)


def test_a_name_in_another_slot_of_a_template_is_no_run_of_equal_text() -> None:
    roads = "مدیرکل راهداری گفت: محور {} بسته است و در محور {} با زنجیر چرخ تردد می‌شود"
    one, other = (
        Sketch(title="", text=fold(roads.format(*names)))
        for names in (("کهنوج قلعه‌گنج", "بم جیرفت"), ("راین بردسیر", "کهنوج قلعه‌گنج"))
    )
    found = gaps(one, other, runs_in_order(one, other, align(one, other)))
    assert any("کهنوج" in left and "بردسیر" in right for left, right in found)


SEIZED = (
    "به گفته فرمانده انتظامی، مأموران پاسگاه {post} در بازرسی خودرو سواری "
    "{count} لیتر گازوئیل قاچاق کشف کردند"
)


@pytest.mark.parametrize(
    ("one", "other", "figures", "names"),
    [
        ({"post": "دهوج", "count": "۴۰۰"}, {"post": "دهوج", "count": "۹۰۰"}, 1, 0),
        ({"post": "دهوج", "count": "چهار"}, {"post": "دهوج", "count": "نه"}, 1, 0),
        ({"post": "دهوج", "count": "۴۰۰"}, {"post": "چترود", "count": "۴۰۰"}, 0, 1),
        ({"post": "دهوج", "count": "۴۰۰"}, {"post": "گلزار", "count": "۷۱"}, 1, 1),
        ({"post": "خوارزمی", "count": "۴۰۰"}, {"post": "خوارزمیی", "count": "۴۰۰"}, 0, 0),
        ({"post": "مرکزی", "count": "۴۰۰"}, {"post": "اصلی", "count": "۴۰۰"}, 0, 0),
        ({"post": "دهوج", "count": "۴۰۰"}, {"post": "دهوج", "count": "٤٠٠"}, 0, 0),
        (
            {"post": "دهوج", "count": "۴۲۰ حلقه چرخ و"},
            {"post": "دهوج", "count": "۲ هزار و ۳۰۰ ثوب جامه و"},
            1,
            0,
        ),
    ],
)
def test_figures_and_names_in_each_others_place_are_counted(
    one: dict[str, str], other: dict[str, str], figures: int, names: int
) -> None:
    found = exchanged(SEIZED.format(**one), SEIZED.format(**other))
    assert (found.figures, found.names) == (figures, names)


def test_the_outlets_own_names_may_be_exchanged() -> None:
    one = SEIZED.format(post="دهوج", count="۴۰۰")
    other = SEIZED.format(post="چترود", count="۴۰۰")
    found = exchanged(one, other, frozenset({"دهوج", "چترود"}))
    assert (found.total, found.slots, found.edits) == (0, 0, 0)


def test_one_figure_put_right_everywhere_is_one_correction() -> None:
    twice = f"{SEIZED} و این {{count}} لیتر در انبار فرماندهی انتظامی شهرستان نگهداری می‌شود"
    found = exchanged(
        twice.format(post="دهوج", count="۴۰۰"), twice.format(post="دهوج", count="۹۰۰")
    )
    assert (found.figures, found.kinds_of_figures) == (2, 1)
    assert found.corrected.total == 1


def test_an_editors_change_is_no_slot() -> None:
    found = exchanged(
        SEIZED.format(post="دهوج", count="۴۰۰"),
        SEIZED.format(post="دهوج", count="۴۰۰").replace("خودرو سواری", "ماشین سواری"),
    )
    assert (found.total, found.edits) == (0, 1)
    assert found.slot_share == 0.0


def test_texts_without_a_difference_have_no_slots_and_no_edits() -> None:
    assert Replacements().slot_share == 0.0
    same = SEIZED.format(post="دهوج", count="۴۰۰")
    assert exchanged(same, same) == Replacements()


@pytest.mark.parametrize("word", ["گفت", "گزارش‌ها".replace("\u200c", ""), "میگیرد", "مسیولان"])
def test_everyday_words_are_known_with_their_endings(word: str) -> None:
    assert is_everyday(word)


@pytest.mark.parametrize("word", ["سلاجقه", "رفسنجان", "کاظمینژاد"])
def test_names_are_no_everyday_words(word: str) -> None:
    assert not is_everyday(word)


def test_numbers_and_dates_are_told_apart() -> None:
    assert is_number("48")
    assert is_number("چهارده")
    assert not is_number("شنبه")
    assert is_date_word("شهریور")
    assert not is_date_word("48")


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        ("به گزارش آرمان، کوره روشن شد.", "کوره روشن شد."),
        ("به گزارش فارس و به نقل از مهر، کوره روشن شد.", "کوره روشن شد."),
        ("کرمان – ایرنا – کوره روشن شد.", "کوره روشن شد."),
        ("کوره روشن شد.\nانتهای پیام/۵۱۱", "کوره روشن شد."),
        ("کوره روشن شد.\nکد خبر: ۴۴", "کوره روشن شد."),
        ("کوره روشن شد.\nمنبع: مهر", "کوره روشن شد."),
        ("کوره روشن شد.\nبیشتر بخوانید: پسته گران شد", "کوره روشن شد."),
        ("", ""),
    ],
)
def test_what_stands_around_a_story_is_left_out(printed: str, kept: str) -> None:
    assert without_furniture(fold(printed)) == fold(kept)


def test_a_short_body_is_told_apart_by_its_title() -> None:
    assert sketch("کوره خاتون‌آباد", "فیلم").text == "کوره خاتون‌اباد\nفیلم"
    assert sketch("کوره خاتون‌آباد", "").text == "کوره خاتون‌اباد"


def test_quoted_letters_are_known() -> None:
    one = Sketch(title="", text="گفت: «کارگران این معدن سه ماه مزد نگرفته بودند» تا امروز")
    quoted = "".join(chr(code) for code in one.codes[one.quoted].tolist())
    assert quoted == "".join(
        chr(code) for code in skeleton("کارگران این معدن سه ماه مزد نگرفته بودند")[0].tolist()
    )


def test_learned_boilerplate_masks_what_stands_between_two_hits() -> None:
    one = sketch("", text_of("copper"))
    hashes = np.sort(np.array(one.fingerprints, dtype=np.int64).view(np.uint64))
    assert masked(one, hashes).mean() > 0.8
    assert not masked(one, hashes[:0]).any()
    assert not masked(sketch("", text_of("bus")), hashes).any()


@pytest.mark.parametrize(
    ("hours", "ground"),
    [(3, Ground.TEMPLATE_COPY), (47, Ground.TEMPLATE_COPY), (50, Ground.TOO_LITTLE)],
)
def test_a_text_all_of_boilerplate_is_a_copy_only_while_it_is_fresh(
    hours: int, ground: Ground
) -> None:
    old, new = (
        Side(
            article_id=number,
            story_id=number,
            outlet_id=outlet,
            external_id=None,
            at=NOON + timedelta(hours=hours * number),
            sketch=sketch("کوره", text_of("copper")),
        )
        for number, outlet in enumerate(("nazir", "farda"))
    )
    hashes = np.sort(gram_hashes(old.sketch.codes, INDEX_GRAM))
    assert compare(new, old, boilerplate=hashes).evidence.ground is ground


def test_a_headline_inside_a_longer_text_is_an_item_of_a_digest() -> None:
    report = REPORTS["bus"]
    short = sketch(report.title, text_of("bus"))
    longer = sketch("مرور خبرها", f"{text_of('copper')}\n■ {report.title}\n{text_of('bus')}")
    assert is_component(short, longer)
    assert is_component(longer, short)
    assert not is_component(short, sketch(report.title, longer.text))
    assert not is_component(short, short)


def test_titles_are_alike_in_any_order_of_their_words() -> None:
    assert title_likeness("کوره روشن شد", "شد روشن کوره امروز") == 1.0
    assert title_likeness("کوره روشن شد", "پسته گران است") == 0.0
    assert title_likeness("", "پسته") == 0.0


def test_words_are_joined_across_half_spaces() -> None:
    assert words_in("می\u200cشود 12 (مس)") == ["میشود", "12", "مس"]


@pytest.mark.parametrize(
    ("copy", "source", "same_outlet", "same_house", "relation"),
    [
        (1.0, 1.0, False, False, Relation.COPY),
        (0.95, 0.4, False, False, Relation.TRUNCATED),
        (0.4, 0.95, False, False, Relation.EXPANDED),
        (0.6, 0.6, False, False, Relation.REWRITTEN),
        (0.9, 0.9, False, True, Relation.MIRROR),
        (0.5, 0.9, False, True, Relation.EXPANDED),
        (0.5, 0.9, True, False, Relation.REVISION),
    ],
)
def test_a_relation_is_named_by_what_either_text_kept(
    copy: float, source: float, *, same_outlet: bool, same_house: bool, relation: Relation
) -> None:
    named = relation_to(
        share_of_copy=copy,
        share_of_source=source,
        same_outlet=same_outlet,
        same_house=same_house,
    )
    assert named is relation


def test_evidence_comes_back_from_its_json() -> None:
    evidence = Evidence(
        ground=Ground.BODY,
        share_of_new=0.5,
        share_of_old=0.25,
        own_share=0.75,
        shared=120,
        longest=60,
        figures=1,
        names=2,
        title=0.125,
        apart=timedelta(minutes=-3),
    )
    assert decode_evidence(encode_evidence(evidence)) == evidence
    assert evidence.same


def postings(spread: dict[int, dict[int, int]]) -> list[Posting]:
    """Return postings for hash → story → number of its articles."""
    return [
        Posting(hash=one, article_id=story * 100 + copy, story_id=story, period=7)
        for one, stories in spread.items()
        for story, copies in stories.items()
        for copy in range(copies)
    ]


def test_rare_fingerprints_speak_louder_and_common_ones_not_at_all() -> None:
    common = dict.fromkeys(range(10, 20), 1)
    spread = {1: {5: 1}, 2: {5: 1, 6: 1}, 3: common, 4: dict.fromkeys([5, 6, 7], 1)}
    found = propose(postings(spread), 7)
    assert list(found.by_story) == [5, 6, 7]
    assert found.boilerplate.view(np.int64).tolist() == [3, 4]
    assert set(found.article_ids) == {500, 600, 700}


def test_an_index_stops_growing_with_what_it_knows() -> None:
    spread = {1: {5: 4}, 2: dict.fromkeys(range(10, 20), 1), 3: {5: 1}}
    found = propose(postings(spread), 7)
    assert found.worth_adding([1, 2, 3, 9], 5) == [3, 9]
    assert found.worth_adding([1, 2, 3, 9], 6) == [1, 3, 9]


def test_what_is_common_is_carried_into_a_new_period() -> None:
    spread = {2: dict.fromkeys(range(10, 20), 1)}
    assert propose(postings(spread), 8).worth_adding([2], 5) == [2]
    assert propose(postings(spread), 7).worth_adding([2], 5) == []


def test_nothing_shared_proposes_nothing() -> None:
    found = propose([], 7)
    assert found.by_story == {}
    assert found.article_ids == ()
    assert found.worth_adding([1], 1) == [1]


def test_periods_follow_each_other_without_a_hole() -> None:
    assert period_of(NOON + PERIOD) == period_of(NOON) + 1
    assert period_of(NOON - PERIOD) == period_of(NOON) - 1
