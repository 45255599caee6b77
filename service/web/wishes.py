"""Read what somebody filled in to subscribe or to change a subscription, and carry it out."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from alerts import subscribing
from alerts.subscribing import Subscribed, Wish
from alerts.subscriptions import (
    checked,
    parse_minute,
    parse_quiet,
    parse_rhythm,
)
from service.house import House
from service.web.forms import Form
from service.web.refusal import BadFormError
from storage.subscription import Preferences, Subscription
from storage.subscriptions import change_preferences, pause_subscription

#: How long a subscription can be paused from its page.
PAUSES: Final = (1, 7, 30)


def subscribe(house: House, form: Form, *, is_vouched_for: bool = False) -> Subscribed:
    """Make a subscription and owe its question; BadSubscriptionError names the field and cure."""
    house.rulebook.refresh()
    wish = read_wish(house, form, is_vouched_for=is_vouched_for)
    with house.database.write() as connection:
        return subscribing.subscribe(connection, wish, now=house.clock())


def confirm_by_code(house: House, subscription: Subscription, code: str) -> None:
    """Start a chat's subscription; BadSubscriptionError when the code is another."""
    with house.database.write() as connection:
        subscribing.confirm_by_code(connection, subscription, code, house.links, now=house.clock())


def read_wish(house: House, form: Form, *, is_vouched_for: bool) -> Wish:
    """Read the whole form of a new subscription."""
    preferences = read_preferences(house, form, Preferences(language=house.settings.language))
    wish = subscribing.read_wish(
        form.needed("address"),
        preferences,
        owner=form.text("owner"),
        rule_names=house.rulebook.names,
        reachable=house.reachable,
    )
    return replace(wish, is_vouched_for=is_vouched_for)


def read_preferences(house: House, form: Form, standing: Preferences) -> Preferences:
    """Read what is wanted; a field that the form does not have keeps its standing value."""
    has = form.fields.__contains__
    wanted = replace(
        standing,
        rule_ids=form.texts("rule"),
        rhythm=parse_rhythm(form.text("rhythm")) if has("rhythm") else standing.rhythm,
        language=form.text("language") or standing.language,
        quiet=parse_quiet(form.text("quiet")) if has("quiet") else standing.quiet,
        bulletin_minute=(
            parse_minute(form.text("bulletin_at"), "bulletin time")
            if form.text("bulletin_at")
            else standing.bulletin_minute
        ),
        cap_per_hour=_cap(form) if has("cap") else standing.cap_per_hour,
        working_days_only=form.text("working_days_only") == "1",
        outlets_excluded=frozenset(form.texts("not_outlet")),
        watches_outlets=form.text("watches_outlets") == "1",
    )
    return checked(wanted, rules=house.rulebook.names, outlets=house.outlets)


def change(house: House, subscription: Subscription, form: Form) -> None:
    """Put what the form says in the place of what stood."""
    house.rulebook.refresh()
    wanted = read_preferences(house, form, subscription.preferences)
    with house.database.write() as connection:
        change_preferences(connection, subscription.id, wanted)


def pause(house: House, subscription_id: str, form: Form) -> None:
    """Hold everything for some days."""
    days = form.number("days")
    if days not in PAUSES:
        raise BadFormError(
            "a pause lasts one of these numbers of days: {pauses}",
            pauses=", ".join(map(str, PAUSES)),
        )
    set_pause(house, subscription_id, house.clock() + timedelta(days=days))


def set_pause(house: House, subscription_id: str, until: datetime | None) -> None:
    """Hold everything until a time, or with None go on now."""
    with house.database.write() as connection:
        pause_subscription(connection, subscription_id, until=until)


def _cap(form: Form) -> int | None:
    return form.number("cap") if form.text("cap") else None
