"""What one answer of a way in said, whatever the way: the Findings."""

from dataclasses import dataclass

from crawler.entry import Entry
from crawler.page import Failure
from crawler.websub import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What one page, feed or sitemap of a way in said.

    `entries` stand in its order, each canonical address once. `fault` tells what was wrong, also
    when entries could be read all the same. `further` are addresses that belong to the same way and
    are worth reading next: the following page, a sitemap's leaves (the newest first). `links` are
    those by which it offers a WebSub hub and names itself.
    """

    entries: tuple[Entry, ...] = ()
    fault: Failure | None = None
    further: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
