"""The JSON API of subscriptions: list, make, change, pause, end, renew an endpoint's secret."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, ConfigDict, Field

from alerts import subscribing
from service.house import House
from service.web import wishes
from service.web.access import Access
from service.web.accounts import Scope
from service.web.forms import Form
from service.web.subscription_pages import carry_out, required
from storage.subscription import Rhythm, Subscription
from storage.subscriptions import list_subscriptions

SubscriptionId = Annotated[str, Path(max_length=40)]


class Action(StrEnum):
    """What can be done to a subscription beside changing it."""

    END = "end"
    PAUSE = "pause"
    RESUME = "resume"
    ENABLE = "enable"


class PreferencesWish(BaseModel):
    """What is to be told, and how."""

    model_config = ConfigDict(frozen=True)

    rules: tuple[str, ...] = Field(default=(), max_length=200, examples=[["sme", "copper"]])
    rhythm: Rhythm = Rhythm.AT_ONCE
    language: str = Field(default="fa", pattern="^(fa|en)$")
    quiet: str = Field(default="", max_length=20, examples=["22:00-07:00"])
    bulletin_at: str = Field(default="07:00", max_length=5)
    cap_per_hour: int | None = Field(default=None, ge=1, le=10_000)
    working_days_only: bool = False
    outlets_excluded: tuple[str, ...] = Field(default=(), max_length=1000)
    watches_outlets: bool = False

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

    address: str = Field(max_length=2000, examples=["sara@example.ir", "https://example.com/hook"])
    owner: str = Field(default="", max_length=254)
    vouched: bool = False

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


class SecretShape(BaseModel):
    """An endpoint's new signing secret, shown this once; the old one signs beside it for days."""

    secret: str


def router(house: House, access: Access) -> APIRouter:
    """Return the routes; all need the scope `subscriptions`."""
    routes = APIRouter(tags=["subscriptions"])

    @routes.get("/subscriptions")
    def subscriptions(request: Request) -> list[SubscriptionShape]:
        """List the subscriptions, the oldest first."""
        access.demand(request, Scope.SUBSCRIPTIONS)
        with house.database.read() as connection:
            return [_shape(one) for one in list_subscriptions(connection)]

    @routes.post("/subscriptions", status_code=201)
    def subscribe(request: Request, wish: SubscriptionWish) -> SubscriptionShape:
        """Subscribe an address; unless vouched for, it is asked first."""
        access.demand(request, Scope.SUBSCRIPTIONS)
        made = wishes.subscribe(house, Form(fields=wish.form()), is_vouched_for=wish.vouched)
        return _shape(made.subscription, made.secret)

    @routes.get("/subscriptions/{subscription_id}")
    def subscription(request: Request, subscription_id: SubscriptionId) -> SubscriptionShape:
        """Return one subscription."""
        access.demand(request, Scope.SUBSCRIPTIONS)
        return _shape(required(house, subscription_id))

    @routes.put("/subscriptions/{subscription_id}/preferences")
    def change(
        request: Request, subscription_id: SubscriptionId, wish: PreferencesWish
    ) -> SubscriptionShape:
        """Put other preferences in the place of the old."""
        access.demand(request, Scope.SUBSCRIPTIONS)
        wishes.change(house, required(house, subscription_id), Form(fields=wish.form()))
        return _shape(required(house, subscription_id))

    @routes.post("/subscriptions/{subscription_id}/secret")
    def secret(request: Request, subscription_id: SubscriptionId) -> SecretShape:
        """Give an endpoint a new signing secret."""
        access.demand(request, Scope.SUBSCRIPTIONS)
        standing = required(house, subscription_id)
        with house.database.write() as connection:
            found = subscribing.renew_secret(connection, standing, now=house.clock())
        return SecretShape(secret=found)

    @routes.post("/subscriptions/{subscription_id}/{action}")
    def act(
        request: Request, subscription_id: SubscriptionId, action: Action, days: int = 7
    ) -> SubscriptionShape:
        """End, pause (1, 7 or 30 `days`), resume or re-enable a subscription. Repeatable."""
        access.demand(request, Scope.SUBSCRIPTIONS)
        form = Form(fields={"action": (action.value,), "days": (str(days),)})
        carry_out(house, subscription_id, form)
        return _shape(required(house, subscription_id))

    return routes


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
