"""Be told by hubs when a feed changes (WebSub): ask them, answer them, and visit who has news.

What a hub says only wakes the next visit: the visit reads the feed itself, so that a hub can add
nothing to the archive, and polling goes on whether it speaks or not.
"""

import asyncio
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import structlog
from sqlalchemy import Connection

from alerts.tidy import one_line
from crawler.discover import WayReport
from crawler.fetch import Manner
from crawler.hubs import HubRequest, Mode, ask_hub
from crawler.outlets import Outlet
from crawler.page import Failure
from crawler.websub import (
    AFTER_DENIAL,
    LEASE_WANTED,
    VERIFIED_WITHIN,
    ask_again_at,
    is_private_line,
    is_signed,
    lease_granted,
    renew_at,
)
from service.house import House, Reach, catalogue
from service.settings import Settings
from storage import hubs, outlet_states
from storage.hubs import HubState, HubSubscription

PATH: Final = "/websub/"
AT_ONCE: Final = 20
PAUSE: Final = timedelta(seconds=1)  # between two requests to one hub
_TOKEN_BYTES: Final = 32
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LONGEST_CHALLENGE: Final = 2_000
_FAREWELLS: Final = 3  # a hub that does not let us go after so many requests is left to its lease

log: Final = structlog.get_logger("rasad")


def callback_base(settings: Settings) -> str | None:
    """Return what our callbacks begin with; None while no public address is configured."""
    return None if settings.web.public_url is None else settings.public_url + PATH


def note_offers(
    connection: Connection, outlet: Outlet, reports: Sequence[WayReport], *, now: datetime
) -> None:
    """Note which hubs the ways in of an outlet offer; a way that was not read tells nothing."""
    for report in reports:
        url, offer = report.way.url, report.hub
        if offer is not None:
            seen = HubSubscription(
                outlet_id=outlet.id, way_url=url, hub=offer.hub, topic=offer.topic
            )
            hubs.keep_offer(connection, seen, now=now)
        elif report.was_read:
            hubs.withdraw_offer(connection, outlet.id, url, now=now)


def review(house: House) -> None:
    """Fit the subscriptions to the catalogue and settings of today. Repeatable."""
    now, base = house.clock(), callback_base(house.settings)
    with house.database.write() as connection:
        for one in hubs.all_hubs(connection).values():
            if not _is_wanted(house, one):
                hubs.withdraw_offer(connection, one.outlet_id, one.way_url, now=now)
            elif one.callback is not None and not (base and one.callback.startswith(base)):
                offer = HubSubscription(
                    outlet_id=one.outlet_id, way_url=one.way_url, hub=one.hub, topic=one.topic
                )
                hubs.change_hub(connection, one, replace(offer, due_at=now))


def _is_wanted(house: House, one: HubSubscription) -> bool:
    outlet = house.outlets.get(one.outlet_id)
    is_read = outlet is not None and any(way.url == one.way_url for way in outlet.ways_in)
    return is_read and house.settings.crawl.websub


async def tend(house: House, reach: Reach) -> int:
    """Ask every hub that is due to be asked; return how many were.

    Does nothing while no hub could reach us. Many workers may do it at once: each step is claimed.
    """
    base = callback_base(house.settings)
    if base is None:
        return 0
    steps = await asyncio.to_thread(_claim_due, house, base)
    await asyncio.gather(*(_ask(house, reach, step) for step in steps))
    return len(steps)


def _claim_due(house: House, base: str) -> list[HubSubscription]:
    now = house.clock()
    with house.database.read() as connection:
        due = hubs.due_hubs(connection, now, AT_ONCE)
    return [step for one in due if (step := _claim(house, one, base, now)) is not None]


def _claim(house: House, seen: HubSubscription, base: str, now: datetime) -> HubSubscription | None:
    """Take the next step of a subscription that is due, and return it if a hub is to be asked."""
    step = next_step(seen, base=base, now=now)
    with house.database.write() as connection:
        if step is None:
            hubs.forget_hub(connection, seen)
            return None
        is_ours = hubs.claim_hub(connection, seen, step)
    return step if is_ours else None


def next_step(seen: HubSubscription, *, base: str, now: datetime) -> HubSubscription | None:
    """Decide what the hub of a subscription that is due is asked; None when it is over.

    It is due again should the hub not answer. Nothing but a new callback and secret is by chance.
    """
    attempts = seen.attempts + 1
    asked = replace(seen, attempts=attempts, asked_at=now, due_at=ask_again_at(attempts, now=now))
    if seen.state is HubState.LEAVING:
        return None if attempts > _FAREWELLS else asked
    if seen.token is None:
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        secret = secrets.token_hex(_TOKEN_BYTES)
        asked = replace(asked, token=token, callback=base + token, secret=secret)
    if not is_private_line(seen.hub):
        asked = replace(asked, secret=None)
    holds = seen.lease_ends_at is not None and seen.lease_ends_at > now
    return replace(asked, state=HubState.ACTIVE if holds else HubState.ASKED)


async def _ask(house: House, reach: Reach, step: HubSubscription) -> None:
    request = HubRequest(
        hub=step.hub,
        mode=Mode.UNSUBSCRIBE if step.state is HubState.LEAVING else Mode.SUBSCRIBE,
        topic=step.topic,
        callback=step.callback or "",
        secret=step.secret,
        lease=LEASE_WANTED,
    )
    manner = await asyncio.to_thread(_manner, house, step.outlet_id)
    async with reach.pacing.turn(urlsplit(step.hub).netloc, PAUSE):
        failure = await ask_hub(reach.fetcher, request, manner)
    if failure is not None:
        log.warning("a hub was not pleased", outlet=step.outlet_id, why=failure.detail)
        await asyncio.to_thread(_note_failure, house, step, failure)


def _manner(house: House, outlet_id: str) -> Manner:
    """Return how a hub is asked: it may stand where the outlet's own file allows it to."""
    outlet = house.outlets.get(outlet_id)
    if outlet is None:
        every = house.settings.crawl.model_copy(update={"only": ()})
        outlet = catalogue(house.settings.model_copy(update={"crawl": every})).get(outlet_id)
    return Manner() if outlet is None else Manner(allow_private=outlet.allow_private)


def _note_failure(house: House, step: HubSubscription, failure: Failure) -> None:
    due_at = step.due_at
    if failure.retry_after is not None and due_at is not None:
        due_at = max(due_at, failure.failed_at + failure.retry_after)
    noted = replace(step, due_at=due_at, detail=one_line(failure.detail))
    with house.database.write() as connection:
        hubs.claim_hub(connection, step, noted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a hub asks or says by a GET of our callback (§5.2, §5.3)."""

    mode: str
    topic: str
    challenge: str = ""
    lease_seconds: str | None = None
    reason: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Question":
        """Read the parameters of the address."""
        return cls(
            mode=query.get("hub.mode", ""),
            topic=query.get("hub.topic", ""),
            challenge=query.get("hub.challenge", ""),
            lease_seconds=query.get("hub.lease_seconds"),
            reason=query.get("hub.reason", ""),
        )


def answer(house: House, token: str, question: Question) -> str | None:
    """Answer a hub's question: what to echo, or None when we want nothing of the kind.

    Only what we asked for within the last hour is confirmed, for the very topic; a hub may repeat
    its question and gets the same answer.
    """
    now = house.clock()
    with house.database.write() as connection:
        seen = _found(connection, token)
        if seen is None or question.topic != seen.topic:
            return None
        if question.mode == "denied":
            hubs.change_hub(connection, seen, _denied(seen, question, now))
            return ""
        if not 0 < len(question.challenge) <= _LONGEST_CHALLENGE or not _was_asked(seen, now):
            return None
        if question.mode == Mode.UNSUBSCRIBE and seen.state is HubState.LEAVING:
            hubs.forget_hub(connection, seen)
            return question.challenge
        if question.mode == Mode.SUBSCRIBE and seen.state in {HubState.ASKED, HubState.ACTIVE}:
            hubs.change_hub(connection, seen, _confirmed(seen, question, now))
            return question.challenge
    return None


def _found(connection: Connection, token: str) -> HubSubscription | None:
    return hubs.find_hub(connection, token) if _TOKEN.fullmatch(token) else None


def _was_asked(seen: HubSubscription, now: datetime) -> bool:
    return seen.asked_at is not None and now - seen.asked_at <= VERIFIED_WITHIN


def _confirmed(seen: HubSubscription, question: Question, now: datetime) -> HubSubscription:
    lease = lease_granted(question.lease_seconds)
    return replace(
        seen,
        state=HubState.ACTIVE,
        lease_ends_at=now + lease,
        due_at=renew_at(lease, now=now),
        attempts=0,
        detail=None,
    )


def _denied(seen: HubSubscription, question: Question, now: datetime) -> HubSubscription:
    said = one_line(question.reason) or "the hub gave no reason"
    if seen.state is HubState.LEAVING:
        return replace(seen, detail=said)
    return replace(
        seen,
        state=HubState.DENIED,
        lease_ends_at=None,
        due_at=now + AFTER_DENIAL,
        attempts=0,
        detail=f"the hub {seen.hub} denied the subscription: {said}",
    )


def hear(house: House, token: str, *, signature: str | None, body: bytes) -> bool:
    """Take in that a hub told of something new; False when nobody is subscribed by this token.

    What is not signed with the secret the hub was given is counted and otherwise ignored (§7.1.2);
    a hub by plain http was given none, and its callback alone speaks for it. However often it
    speaks, there is one visit to come.
    """
    now = house.clock()
    with house.database.write() as connection:
        seen = _found(connection, token)
        if seen is None:
            return False
        if seen.secret is not None and not is_signed(signature, body, seen.secret):
            log.warning("a hub's word was not signed", outlet=seen.outlet_id, hub=seen.hub)
            hubs.note_unsigned(connection, seen)
        elif seen.state is not HubState.LEAVING:
            hubs.note_told(connection, seen, now=now)
    return True


def hasten(house: House) -> int:
    """Make the outlets due that a hub told of; return how many were moved.

    Never sooner after the last visit than the outlet's file allows, so that a hub that does not
    stop talking brings no more visits than the shortest rhythm would.
    """
    now = house.clock()
    with house.database.read() as connection:
        told = hubs.outlets_told_of(connection)
    moves = {
        outlet_id: due_at
        for outlet_id, stand in told.items()
        if outlet_id in house.outlets
        and (due_at := max(now, stand.began_at + house.outlets[outlet_id].interval.shortest))
        < stand.next_visit_at
    }
    if moves:
        with house.database.write() as connection:
            for outlet_id, due_at in moves.items():
                outlet_states.visit_at(connection, outlet_id, due_at)
    return len(moves)
