"""Articles for the tests of the archive: plain examples, and Hypothesis's any article at all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from crawler.article import (
    Article,
    Block,
    BlockKind,
    Credit,
    CreditKind,
    DateClaim,
    DateSource,
    Trust,
)

NOON = datetime(2026, 3, 21, 12, 0, tzinfo=UTC)


def article(number: int = 1, **changes: Any) -> Article:
    """One ordinary article; `number` makes its address and title."""
    url = f"https://sobh.example/news/{number}"
    ordinary = Article(
        outlet_id="sobh",
        url=url,
        canonical_url=url,
        external_id=str(number),
        title=f"افتتاح واحد تولیدی شمارهٔ {number} در سیرجان",
        kicker="اقتصاد استان",
        lead="یک واحد تولیدی کوچک در شهرک صنعتی سیرجان به بهره‌برداری رسید.",
        blocks=(
            Block(kind=BlockKind.PARAGRAPH, text="این واحد برای ۳۵ نفر کار می‌سازد."),
            Block(kind=BlockKind.HEADING, text="سرمایهٔ طرح"),
            Block(kind=BlockKind.PARAGRAPH, text="ساخت آن ۱۲ میلیارد تومان هزینه داشته است."),
        ),
        published=DateClaim(
            at=NOON + timedelta(minutes=number),
            source=DateSource.FEED,
            trust=Trust.EXACT,
            printed="۱۴۰۵/۰۱/۰۱ ۱۵:۳۰",
        ),
        credits=(Credit(kind=CreditKind.REPORTED_BY, name="صبح سیرجان", is_own=True),),
        section=("استان", "اقتصاد"),
        tags=("سیرجان", "شهرک صنعتی"),
        fetched_at=NOON + timedelta(minutes=number + 5),
    )
    return replace(ordinary, **changes)


def paragraph(text: str) -> tuple[Block, ...]:
    """A body of one paragraph."""
    return (Block(kind=BlockKind.PARAGRAPH, text=text),)


#: A report long enough to be recognised in another outlet's pages.
REPORT = (
    (
        "مدیر شهرک صنعتی شمارهٔ دو سیرجان گفت: ۱۸ واحد کوچک این شهرک که از پارسال خاموش مانده بودند "
        "با وام سرمایهٔ در گردش دوباره به کار افتادند."
    ),
    (
        "او افزود: این واحدها در زمینهٔ بسته‌بندی پسته، قطعه‌سازی و نساجی کار می‌کنند و ۴۲۰ نفر را سر "
        "کار برگردانده‌اند."
    ),
    (
        "به گفتهٔ وی، بازپرداخت وام‌ها از سال آینده آغاز می‌شود و بانک‌های عامل پذیرفته‌اند که سود "
        "دیرکرد پیشین را ببخشند."
    ),
    (
        "مدیر شهرک یادآور شد که برق و گاز شهرک در تابستان گذشته ۱۱ بار قطع شده و همین برای چند "
        "کارگاه زیانی سنگین به بار آورده است."
    ),
)


def report(outlet_id: str, *, minutes: int = 0, **changes: Any) -> Article:
    """The report as one outlet ran it, so many minutes after noon, and read two minutes later."""
    url = f"https://{outlet_id}.example/report/18"
    at = NOON + timedelta(minutes=minutes)
    claim = DateClaim(at=at, source=DateSource.FEED, trust=Trust.EXACT, printed="۱۵:۳۰")
    ran = Article(
        outlet_id=outlet_id,
        url=url,
        canonical_url=url,
        external_id=f"{outlet_id}-18",
        title="بازگشت ۱۸ واحد شهرک صنعتی سیرجان به تولید",
        blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in REPORT),
        published=claim,
        fetched_at=at + timedelta(minutes=2),
    )
    return replace(ran, **changes)


_instants = st.datetimes(
    min_value=datetime(1990, 1, 1),  # noqa: DTZ001  # Hypothesis wants it naive and adds the zone
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001  # the same
    timezones=st.just(UTC),
)
_texts = st.text(max_size=40)
_maybe = st.none() | _texts
_claims = st.builds(
    DateClaim,
    at=_instants,
    source=st.sampled_from(DateSource),
    trust=st.sampled_from(Trust),
    printed=_texts,
)
_offsets = st.none() | st.integers(min_value=0, max_value=10**6)
_credits = st.builds(
    Credit,
    kind=st.sampled_from(CreditKind),
    name=_texts,
    outlet_id=_maybe,
    body=_maybe,
    is_own=st.booleans(),
    start=_offsets,
    end=_offsets,
)
_blocks = st.builds(Block, kind=st.sampled_from(BlockKind), text=_texts)


def _tuples(of: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(of, max_size=3).map(tuple)


#: Any article the types allow, empty texts and control characters included.
any_article: st.SearchStrategy[Article] = st.builds(
    Article,
    outlet_id=st.sampled_from(["sobh", "rasa"]),
    url=_texts,
    canonical_url=st.integers(0, 5).map(lambda number: f"https://sobh.example/{number}"),
    external_id=_maybe,
    title=_texts,
    kicker=_maybe,
    lead=_maybe,
    blocks=_tuples(_blocks),
    published=st.none() | _claims,
    modified=st.none() | _claims,
    byline=_maybe,
    credits=_tuples(_credits),
    section=_tuples(_texts),
    tags=_tuples(_texts),
    image_url=_maybe,
    tail=_maybe,
    language=st.sampled_from(["fa", "ar", "und"]),
    missing=_tuples(_texts),
    is_excerpt=st.booleans(),
    fetched_at=_instants,
)
