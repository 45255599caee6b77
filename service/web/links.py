"""The links in mails: confirm a subscription, see and change it, end it. A GET asks, a POST acts.

Mail scanners follow every link, so a GET changes nothing; the one-click POST of RFC 8058 comes from
the mail client itself and carries no form of ours. What the link's signature allows needs no more.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from alerts import subscribing
from alerts.errors import BadSubscriptionError, BadTokenError
from alerts.tokens import Purpose
from service.house import House
from service.web import rule_view, wishes
from service.web.forms import Filled, Form
from service.web.pages import Pages
from service.web.refusal import BadFormError
from service.web.words import Words, mark
from storage.subscription import Subscription, SubscriptionState
from storage.subscriptions import find_subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """What a link asks before it acts, in messages of the catalogues."""

    purpose: Purpose
    title: str
    text: str
    button: str
    done: str


_CONFIRM: Final = _Question(
    purpose=Purpose.CONFIRM,
    title=mark("Confirm the subscription"),
    text=mark("This button starts your subscription. If you did not ask for it, close this page."),
    button=mark("Confirm"),
    done=mark("Your subscription has begun."),
)
_UNSUBSCRIBE: Final = _Question(
    purpose=Purpose.UNSUBSCRIBE,
    title=mark("End the subscription"),
    text=mark("With this button nothing more is sent to you."),
    button=mark("Unsubscribe"),
    done=mark("You are unsubscribed."),
)


def router(house: House, shown: Pages) -> APIRouter:
    """Return the routes of the links."""
    routes = APIRouter()
    asking = _Asking(house, shown)
    managing = _Managing(house, shown, asking)

    @routes.get("/c/{token}")
    def ask_confirm(request: Request, token: str) -> HTMLResponse:
        return asking.ask(request, token, _CONFIRM)

    @routes.post("/c/{token}")
    def confirm(request: Request, token: str) -> HTMLResponse:
        return asking.act(request, token, _CONFIRM, asking.confirm)

    @routes.get("/m/{token}")
    def manage(request: Request, token: str) -> HTMLResponse:
        return managing.show(request, token)

    @routes.post("/m/{token}")
    def change(request: Request, token: str, form: Filled) -> HTMLResponse:
        return managing.act(request, token, form)

    @routes.get("/u/{token}")
    def ask_unsubscribe(request: Request, token: str) -> HTMLResponse:
        return asking.ask(request, token, _UNSUBSCRIBE)

    @routes.post("/u/{token}")
    def unsubscribe(request: Request, token: str) -> HTMLResponse:
        return asking.act(request, token, _UNSUBSCRIBE, asking.end)

    return routes


class _Asking:
    """Shows the question of a link and, when it is answered, does what it says."""

    def __init__(self, house: House, shown: Pages) -> None:
        self._house = house
        self._shown = shown

    def ask(self, request: Request, token: str, question: _Question) -> HTMLResponse:
        """Show what the link would do, and the button that does it."""
        words = self._shown.words(request)
        found = self.read(request, token, question.purpose)
        if isinstance(found, HTMLResponse):
            return found
        return self._shown.page(
            request,
            "message.html",
            title=words.say(question.title),
            lines=[words.say(question.text), *self._told(found, words)],
            button=words.say(question.button),
        )

    def act(
        self,
        request: Request,
        token: str,
        question: _Question,
        action: Callable[[Subscription], None],
    ) -> HTMLResponse:
        """Do it; doing it again changes nothing and says the same."""
        found = self.read(request, token, question.purpose)
        if isinstance(found, HTMLResponse):
            return found
        try:
            action(found)
        except BadSubscriptionError as error:
            return self._shown.useless(request, 409, error)
        return self._shown.message(request, 200, question.done)

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

    def read(self, request: Request, token: str, purpose: Purpose) -> Subscription | HTMLResponse:
        """Return the subscription a token is for, or the page that says why there is none."""
        try:
            grant = self._house.links.key.read(token, purpose, now=self._house.clock())
        except BadTokenError as error:
            return self._shown.useless(request, 403, error)
        with self._house.database.read() as connection:
            found = find_subscription(connection, grant.subscription_id)
        if found is None:
            return self._shown.useless(request, 404, None)
        return found

    def _told(self, subscription: Subscription, words: Words) -> list[str]:
        names = self._house.rulebook.names
        rules = [
            names[one].told(words.language) if one in names else one
            for one in subscription.preferences.rule_ids
        ]
        comma = "، " if words.language == "fa" else ", "
        return [comma.join(rules), subscription.recipient.address]


class _Managing:
    """Shows a subscription to its own person, and changes, pauses, resumes or ends it."""

    def __init__(self, house: House, shown: Pages, asking: _Asking) -> None:
        self._house = house
        self._shown = shown
        self._asking = asking

    def show(
        self, request: Request, token: str, *, done: str = "", error: str = ""
    ) -> HTMLResponse:
        """Show how the subscription stands, with the forms that change it."""
        found = self._asking.read(request, token, Purpose.MANAGE)
        if isinstance(found, HTMLResponse):
            return found
        self._house.rulebook.refresh()
        return self._shown.page(
            request,
            "manage.html",
            status=422 if error else 200,
            subscription=found,
            has_ended=found.state is SubscriptionState.ENDED,
            is_paused=_is_after(found, self._house),
            chosen=found.preferences,
            rules=rule_view.every_rule(self._house),
            outlets=self._house.outlets.values(),
            pauses=wishes.PAUSES,
            form=Form(fields={}),
            done=done,
            error=error,
        )

    def act(self, request: Request, token: str, form: Form) -> HTMLResponse:
        """Do what the form says; an ended subscription stays ended."""
        found = self._asking.read(request, token, Purpose.MANAGE)
        if isinstance(found, HTMLResponse):
            return found
        try:
            done = self._do(found, form)
        except (BadSubscriptionError, BadFormError) as wrong:
            return self.show(request, token, error=self._shown.words(request).tell(wrong))
        if done == "ended":
            return self._shown.message(request, 200, _UNSUBSCRIBE.done)
        return self.show(request, token, done=done)

    def _do(self, subscription: Subscription, form: Form) -> str:
        match form.text("action"):
            case "end":
                self._asking.end(subscription)
                return "ended"
            case "change":
                wishes.change(self._house, subscription, form)
                return "changed"
            case "pause":
                wishes.pause(self._house, subscription.id, form)
                return "paused"
            case "resume":
                wishes.set_pause(self._house, subscription.id, None)
                return "resumed"
            case _:
                raise BadFormError("choose what to do with the subscription")


def _is_after(subscription: Subscription, house: House) -> bool:
    until = subscription.preferences.paused_until_at
    return until is not None and until > house.clock()
