"""Answer expected errors in words: as problem+json to programs, as a page to people.

A program is told in English, a person in the language of the page; a sentence that has no words in
that language is left out, and the heading alone says what kind of thing went wrong.
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match

from alerts.errors import BadSubscriptionError
from service.errors import QuestionError, UnknownNameError
from service.web.headers import HEADERS
from service.web.invalid import say_invalid
from service.web.pages import Pages
from service.web.refusal import RefusedError
from service.web.words import Words, mark
from storage.errors import (
    BusyError,
    FullError,
    MissingLibraryError,
    StorageError,
    UnknownRecordError,
    UnreachableError,
)
from storage.query_error import QueryError
from storage.search import BadCursorError
from storage.worded import Worded

API_PREFIX: Final = "/api/"
_METHODS: Final = ("DELETE", "GET", "PATCH", "POST", "PUT")

#: What each error is over HTTP: its status, and its kind. The first that fits.
KINDS: Final[tuple[tuple[type[Worded], int, str], ...]] = (
    (UnknownRecordError, 404, "not_found"),
    (QueryError, 422, "query_wrong"),
    (QuestionError, 422, "query_wrong"),
    (BadCursorError, 422, "query_wrong"),
    (BadSubscriptionError, 422, "subscription_wrong"),
    (UnknownNameError, 422, "name_unknown"),
    (MissingLibraryError, 409, "bad_form"),
    (StorageError, 503, "archive_away"),
)

#: What a page says first of each kind of error, and what can be done whatever the error was.
HEADINGS: Final[Mapping[str, tuple[str, str]]] = {
    "not_found": (
        mark("There is no such page."),
        mark("The address may be mistyped or old; begin at today's page or search for it."),
    ),
    "bad_request": (
        mark("This request is not right"),
        mark("Go back to the page before and try from there."),
    ),
    "bad_form": (mark("The form is not filled in right"), mark("Go back, mend it, send it again.")),
    "too_large": (mark("The text is too large"), mark("Go back and send less text.")),
    "too_many": (mark("Too many requests"), ""),
    "not_allowed": (mark("You may not do this"), mark("Sign in as somebody who may.")),
    "not_known": (mark("You are not known here"), mark("Sign in again.")),
    "stale_form": (mark("This form is too old"), ""),
    "query_wrong": (mark("The query is not right"), ""),
    "subscription_wrong": (mark("This subscription was not accepted"), ""),
    "name_unknown": (mark("There is no such name"), ""),
    "archive_away": (
        mark("The archive cannot be reached"),
        mark(
            "Nothing is lost. Try again in a few minutes; the operator finds the cause in the log."
        ),
    ),
    "fault": (
        mark("Something went wrong on our side"),
        mark("Try again in a few minutes; the operator finds the cause in the log."),
    ),
}


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
        app.add_exception_handler(Exception, self.fault)

    def tell(self, request: Request, status: int, title: str, error: Exception | None) -> Response:
        """Answer a program with a problem, a person with a page."""
        if request.url.path.startswith(API_PREFIX):
            return problem(status, title, str(error or ""), request.url.path)
        return self._page(request, status, title, _detail(self._shown.words(request), error))

    def refused(self, request: Request, error: Exception) -> Response:
        """Answer what is the asker's to mend."""
        if not isinstance(error, RefusedError):  # pragma: no cover - registered for nothing else
            raise error
        answer = self.tell(request, error.status, error.title, error)
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
        answer = self.tell(request, status, title, Worded(detail))
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            answer.headers["allow"] = ", ".join(_methods(request))
        return answer

    def invalid(self, request: Request, error: Exception) -> Response:
        """Name the first parameter that is not right, and why; an address that is none is a 404."""
        if not isinstance(error, RequestValidationError):  # pragma: no cover - the same
            raise error
        first = error.errors()[0]
        if request.url.path.startswith(API_PREFIX):
            place = ".".join(str(part) for part in first["loc"][1:]) or "body"
            return problem(
                422,
                "bad_form",
                f"{place}: {first['msg'].removeprefix('Value error, ')}",
                request.url.path,
            )
        if first["loc"][0] == "path":
            return self._page(request, 404, "not_found", "")
        return self._page(request, 422, "bad_form", say_invalid(self._shown.words(request), first))

    def fault(self, request: Request, error: Exception) -> Response:  # noqa: ARG002 - a handler
        """Answer what nobody expected, without its details; the server's log has them."""
        answer = self.tell(request, 500, "fault", None)
        answer.headers.update(HEADERS)  # the gate does not see this answer
        return answer

    def _page(self, request: Request, status: int, title: str, detail: str) -> Response:
        heading, advice = HEADINGS[title]
        words = self._shown.words(request)
        return self._shown.message(
            request, status, heading, detail, words.say(advice) if advice else ""
        )


def _detail(words: Words, error: Exception | None) -> str:
    """Say what is wrong as far as there are words for it in the reader's language."""
    match error:
        case QueryError():
            return " — ".join(words.tell_query(error))
        case BusyError():
            return words.say("Another writer keeps the archive; try again in a moment.")
        case FullError():
            return words.say("There is no room left on the disk of the archive.")
        case UnreachableError():
            return words.say("The database server does not answer.")
        case Worded():
            return words.tell(error)
        case _:
            return ""


def _told(mishaps: Mishaps, status: int, title: str) -> Callable[[Request, Exception], Response]:
    """Return what answers one kind of error with its own message."""
    return lambda request, error: mishaps.tell(request, status, title, error)


def _methods(request: Request) -> list[str]:
    """Return the methods of an address: several routes may share it, each knows its own only."""

    def is_known(method: str) -> bool:
        scope = dict(request.scope, method=method)
        return any(one.matches(scope)[0] is Match.FULL for one in request.app.routes)

    return [method for method in _METHODS if is_known(method)]


def problem(status: int, title: str, detail: str, instance: str) -> JSONResponse:
    """Return an error as RFC 9457 asks."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(
        body | {"instance": instance}, status_code=status, media_type="application/problem+json"
    )
