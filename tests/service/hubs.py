"""What the tests of hubs share: a house with a public address, and how it stands with a hub."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from service.house import House
from storage import hubs
from storage.hubs import HubSubscription

OUTLET = "diyarekariman"
PUBLIC = "http://127.0.0.1:1"
A_DAY, A_MINUTE = timedelta(days=1), timedelta(minutes=1)


def reachable(house: House, url: str, **crawl: Any) -> House:
    """The house, told which public address it has."""
    settings = house.settings
    web = settings.web.model_copy(update={"public_url": url})
    changed = settings.crawl.model_copy(update=crawl)
    return replace(house, settings=settings.model_copy(update={"web": web, "crawl": changed}))


def at(house: House, now: datetime) -> House:
    return replace(house, clock=lambda: now)


def offered(house: House, outlet_id: str = OUTLET) -> HubSubscription:
    with house.database.read() as connection:
        (one,) = hubs.all_hubs(connection, outlet_id=outlet_id).values()
    return one
