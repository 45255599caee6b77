"""The link of feedback in mails: a GET asks, a POST says that a story was not relevant, or was.

A receiver of webhooks posts to the same address. What a reader says is an example the rule is
tested with from then on (`alerts.opinions.judged_by_readers`).
"""

from collections.abc import Collection
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection

from alerts.errors import BadTokenError
from alerts.tokens import Purpose
from service.house import House
from service.web.forms import Filled, Form
from service.web.pages import Pages
from service.web.rule_saving import judge
from storage.articles import get_article
from storage.errors import UnknownRecordError
from storage.rules import KeptMatch, find_feedback, matches_of_story
from storage.subscriptions import find_subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story that was told to a subscription: what fired, and what its reader said so far."""

    reader: str
    headline: str
    fired: tuple[KeptMatch, ...]
    said: dict[str, bool]


def router(house: House, shown: Pages) -> APIRouter:
    """Return the routes of the link."""
    routes = APIRouter()

    @routes.get("/f/{token}")
    def ask(request: Request, token: str) -> HTMLResponse:
        return _answered(house, shown, request, token, None)

    @routes.post("/f/{token}")
    def say(request: Request, token: str, form: Filled) -> HTMLResponse:
        return _answered(house, shown, request, token, form)

    return routes


def _answered(
    house: House, shown: Pages, request: Request, token: str, form: Form | None
) -> HTMLResponse:
    """Show what was told and what was said of it; with a form, keep what it says first."""
    try:
        told = _told(house, token)
    except BadTokenError as error:
        return shown.useless(request, 403, error)
    if told is None:
        gone = UnknownRecordError("this story is not told to you any more")
        return shown.useless(request, 404, gone)
    if form is not None:
        chosen = frozenset(form.texts("rule")) or {match.rule_id for match in told.fired}
        _keep(house, told, chosen, is_relevant=form.text("relevant") == "1")
        told = _told(house, token) or told
    return shown.page(request, "feedback.html", story=told, done=form is not None)


def _told(house: House, token: str) -> Told | None:
    """Read what a link is about: only rules that its subscription follows."""
    grant = house.links.key.read(token, Purpose.FEEDBACK, now=house.clock())
    with house.database.read() as connection:
        subscription = find_subscription(connection, grant.subscription_id)
        if subscription is None or grant.story_id is None:
            return None
        followed = subscription.preferences.rule_ids
        fired = tuple(
            match
            for match in matches_of_story(connection, grant.story_id)
            if match.rule_id in followed
        )
        if not fired:
            return None
        return Told(
            reader=subscription.id,
            headline=get_article(connection, fired[0].article_id).article.title,
            fired=fired,
            said=_said(connection, subscription.id, fired),
        )


def _said(connection: Connection, reader: str, fired: Collection[KeptMatch]) -> dict[str, bool]:
    found = [find_feedback(connection, one.rule_id, one.article_id, reader) for one in fired]
    return {said.rule_id: said.is_relevant for said in found if said is not None}


def _keep(house: House, told: Told, chosen: Collection[str], *, is_relevant: bool) -> None:
    for match in told.fired:
        if match.rule_id in chosen:
            judge(
                house,
                match.rule_id,
                match.article_id,
                reader=told.reader,
                is_relevant=is_relevant,
            )
