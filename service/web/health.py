"""Say whether the process lives (/healthz) and whether it can do its work (/readyz)."""

from fastapi import APIRouter, Response

from service.house import House
from storage.errors import StorageError
from storage.migrate import require_schema


def router(house: House) -> APIRouter:
    """Return the two routes; `readyz` answers 503 with the reason when the archive is away."""
    routes = APIRouter(tags=["health"])

    @routes.get("/healthz")
    def healthz() -> dict[str, str]:
        """Answer while the process lives."""
        return {"status": "alive"}

    @routes.get("/readyz")
    def readyz(response: Response) -> dict[str, str]:
        """Answer 200 when the archive can be used, else 503 with the reason."""
        try:
            require_schema(house.database)
        except StorageError as error:
            response.status_code = 503
            return {"status": "not ready", "reason": str(error)}
        return {"status": "ready"}

    return routes
