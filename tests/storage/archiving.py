"""A process that archives a fixed stream of readings and says after each commit how far it is.

Run as `python -m tests.storage.archiving URL`; tests kill it at random instants.
"""

import sys
from dataclasses import dataclass, replace
from datetime import timedelta

from crawler.article import Article
from storage.archive import archive
from storage.database import Database
from tests.storage.articles import NOON, article, report

OUTLETS = ("sobh", "rasa", "peyk", "neda", "khabar")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An outlet of a catalogue, as far as the archive looks at it."""

    role: str = "local"
    group: str | None = None
    aliases: tuple[str, ...] = ()
    name: str = "صبح سیرجان"
    name_en: str | None = None
    town: str | None = None


ROLES = {outlet_id: Entry() for outlet_id in OUTLETS}


def stream() -> list[list[Article]]:
    """The readings, in batches of one transaction each: stories, copies, edits, repetitions."""
    batches: list[list[Article]] = []
    for day in range(12):
        ran = [_on(day, report(outlet, minutes=7 * at)) for at, outlet in enumerate(OUTLETS)]
        batches += [[ran[0]], ran[1:3], [_on(day, article(day)), ran[3]], [ran[4], ran[0]]]
        edited = replace(ran[1], title=f"{ran[1].title} (اصلاح)")
        batches.append([replace(edited, fetched_at=edited.fetched_at + timedelta(hours=2))])
    return batches


def _on(day: int, given_article: Article) -> Article:
    """The same page on another day: another address, another town, other figures."""
    town = ("سیرجان", "بم", "جیرفت", "زرند", "رفسنجان", "بافت")[day % 6]
    moved = timedelta(days=day)
    claim = given_article.published
    return replace(
        given_article,
        canonical_url=f"{given_article.canonical_url}/{day}",
        title=given_article.title.replace("سیرجان", f"{town} {day}"),
        blocks=tuple(
            replace(block, text=f"{block.text.replace('سیرجان', town)} ({day * 131 % 97})")
            for block in given_article.blocks
        ),
        published=None if claim is None else replace(claim, at=claim.at + moved),
        fetched_at=given_article.fetched_at + moved,
    )


def run(url: str) -> None:
    """Archive the whole stream, from its beginning, whatever stands already."""
    database = Database.open(url)
    for number, batch in enumerate(stream()):
        with database.write() as connection:
            for given_article in batch:
                archive(connection, given_article, roles=ROLES, now=NOON + timedelta(days=30))
        print(number, flush=True)
    database.close()


if __name__ == "__main__":
    run(sys.argv[1])
