"""The links in mails: confirm a subscription, see it, end it. A GET asks, only a POST acts.

Mail scanners follow every link, so a GET changes nothing; the one-click POST of RFC 8058 comes from
the mail client itself and carries no form of ours.
"""

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from alerts import subscribing
from alerts.errors import BadSubscriptionError, BadTokenError
from alerts.tokens import Grant, Purpose
from service.house import House
from service.web.pages import Pages
from service.web.phrases import phrase
from storage.subscription import Subscription
from storage.subscriptions import find_subscription


def router(house: House, shown: Pages) -> APIRouter:
    """Return the routes of the links."""
    routes = APIRouter()
    asking = _Asking(house, shown)

    @routes.get("/c/{token}")
    def ask_confirm(request: Request, token: str) -> HTMLResponse:
        return asking.ask(request, token, Purpose.CONFIRM, "confirm")

    @routes.post("/c/{token}")
    def confirm(request: Request, token: str) -> HTMLResponse:
        return asking.act(request, token, Purpose.CONFIRM, "confirm", asking.confirm)

    @routes.get("/m/{token}")
    def manage(request: Request, token: str) -> HTMLResponse:
        return asking.ask(request, token, Purpose.MANAGE, "manage")

    @routes.post("/m/{token}")
    def end_managed(request: Request, token: str) -> HTMLResponse:
        return asking.act(request, token, Purpose.MANAGE, "unsubscribe", asking.end)

    @routes.get("/u/{token}")
    def ask_unsubscribe(request: Request, token: str) -> HTMLResponse:
        return asking.ask(request, token, Purpose.UNSUBSCRIBE, "unsubscribe")

    @routes.post("/u/{token}")
    def unsubscribe(request: Request, token: str) -> HTMLResponse:
        return asking.act(request, token, Purpose.UNSUBSCRIBE, "unsubscribe", asking.end)

    return routes


class _Asking:
    """Shows the question of a link and, when it is answered, does what it says."""

    def __init__(self, house: House, shown: Pages) -> None:
        self._house = house
        self._shown = shown

    def ask(self, request: Request, token: str, purpose: Purpose, name: str) -> HTMLResponse:
        """Show what the link would do, and the button that does it."""
        language = self._shown.language(request)
        found = self._read(request, token, purpose)
        if isinstance(found, HTMLResponse):
            return found
        return self._shown.page(
            request,
            "message.html",
            title=phrase(language, f"{name}.title"),
            lines=[phrase(language, f"{name}.text"), *self._told(found)],
            button=phrase(language, f"{name}.button"),
        )

    def act(
        self,
        request: Request,
        token: str,
        purpose: Purpose,
        name: str,
        action: Callable[[Subscription], None],
    ) -> HTMLResponse:
        """Do it; doing it again changes nothing and says the same."""
        found = self._read(request, token, purpose)
        if isinstance(found, HTMLResponse):
            return found
        try:
            action(found)
        except BadSubscriptionError as error:
            return self._shown.message(request, 409, "bad_link", str(error))
        return self._shown.message(request, 200, f"{name}.done")

    def confirm(self, subscription: Subscription) -> None:
        """Make the subscription active: its person has the mailbox."""
        now = self._house.clock()
        with self._house.database.write() as connection:
            subscribing.confirm(connection, subscription.id, now=now)

    def end(self, subscription: Subscription) -> None:
        """End the subscription and skip what it was still owed."""
        now = self._house.clock()
        with self._house.database.write() as connection:
            subscribing.unsubscribe(connection, subscription.id, now=now)

    def _read(self, request: Request, token: str, purpose: Purpose) -> Subscription | HTMLResponse:
        try:
            grant: Grant = self._house.links.key.read(token, purpose, now=self._house.clock())
        except BadTokenError as error:
            return self._shown.message(request, 403, "bad_link", str(error))
        with self._house.database.read() as connection:
            found = find_subscription(connection, grant.subscription_id)
        if found is None:
            return self._shown.message(request, 404, "bad_link")
        return found

    def _told(self, subscription: Subscription) -> list[str]:
        names = self._house.rulebook.names
        rules = [
            names[one].fa if one in names else one for one in subscription.preferences.rule_ids
        ]
        return ["، ".join(rules), subscription.recipient.address]
