"""One page on its way to become an article, with all that is known of it."""

from dataclasses import dataclass
from datetime import datetime

from crawler import identity
from crawler.entry import Entry
from crawler.fields import PageFields
from crawler.outlets import Outlet
from crawler.page import Page
from crawler.profiles import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What every step of the extraction is given.

    `address` is the one the page declares for itself where that can be believed, else its own.
    `entry` is what the way in said, if any.
    """

    page: Page
    address: str
    outlet: Outlet
    fields: PageFields
    entry: Entry | None
    now: datetime

    @property
    def profile(self) -> Profile:
        """The outlet's profile, overrides applied."""
        return self.outlet.profile

    def may_be_article(self) -> bool:
        """Tell whether the address may be one article, so that guessing at its text is sound."""
        return identity.may_be_article(self.address, outlet=self.outlet)


def believed_address(url: str, declared: str | None, *, outlet: Outlet) -> str:
    """Choose between a page's own address and the canonical one it declares.

    A declared address of another host, of no article, or of another id is not believed.
    """
    if declared is None or declared == url or not identity.belongs(declared, outlet=outlet):
        return url
    if not identity.may_be_article(declared, outlet=outlet):
        return url
    asked = identity.external_id(url, outlet=outlet)
    told = identity.external_id(declared, outlet=outlet)
    return url if asked and told != asked else declared
