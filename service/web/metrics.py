"""Answer Prometheus on /metrics."""

from fastapi import APIRouter, Request, Response

from service.house import House
from service.metrics import CONTENT_TYPE, metrics
from service.web.access import Access
from service.web.accounts import Scope


def router(house: House, access: Access) -> APIRouter:
    """Return the route; open on a private loopback, elsewhere it asks for a reader's token."""
    routes = APIRouter(tags=["health"])

    @routes.get("/metrics")
    def tell(request: Request) -> Response:
        """Tell the state of the installation; 503 when the archive is away."""
        access.demand(request, Scope.EXPORT)
        return Response(metrics(house), media_type=CONTENT_TYPE)

    return routes
