"""Read the ledger for the page of deliveries: the latest rows, and how many are in which state."""

from dataclasses import dataclass
from typing import Final

from service.house import House
from storage.delivery import Delivery
from storage.ledger import count_by_state, list_deliveries
from storage.recipients import find_recipient
from storage.story_lists import told_stories

LATEST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One delivery with the address it goes to and the headline it is about."""

    delivery: Delivery
    address: str
    headline: str | None


Count = tuple[str, str | None, int]


def latest(house: House) -> tuple[tuple[LedgerRow, ...], tuple[Count, ...]]:
    """Return the latest deliveries, newest first, and the count of every state and reason."""
    with house.database.read() as connection:
        found = list_deliveries(connection, limit=LATEST)
        ids = {one.story_id for one in found if one.story_id is not None}
        told = {one.story.id: one for one in told_stories(connection, sorted(ids))}
        people = {one.recipient_id: find_recipient(connection, one.recipient_id) for one in found}
        counts = count_by_state(connection)
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
    return tuple(rows), tuple(
        (state.value, reason.value if reason else None, count)
        for (state, reason), count in counts.items()
    )
