"""Compose the Alert of an article: its words, why rules fired, and who else carries the story."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from alerts.match import Match
from alerts.message import Alert, Carrier, Change, FiredRule, Name, Span
from alerts.sentence import sentence_with
from crawler.article import Article, Trust
from storage.evaluate import Hit

#: The fields of an article whose sentences are shown, the most telling first.
_FIELDS: Final = ("body", "lead", "title", "kicker")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFacts:
    """What an alert says that the article itself does not: identities, names, the spread.

    `rule_names` and `outlet_names` may lack an id; the id itself is then shown. `is_original` says
    that the article is its story's original.
    """

    story_id: int
    article_id: int
    rule_names: Mapping[str, Name] = field(default_factory=dict)
    outlet_names: Mapping[str, Name] = field(default_factory=dict)
    spread: tuple[Carrier, ...] = ()
    archive_url: str | None = None
    change: Change | None = None
    is_original: bool = False


def compose_alert(
    article: Article, matches: Sequence[Match], facts: StoryFacts, *, rule_ids: Collection[str]
) -> Alert:
    """Compose what is told of an article to those who follow `rule_ids`, strongest rule first."""
    told = sorted(
        (match for match in matches if match.rule_id in rule_ids),
        key=lambda match: (-match.score, match.rule_id),
    )
    return Alert(
        story_id=facts.story_id,
        article_id=facts.article_id,
        outlet_id=article.outlet_id,
        outlet=named(facts.outlet_names, article.outlet_id),
        headline=article.title,
        kicker=article.kicker,
        lead=article.lead or (article.blocks[0].text if article.blocks else None),
        published_at=believed_at(article),
        found_at=article.fetched_at,
        url=article.url,
        archive_url=facts.archive_url,
        rules=tuple(_fired(article, match, facts) for match in told),
        spread=facts.spread,
        change=facts.change,
    )


def believed_at(article: Article) -> datetime | None:
    """Return when an article was published, or None when no printed time is believed."""
    claim = article.published
    return None if claim is None or claim.trust is Trust.DOUBTFUL else claim.at


def named(names: Mapping[str, Name], identity: str) -> Name:
    """Return the name of an id, or the id when nobody has named it."""
    return names.get(identity) or Name(fa=identity)


def _fired(article: Article, match: Match, facts: StoryFacts) -> FiredRule:
    return FiredRule(
        rule_id=match.rule_id,
        name=named(facts.rule_names, match.rule_id),
        score=match.score,
        terms=match.words,
        sentence=_sentence(article, match.hits),
    )


def _sentence(article: Article, hits: Iterable[Hit]) -> tuple[Span, ...]:
    """Return the sentence with the most marks; of equals the body's says more than a headline's."""
    by_field: dict[str, list[tuple[int, int]]] = {}
    for hit in hits:
        by_field.setdefault(hit.field, []).append((hit.start, hit.end))
    sentences = [
        sentence_with(getattr(article, name) or "", by_field[name])
        for name in _FIELDS
        if name in by_field
    ]
    return max(sentences, key=_marks, default=())


def _marks(sentence: tuple[Span, ...]) -> int:
    return len({span.text for span in sentence if span.marked})
