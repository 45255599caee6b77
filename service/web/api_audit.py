"""The JSON API of the audit log: who changed what, newest first. Scope: audit."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from service.house import House
from service.web.access import Access
from service.web.accounts import Scope
from service.web.bodies import MOST_ID
from service.web.contract import lead_on, needs
from storage.audit import Act, AuditEntry, Outcome, list_audit


class AuditShape(BaseModel):
    """One act; `who` is null for a sign-in by a name nobody has."""

    id: int
    at: datetime
    who: str | None = Field(examples=["sara", "token desk", "operator"])
    source: str = Field(description="an address, or `cli`", examples=["192.0.2.7"])
    act: Act
    target: str | None = Field(description="the id of what it was done to", examples=["sme"])
    outcome: Outcome


def router(house: House, access: Access) -> APIRouter:
    """Return the route."""
    routes = APIRouter(tags=["audit"], dependencies=[needs(access, Scope.AUDIT)])

    @routes.get("/audit")
    def audit(  # noqa: PLR0913, PLR0917 - what the log can be asked
        request: Request,
        response: Response,
        who: Annotated[str | None, Query(max_length=120, examples=["sara"])] = None,
        act: Act | None = None,
        cursor: Annotated[int | None, Query(ge=1, le=MOST_ID, examples=[12])] = None,
        limit: Annotated[int, Query(ge=1, le=200, examples=[20])] = 50,
    ) -> list[AuditShape]:
        """List who changed what, newest first; `Link: rel="next"` leads on.

        Scope: audit.
        """
        with house.database.read() as connection:
            found = list_audit(connection, limit=limit + 1, before=cursor, who=who, act=act)
        if len(found) > limit:
            lead_on(request, response, cursor=found[limit - 1].id)
        return [_shape(one) for one in found[:limit]]

    return routes


def _shape(one: AuditEntry) -> AuditShape:
    return AuditShape(
        id=one.id,
        at=one.at,
        who=one.who,
        source=one.source,
        act=one.act,
        target=one.target,
        outcome=one.outcome,
    )
