"""Read the subscriptions for their page: those asked for, one page after another."""

from dataclasses import dataclass
from typing import Final

from service.house import House
from storage.subscription import Subscription, SubscriptionState
from storage.subscriptions import find_subscription, subscriptions_after

PAGE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which subscriptions are to be shown; `after` is the last one of the page before."""

    state: SubscriptionState | None = None
    to: str = ""
    after: str = ""

    @property
    def query(self) -> dict[str, str]:
        """The address of this page again, as its query."""
        return {"state": self.state or "", "to": self.to, "after": self.after}


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionList:
    """One page of subscriptions, the oldest first; `last` begins the next page, if there is one."""

    found: tuple[Subscription, ...]
    last: str | None


def look(house: House, asked: Asked) -> SubscriptionList:
    """Return a page of the subscriptions."""
    with house.database.read() as connection:
        last = find_subscription(connection, asked.after) if asked.after else None
        found = subscriptions_after(
            connection, last, limit=PAGE + 1, state=asked.state, address_part=asked.to
        )
    further = found[PAGE - 1].id if len(found) > PAGE else None
    return SubscriptionList(found=found[:PAGE], last=further)
