"""Read kept pages again with the profiles of today; revisions only where the text changed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from crawler.article import Article
from crawler.entry import Entry
from crawler.extract import extract
from crawler.outlets import Outlet
from crawler.page import Failure
from service import pipeline
from service.house import House
from storage.articles import Outcome, find_article
from storage.errors import UnknownRecordError
from storage.kept_pages import KeptPage, latest_kept
from storage.pages import PageStore

BATCH: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Reparsed:
    """The count so far: pages read, what became of them, and pages that could not be read."""

    pages: int = 0
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    failed: int = 0


def reparse(house: House, store: PageStore, outlet: Outlet) -> Iterator[Reparsed]:
    """Read the latest kept page of each of an outlet's addresses again; yield after every page.

    An article that was in the archive keeps its place; only a text that came out otherwise becomes
    a revision, and a reading that lacks more than the one archived (a page from before a redesign)
    changes nothing. Nothing alerts. Repeatable.
    """
    count = Reparsed()
    for kept in _kept(house, outlet):
        outcome = _read_again(house, store, outlet, kept)
        count = replace(
            count,
            pages=count.pages + 1,
            new=count.new + (outcome is Outcome.NEW),
            revised=count.revised + (outcome is Outcome.REVISED),
            unchanged=count.unchanged + (outcome is Outcome.UNCHANGED),
            failed=count.failed + (outcome is None),
        )
        yield count


def _kept(house: House, outlet: Outlet) -> Iterator[KeptPage]:
    last: KeptPage | None = None
    while True:
        with house.database.read() as connection:
            found = latest_kept(connection, outlet.id, limit=BATCH, after=last)
        yield from found
        if len(found) < BATCH:
            return
        last = found[-1]


def _read_again(house: House, store: PageStore, outlet: Outlet, kept: KeptPage) -> Outcome | None:
    try:
        page = store.read(kept.place)
    except UnknownRecordError:
        return None
    entry = Entry(outlet_id=outlet.id, url=page.requested_url, canonical_url=kept.canonical_url)
    said = extract(page, outlet, entry=entry, directory=house.directory, now=house.clock())
    if isinstance(said, Failure):
        return None
    with house.database.write() as connection:
        standing = find_article(connection, said.outlet_id, said.canonical_url)
        known = standing.article if standing else None
        if known is not None and len(said.missing) > len(known.missing):
            return Outcome.UNCHANGED
        taken = pipeline.keep(
            connection, house, outlet, _dated_as_before(said, known), is_backfill=True
        )
    return taken.archived.outcome if taken.archived else None


def _dated_as_before(said: Article, known: Article | None) -> Article:
    """Keep what only the feed told: a page that names no date keeps the one it had.

    The reading counts as made now when it says something else, so that it becomes the latest text.
    """
    if known is None:
        return said
    return replace(
        said,
        published=said.published or known.published,
        fetched_at=max(said.fetched_at, known.fetched_at),
    )
