"""The pages to import an old collection: the form, and how far each import is."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from service.house import House
from service.web.access import Access
from service.web.accounts import Scope
from service.web.auditing import tell
from service.web.forms import Form
from service.web.imports import Imports
from service.web.pages import Pages
from service.web.refusal import BadFormError
from service.web.uploads import receive


def router(house: House, shown: Pages, access: Access) -> APIRouter:
    """Return the routes."""
    routes = APIRouter()
    imports = Imports(house)

    def form_page(request: Request, error: str = "") -> HTMLResponse:
        status = 422 if error else 200
        found = imports.latest()
        return shown.page(request, "imports.html", status=status, found=found, error=error)

    @routes.get("/import")
    def ask(request: Request) -> HTMLResponse:
        access.demand(request, Scope.STORIES)
        return form_page(request)

    @routes.post("/import", response_model=None)
    async def take(request: Request) -> HTMLResponse | RedirectResponse:
        import_id, place = imports.place()

        def accept(form: Form) -> None:
            access.accept(request, form, Scope.STORIES)

        try:
            upload = await receive(request, place, accept=accept)
        except BadFormError as wrong:
            access.demand(request, Scope.STORIES)
            return form_page(request, shown.words(request).tell(wrong))
        tell(request, target=import_id)
        imports.begin(import_id, upload, by_whom=access.asker(request).name)
        return shown.go(request, f"/import/{import_id}")

    @routes.get("/import/{import_id}")
    def progress(request: Request, import_id: str) -> HTMLResponse:
        access.demand(request, Scope.STORIES)
        words, one = shown.words(request), imports.find(import_id)
        problems = [(problem.place, words.tell(problem.error)) for problem in one.problems]
        return shown.page(request, "import.html", one=one, problems=problems)

    return routes
