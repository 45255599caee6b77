"""The page of the ledger: what became of every message, narrowed as asked, and sent again."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from service.house import House
from service.web import ledger_view
from service.web.access import Access
from service.web.accounts import Scope
from service.web.forms import Filled
from service.web.ledger_view import Asked
from service.web.pages import Pages
from service.web.refusal import BadFormError
from storage.deliveries import retry
from storage.delivery import DeliveryState


def router(house: House, shown: Pages, access: Access) -> APIRouter:
    """Return the routes."""
    routes = APIRouter()

    @routes.get("/deliveries")
    def deliveries(
        request: Request, state: str = "", to: str = "", before: str = "", done: str = ""
    ) -> HTMLResponse:
        access.demand(request, Scope.DELIVERIES)
        asked = Asked(state=_state(state), to=to.strip()[:2000], before=before[:40])
        return shown.page(
            request,
            "deliveries.html",
            view=ledger_view.look(house, asked),
            asked=asked,
            states=list(DeliveryState),
            done=bool(done),
        )

    @routes.post("/deliveries/{delivery_id}/retry")
    def again(request: Request, delivery_id: str, form: Filled) -> RedirectResponse:
        access.accept(request, form, Scope.DELIVERIES)
        with house.database.write() as connection:
            if not retry(connection, delivery_id, now=house.clock()):
                raise BadFormError("this delivery is being sent right now, or there is none such")
        return shown.go(
            request, "/deliveries", state=form.text("state"), to=form.text("to"), done="1"
        )

    return routes


def _state(text: str) -> DeliveryState | None:
    """Read a state; BadFormError when it is none of the ledger's."""
    if not text:
        return None
    try:
        return DeliveryState(text)
    except ValueError:
        raise BadFormError("«{given}» is no state of the ledger", given=text[:40]) from None
