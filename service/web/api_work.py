"""The JSON API of the work: rulings on stories, the ledger and its retries, outlets' visits."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field

from service.house import House
from service.web import views
from service.web.access import Access, Asker
from service.web.accounts import Scope
from service.web.bodies import MOST_ID, Body, Id
from service.web.contract import CONFLICT, lead_on, needs
from service.web.refusal import BadFormError, ConflictError
from service.web.ruling import Ruling
from service.web.shapes import DeliveryShape, StoryShape, delivery_shape, story_shape
from storage.deliveries import retry
from storage.delivery import DeliveryState
from storage.errors import UnknownRecordError
from storage.ledger import LedgerFilter, find_delivery, list_deliveries
from storage.outlet_states import visit_at
from storage.visits import Visit, recent_visits

RowNumber = Annotated[int, Path(ge=1, le=MOST_ID, examples=[12])]
OutletId = Annotated[str, Path(max_length=80, examples=["kermannews"])]
DeliveryId = Annotated[str, Path(max_length=40, examples=["dlv_4f2a"])]
Limit = Annotated[int, Query(ge=1, le=200, examples=[20])]
Why = Annotated[str, Field(min_length=1, max_length=300, examples=["همان بیانیه است"])]


class _Reasoned(Body):
    why: Why


class MergeBody(_Reasoned):
    """The story that takes this one in, and why."""

    into: Id


class SplitBody(_Reasoned):
    """The articles that are a story of their own, and why."""

    article_ids: Annotated[tuple[Id, ...], Field(min_length=1, max_length=1000)]


class RootBody(_Reasoned):
    """The article that is the original, and why."""

    article_id: Id


class VisitShape(BaseModel):
    """One visit to an outlet."""

    id: str
    outlet_id: str
    started_at: datetime
    finished_at: datetime | None
    outcome: str
    found: int
    read: int
    new: int
    revised: int
    copies: int
    failed: int
    requests: int
    failure: str | None


def router(house: House, access: Access) -> APIRouter:
    """Return the routes."""
    routes = APIRouter()
    _add_rulings(routes, Ruling(house), house, access)
    _add_ledger(routes, house, access)
    _add_visits(routes, house, access)
    return routes


def _add_rulings(routes: APIRouter, ruling: Ruling, house: House, access: Access) -> None:
    editor = Annotated[Asker, needs(access, Scope.STORIES)]

    @routes.post("/stories/{story_id}/merge", tags=["stories"], responses=CONFLICT)
    def merge(by: editor, story_id: RowNumber, body: MergeBody) -> StoryShape:
        """Merge a story into another; the machine never undoes it. Scope: stories."""
        standing = ruling.merge(story_id, body.into, by_whom=by.name, why=body.why)
        return story_shape(views.story(house, standing))

    @routes.post("/stories/{story_id}/split", tags=["stories"], responses=CONFLICT)
    def split(by: editor, story_id: RowNumber, body: SplitBody) -> StoryShape:
        """Take articles out into a new story, which is returned. Scope: stories."""
        fresh = ruling.split(story_id, body.article_ids, by_whom=by.name, why=body.why)
        return story_shape(views.story(house, fresh))

    @routes.post("/stories/{story_id}/root", tags=["stories"], responses=CONFLICT)
    def root(by: editor, story_id: RowNumber, body: RootBody) -> StoryShape:
        """Name a story's original; no later arrival changes it. Scope: stories."""
        ruling.root(story_id, body.article_id, by_whom=by.name, why=body.why)
        return story_shape(views.story(house, story_id))


def _add_ledger(routes: APIRouter, house: House, access: Access) -> None:
    only = [needs(access, Scope.DELIVERIES)]

    @routes.get("/deliveries", tags=["deliveries"], dependencies=only)
    def deliveries(  # noqa: PLR0913, PLR0917 - what the ledger can be asked
        request: Request,
        response: Response,
        state: DeliveryState | None = None,
        story_id: Annotated[int | None, Query(ge=1, le=MOST_ID)] = None,
        cursor: Annotated[str | None, Query(max_length=40)] = None,
        limit: Limit = 50,
    ) -> list[DeliveryShape]:
        """List the ledger, newest first; `Link: rel="next"` leads on. Scope: deliveries."""
        with house.database.read() as connection:
            before = find_delivery(connection, cursor) if cursor else None
            if cursor and before is None:
                raise BadFormError(f"cursor: {cursor!r} is no delivery; begin again without one")
            wanted = LedgerFilter(state=state, story_id=story_id, before=before)
            found = list_deliveries(connection, wanted, limit=limit + 1)
        if len(found) > limit:
            lead_on(request, response, cursor=found[limit - 1].id)
        return [delivery_shape(one) for one in found[:limit]]

    @routes.post(
        "/deliveries/{delivery_id}/retry",
        tags=["deliveries"],
        dependencies=only,
        responses=CONFLICT,
    )
    def again(delivery_id: DeliveryId) -> DeliveryShape:
        """Owe a delivery again, with the same id. Repeatable. Scope: deliveries."""
        with house.database.write() as connection:
            is_owed = retry(connection, delivery_id, now=house.clock())
            found = find_delivery(connection, delivery_id)
        if found is None:
            raise UnknownRecordError(f"no delivery {delivery_id!r}; list the ledger to see them")
        if not is_owed:
            raise ConflictError(f"delivery {delivery_id} is being sent right now; ask again later")
        return delivery_shape(found)


def _add_visits(routes: APIRouter, house: House, access: Access) -> None:
    @routes.get("/outlets/{outlet_id}/visits", tags=["outlets"])
    def visits(outlet_id: OutletId, limit: Limit = 20) -> list[VisitShape]:
        """List an outlet's latest visits, newest first."""
        views.known_outlet(house, outlet_id)
        with house.database.read() as connection:
            found = recent_visits(connection, limit=limit, outlet_id=outlet_id)
        return [_visit(one) for one in found]

    @routes.post(
        "/outlets/{outlet_id}/visit",
        tags=["outlets"],
        status_code=202,
        dependencies=[needs(access, Scope.OUTLETS)],
    )
    def visit(outlet_id: OutletId) -> None:
        """Make an outlet due now; the daemon visits it at its next tick. Scope: outlets."""
        views.known_outlet(house, outlet_id)
        with house.database.write() as connection:
            visit_at(connection, outlet_id, house.clock())


def _visit(one: Visit) -> VisitShape:
    return VisitShape(
        id=one.id,
        outlet_id=one.outlet_id,
        started_at=one.started_at,
        finished_at=one.finished_at,
        outcome=one.outcome.value,
        found=one.found,
        read=one.read,
        new=one.new,
        revised=one.revised,
        copies=one.copies,
        failed=one.failed,
        requests=one.requests,
        failure=one.failure_detail,
    )
