"""Take an analyst's old collection in, the way a visit's articles go, but alerting nobody."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from crawler.article import Article
from crawler.entry import Entry
from crawler.extract import extract
from crawler.identity import belongs, canonical_url
from crawler.outlets import Outlet
from crawler.page import Failure, Page
from service import pipeline
from service.errors import SettingsError
from service.house import House
from storage.archive import archive
from storage.articles import Outcome
from storage.importing import read_jsonl
from storage.warc import pages_of

#: Articles of one transaction: few enough that the daemon's own writes do not wait.
BATCH: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What became of a file's records; `foreign` are pages of no outlet of the catalogue."""

    new: int = 0
    revised: int = 0
    unchanged: int = 0
    unreadable: int = 0
    foreign: int = 0

    @property
    def total(self) -> int:
        """All records that were looked at."""
        return self.new + self.revised + self.unchanged + self.unreadable + self.foreign


Progress = Callable[[TakenIn], None]


def take_in_file(house: House, file: Path, *, progress: Progress) -> TakenIn:
    """Take in a JSON Lines file or a WARC file, by what its name ends with. Repeatable.

    Each article is placed in its story and its topics are kept, as a visit's are. Raises
    SettingsError for a file of another kind or one that cannot be read, UnreadableRecordError that
    names the line.
    """
    try:
        if file.name.endswith((".warc", ".warc.gz")):
            with file.open("rb") as pages:
                return _take_in(
                    house, _read_pages(house, pages_of(pages, name=str(file))), progress
                )
        if file.name.endswith((".jsonl", ".ndjson")):
            with file.open(encoding="utf-8") as lines:
                found = read_jsonl(lines, name=str(file), now=house.clock())
                return _take_in(house, found, progress)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} cannot be read ({error})") from error
    raise SettingsError(f"{file}: name a file that ends with .jsonl, .warc or .warc.gz")


def _take_in(
    house: House, found: Iterable[Article | Failure | None], progress: Progress
) -> TakenIn:
    count = TakenIn()
    records = iter(found)
    while some := list(islice(records, BATCH)):
        with house.database.write() as connection:
            for one in some:
                count = _counted(count, one, connection, house)
        progress(count)
    return count


def _counted(
    count: TakenIn, one: Article | Failure | None, connection: Connection, house: House
) -> TakenIn:
    match one:
        case None:
            return replace(count, foreign=count.foreign + 1)
        case Failure():
            return replace(count, unreadable=count.unreadable + 1)
        case Article():
            outcome = _keep(connection, house, one)
            return replace(
                count,
                new=count.new + (outcome is Outcome.NEW),
                revised=count.revised + (outcome is Outcome.REVISED),
                unchanged=count.unchanged + (outcome is Outcome.UNCHANGED),
            )


def _keep(connection: Connection, house: House, article: Article) -> Outcome | None:
    """Keep one article; an outlet that left the catalogue has no rules to match with."""
    outlet = house.outlets.get(article.outlet_id)
    if outlet is None:
        now = house.clock()
        return archive(connection, article, roles=house.outlets, now=now, backfill=True).outcome
    taken = pipeline.keep(connection, house, outlet, article, is_backfill=True)
    return taken.archived.outcome if taken.archived else None


def _read_pages(house: House, pages: Iterable[Page]) -> Iterator[Article | Failure | None]:
    """Read each page by the profile of the outlet whose host it came from."""
    for page in pages:
        outlet = _outlet_of(house, page.url)
        yield None if outlet is None else _read(house, outlet, page)


def _read(house: House, outlet: Outlet, page: Page) -> Article | Failure:
    address = canonical_url(page.url, outlet=outlet)
    entry = Entry(outlet_id=outlet.id, url=page.url, canonical_url=address)
    return extract(page, outlet, entry=entry, directory=house.directory, now=page.fetched_at)


def _outlet_of(house: House, url: str) -> Outlet | None:
    return next((one for one in house.outlets.values() if belongs(url, outlet=one)), None)
