"""The JSON API of subscriptions: list, make, change, pause, end, renew an endpoint's secret."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field, StrictInt

from alerts import subscribing
from service.house import House
from service.web import wishes
from service.web.access import Access
from service.web.accounts import Scope
from service.web.auditing import tell
from service.web.bodies import Body, Flag
from service.web.contract import CONFLICT, lead_on, needs
from service.web.forms import Form
from service.web.refusal import BadFormError, ConflictError
from service.web.subscription_pages import carry_out, required
from storage.subscription import Channel, Rhythm, Subscription
from storage.subscriptions import find_subscription, subscriptions_after

SubscriptionId = Annotated[str, Path(max_length=40, examples=["sub_4f2a"])]


class PreferencesWish(Body):
    """What is to be told, and how."""

    rules: tuple[str, ...] = Field(default=(), max_length=200, examples=[["sme", "copper"]])
    rhythm: Rhythm = Rhythm.AT_ONCE
    language: str = Field(default="fa", pattern="^(fa|en)$")
    quiet: str = Field(default="", max_length=20, examples=["22:00-07:00"])
    bulletin_at: str = Field(default="07:00", max_length=5, examples=["07:00"])
    cap_per_hour: StrictInt | None = Field(default=None, ge=1, le=10_000, examples=[10])
    working_days_only: Flag = False
    outlets_excluded: tuple[str, ...] = Field(
        default=(), max_length=1000, examples=[["kermannews"]]
    )
    watches_outlets: Flag = False

    def form(self) -> dict[str, tuple[str, ...]]:
        """Return the wish as the page's form would send it: there is one reading of both."""
        return {
            "rule": self.rules,
            "rhythm": (self.rhythm.value,),
            "language": (self.language,),
            "quiet": (self.quiet,),
            "bulletin_at": (self.bulletin_at,),
            "cap": ("" if self.cap_per_hour is None else str(self.cap_per_hour),),
            "working_days_only": ("1" if self.working_days_only else "",),
            "not_outlet": self.outlets_excluded,
            "watches_outlets": ("1" if self.watches_outlets else "",),
        }


class SubscriptionWish(PreferencesWish):
    """A subscription to make; `vouched` means that you answer for the address: nobody is asked."""

    address: str = Field(
        max_length=2000,
        examples=["sara@example.ir", "https://example.com/hook", "bale://TOKEN/4321"],
    )
    owner: str = Field(default="", max_length=254, examples=["sara@example.ir"])
    vouched: Flag = False

    def form(self) -> dict[str, tuple[str, ...]]:
        """Return the wish as the page's form would send it."""
        return PreferencesWish.form(self) | {"address": (self.address,), "owner": (self.owner,)}


class SubscriptionShape(BaseModel):
    """A subscription as it stands; `secret` is a new endpoint's and shown this once."""

    id: str
    address: str
    state: str
    rules: tuple[str, ...]
    rhythm: Rhythm
    language: str
    paused_until_at: datetime | None
    disabled_at: datetime | None
    disabled_reason: str | None
    created_at: datetime
    secret: str | None = None


class Code(Body):
    """The code that was told in a chat, in any spelling of it."""

    code: str = Field(max_length=40, examples=["K7QF-2M9X"])


class SecretShape(BaseModel):
    """An endpoint's new signing secret, shown this once; the old one signs beside it for days."""

    secret: str


def router(house: House, access: Access) -> APIRouter:
    """Return the routes; all need the scope `subscriptions`."""
    routes = APIRouter(tags=["subscriptions"], dependencies=[needs(access, Scope.SUBSCRIPTIONS)])
    _add_wishes(routes, house)
    _add_life(routes, house)
    return routes


def _add_wishes(routes: APIRouter, house: House) -> None:
    @routes.get("/subscriptions")
    def subscriptions(
        request: Request,
        response: Response,
        cursor: Annotated[str | None, Query(max_length=40, examples=["sub_4f2a"])] = None,
        limit: Annotated[int, Query(ge=1, le=200, examples=[20])] = 50,
    ) -> list[SubscriptionShape]:
        """List the subscriptions, the oldest first; `Link: rel="next"` leads on.

        Scope: subscriptions.
        """
        with house.database.read() as connection:
            last = find_subscription(connection, cursor) if cursor else None
            if cursor and last is None:
                raise BadFormError(f"cursor: {cursor!r} is no subscription; begin without one")
            found = subscriptions_after(connection, last, limit=limit + 1)
        if len(found) > limit:
            lead_on(request, response, cursor=found[limit - 1].id)
        return [_shape(one) for one in found[:limit]]

    @routes.post("/subscriptions", status_code=201)
    def subscribe(request: Request, wish: SubscriptionWish) -> SubscriptionShape:
        """Subscribe an address; unless vouched for, it is asked first. Scope: subscriptions."""
        made = wishes.subscribe(house, Form(fields=wish.form()), is_vouched_for=wish.vouched)
        tell(request, target=made.subscription.id)
        return _shape(made.subscription, made.secret)

    @routes.get("/subscriptions/{subscription_id}")
    def subscription(subscription_id: SubscriptionId) -> SubscriptionShape:
        """Return one subscription. Scope: subscriptions."""
        return _shape(required(house, subscription_id))

    @routes.put("/subscriptions/{subscription_id}/preferences")
    def change(subscription_id: SubscriptionId, wish: PreferencesWish) -> SubscriptionShape:
        """Put other preferences in the place of the old. Scope: subscriptions."""
        wishes.change(house, required(house, subscription_id), Form(fields=wish.form()))
        return _shape(required(house, subscription_id))


def _add_life(routes: APIRouter, house: House) -> None:
    def act(subscription_id: str, action: str, days: int = 0) -> SubscriptionShape:
        form = Form(fields={"action": (action,), "days": (str(days),)})
        carry_out(house, subscription_id, form)
        return _shape(required(house, subscription_id))

    @routes.post("/subscriptions/{subscription_id}/secret", responses=CONFLICT)
    def secret(subscription_id: SubscriptionId) -> SecretShape:
        """Give an endpoint a new signing secret. Scope: subscriptions."""
        standing = required(house, subscription_id)
        if standing.recipient.channel is not Channel.WEBHOOK:
            raise ConflictError("only an endpoint has a secret; this subscription is none")
        with house.database.write() as connection:
            found = subscribing.renew_secret(connection, standing, now=house.clock())
        return SecretShape(secret=found)

    @routes.post("/subscriptions/{subscription_id}/confirm")
    def confirm(subscription_id: SubscriptionId, told: Code) -> SubscriptionShape:
        """Start a chat's subscription by the code that was told there. Scope: subscriptions."""
        wishes.confirm_by_code(house, required(house, subscription_id), told.code)
        return _shape(required(house, subscription_id))

    @routes.post("/subscriptions/{subscription_id}/end")
    def end(subscription_id: SubscriptionId) -> SubscriptionShape:
        """End a subscription. Repeatable. Scope: subscriptions."""
        return act(subscription_id, "end")

    @routes.post("/subscriptions/{subscription_id}/pause")
    def pause(
        subscription_id: SubscriptionId,
        days: Annotated[Literal["1", "7", "30"], Query(examples=["7"])] = "7",
    ) -> SubscriptionShape:
        """Hold everything for some days. Repeatable. Scope: subscriptions."""
        return act(subscription_id, "pause", int(days))

    @routes.post("/subscriptions/{subscription_id}/resume")
    def resume(subscription_id: SubscriptionId) -> SubscriptionShape:
        """Go on after a pause, now. Repeatable. Scope: subscriptions."""
        return act(subscription_id, "resume")

    @routes.post("/subscriptions/{subscription_id}/enable")
    def enable(subscription_id: SubscriptionId) -> SubscriptionShape:
        """Send again to an address that was disabled. Repeatable. Scope: subscriptions."""
        return act(subscription_id, "enable")


def _shape(one: Subscription, secret: str | None = None) -> SubscriptionShape:
    wanted = one.preferences
    return SubscriptionShape(
        id=one.id,
        address=one.recipient.address,
        state=one.state.value,
        rules=wanted.rule_ids,
        rhythm=wanted.rhythm,
        language=wanted.language,
        paused_until_at=wanted.paused_until_at,
        disabled_at=one.recipient.disabled_at,
        disabled_reason=one.recipient.disabled_reason,
        created_at=one.created_at,
        secret=secret,
    )
