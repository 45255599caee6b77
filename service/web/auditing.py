"""Write down what every request changes: the one place where pages and API meet the audit log.

What a route does stands in `ACTS`; a handler adds, by `tell`, only what its address does not say.
The links in mails are their own subscriber's and not of this log; neither is what anybody may ask
without saying who they are.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Final

import structlog
from fastapi import Request, Response

from service.house import House
from service.web.access import ANYBODY, Access
from service.web.contract import V1
from service.web.refusal import NotKnownError
from storage.audit import Act, AuditEntry, Outcome, record
from storage.errors import StorageError

log = structlog.get_logger("rasad.audit")

GoOn = Callable[[Request], Awaitable[Response]]

_PAGES: Final = {
    "/sign-in": Act.SIGNED_IN,
    "/sign-out": Act.SIGNED_OUT,
    "/topics": Act.RULE_SAVED,
    "/topics/{rule_id}/silence": Act.RULE_SILENCED,
    "/topics/{rule_id}/feedback": Act.ALERT_JUDGED,
    "/stories/{story_id}/merge": Act.STORY_MERGED,
    "/stories/{story_id}/split": Act.STORY_SPLIT,
    "/stories/{story_id}/root": Act.STORY_ROOTED,
    "/subscribe": Act.SUBSCRIPTION_MADE,
    "/subscribe/{subscription_id}/code": Act.SUBSCRIPTION_CONFIRMED,
    "/subscriptions/{subscription_id}": Act.SUBSCRIPTION_CHANGED,
    "/deliveries/{delivery_id}/retry": Act.DELIVERY_RETRIED,
    "/outlets/{outlet_id}/visit": Act.VISIT_ASKED,
    "/import": Act.COLLECTION_IMPORTED,
}

_API: Final = {
    ("PUT", "/rules/{rule_id}"): Act.RULE_SAVED,
    ("POST", "/rules/{rule_id}/silence"): Act.RULE_SILENCED,
    ("POST", "/rules/{rule_id}/enable"): Act.RULE_ENABLED,
    ("PUT", "/rules/{rule_id}/opinion"): Act.ALERT_JUDGED,
    ("POST", "/stories/{story_id}/merge"): Act.STORY_MERGED,
    ("POST", "/stories/{story_id}/split"): Act.STORY_SPLIT,
    ("POST", "/stories/{story_id}/root"): Act.STORY_ROOTED,
    ("POST", "/subscriptions"): Act.SUBSCRIPTION_MADE,
    ("PUT", "/subscriptions/{subscription_id}/preferences"): Act.SUBSCRIPTION_CHANGED,
    ("POST", "/subscriptions/{subscription_id}/secret"): Act.SECRET_RENEWED,
    ("POST", "/subscriptions/{subscription_id}/confirm"): Act.SUBSCRIPTION_CONFIRMED,
    ("POST", "/subscriptions/{subscription_id}/end"): Act.SUBSCRIPTION_ENDED,
    ("POST", "/subscriptions/{subscription_id}/pause"): Act.SUBSCRIPTION_PAUSED,
    ("POST", "/subscriptions/{subscription_id}/resume"): Act.SUBSCRIPTION_RESUMED,
    ("POST", "/subscriptions/{subscription_id}/enable"): Act.SUBSCRIPTION_ENABLED,
    ("POST", "/deliveries/{delivery_id}/retry"): Act.DELIVERY_RETRIED,
    ("POST", "/outlets/{outlet_id}/visit"): Act.VISIT_ASKED,
}

#: What each route that changes something does.
ACTS: Final[Mapping[tuple[str, str], Act]] = {
    **{("POST", path): act for path, act in _PAGES.items()},
    **{(method, V1 + path): act for (method, path), act in _API.items()},
}

_REFUSED: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


def tell(
    request: Request,
    *,
    act: Act | None = None,
    target: str | None = None,
    who: str | None = None,
) -> None:
    """Say of a request what its address does not: the act, what it is done to, or who does it."""
    said = {"act": act, "target": target, "who": who}
    for name, value in said.items():
        if value is not None:
            setattr(request.state, name, value)


class Auditing:
    """Lets a request pass and writes down what it did."""

    def __init__(self, house: House, access: Access) -> None:
        self._house = house
        self._access = access

    async def __call__(self, request: Request, go_on: GoOn) -> Response:
        """Answer a request; a failure of ours is written down too, and goes on upwards."""
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return await go_on(request)
        status = int(HTTPStatus.INTERNAL_SERVER_ERROR)
        try:
            response = await go_on(request)
            status = response.status_code
        finally:
            entry = self._entry(request, status)
            if entry is not None:
                await asyncio.to_thread(self._keep, entry)
        return response

    def _entry(self, request: Request, status: int) -> AuditEntry | None:
        act = ACTS.get((request.method, _route(request)))
        if act is None:
            return None
        who = self._who(request)
        if who is None and act is not Act.SIGNED_IN:
            return None
        named = next(iter(request.path_params.values()), None)
        target = getattr(request.state, "target", named)
        return AuditEntry(
            at=self._house.clock(),
            who=who,
            source=request.client.host if request.client else "",
            act=getattr(request.state, "act", act),
            target=None if target is None else str(target),
            outcome=_outcome(status),
        )

    def _who(self, request: Request) -> str | None:
        """Name who asks; None for anybody."""
        said: str | None = getattr(request.state, "who", None)
        if said is not None:
            return said
        try:
            asker = self._access.asker(request)
        except NotKnownError:
            return None
        return None if asker is ANYBODY else asker.name

    def _keep(self, entry: AuditEntry) -> None:
        """Write an act down; when the archive is away the log of the process has it."""
        try:
            with self._house.database.write() as connection:
                record(connection, entry)
        except StorageError as error:
            log.exception(
                "an act is not in the audit log",
                who=entry.who,
                act=entry.act.value,
                target=entry.target,
                outcome=entry.outcome.value,
                why=str(error),
            )


def _route(request: Request) -> str:
    """Return the path of the route that answered; a router does not know where it was put."""
    path: str = getattr(request.scope.get("route"), "path", "")
    return V1 + path if request.url.path.startswith(f"{V1}/") else path


def _outcome(status: int) -> Outcome:
    if status in _REFUSED:
        return Outcome.REFUSED
    return Outcome.DONE if status < HTTPStatus.BAD_REQUEST else Outcome.FAILED
