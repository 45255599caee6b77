"""Articles, matches, subscriptions and alerts for the tests of delivery; every text is our own."""

from datetime import UTC, datetime, timedelta

from alerts.compose import StoryFacts
from alerts.match import Match
from alerts.message import Alert, Carrier, FiredRule, Name, Span
from crawler.article import Article, Block, BlockKind, DateClaim, DateSource, Trust
from storage.evaluate import Hit
from storage.subscription import (
    Channel,
    Preferences,
    Recipient,
    Subscription,
    SubscriptionState,
)

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # Monday 11:30 in Tehran
HOUR = timedelta(hours=1)
BODY = "مدیر مجتمع گفت تولید کاتد در خاتون‌آباد بالا رفت. کارگاه‌های کوچک هم قطعه می‌سازند."
NAMES = {
    "copper": Name(fa="صنعت مس", en="Copper"),
    "sme": Name(fa="صنایع کوچک", en="Small industry"),
}
OUTLETS = {"farda": Name(fa="فردای کرمان", en="Farda"), "nazir": Name(fa="نذیر کرمان", en="Nazir")}


def article(outlet_id: str = "farda", *, published_at: datetime | None = NOW) -> Article:
    """An article on copper and small workshops."""
    claim = (
        None
        if published_at is None
        else DateClaim(
            at=published_at, source=DateSource.META, trust=Trust.EXACT, printed="2026-11-23"
        )
    )
    return Article(
        outlet_id=outlet_id,
        url=f"https://{outlet_id}.example.ir/news/1",
        canonical_url=f"https://{outlet_id}.example.ir/news/1",
        external_id="1",
        title="تولید کاتد در خاتون‌آباد بالا رفت",
        kicker="مدیر مجتمع:",
        lead="خط تازه به کار افتاد.",
        blocks=(Block(kind=BlockKind.PARAGRAPH, text=BODY),),
        published=claim,
        fetched_at=NOW,
    )


def match(rule_id: str = "copper", word: str = "کاتد", score: float = 2.0) -> Match:
    """A rule that fired on one word of the body."""
    start = BODY.index(word)
    hit = Hit(term=word, field="body", start=start, end=start + len(word), printed=word)
    return Match(rule_id=rule_id, score=score, reasons=(), locate=lambda: (hit,))


COPPER = match()
SME = match("sme", "کارگاه‌های کوچک", 1.5)


def facts(story_id: int = 7) -> StoryFacts:
    """What the archive knows of the story."""
    return StoryFacts(
        story_id=story_id,
        article_id=70 + story_id,
        rule_names=NAMES,
        outlet_names=OUTLETS,
        archive_url=f"https://rasad.example.ir/stories/{story_id}",
    )


def subscription(
    name: str = "sara",
    preferences: Preferences | None = None,
    *,
    channel: Channel = Channel.EMAIL,
    address: str | None = None,
    created_at: datetime = NOW,
    disabled_at: datetime | None = None,
) -> Subscription:
    """An active subscription of name@example.ir, not in any database."""
    where = address or f"{name}@example.ir"
    return Subscription(
        id=f"sub_{name}",
        recipient=Recipient(
            id=f"rcp_{where}",
            channel=channel,
            address=where,
            created_at=NOW,
            disabled_at=disabled_at,
        ),
        state=SubscriptionState.ACTIVE,
        preferences=preferences or Preferences(rule_ids=("copper",)),
        created_at=created_at,
    )


def alert(story_id: int = 1, headline: str = "تولید کاتد در خاتون‌آباد بالا رفت") -> Alert:
    """An alert with everything in it."""
    return Alert(
        story_id=story_id,
        article_id=story_id + 100,
        outlet_id="farda",
        outlet=OUTLETS["farda"],
        headline=headline,
        kicker="مدیر مجتمع:",
        lead="خط تازهٔ SX-EW به کار افتاد.",
        published_at=NOW,
        found_at=NOW,
        url=f"https://farda.example.ir/news/{story_id}",
        archive_url=f"https://rasad.example.ir/stories/{story_id}",
        rules=(
            FiredRule(
                rule_id="copper",
                name=NAMES["copper"],
                score=2.5,
                terms=("کاتد",),
                sentence=(Span(text="تولید "), Span(text="کاتد", marked=True), Span(text=" رسید.")),
            ),
        ),
        spread=(
            Carrier(
                outlet_id="farda",
                name=OUTLETS["farda"],
                url="https://farda.example.ir/news/1",
                at=NOW,
                is_original=True,
            ),
            Carrier(
                outlet_id="nazir",
                name=OUTLETS["nazir"],
                url="https://nazir.example.ir/2",
                at=NOW + HOUR,
            ),
        ),
    )
