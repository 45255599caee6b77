"""One step into an outlet's past, and what every walk into it shares."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from crawler.entry import Entry
from crawler.fetch import Fetches
from crawler.outlets import Outlet, WayIn
from crawler.page import Failure, FailureKind, Page, Unchanged
from crawler.places import belongs_here
from persian.calendar import TEHRAN


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One address of the past.

    `entries` are those since the day asked for. `cursor` is where to go on after this step, None
    when the past is read to its end. `progress` goes from 0 to 1. `failure` is what went wrong with
    this address; the walk goes on unless `is_last`.
    """

    url: str
    entries: tuple[Entry, ...] = ()
    cursor: str | None
    progress: float
    failure: Failure | None = None
    is_last: bool = False


class Past(ABC):
    """The past of one way in: `first` is the cursor to begin with, `step` reads what one names."""

    def __init__(self, outlet: Outlet, way: WayIn, *, since: date, now: datetime) -> None:
        self.outlet = outlet
        self.way = way
        self.since = since
        self.since_at = datetime.combine(since, time(), TEHRAN)
        self.now = now
        self._seen: set[str] = set()

    @abstractmethod
    def first(self) -> str:
        """Return the cursor of the newest address."""

    @abstractmethod
    async def step(self, fetcher: Fetches, cursor: str) -> Step:
        """Read what `cursor` names; raises ValueError when it is no cursor of this walk."""

    def new_among(self, entries: Iterable[Entry]) -> tuple[Entry, ...]:
        """Return the entries this walk has not seen yet, and remember them."""
        new = tuple(entry for entry in entries if entry.canonical_url not in self._seen)
        self._seen.update(entry.canonical_url for entry in new)
        return new

    def kept(self, entries: Iterable[Entry]) -> tuple[Entry, ...]:
        """Return the entries that belong here and are not known to be older than asked for."""
        place = None if self.way.local else self.outlet.place_filter
        return tuple(
            entry for entry in entries if belongs_here(entry, place) and not self.is_older(entry)
        )

    def is_older(self, entry: Entry) -> bool:
        """Tell whether the entry is known to be from before the day asked for."""
        return entry.published is not None and entry.published.at < self.since_at

    def progress_to(self, at: datetime) -> float:
        """Return how much of the time from now back to the day asked for is walked."""
        whole = (self.now - self.since_at).total_seconds()
        done = (self.now - at).total_seconds()
        return min(1.0, max(0.0, done / whole)) if whole > 0 else 1.0

    async def ask(self, fetcher: Fetches, url: str) -> Page | Failure:
        """Fetch one address, unconditionally."""
        answer = await fetcher.fetch(url)
        if isinstance(answer, Unchanged):
            return Failure(
                requested_url=url,
                kind=FailureKind.HTTP_STATUS,
                detail=f"{url} answered 304 although nothing was asked for conditionally",
                status=304,
                failed_at=answer.fetched_at,
            )
        return answer
