"""An article as searches and rules see it: its texts as printed, and the facts around them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from crawler.article import Article
from storage.query import TextField


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One article to be searched or matched.

    Texts are as printed. `role` is the outlet's (local, agency …), `relation` the article's within
    its story (a `storage.relations.Relation` value), `topics` the ids of the topics that fired.
    `published_at` is UTC: when it is listed, that is the publication as far as it is believed.
    """

    outlet_id: str
    title: str
    published_at: datetime
    kicker: str = ""
    lead: str = ""
    body: str = ""
    tags: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()
    reporter: str = ""
    outlet_names: tuple[str, ...] = ()
    role: str = "local"
    town: str = ""
    language: str = "fa"
    relation: str = "original"
    is_revised: bool = False
    topics: frozenset[str] = frozenset()

    def printed(self, field: TextField) -> str:
        """Return the text of a field; the values of a list stand one a line."""
        match field:
            case TextField.TITLE:
                return f"{self.kicker}\n{self.title}" if self.kicker else self.title
            case TextField.LEAD:
                return self.lead
            case TextField.BODY:
                return self.body
            case _:
                return "\n".join(self._values(field))

    def _values(self, field: TextField) -> tuple[str, ...]:
        values = {
            TextField.TAG: self.tags,
            TextField.SECTION: self.section,
            TextField.CREDIT: self.credits,
            TextField.REPORTER: (self.reporter,),
            TextField.OUTLET: (self.outlet_id, *self.outlet_names),
            TextField.TOWN: (self.town,),
        }
        return values[field]


class OutletFacts(Protocol):
    """What a document takes from the outlet's entry in the catalogue."""

    @property
    def name(self) -> str:
        """The name in Persian."""

    @property
    def name_en(self) -> str | None:
        """The name in English."""

    @property
    def role(self) -> str:
        """Local, agency, official, trade, republisher or aggregator."""

    @property
    def town(self) -> str | None:
        """Where it sits."""


def document_of(  # noqa: PLR0913  # an article and what its story and outlet add
    article: Article,
    *,
    published_at: datetime,
    outlet: OutletFacts | None = None,
    relation: str = "original",
    is_revised: bool = False,
    topics: frozenset[str] = frozenset(),
) -> Document:
    """Turn an article into a document; an outlet that left the catalogue has no role or names."""
    names = tuple(filter(None, (outlet.name, outlet.name_en))) if outlet else ()
    return Document(
        outlet_id=article.outlet_id,
        title=article.title,
        published_at=published_at,
        kicker=article.kicker or "",
        lead=article.lead or "",
        body=article.body,
        tags=article.tags,
        section=article.section,
        credits=credited(article),
        reporter=article.byline or "",
        outlet_names=names,
        role=str(outlet.role) if outlet else "",
        town=(outlet.town or "") if outlet else "",
        language=article.language,
        relation=relation,
        is_revised=is_revised,
        topics=topics,
    )


def credited(article: Article) -> tuple[str, ...]:
    """Return the names an article credits, other than its own, with the ids they resolve to."""
    names = [
        name
        for credit in article.credits
        if not credit.is_own
        for name in (credit.name, credit.outlet_id, credit.body)
        if name
    ]
    return tuple(dict.fromkeys(names))
