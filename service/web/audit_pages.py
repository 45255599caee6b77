"""The page of the audit log: who changed what, narrowed as asked. Scope: audit."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from service.house import House
from service.web.access import Access
from service.web.accounts import Scope
from service.web.bodies import MOST_ID
from service.web.pages import Pages
from service.web.refusal import BadFormError
from storage.audit import Act, list_audit

_ROWS: Final = 100


def router(house: House, shown: Pages, access: Access) -> APIRouter:
    """Return the route."""
    routes = APIRouter()

    @routes.get("/audit")
    def audit(
        request: Request,
        who: Annotated[str, Query(max_length=120)] = "",
        act: str = "",
        before: Annotated[int | None, Query(ge=1, le=MOST_ID)] = None,
    ) -> HTMLResponse:
        access.demand(request, Scope.AUDIT)
        asked, name = _act(act), who.strip()
        with house.database.read() as connection:
            found = list_audit(
                connection, limit=_ROWS + 1, before=before, who=name or None, act=asked
            )
        return shown.page(
            request,
            "audit.html",
            found=found[:_ROWS],
            older=found[_ROWS - 1].id if len(found) > _ROWS else None,
            who=name,
            asked=asked,
            acts=list(Act),
        )

    return routes


def _act(text: str) -> Act | None:
    """Read an act; BadFormError when it is none of the log's."""
    if not text:
        return None
    try:
        return Act(text)
    except ValueError:
        raise BadFormError("«{given}» is no act of the audit log", given=text[:40]) from None
