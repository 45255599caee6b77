"""Persian articles of our own for the same-story tests: a committee's session, and its copies."""

from datetime import UTC, datetime, timedelta

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

NOON = datetime(2026, 2, 14, 8, 30, tzinfo=UTC)

SESSION_TITLE = "رونق استان از کارگاه‌های کوچک می‌گذرد"
SESSION = (
    "نهمین نشست کارگروه پیوند صنایع کوچک و بزرگ کرمان در مجتمع مس خاتون‌آباد شهربابک برپا شد.",
    (
        "جواد میرزایی، معاون اقتصادی استاندار، در این نشست گفت: هر کارخانه بزرگ باید در همسایگی "
        "خود چند کارگاه کوچک را سر پا نگه دارد تا سود معدن در همین خاک بماند."
    ),
    (
        "وی افزود: پشتیبانی از کارگاه‌ها تنها خرید قطعه از آن‌ها نیست؛ باید در سهام شرکت‌های "
        "دانش‌بنیان هم شریک شد و خطر کار را با جوانان تقسیم کرد."
    ),
    (
        "میرزایی با اشاره به تولید کاتد در استان یادآور شد: فروش ورق مس هنر نیست، هنر آن است که "
        "سیم، لوله و قطعه برقی در شهرک‌های صنعتی خودمان ساخته شود."
    ),
    (
        "به گفته او دانشگاه‌های استان نیز باید پای کار بیایند تا دانشجو کنار درس، دستگاه را هم از "
        "نزدیک ببیند و مهارت بیاموزد."
    ),
    (
        "در پایان این نشست قرار شد فهرست نیازهای مجتمع‌های معدنی هر سه ماه یک بار در اختیار "
        "کارگاه‌های کوچک گذاشته شود."
    ),
)


def article(
    outlet_id: str,
    paragraphs: tuple[str, ...] = SESSION,
    *,
    title: str = SESSION_TITLE,
    minutes: float = 0,
    credits_: tuple[Credit, ...] = (),
    external_id: str | None = None,
    claims_time: bool = True,
    url: str | None = None,
) -> Article:
    """Return an article that an outlet published `minutes` after the first of all."""
    at = NOON + timedelta(minutes=minutes)
    url = url or f"https://{outlet_id}.test/{abs(hash((title, paragraphs, minutes)))}"
    return Article(
        outlet_id=outlet_id,
        url=url,
        canonical_url=url,
        external_id=external_id,
        title=title,
        blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=one) for one in paragraphs),
        published=DateClaim(at=at, source=DateSource.META, trust=Trust.EXACT, printed="")
        if claims_time
        else None,
        credits=credits_,
        fetched_at=at + timedelta(minutes=5),
    )


def credit(outlet_id: str, kind: CreditKind = CreditKind.QUOTED_FROM, name: str = "") -> Credit:
    """Return a credit to an outlet of the catalogue."""
    return Credit(kind=kind, name=name or outlet_id, outlet_id=outlet_id)


def office(name: str = "روابط عمومی استانداری کرمان") -> Credit:
    """Return a credit to a press office."""
    return Credit(kind=CreditKind.QUOTED_FROM, name=name, body=name)
