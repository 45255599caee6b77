"""The JSON API of topics and rules: list, try, save, silence, versions, matches, opinions."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from alerts.opinions import judged_by_readers
from service.house import House
from service.web import rule_view
from service.web.access import Access
from service.web.accounts import Scope
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
from storage.rules import get_rule, matches_of_rule, versions_of

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
    def rules() -> list[RuleShape]:
        """List the topics and the saved rules."""
        return [rule_shape(one) for one in rule_view.every_rule(house)]

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
        rule_id: RuleId,
        before: datetime | None = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 20,
    ) -> list[MatchShape]:
        """List the stories a rule fired for, newest first; `before` is the last `matched_at`."""
        with house.database.read() as connection:
            rule_view.find(house, connection, rule_id)
            at = before.astimezone() if before else None
            found = matches_of_rule(connection, rule_id, limit=limit, before=at)
        return [match_shape(one) for one in found]


def _add_work(routes: APIRouter, house: House, access: Access) -> None:
    @routes.post("/rules/try")
    def attempt(request: Request, wish: TrialWish) -> TrialShape:
        """Try a query over the archive; nobody is alerted and nothing is kept. Scope: export."""
        access.demand(request, Scope.EXPORT)
        standing = None
        if wish.against is not None:
            with house.database.read() as connection:
                standing = rule_view.find(house, connection, wish.against).rule
        rule = rule_view.read_rule(house, "", wish.query)
        return trial_shape(rule_view.trial(house, rule, days=wish.days, standing=standing))

    @routes.put("/rules/{rule_id}")
    def keep(request: Request, rule_id: RuleId, wish: RuleWish) -> RuleShape:
        """Save a rule; it decides from the next article on. Repeatable. Scope: rules."""
        by_whom = access.demand(request, Scope.RULES).name
        wanted = Wish(rule_id=rule_id, query=wish.query, name=wish.name, note=wish.note)
        save(house, wanted, by_whom=by_whom)
        return _one(house, rule_id)

    @routes.post("/rules/{rule_id}/silence")
    def hush(request: Request, rule_id: RuleId) -> RuleShape:
        """Let a saved rule fire no more. Repeatable. Scope: rules."""
        access.demand(request, Scope.RULES)
        silence(house, rule_id, enabled=False)
        return _one(house, rule_id)

    @routes.post("/rules/{rule_id}/enable")
    def enable(request: Request, rule_id: RuleId) -> RuleShape:
        """Let a silenced rule fire again. Repeatable. Scope: rules."""
        access.demand(request, Scope.RULES)
        silence(house, rule_id, enabled=True)
        return _one(house, rule_id)

    @routes.get("/rules/{rule_id}/opinions")
    def opinions(request: Request, rule_id: RuleId) -> list[OpinionShape]:
        """List what readers said of a rule's alerts, the latest first. Scope: rules."""
        access.demand(request, Scope.RULES)
        with house.database.read() as connection:
            rule = rule_view.find(house, connection, rule_id).rule
            return [opinion_shape(one) for one in judged_by_readers(connection, rule)]

    @routes.put("/rules/{rule_id}/opinion", status_code=204)
    def opinion(request: Request, rule_id: RuleId, wish: OpinionWish) -> None:
        """Say whether an alert was relevant; your last word on an article counts. Scope: rules."""
        reader = access.demand(request, Scope.RULES).name
        judge(house, rule_id, wish.article_id, reader=reader, is_relevant=wish.is_relevant)
