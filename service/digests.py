"""Make the digests that are due, each with today's spread and how much of the press it rests on."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from alerts.digest import Press, due_periods, make_due_digests
from alerts.message import Alert, Coverage, UnreadOutlet
from service.condition import why_told
from service.house import House
from service.telling import carriers
from storage.errors import UnknownRecordError
from storage.outlet_states import OutletState, all_states
from storage.storyline import get_story

#: An outlet that was not read for this long is named in a digest's line of coverage.
UNREAD_AFTER: Final = timedelta(hours=6)


def make_digests(house: House) -> tuple[str, ...]:
    """Owe the digests that are due now; return the new deliveries' ids. Cheap to repeat."""
    now = house.clock()
    with house.database.read() as connection:
        if not due_periods(connection, now=now):
            return ()
    with house.database.write() as connection:
        press = Press(
            coverage=coverage(house, all_states(connection), now=now),
            freshen=lambda alert: _freshened(connection, house, alert),
        )
        return make_due_digests(connection, press, now=now)


def coverage(house: House, states: tuple[OutletState, ...], *, now: datetime) -> Coverage:
    """Return how many outlets are watched, and which were not read lately, since when and why."""
    unread = tuple(
        UnreadOutlet(
            name=house.names[state.outlet_id],
            since_at=state.last_success_at or state.health_since_at,
            why=why_told(state, now=now),
        )
        for state in states
        if state.outlet_id in house.names
        and state.consecutive_failures
        and now - (state.last_success_at or state.health_since_at) > UNREAD_AFTER
    )
    return Coverage(outlets=len(house.outlets), unread=unread)


def _freshened(connection: Connection, house: House, alert: Alert) -> Alert:
    try:
        story = get_story(connection, alert.story_id)
    except UnknownRecordError:
        return alert
    spread = carriers(connection, house, story.id, story.original_article_id)
    return replace(alert, spread=spread or alert.spread)
