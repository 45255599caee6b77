"""Answer expected errors in words: as problem+json to programs, as a page to people."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from alerts.errors import BadSubscriptionError
from service.errors import QuestionError, UnknownNameError
from service.web.pages import Pages
from service.web.refusal import RefusedError
from storage.errors import StorageError, UnknownRecordError
from storage.query_error import QueryError
from storage.search import BadCursorError

API_PREFIX: Final = "/api/"

#: What each error is over HTTP: its status, and the phrase that names it. The first that fits.
KINDS: Final[tuple[tuple[type[Exception], int, str], ...]] = (
    (UnknownRecordError, 404, "not_found"),
    (QueryError, 422, "query_wrong"),
    (QuestionError, 422, "query_wrong"),
    (BadCursorError, 422, "query_wrong"),
    (BadSubscriptionError, 422, "subscription_wrong"),
    (UnknownNameError, 422, "name_unknown"),
    (StorageError, 503, "archive_away"),
)


class Mishaps:
    """Turns errors into answers."""

    def __init__(self, shown: Pages) -> None:
        self._shown = shown

    def listen(self, app: FastAPI) -> None:
        """Answer the errors of an application."""
        for kind, status, title in KINDS:
            app.add_exception_handler(kind, _told(self, status, title))
        app.add_exception_handler(RefusedError, self.refused)
        app.add_exception_handler(HTTPException, self.http)
        app.add_exception_handler(RequestValidationError, self.invalid)

    def tell(self, request: Request, status: int, title: str, detail: str) -> Response:
        """Answer a program with a problem, a person with a page."""
        if request.url.path.startswith(API_PREFIX):
            return problem(status, title, detail, request.url.path)
        return self._shown.message(request, status, title, detail)

    def refused(self, request: Request, error: Exception) -> Response:
        """Answer what is the asker's to mend."""
        if not isinstance(error, RefusedError):  # pragma: no cover - registered for nothing else
            raise error
        answer = self.tell(request, error.status, error.title, str(error))
        if error.status == HTTPStatus.UNAUTHORIZED:
            answer.headers["www-authenticate"] = "Bearer"
        return answer

    def http(self, request: Request, error: Exception) -> Response:
        """Answer what a route itself says, or that there is no such route."""
        if not isinstance(error, HTTPException):  # pragma: no cover - registered for nothing else
            raise error
        status = error.status_code
        detail = "" if error.detail == HTTPStatus(status).phrase else str(error.detail)
        title = "not_found" if status == HTTPStatus.NOT_FOUND else "bad_request"
        return self.tell(request, status, title, detail)

    def invalid(self, request: Request, error: Exception) -> Response:
        """Name the first parameter that is not right, and why."""
        if not isinstance(error, RequestValidationError):  # pragma: no cover - the same
            raise error
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"][1:]) or "body"
        return self.tell(request, 422, "bad_form", f"{place}: {first['msg']}")


def _told(mishaps: Mishaps, status: int, title: str) -> Callable[[Request, Exception], Response]:
    """Return what answers one kind of error with its own message."""
    return lambda request, error: mishaps.tell(request, status, title, str(error))


def problem(status: int, title: str, detail: str, instance: str) -> JSONResponse:
    """Return an error as RFC 9457 asks."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(
        body | {"instance": instance}, status_code=status, media_type="application/problem+json"
    )
