"""Let articles arrive in an archive one after the other, each in its own transaction."""

from dataclasses import dataclass

from crawler.article import Article
from storage.articles import keep_article
from storage.database import Database
from storage.stories import Placement, place


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An outlet of the catalogue as far as stories need it."""

    role: str = "local"
    group: str | None = None
    name: str = ""
    aliases: tuple[str, ...] = ()


ROLES = {
    "nazir": Known(name="نذیر کرمان"),
    "arman": Known(name="آرمان"),
    "farda": Known(name="فردای کرمان"),
    "rasad": Known(name="کرمان رصد", group="rasad"),
    "online": Known(name="کرمان آنلاین", group="rasad"),
    "mehr": Known(role="agency", name="مهر"),
    "tejarat": Known(role="republisher", name="تجارت آوا"),
    "vista": Known(role="aggregator", name="ویستا"),
}


def arrive(database: Database, *arriving: Article) -> list[Placement]:
    """Archive and place articles in this order."""
    placed = []
    for one in arriving:
        with database.write() as connection:
            kept = keep_article(connection, one)
            placed.append(place(connection, kept.article_id, one, roles=ROLES, now=one.fetched_at))
    return placed
