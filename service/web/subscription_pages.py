"""The pages of subscriptions: the form to subscribe, and the list of who is told what."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from alerts import subscribing
from alerts.errors import BadSubscriptionError
from service.house import House
from service.web import rule_view, subscription_list, wishes
from service.web.access import Access
from service.web.accounts import Scope
from service.web.auditing import tell
from service.web.choices import SUBSCRIPTION_DONE
from service.web.forms import Filled, Form
from service.web.pages import Pages
from service.web.refusal import BadFormError
from service.web.subscription_list import Asked
from service.web.words import mark
from storage.audit import Act
from storage.errors import UnknownRecordError
from storage.subscription import Preferences, Subscription, SubscriptionState
from storage.subscriptions import find_subscription

#: What each button of the list does, as the audit log calls it.
_ACTS: Final = {
    "end": Act.SUBSCRIPTION_ENDED,
    "pause": Act.SUBSCRIPTION_PAUSED,
    "resume": Act.SUBSCRIPTION_RESUMED,
    "enable": Act.SUBSCRIPTION_ENABLED,
}


def router(house: House, shown: Pages, access: Access) -> APIRouter:
    """Return the routes."""
    routes = APIRouter()

    def form_page(
        request: Request, form: Form, rules: tuple[str, ...], error: str = ""
    ) -> HTMLResponse:
        language = shown.language(request)
        return shown.page(
            request,
            "subscribe.html",
            status=422 if error else 200,
            error=error,
            form=form,
            chosen=Preferences(rule_ids=rules, language=language),
            rules=rule_view.every_rule(house),
            outlets=house.outlets.values(),
        )

    @routes.get("/subscribe")
    def ask(request: Request, rule: str = "") -> HTMLResponse:
        house.rulebook.refresh()
        return form_page(request, Form(fields={}), (rule,) if rule else ())

    @routes.post("/subscribe", response_model=None)
    def subscribe(request: Request, form: Filled) -> HTMLResponse:
        access.accept(request, form)
        try:
            made = wishes.subscribe(house, form)
        except (BadSubscriptionError, BadFormError) as wrong:
            return form_page(request, form, form.texts("rule"), shown.words(request).tell(wrong))
        tell(request, target=made.subscription.id)
        return subscribed_page(request, made.subscription, secret=made.secret)

    def subscribed_page(
        request: Request, made: Subscription, *, secret: str | None = None, error: str = ""
    ) -> HTMLResponse:
        return shown.page(
            request,
            "subscribed.html",
            status=422 if error else 200,
            id=made.id,
            channel=made.recipient.channel.value,
            address=made.recipient.address,
            secret=secret,
            error=error,
        )

    @routes.post("/subscribe/{subscription_id}/code")
    def confirm(request: Request, subscription_id: str, form: Filled) -> HTMLResponse:
        access.accept(request, form)
        standing = required(house, subscription_id)
        try:
            wishes.confirm_by_code(house, standing, form.text("code"))
        except BadSubscriptionError as error:
            return subscribed_page(request, standing, error=shown.words(request).tell(error))
        return shown.message(request, 200, mark("Your subscription has begun."))

    @routes.get("/subscriptions")
    def subscriptions(
        request: Request, state: str = "", to: str = "", after: str = "", done: str = ""
    ) -> HTMLResponse:
        access.demand(request, Scope.SUBSCRIPTIONS)
        asked = Asked(state=_state(state), to=to.strip()[:2000], after=after[:40])
        return shown.page(
            request,
            "subscriptions.html",
            view=subscription_list.look(house, asked),
            asked=asked,
            states=list(SubscriptionState),
            done=done if done in SUBSCRIPTION_DONE else "",
            now=house.clock(),
        )

    @routes.post("/subscriptions/{subscription_id}")
    def act(request: Request, subscription_id: str, form: Filled) -> RedirectResponse:
        access.accept(request, form, Scope.SUBSCRIPTIONS)
        tell(request, act=_ACTS.get(form.text("action")))
        done = carry_out(house, subscription_id, form)
        kept = {name: form.text(name) for name in ("state", "to", "after")}
        return shown.go(request, "/subscriptions", **kept, done=done)

    return routes


def _state(text: str) -> SubscriptionState | None:
    """Read a state; BadFormError when no subscription is ever in it."""
    if not text:
        return None
    try:
        return SubscriptionState(text)
    except ValueError:
        raise BadFormError("«{given}» is no state of a subscription", given=text[:40]) from None


def carry_out(house: House, subscription_id: str, form: Form) -> str:
    """End, pause, resume or re-enable a subscription; return what was done."""
    standing = required(house, subscription_id)
    match form.text("action"):
        case "end":
            with house.database.write() as connection:
                subscribing.unsubscribe(connection, standing.id, now=house.clock())
            return "ended"
        case "pause":
            wishes.pause(house, standing.id, form)
            return "paused"
        case "resume":
            wishes.set_pause(house, standing.id, None)
            return "resumed"
        case "enable":
            with house.database.write() as connection:
                subscribing.enable(connection, standing, now=house.clock())
            return "enabled"
        case other:
            raise BadFormError(
                "there is no action «{given}»; use end, pause, resume or enable", given=other[:40]
            )


def required(house: House, subscription_id: str) -> Subscription:
    """Return a subscription; UnknownRecordError when there is none."""
    with house.database.read() as connection:
        found = find_subscription(connection, subscription_id)
    if found is None:
        raise UnknownRecordError(
            "no subscription «{given}»; see the list of them", given=subscription_id
        )
    return found
