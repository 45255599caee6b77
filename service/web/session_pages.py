"""The pages to sign in and out."""

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from service.house import House
from service.web.access import Access
from service.web.auditing import tell
from service.web.forms import Filled
from service.web.pages import Pages

log = structlog.get_logger("rasad.access")


def router(house: House, shown: Pages, access: Access) -> APIRouter:  # noqa: ARG001 - as its kind
    """Return the routes."""
    routes = APIRouter()

    @routes.get("/sign-in")
    def ask(request: Request) -> HTMLResponse:
        return shown.page(request, "sign_in.html", typed="", is_wrong=False)

    @routes.post("/sign-in", response_model=None)
    def sign_in(request: Request, form: Filled) -> HTMLResponse | RedirectResponse:
        access.accept(request, form)
        name = form.text("name")
        known = access.accounts.find_user(name)
        if known is not None:  # any other name may be a password in the wrong field
            tell(request, who=known.name)
        user = access.accounts.check(name, form.text("password"))
        if user is None:
            log.warning("a sign-in failed", name=name[:80])
            return shown.page(request, "sign_in.html", status=401, typed=name, is_wrong=True)
        log.info("signed in", name=user.name, role=user.role.value)
        answer = shown.go(request, "/")
        access.sign_in(answer, user)
        return answer

    @routes.post("/sign-out")
    def sign_out(request: Request, form: Filled) -> RedirectResponse:
        asker = access.accept(request, form)
        log.info("signed out", name=asker.name)
        answer = shown.go(request, "/")
        access.sign_out(answer)
        return answer

    return routes
