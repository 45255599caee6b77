"""Read the ledger for its page: the rows asked for, and how many are in which state."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection

from service.house import House
from storage.delivery import Delivery, DeliveryState
from storage.ledger import LedgerFilter, count_by_state, find_delivery, list_deliveries
from storage.recipients import find_recipient, recipient_id
from storage.story_lists import told_stories
from storage.subscription import Channel

LATEST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One delivery with the address it goes to and the headline it is about."""

    delivery: Delivery
    address: str
    headline: str | None


Count = tuple[str, str | None, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What of the ledger is to be shown; `before` is the last delivery of the page before."""

    state: DeliveryState | None = None
    to: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPage:
    """One page of the ledger, newest first; `counts` are of all of it, by state and reason."""

    rows: tuple[LedgerRow, ...]
    counts: tuple[Count, ...]
    older: str | None


def look(house: House, asked: Asked) -> LedgerPage:
    """Return a page of the ledger."""
    with house.database.read() as connection:
        found = _found(connection, asked)
        counts = count_by_state(connection)
        rows = _rows(connection, found)
    return LedgerPage(
        rows=rows,
        counts=tuple(
            (state.value, reason.value if reason else None, count)
            for (state, reason), count in counts.items()
        ),
        older=found[-1].id if len(found) == LATEST else None,
    )


def _found(connection: Connection, asked: Asked) -> tuple[Delivery, ...]:
    """List what is asked for; of an address nobody has, nothing."""
    before = find_delivery(connection, asked.before) if asked.before else None
    wanted = LedgerFilter(state=asked.state, before=before)
    if not asked.to:
        return list_deliveries(connection, wanted, limit=LATEST)
    ids = [recipient_id(channel, asked.to) for channel in Channel]
    known = [one for one in ids if find_recipient(connection, one)]
    if not known:
        return ()
    return list_deliveries(connection, replace(wanted, recipient_id=known[0]), limit=LATEST)


def _rows(connection: Connection, found: Sequence[Delivery]) -> tuple[LedgerRow, ...]:
    ids = {one.story_id for one in found if one.story_id is not None}
    told = {one.story.id: one for one in told_stories(connection, sorted(ids))}
    people = {one.recipient_id: find_recipient(connection, one.recipient_id) for one in found}
    rows = []
    for one in found:
        recipient = people[one.recipient_id]
        story = told.get(one.story_id) if one.story_id is not None else None
        rows.append(
            LedgerRow(
                delivery=one,
                address=recipient.address if recipient else "",
                headline=story.original.article.title if story else None,
            )
        )
    return tuple(rows)
