"""What every route of the API promises beside its own answer: who may ask, and how errors look."""

from typing import Any, Final

from fastapi import Depends, FastAPI, Request, Response, Security
from fastapi.openapi.utils import get_openapi
from fastapi.params import Security as Demand
from fastapi.security import HTTPBearer
from fastapi.security.http import HTTPAuthorizationCredentials
from pydantic import BaseModel, Field

from service.web.access import Access, Asker
from service.web.accounts import Scope
from service.web.mishaps import API_PREFIX

V1: Final = "/api/v1"

#: Shows in the interface's description that a token may be sent; `access` decides about it.
_TOKEN: Final = HTTPBearer(auto_error=False, description="a token of this installation")

#: What a route adds that may be asked for what its subject does not allow, or for another record.
CONFLICT: Final[dict[int | str, dict[str, Any]]] = {409: {}}
MISSING: Final[dict[int | str, dict[str, Any]]] = {404: {}}

_TOLD: Final = {
    "400": "a body that is no JSON",
    "401": "no token or session, or one that nobody gave out",
    "403": "not allowed: a scope is lacking, or the request comes from another site's page",
    "404": "not in the archive",
    "409": "cannot be done as things stand; the detail says why",
    "422": "a value that cannot be; the detail names it, and in a query the place",
    "429": "too many requests; Retry-After says in how many seconds there is room again",
    "503": "the archive is away",
}
_ANYWHERE: Final = ("403", "429", "503")


class Problem(BaseModel):
    """An error, as RFC 9457 asks."""

    type: str = Field(examples=["about:blank"])
    title: str = Field(description="the kind of error, such as `not_found`", examples=["not_found"])
    status: int = Field(examples=[404])
    detail: str = Field(
        description="what is wrong and what to do", examples=["no article 12 in the archive"]
    )
    instance: str = Field(description="the path asked for", examples=["/api/v1/articles/12"])


def needs(access: Access, scope: Scope) -> Demand:
    """Return what lets a route be asked only with a scope; its value is who asks."""

    def demanded(
        request: Request,
        _token: HTTPAuthorizationCredentials | None = Depends(_TOKEN),  # noqa: B008  # FastAPI's way
    ) -> Asker:
        return access.demand(request, scope)

    demand: Demand = Security(demanded, scopes=[scope.value])
    return demand


def lead_on(request: Request, response: Response, *, cursor: object) -> None:
    """Name the next page of a list as RFC 8288 asks."""
    following = request.url.include_query_params(cursor=cursor)
    response.headers["link"] = f'<{following.path}?{following.query}>; rel="next"'


def describe(app: FastAPI) -> None:
    """Let the application's description name every error, and what comes with an answer."""

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _described(app)
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]  # FastAPI's documented way


def _described(app: FastAPI) -> dict[str, Any]:
    whole = get_openapi(
        title=app.title, version=app.version, summary=app.summary, routes=app.routes
    )
    schemas = whole.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = Problem.model_json_schema()
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for path, ways in whole["paths"].items():
        for method, route in ways.items():
            if path.startswith(API_PREFIX):
                _complete(path, method, route)
    return whole


def _complete(path: str, method: str, route: dict[str, Any]) -> None:
    answers = route["responses"]
    wanted = [*_ANYWHERE, *(status for status in ("404", "409", "422") if status in answers)]
    if "requestBody" in route:
        wanted.append("400")
    if "security" in route:
        wanted.append("401")
    if "{" in path:
        wanted.append("404")
    for status in wanted:
        answers[status] = _problem(status)
    if method == "get":
        answers["200"].setdefault("headers", {}).update(_header("ETag", "of this answer"))
        answers["304"] = {"description": "nothing has changed since If-None-Match"}
    answers["429"]["headers"] = _header("Retry-After", "in seconds")


def _problem(status: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": _TOLD[status],
        "content": {"application/problem+json": {"schema": schema}},
    }


def _header(name: str, told: str) -> dict[str, Any]:
    return {name: {"description": told, "schema": {"type": "string"}}}
