"""Read the outlets for their lists: those asked for, one page after another, by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from persian.fold import fold
from service.house import House
from service.web import views
from service.web.outlet_view import sparks
from service.web.views import OutletView

PAGE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which outlets are to be shown; `after` is the last one of the page before."""

    health: str = ""
    name: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletList:
    """One page of outlets; `last` begins the next page, if there is one."""

    found: tuple[OutletView, ...]
    sparks: Mapping[str, Sequence[int]]
    last: str | None


def look(house: House, asked: Asked) -> OutletList:
    """Return a page of the outlets with what each printed of late."""
    found = outlets_after(house, asked, limit=PAGE + 1)
    return OutletList(
        found=found[:PAGE],
        sparks=sparks(house, [one.id for one in found[:PAGE]]),
        last=found[PAGE - 1].id if len(found) > PAGE else None,
    )


def outlets_after(house: House, asked: Asked, *, limit: int) -> tuple[OutletView, ...]:
    """Return at most so many outlets; after one that left the catalogue they begin anew."""
    last = house.outlets.get(asked.after)
    place = (last.name, last.id) if last else ("", "")
    wanted = (
        one
        for one in views.outlets(house)
        if (one.name, one.id) > place and _is_asked_for(one, asked)
    )
    return tuple(one for one, _ in zip(wanted, range(limit), strict=False))


def _is_asked_for(one: OutletView, asked: Asked) -> bool:
    if asked.health and one.health != asked.health:
        return False
    return fold(asked.name) in fold(f"{one.name}\n{one.name_en}\n{one.id}")
