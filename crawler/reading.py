"""One page on its way to become an article, with all that is known of it."""

from dataclasses import dataclass
from datetime import datetime

from crawler.entry import Entry
from crawler.fields import PageFields
from crawler.outlets import Outlet
from crawler.page import Page
from crawler.profiles import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What every step of the extraction is given; `entry` is what the way in said, if any."""

    page: Page
    outlet: Outlet
    fields: PageFields
    entry: Entry | None
    now: datetime

    @property
    def profile(self) -> Profile:
        """The outlet's profile, overrides applied."""
        return self.outlet.profile
