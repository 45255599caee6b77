"""A small newsroom for the tests: Persian articles and queries at random, archived and indexed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from hypothesis import strategies as st
from sqlalchemy import Connection

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
from storage.articles import get_article, keep_article
from storage.document import Document, document_of
from storage.index import index_article
from storage.query import (
    DateBound,
    Everything,
    Fact,
    FactField,
    Mode,
    Near,
    Not,
    Query,
    Term,
    TextField,
    Within,
)
from storage.query_dates import read_date, read_last
from storage.query_parser import all_of, any_of

NOW: Final = datetime(2025, 6, 1, 12, tzinfo=UTC)
#: Few words, so that random queries meet random texts; every trap of the press is among them.
WORDS: Final = (
    "مس",
    "مسی",
    "مس‌ها",
    "مسئول",
    "معدن",
    "معدنی",
    "معادن",
    "شرکت",
    "شرکت‌های",
    "شركتهاي",
    "شرکت های",
    "خاتون‌آباد",
    "خاتونآباد",
    "خاتون آباد",
    "آباد",
    "کارخانه",
    "کارخانهٔ",
    "کارخانهای",
    "سرمایه‌گذاری",
    "سرمایهگذاری",
    "سرمایه",
    "کوچک",
    "و",
    "متوسط",
    "طلای",
    "طلا",
    "SME",
    "SMEها",
    "۱۴۰۲",
    "رئیس‌جمهور",
    "رئال",
    "ریال",
)
GLUE: Final = (" ", " ", " ", " ", "\u200c", "، ", ". ", " «", "\n")


@dataclass(frozen=True)
class Desk:
    """The catalogue's entry of an outlet, as far as a document needs it."""

    name: str = "نذیر کرمان"
    name_en: str | None = "Nazir"
    role: str = "local"
    town: str | None = "کرمان"


DESKS: Final = {
    "nazir": Desk(),
    "metals": Desk(name="فلزات", name_en="Metals", role="trade", town=None),
}


@dataclass(frozen=True)
class Story:
    """What a test says of an article."""

    title: str = "یک خبر"
    body: str = ""
    lead: str | None = None
    kicker: str | None = None
    tags: tuple[str, ...] = ()
    outlet: str = "nazir"
    language: str = "fa"
    credit: str | None = None
    at: datetime = NOW - timedelta(days=1)
    number: int = 0
    seen_at: datetime = field(default=NOW)


def article_of(story: Story) -> Article:
    claim = DateClaim(at=story.at, source=DateSource.FEED, trust=Trust.EXACT, printed=str(story.at))
    named = (Credit(kind=CreditKind.SOURCE_TAG, name=story.credit),) if story.credit else ()
    return Article(
        outlet_id=story.outlet,
        url=f"http://{story.outlet}.ir/{story.number}",
        canonical_url=f"http://{story.outlet}.ir/{story.number}",
        external_id=None,
        title=story.title,
        kicker=story.kicker,
        lead=story.lead,
        blocks=(Block(kind=BlockKind.PARAGRAPH, text=story.body),) if story.body else (),
        tags=story.tags,
        published=claim,
        credits=named,
        language=story.language,
        fetched_at=story.seen_at,
    )


def put(connection: Connection, story: Story) -> int:
    """Keep and index one article; return its id."""
    kept = keep_article(connection, article_of(story))
    archived = get_article(connection, kept.article_id)
    document = document_of(
        archived.article, published_at=archived.sort_at, outlet=DESKS.get(story.outlet)
    )
    index_article(connection, kept.article_id, document)
    return kept.article_id


def put_all(connection: Connection, stories: Sequence[Story]) -> list[int]:
    return [
        put(connection, Story(**{**story.__dict__, "number": number}))
        for number, story in enumerate(stories)
    ]


def document(**fields: object) -> Document:
    """A document with only what a test is about."""
    whole = {"outlet_id": "nazir", "title": "", "published_at": NOW} | fields
    return Document(**whole)  # type: ignore[arg-type]


@st.composite
def texts(draw: st.DrawFn, most: int = 25) -> str:
    chosen = draw(st.lists(st.sampled_from(WORDS), max_size=most))
    glue = draw(st.lists(st.sampled_from(GLUE), min_size=len(chosen), max_size=len(chosen)))
    return "".join(word + joint for word, joint in zip(chosen, glue, strict=True))


@st.composite
def stories(draw: st.DrawFn) -> Story:
    return Story(
        title=draw(texts(6)) or "خبر",
        lead=draw(st.none() | texts(6)),
        kicker=draw(st.none() | texts(4)),
        body=draw(texts()),
        tags=tuple(draw(st.lists(st.sampled_from(WORDS), max_size=2))),
        outlet=draw(st.sampled_from(sorted(DESKS))),
        language=draw(st.sampled_from(["fa", "ar"])),
        credit=draw(st.none() | st.sampled_from(["ایرنا", "شرکت مس"])),
        at=NOW - timedelta(hours=draw(st.integers(1, 400))),
    )


@st.composite
def terms(draw: st.DrawFn) -> Term:
    mode = draw(st.sampled_from([Mode.INFLECTED, Mode.INFLECTED, Mode.EXACT, Mode.PREFIX]))
    count = draw(st.integers(1, 3))
    words = draw(st.lists(st.sampled_from(WORDS), min_size=count, max_size=count))
    if mode is Mode.PREFIX:
        words[-1] = draw(st.sampled_from(["مس", "معد", "شرکت", "خاتون", "کارخان", "سرمایهگ"]))
    text = " ".join(words)
    return Term(text=text, mode=mode, quoted=" " in text or draw(st.booleans()))


def located() -> st.SearchStrategy[Query]:
    return st.recursive(
        terms(),
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=3).map(any_of),
            st.builds(
                Near,
                left=inner,
                right=inner,
                distance=st.integers(1, 8),
                negated=st.booleans(),
            ),
        ),
        max_leaves=4,
    )


def facts() -> st.SearchStrategy[Query]:
    return st.sampled_from(
        [
            Fact(field=FactField.ROLE, value="trade"),
            Fact(field=FactField.LANG, value="fa"),
            Fact(field=FactField.IS, value="original"),
            Fact(field=FactField.TOPIC, value="copper"),
            read_date(DateBound.AFTER, "2025-05-25"),
            read_date(DateBound.BEFORE, "1404/03/08"),
            read_date(DateBound.ON, "1404/03"),
            read_last("5d", now=NOW),
            Everything(),
        ]
    )


def queries() -> st.SearchStrategy[Query]:
    fielded = st.builds(Within, field=st.sampled_from(list(TextField)), part=located())
    return st.recursive(
        st.one_of(located(), fielded, facts()),
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=3).map(all_of),
            st.lists(inner, min_size=2, max_size=3).map(any_of),
            inner.map(lambda part: part.part if isinstance(part, Not) else Not(part=part)),
        ),
        max_leaves=5,
    )
