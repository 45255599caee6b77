"""The JSON API of topics and rules: list, try, save, silence, versions, matches, opinions."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy import Connection

from alerts.opinions import judged_by_readers
from service.house import House
from service.web import rule_view
from service.web.access import Access, Asker
from service.web.accounts import Scope
from service.web.bodies import MOST_ID
from service.web.contract import CONFLICT, MISSING, lead_on, needs
from service.web.refusal import BadFormError
from service.web.rule_saving import Wish, judge, save, silence
from service.web.rule_shapes import (
    MatchShape,
    OpinionShape,
    OpinionWish,
    RuleShape,
    RuleWish,
    TrialShape,
    TrialWish,
    VersionShape,
    match_shape,
    opinion_shape,
    rule_shape,
    trial_shape,
    version_shape,
)
from storage.rules import KeptMatch, get_rule, matches_of_rule, matches_of_story, versions_of

RuleId = Annotated[str, Path(max_length=120, examples=["sme"])]


def router(house: House, access: Access) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(tags=["rules"])
    _add_reading(routes, house)
    _add_work(routes, house, access)
    return routes


def _one(house: House, rule_id: str) -> RuleShape:
    with house.database.read() as connection:
        return rule_shape(rule_view.find(house, connection, rule_id))


def _add_reading(routes: APIRouter, house: House) -> None:
    @routes.get("/rules")
    def rules(
        request: Request,
        response: Response,
        cursor: Annotated[str, Query(max_length=120, examples=["sme"])] = "",
        limit: Annotated[int, Query(ge=1, le=200, examples=[20])] = 50,
    ) -> list[RuleShape]:
        """List the topics, then the saved rules by id; `Link: rel="next"` leads on."""
        found = rule_view.rules_after(house, cursor, limit=limit + 1)
        if len(found) > limit:
            lead_on(request, response, cursor=found[limit - 1].id)
        return [rule_shape(one) for one in found[:limit]]

    @routes.get("/rules/{rule_id}")
    def rule(rule_id: RuleId) -> RuleShape:
        """Return a topic or rule."""
        return _one(house, rule_id)

    @routes.get("/rules/{rule_id}/versions")
    def versions(rule_id: RuleId) -> list[VersionShape]:
        """List every query a saved rule has had."""
        with house.database.read() as connection:
            get_rule(connection, rule_id)
            return [version_shape(one) for one in versions_of(connection, rule_id)]

    @routes.get("/rules/{rule_id}/matches")
    def matches(
        request: Request,
        response: Response,
        rule_id: RuleId,
        cursor: Annotated[int | None, Query(ge=1, le=MOST_ID, examples=[12])] = None,
        limit: Annotated[int, Query(ge=1, le=200, examples=[20])] = 20,
    ) -> list[MatchShape]:
        """List the stories a rule fired for, newest first; `Link: rel="next"` leads on."""
        with house.database.read() as connection:
            rule_view.find(house, connection, rule_id)
            last = _match(connection, rule_id, cursor) if cursor else None
            found = matches_of_rule(connection, rule_id, limit=limit + 1, before=last)
        if len(found) > limit:
            lead_on(request, response, cursor=found[limit - 1].story_id)
        return [match_shape(one) for one in found[:limit]]


def _match(connection: Connection, rule_id: str, story_id: int) -> KeptMatch:
    """Return the match a page ended with; BadFormError when there is none such any more."""
    for one in matches_of_story(connection, story_id):
        if one.rule_id == rule_id:
            return one
    raise BadFormError(f"cursor: {story_id} is no story of this rule; begin again without one")


def _add_work(routes: APIRouter, house: House, access: Access) -> None:
    editor = Annotated[Asker, needs(access, Scope.RULES)]

    @routes.post("/trials", dependencies=[needs(access, Scope.EXPORT)], responses=MISSING)
    def attempt(wish: TrialWish) -> TrialShape:
        """Try a query over the archive; nobody is alerted and nothing is kept. Scope: export."""
        standing = None
        if wish.against is not None:
            with house.database.read() as connection:
                standing = rule_view.find(house, connection, wish.against).rule
        rule = rule_view.read_rule(house, "", wish.query)
        return trial_shape(rule_view.trial(house, rule, days=wish.days, standing=standing))

    @routes.put("/rules/{rule_id}", responses=CONFLICT)
    def keep(by: editor, rule_id: RuleId, wish: RuleWish) -> RuleShape:
        """Save a rule; it decides from the next article on. Repeatable. Scope: rules."""
        wanted = Wish(rule_id=rule_id, query=wish.query, name=wish.name, note=wish.note)
        save(house, wanted, by_whom=by.name)
        return _one(house, rule_id)

    @routes.post("/rules/{rule_id}/silence", dependencies=[needs(access, Scope.RULES)])
    def hush(rule_id: RuleId) -> RuleShape:
        """Let a saved rule fire no more. Repeatable. Scope: rules."""
        silence(house, rule_id, enabled=False)
        return _one(house, rule_id)

    @routes.post("/rules/{rule_id}/enable", dependencies=[needs(access, Scope.RULES)])
    def enable(rule_id: RuleId) -> RuleShape:
        """Let a silenced rule fire again. Repeatable. Scope: rules."""
        silence(house, rule_id, enabled=True)
        return _one(house, rule_id)

    @routes.get("/rules/{rule_id}/opinions", dependencies=[needs(access, Scope.RULES)])
    def opinions(rule_id: RuleId) -> list[OpinionShape]:
        """List what readers said of a rule's alerts, the latest first. Scope: rules."""
        with house.database.read() as connection:
            rule = rule_view.find(house, connection, rule_id).rule
            return [opinion_shape(one) for one in judged_by_readers(connection, rule)]

    @routes.put("/rules/{rule_id}/opinion", status_code=204)
    def opinion(by: editor, rule_id: RuleId, wish: OpinionWish) -> None:
        """Say whether an alert was relevant; your last word on an article counts. Scope: rules."""
        judge(house, rule_id, wish.article_id, reader=by.name, is_relevant=wish.is_relevant)
