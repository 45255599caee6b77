"""The walks into the past: by sitemap, REST interface, archive day, list page, feed page."""

import re
from abc import abstractmethod
from datetime import date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlsplit

from crawler.addresses import with_parameter
from crawler.feeds import parse_feed
from crawler.fetch import Fetches
from crawler.findings import Findings
from crawler.listing import parse_list
from crawler.page import Failure, FailureKind, Page
from crawler.past import Past, Step
from crawler.sitemaps import parse_sitemap
from crawler.templates import fill, places_in, tehran_day
from crawler.wordpress import PER_PAGE, parse_posts, posts_url
from persian.calendar import TEHRAN, jalali_of

MOST_PAGES_A_DAY: Final = 50  # of an archive; more is a trap
MOST_LIST_PAGES: Final = 5_000
EMPTY_PAGES_IN_A_ROW: Final = 2  # end a list
EMPTY_DAYS_IN_A_ROW: Final = 45  # end an archive: no outlet is silent for so long
_LONGEST_PERIOD_DAYS: Final = 400
_JALALI_YEAR: Final = re.compile(r"(?<!\d)1[34]\d\d(?!\d)")
_INDEX: Final = "index"
_NOT_THERE: Final = frozenset({400, 404, 410})


class SitemapPast(Past):
    """Reads the index, then leaf after leaf; the cursor is the leaf's address."""

    _leaves: list[str] | None = None

    def first(self) -> str:
        """Begin with the index."""
        return _INDEX

    async def step(self, fetcher: Fetches, cursor: str) -> Step:
        """Read the index or one leaf; a cursor the index no longer knows begins anew."""
        if cursor == _INDEX or self._leaves is None:
            step = await self._index(fetcher)
            if cursor == _INDEX or cursor not in (self._leaves or ()):
                return step
        return await self._leaf(fetcher, cursor)

    async def _index(self, fetcher: Fetches) -> Step:
        findings = await self._read(fetcher, self.way.url)
        if isinstance(findings, Failure):
            return Step(url=self.way.url, cursor=_INDEX, progress=0.0, failure=findings)
        self._leaves = [leaf for leaf in findings.further if not self._is_old_leaf(leaf)]
        return Step(
            url=self.way.url,
            entries=self.kept(self.new_among(findings.entries)),
            cursor=self._leaves[0] if self._leaves else None,
            progress=0.0 if self._leaves else 1.0,
            failure=findings.fault,
        )

    async def _leaf(self, fetcher: Fetches, leaf: str) -> Step:
        leaves = self._leaves or []
        at = leaves.index(leaf)
        findings = await self._read(fetcher, leaf)
        if not isinstance(findings, Failure):
            known = set(leaves)
            leaves[at + 1 : at + 1] = [url for url in findings.further if url not in known]
        following = leaves[at + 1] if at + 1 < len(leaves) else None
        progress = (at + 1) / len(leaves)
        if isinstance(findings, Failure):
            # a leaf that cannot be served (big months answer 504) does not hold up the others
            return Step(url=leaf, cursor=following, progress=progress, failure=findings)
        entries = self.kept(self.new_among(findings.entries))
        return Step(
            url=leaf,
            entries=entries,
            cursor=following,
            progress=progress,
            failure=findings.fault,
        )

    async def _read(self, fetcher: Fetches, url: str) -> Findings | Failure:
        answer = await self.ask(fetcher, url)
        if isinstance(answer, Failure):
            return answer
        return parse_sitemap(answer, outlet=self.outlet, now=self.now, since=self.since_at)

    def _is_old_leaf(self, leaf: str) -> bool:
        year = _JALALI_YEAR.search(urlsplit(leaf).path)
        return year is not None and int(year[0]) < jalali_of(self.since).year


class PostsPast(Past):
    """Asks for the posts before an instant; the cursor is that instant."""

    def first(self) -> str:
        """Begin now."""
        return self.now.isoformat()

    async def step(self, fetcher: Fetches, cursor: str) -> Step:
        """Read the newest posts before the cursor."""
        before = datetime.fromisoformat(cursor)
        url = posts_url(self.way.url, before=before)
        answer = await self.ask(fetcher, url)
        progress = self.progress_to(before)
        if isinstance(answer, Failure):
            return Step(url=url, cursor=cursor, progress=progress, failure=answer)
        findings = parse_posts(answer, outlet=self.outlet, now=self.now)
        if findings.fault:
            return Step(url=url, cursor=cursor, progress=progress, failure=findings.fault)
        stamps = [entry.published.at for entry in findings.entries if entry.published]
        oldest = min(stamps, default=before)
        is_over = len(findings.entries) < PER_PAGE or not self.since_at < oldest < before
        return Step(
            url=url,
            entries=self.kept(self.new_among(findings.entries)),
            cursor=None if is_over else oldest.isoformat(),
            progress=1.0 if is_over else self.progress_to(oldest),
        )


class ArchivePast(Past):
    """Reads an archive day by day; the cursor is day, page and how many days were empty."""

    def first(self) -> str:
        """Begin with today."""
        return f"{tehran_day(self.now)} 1 0"

    async def step(self, fetcher: Fetches, cursor: str) -> Step:
        """Read one page of one day (month or year, as the address tells)."""
        text, page, empty = cursor.split(" ")
        day = date.fromisoformat(text)
        url = fill(self.way.url, day=day, page=int(page))
        progress = self.progress_to(datetime.combine(day, time(), TEHRAN))
        answer = await self.ask(fetcher, url)
        if isinstance(answer, Failure):
            following = self._before(day, 0)
            return Step(url=url, cursor=following, progress=progress, failure=answer)
        found = parse_list(answer, outlet=self.outlet, now=self.now, links=self.way.links)
        new = self.new_among(found.entries)
        following = self._following(day, int(page), int(empty), has_new=bool(new))
        return Step(
            url=url,
            entries=self.kept(new),
            cursor=following,
            progress=1.0 if following is None else progress,
            failure=_unless_empty(found.fault),
        )

    def _following(self, day: date, page: int, empty: int, *, has_new: bool) -> str | None:
        paged = "page" in places_in(self.way.url)
        if has_new and paged and page < MOST_PAGES_A_DAY:
            return f"{day} {page + 1} 0"
        empty = 0 if has_new or page > 1 else empty + 1
        return self._before(day, empty) if empty < EMPTY_DAYS_IN_A_ROW else None

    def _before(self, day: date, empty: int) -> str | None:
        """Return the cursor of the period before, which has another address."""
        here = fill(self.way.url, day=day)
        for days in range(1, _LONGEST_PERIOD_DAYS):
            earlier = day - timedelta(days=days)
            if fill(self.way.url, day=earlier) != here:
                return f"{earlier} 1 {empty}" if earlier >= self.since else None
        return None


class NumberedPast(Past):
    """Reads numbered pages; the cursor is the page and how many pages brought nothing."""

    @abstractmethod
    def address(self, page: int) -> str:
        """Return the address of one page."""

    @abstractmethod
    def read(self, page: Page) -> Findings:
        """Read one page."""

    def first(self) -> str:
        """Begin with the first page."""
        return "1 0"

    async def step(self, fetcher: Fetches, cursor: str) -> Step:
        """Read one page; a page that is not there is the end."""
        page, empty = (int(part) for part in cursor.split(" "))
        url = self.address(page)
        answer = await self.ask(fetcher, url)
        if isinstance(answer, Failure):
            if answer.status in _NOT_THERE and page > 1:
                return Step(url=url, cursor=None, progress=1.0)
            return Step(url=url, cursor=f"{page + 1} {empty}", progress=0.0, failure=answer)
        found = self.read(answer)
        new = self.new_among(found.entries)
        empty = 0 if new else empty + 1
        dates = [entry.published.at for entry in new if entry.published]
        all_old = bool(new) and all(self.is_older(entry) for entry in new)
        is_over = all_old or empty >= EMPTY_PAGES_IN_A_ROW or page >= MOST_LIST_PAGES
        return Step(
            url=url,
            entries=self.kept(new),
            cursor=None if is_over else f"{page + 1} {empty}",
            progress=1.0 if is_over else self.progress_to(min(dates, default=self.now)),
            failure=_unless_empty(found.fault),
        )


class ListPast(NumberedPast):
    """Reads a numbered list."""

    def address(self, page: int) -> str:
        """Fill the page's number in."""
        return fill(self.way.url, day=tehran_day(self.now), page=page)

    def read(self, page: Page) -> Findings:
        """Read the links of the page."""
        return parse_list(page, outlet=self.outlet, now=self.now, links=self.way.links)


class FeedPast(NumberedPast):
    """Turns the pages of a feed that has more than one."""

    def address(self, page: int) -> str:
        """Set the page parameter of the outlet's feed dialect."""
        parameter = self.outlet.profile.feed.page_parameter
        if parameter is None or page == 1:
            return self.way.url
        return with_parameter(self.way.url, parameter, str(page))

    def read(self, page: Page) -> Findings:
        """Read the feed."""
        zone = self.way.naive_zone
        return parse_feed(page, outlet=self.outlet, now=self.now, naive_zone=zone)


def _unless_empty(fault: Failure | None) -> Failure | None:
    """Take an empty page for what it is: a Friday, or the end of a list."""
    return None if fault is None or fault.kind is FailureKind.NOTHING_FOUND else fault
