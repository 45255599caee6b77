"""Say whether the process lives (/healthz) and whether it can do its work (/readyz)."""

import threading
import time
from contextlib import closing
from datetime import timedelta
from typing import Any, Final

from fastapi import APIRouter, Response
from pydantic import BaseModel

from service.house import House
from service.settings import Settings
from storage.check import require_writable
from storage.database import Database
from storage.errors import StorageError

#: Whoever asks wants an answer soon; a lock held for longer is told, not waited out.
PATIENCE: Final = timedelta(seconds=3)
#: Anybody may ask, and each try writes to the disk: an answer is good for so long.
GOOD_FOR: Final = timedelta(seconds=2)


class Readiness:
    """Whether something can be kept now: None, or the reason why not, in words for a person."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._tried_at: float | None = None
        self._reason: str | None = None

    def reason(self) -> str | None:
        """Try, or say again what the last try said when that was just now."""
        with self._lock:
            now = time.monotonic()
            if self._tried_at is None or now - self._tried_at > GOOD_FOR.total_seconds():
                self._reason = self._try()
                self._tried_at = time.monotonic()
            return self._reason

    def _try(self) -> str | None:
        try:
            database = Database.open(self._settings.archive_url, patience=PATIENCE)
            with closing(database):
                require_writable(database, self._settings.data_folder)
        except StorageError as error:
            return str(error)
        return None


class StatusShape(BaseModel):
    """Whether it is well, and if not, why."""

    status: str
    reason: str | None = None


_AWAY: dict[int | str, dict[str, Any]] = {
    503: {"model": StatusShape, "description": "the archive cannot be used"}
}


def router(house: House) -> APIRouter:
    """Return the two routes; `readyz` answers 503 with the reason when nothing can be kept."""
    routes = APIRouter(tags=["health"])
    readiness = Readiness(house.settings)

    @routes.get("/healthz", response_model_exclude_none=True)
    def healthz() -> StatusShape:
        """Answer while the process lives."""
        return StatusShape(status="alive")

    @routes.get("/readyz", responses=_AWAY, response_model_exclude_none=True)
    def readyz(response: Response) -> StatusShape:
        """Answer 200 when the archive and the data folder can be written, else 503 and why."""
        reason = readiness.reason()
        if reason is not None:
            response.status_code = 503
            return StatusShape(status="not ready", reason=reason)
        return StatusShape(status="ready")

    return routes
