"""Who a text says it comes from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.article import Credit, CreditKind
from crawler.credits import find_credits, unresolved_names
from tests.crawler.presses import DIRECTORY, OWN_ARMAN, OWN_NAZIR

REPORTED, QUOTED, TAG = CreditKind.REPORTED_BY, CreditKind.QUOTED_FROM, CreditKind.SOURCE_TAG
PREFIX, DATELINE = CreditKind.PREFIX, CreditKind.DATELINE
INTERVIEW, CODE = CreditKind.INTERVIEW, CreditKind.CLOSING_CODE


def found(text: str, own: object = OWN_ARMAN) -> list[tuple[CreditKind, str, str | None]]:
    """Return kind, printed name and who it is (outlet or body) of every credit, checking places."""
    assert own in {OWN_ARMAN, OWN_NAZIR}
    credits_ = find_credits(
        text, outlet=OWN_NAZIR if own == OWN_NAZIR else OWN_ARMAN, directory=DIRECTORY
    )
    for credit in credits_:
        assert text[credit.start : credit.end] == credit.name
    return [(credit.kind, credit.name, credit.outlet_id or credit.body) for credit in credits_]


PRESS_RELEASE = (
    "نشست هم‌اندیشی کارگاه‌های کوچک استان برپا شد.\n"
    "به گزارش گروه اقتصادی پایگاه خبری تحلیلی «نذیر کرمان» و به نقل از روابط عمومی استانداری "
    "کرمان، نشست هم‌اندیشی کارگاه‌های کوچک با حضور مدیران برپا شد.\n"
    "منبع:آرمـان"
)


def test_a_repost_credits_the_first_outlet_and_the_press_office_and_tags_itself() -> None:
    credits_ = find_credits(PRESS_RELEASE, outlet=OWN_ARMAN, directory=DIRECTORY)
    assert [(c.kind, c.name, c.outlet_id, c.body, c.is_own) for c in credits_] == [
        (REPORTED, "نذیر کرمان", "nazirkerman", None, False),
        (QUOTED, "روابط عمومی استانداری کرمان", None, "استانداری کرمان", False),
        (TAG, "آرمـان", "armanekerman", None, True),
    ]


def test_the_same_words_in_the_first_outlet_name_itself_and_the_press_office() -> None:
    credits_ = find_credits(PRESS_RELEASE, outlet=OWN_NAZIR, directory=DIRECTORY)
    assert [(c.name, c.is_own) for c in credits_] == [
        ("نذیر کرمان", True),
        ("روابط عمومی استانداری کرمان", False),
        ("آرمـان", False),
    ]


@pytest.mark.parametrize(
    ("text", "name", "who"),
    [
        ("به گزارش فارس، باران آمد", "فارس", "fars"),
        ("به گزارش فارس باران آمد و رود پر شد و پل شکست", "فارس", "fars"),
        ("به گزارش خبرگزاري فارس از مشهد پرواز لغو شد", "خبرگزاري فارس", "fars"),
        ("به‌گزارش ايسنا؛ جاده باز شد", "ايسنا", "isna"),
        ("به گزارش ایسـنا، جاده باز شد", "ایسـنا", "isna"),
        ("به گزارش خبرنگار ایسنا از کرمان؛ جاده باز شد", "ایسنا", "isna"),
        ("به گزارش خبرنگار اقتصادی ایسنا منطقه کویر، جاده باز شد", "ایسنا", "isna"),
        (
            "به گزارش گروه استان‌های خبرگزاری دانشجویان ایران (ایسنا)، جاده باز شد",
            "خبرگزاری دانشجویان ایران",
            "isna",
        ),
        ("به گزارش گروه جهاد و مقاومت مشرق، سد پر شد", "مشرق", "mashregh"),
        ("به گزارش حوزه شهری روزنامه گلزار، سد پر شد", "روزنامه گلزار", None),
        ("به گزارش خبرگزاری خلیج فارس، سد پر شد", "خبرگزاری خلیج فارس", None),
        ("بنا بر گزارش مهر، سد پر شد", "مهر", "mehr"),
        ("طبق گزارش ایرنا، سد پر شد", "ایرنا", "irna"),
        ('به گزارش "ورزش سه"، بازی برابر شد', "ورزش سه", None),
        ("به گزارش هفته نامه گلزار، باغ‌ها شکوفه داد", "هفته نامه گلزار", None),
        ("به گزارش آرمان ملی، باغ‌ها شکوفه داد", "آرمان ملی", None),
        ("به گزارش «آرمان ملی» باغ‌ها شکوفه داد", "آرمان ملی", None),
        ("به گزارش آرمان ملی", "آرمان ملی", None),
        ("به گزارش ایسنا ملی پوشان کشتی به خانه رسیدند", "ایسنا", "isna"),
        ("به گزارش نذیرکرمان، باغ‌ها شکوفه داد", "نذیرکرمان", "nazirkerman"),
        (
            "به گزارش روابط عمومی اداره‌کل آموزش و پرورش یزد، کلاس‌ها باز شد",
            "روابط عمومی اداره‌کل آموزش و پرورش یزد",
            "اداره‌کل آموزش و پرورش یزد",
        ),
        (
            "به گزارش روابط عمومی شرکت ملی مس، کوره روشن شد",
            "روابط عمومی شرکت ملی مس",
            "شرکت ملی صنایع مس ایران",
        ),
        (
            "به گزارش سازمان آب و برق یزد، لوله ترکید",
            "سازمان آب و برق یزد",
            "سازمان آب و برق یزد",
        ),
    ],
)
def test_a_report_names_its_source(text: str, name: str, who: str | None) -> None:
    assert found(text) == [(REPORTED, name, who)]


@pytest.mark.parametrize(
    "text",
    [
        "به گزارش ؛ باران آمد",
        "به گزارش",
        "به گزارش: باران آمد",
        "به گزارشی درباره باران رسیدیم",
        "به گزارش‌های مردمی رسیدگی می‌شود",
        "به گزارش ارائه شده از طرف اتحادیه رسیدگی شد",
        "به گزارش این پایگاه، باران آمد",
        "وزیر با اشاره به گزارش بانک مرکزی از تورم گفت",
        "او در پاسخ به گزارش ایسنا نامه نوشت.",
        "مردم به گزارش کارها گوش دادند و رفتند و باز آمدند",
        "شهردار به نقل از مادرش قصه می‌گفت",
        "شهردار به نقل از وزارت بهداشت از گرما گفت",
        "او به گزارش سازمان هواشناسی تکیه کرد",
    ],
)
def test_what_names_nobody_or_only_speaks_of_a_report_is_no_credit(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "chain"),
    [
        (
            "به گزارش مشرق به نقل از فارس، برف آمد",
            [(REPORTED, "مشرق", "mashregh"), (QUOTED, "فارس", "fars")],
        ),
        (
            "به گزارش نذیر کرمان، به نقل از مشرق و به نقل از خبرگزاری فارس، برف آمد",
            [
                (REPORTED, "نذیر کرمان", "nazirkerman"),
                (QUOTED, "مشرق", "mashregh"),
                (QUOTED, "خبرگزاری فارس", "fars"),
            ],
        ),
        (
            "به گزارش نذیر کرمان به نقل از ایسنا و ایرنا، برف آمد",
            [
                (REPORTED, "نذیر کرمان", "nazirkerman"),
                (QUOTED, "ایسنا", "isna"),
                (QUOTED, "ایرنا", "irna"),
            ],
        ),
        (
            "به گزارش خبرگزاری مهر، رسالت نوشت: برف آمد",
            [(REPORTED, "خبرگزاری مهر", "mehr"), (PREFIX, "رسالت", None)],
        ),
        (
            "به گزارش خبرگزاری مهر، گلزار یزد نوشت: برف آمد",
            [(REPORTED, "خبرگزاری مهر", "mehr"), (PREFIX, "گلزار یزد", None)],
        ),
        (
            "به گزارش مشرق، خبرگزاری فارس در گزارشی نوشت: برف آمد",
            [(REPORTED, "مشرق", "mashregh"), (PREFIX, "خبرگزاری فارس", "fars")],
        ),
        (
            "به گزارش گروه جامعه ایسنا به نقل از پایگاه اطلاع‌رسانی استانداری تهران، برف آمد",
            [(REPORTED, "ایسنا", "isna"), (QUOTED, "استانداری تهران", "استانداری تهران")],
        ),
    ],
)
def test_a_chain_keeps_its_order(
    text: str, chain: list[tuple[CreditKind, str, str | None]]
) -> None:
    assert found(text) == chain


def test_an_anonymous_source_is_data_but_nobody_to_map() -> None:
    text = (
        "به نقل از یک منبع آگاه، برف آمد.\n"
        "به گزارش روابط عمومی، باد آمد.\n"
        "به نقل از گلزار نیوز، باران آمد."
    )
    credits_ = find_credits(text, outlet=OWN_ARMAN, directory=DIRECTORY)
    assert [credit.name for credit in credits_] == ["یک منبع آگاه", "روابط عمومی", "گلزار نیوز"]
    assert unresolved_names(credits_) == {"گلزار نیوز": 1}


@pytest.mark.parametrize(
    ("text", "kind", "name", "who"),
    [
        ("ایرنا/ پل تازه باز شد", PREFIX, "ایرنا", "irna"),
        ("ایسنا/کرمان پل تازه باز شد", PREFIX, "ایسنا", "isna"),
        ("فارس نوشت: پل تازه باز شد", PREFIX, "فارس", "fars"),
        ("تسنیم نوشت: پل تازه باز شد", PREFIX, "تسنیم", None),
        ("روزنامه گلزار نوشت: پل تازه باز شد", PREFIX, "روزنامه گلزار", None),
        ("روزنامه «گلزار» هم نوشت: پل باز شد", PREFIX, "گلزار", None),
        ("مشرق نیوز دوشنبه 17 آذر 1404 - 17:42", PREFIX, "مشرق نیوز", "mashregh"),
        (
            "روابط عمومی استانداری کرمان: پل باز شد",
            PREFIX,
            "روابط عمومی استانداری کرمان",
            "استانداری کرمان",
        ),
        ("کرمان – ایرنا – پل تازه باز شد", DATELINE, "ایرنا", "irna"),
        ("کرمان- ایرنا- پل تازه باز شد", DATELINE, "ایرنا", "irna"),
        ("شهر بابک ـ ایسنا ـ پل تازه باز شد", DATELINE, "ایسنا", "isna"),
        ("تهران (ایسنا) پل تازه باز شد", DATELINE, "ایسنا", "isna"),
        ("باشگاه خبرنگاران جوان - پل تازه باز شد", DATELINE, "باشگاه خبرنگاران جوان", None),
        ("آرمان - پل تازه باز شد", DATELINE, "آرمان", "armanekerman"),
    ],
)
def test_an_opening_names_the_source(
    text: str, kind: CreditKind, name: str, who: str | None
) -> None:
    assert found(text) == [(kind, name, who)]


@pytest.mark.parametrize(
    "text",
    [
        "شهرداری گرگان - صنعت مس رفسنجان - ساعت ۱۵",
        "شهردار نوشت: پل باز شد",
        "سرنوشت پل نوشت‌افزار فروش",
        "فارسی زبان ماست",
        "کرمان - رفسنجان: جاده باز شد",
    ],
)
def test_an_opening_that_is_no_press_is_no_credit(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "name", "who"),
    [
        ("او در گفت‌وگو با خبرنگار ایسنا گفت", "ایسنا", "isna"),
        ("او در گفتگو با خبرنگار ایسنا گفت", "ایسنا", "isna"),
        ("او در گفت و گو با خبرنگار ایسنا گفت", "ایسنا", "isna"),
        ("او در گفت‌و‌گو با خبرنگار ایسنا گفت", "ایسنا", "isna"),
        ("او در گفت‌وگوی اختصاصی با خبرنگار خبرگزاری مهر گفت", "خبرگزاری مهر", "mehr"),
        ("او در گفت‌وگو با ایسنا گفت", "ایسنا", "isna"),
        ("او به خبرنگار آرمان گفت", "آرمان", "armanekerman"),
        ('او در گفت و گو با خبرنگار "ورزش سه" گفت', "ورزش سه", None),
    ],
)
def test_an_interview_names_whose_reporter_asked(text: str, name: str, who: str | None) -> None:
    assert found(text) == [(INTERVIEW, name, who)]


@pytest.mark.parametrize(
    "text",
    [
        "او در گفتگو با خبرنگاران گفت",
        "او در گفت‌وگو با خبرنگار ما گفت",
        "او در گفت‌وگو با علی رضایی گفت",
        "او در گفت‌وگو با مردم شهر گفت",
        "او در گفت‌وگو با روابط عمومی استانداری کرمان گفت",
    ],
)
def test_a_talk_with_anybody_else_is_no_credit(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("line", "name", "who"),
    [
        ("منبع:آرمـان", "آرمـان", "armanekerman"),
        ("منبع: ایــسنا", "ایــسنا", "isna"),
        ("مرجع : خبرگزاری مهر", "خبرگزاری مهر", "mehr"),
        ("منبع خبر: گلزار یزد", "گلزار یزد", None),
        ("منبع: روزنامه گلزار یزد", "روزنامه گلزار یزد", None),
        ("منبع: https://www.irna.ir/news/12", "https://www.irna.ir/news/12", "irna"),
        ("منبع: www.armanekerman.ir", "www.armanekerman.ir", "armanekerman"),
        ("منبع: golzar.ir/12.", "golzar.ir/12", None),
        ("منبع: (+)", "(+)", None),
        ("منبع: ایسنا / کد خبر ۱۲", "ایسنا", "isna"),
        ("منبع: ایسنا - انتهای خبر", "ایسنا", "isna"),
        ("منبع: خبرگزاری مهر (https://golzar.ir/12)", "خبرگزاری مهر", "mehr"),
        ("منبع: گلزار (https://www.isna.ir/12)", "https://www.isna.ir/12", "isna"),
        ("منبع: ایسنا یزد و حومه", "ایسنا یزد و حومه", None),
        ("ایسنا", "ایسنا", "isna"),
        ("(مهر)", "مهر", "mehr"),
    ],
)
def test_the_end_of_a_text_tags_its_source(line: str, name: str, who: str | None) -> None:
    assert found(f"باران آمد.\n{line}") == [(TAG, name, who)]


def test_a_tag_may_stand_behind_the_last_sentence_or_list_several() -> None:
    assert found("باران آمد. منبع: ایسنا") == [(TAG, "ایسنا", "isna")]
    assert found("باران آمد.\nمنبع: ایسنا، مهر و فارس") == [
        (TAG, "ایسنا", "isna"),
        (TAG, "مهر", "mehr"),
        (TAG, "فارس", "fars"),
    ]


def test_a_list_may_end_in_a_name_nobody_mapped() -> None:
    assert found("باران آمد.\nمنبع: ایسنا و گلزار یزد") == [
        (TAG, "ایسنا", "isna"),
        (TAG, "گلزار یزد", None),
    ]
    assert found("باران آمد.\nمنبع: ایسنا، شماره ۱۲") == [(TAG, "ایسنا", "isna")]


def test_a_tag_in_the_middle_of_a_text_and_a_source_of_water_are_none() -> None:
    assert found("منبع: ایسنا\n" + "باران آمد.\n" * 5) == []
    assert found("این منبع آب شهر است.") == []


def test_a_link_and_a_code_are_nothing_to_map() -> None:
    text = "باران آمد.\nمنبع: (+)\nانتهای پیام/۶۰۰۰۲/س"
    credits_ = find_credits(text, outlet=OWN_ARMAN, directory=DIRECTORY)
    assert [credit.kind for credit in credits_] == [TAG, CODE]
    assert not unresolved_names(credits_)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("انتهای پیام/۶۰۰۰۲/س", "/۶۰۰۰۲/س"),
        ("انتهای پیام/511/", "/511/"),
        ("***انتهای خبر /ح", "/ح"),
        ("/511/", "/511/"),
        ("7438/8154/2624", "7438/8154/2624"),
        ("باران آمد./س", "/س"),
        ("** 2342", "** 2342"),
        ("باران آمد. ** 2342 **", "** 2342 **"),
    ],
)
def test_a_closing_code_is_kept_as_it_betrays_the_origin(line: str, code: str) -> None:
    assert found(f"باران آمد و رفت.\n{line}") == [(CODE, code, None)]


def test_a_closing_without_a_code_and_ordinary_fractions_are_no_code() -> None:
    assert found("باران آمد.\nانتهای پیام/") == []
    assert found("باران آمد.\nسهم او ۱/۳ است") == []


def test_a_reporter_at_the_closing_is_no_code() -> None:
    assert found("باران آمد.\nانتهای خبر/ گلزاری") == []


def test_credits_of_the_tail_have_no_place_in_the_text() -> None:
    credits_ = find_credits(
        "به گزارش فارس، باران آمد.",
        outlet=OWN_ARMAN,
        directory=DIRECTORY,
        tail="منبع: ایسنا\nانتهای پیام/511",
    )
    assert [(c.kind, c.name, c.start) for c in credits_] == [
        (REPORTED, "فارس", 9),
        (TAG, "ایسنا", None),
        (CODE, "/511", None),
    ]


def test_offsets_count_in_the_whole_text() -> None:
    text = "باران آمد.\n\n  به  گزارشِ خبرگزاري‌ فارس؛ برف آمد."
    (credit,) = find_credits(text, outlet=OWN_ARMAN, directory=DIRECTORY)
    assert credit == Credit(
        kind=REPORTED,
        name="خبرگزاري‌ فارس",
        outlet_id="fars",
        start=text.index("خبرگزاري"),
        end=text.index("؛"),
    )


WORDS = """
به گزارش نقل از منبع: مرجع : ایسنا خبرگزاری روابط عمومی استانداری کرمان « » ، و / /س ؛ نوشت گروه
انتهای پیام خبرنگار گفت‌وگو با کرمان - ـ (+) ** 23 آرمان ملی پایگاه خبری ۱۲ https://irna.ir ؟ .
"""
PIECES = [*WORDS.split(), "\n", "\u200c", " "]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join) | st.text(max_size=120))
def test_no_text_breaks_the_reader_and_credits_stand_in_order(text: str) -> None:
    end = 0
    for credit in find_credits(text, outlet=OWN_ARMAN, directory=DIRECTORY):
        assert credit.start is not None
        assert credit.end is not None
        assert end <= credit.start < credit.end <= len(text)
        assert text[credit.start : credit.end] == credit.name
        end = credit.end
