"""The pages of a story: its spread, its texts side by side, and the rulings of a person on it."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from service.house import House
from service.web import texts, views
from service.web.access import Access
from service.web.accounts import Scope
from service.web.choices import RULING_DONE
from service.web.forms import Filled
from service.web.pages import Pages
from service.web.ruling import Ruling
from storage.members import find_member

#: A row's number; the largest that either database can hold.
RowNumber = Annotated[int, Path(ge=1, le=2**63 - 1)]


def router(house: House, shown: Pages, access: Access) -> APIRouter:
    """Return the routes."""
    routes = APIRouter()
    ruling = Ruling(house)

    @routes.get("/stories/{story_id}")
    def story(request: Request, story_id: RowNumber, done: str = "") -> HTMLResponse:
        view = views.story(house, story_id)
        return shown.page(
            request,
            "story.html",
            view=view,
            texts=texts.texts_of_story(house, view),
            turns=texts.turns_of_story(house, view),
            done=done if done in RULING_DONE else "",
        )

    @routes.get("/stories/{story_id}/compare")
    def compare(
        request: Request, story_id: RowNumber, before: str, after: str, whole: str = ""
    ) -> HTMLResponse:
        view = views.story(house, story_id)
        return shown.page(
            request,
            "compare.html",
            view=view,
            texts=texts.texts_of_story(house, view),
            both=texts.compare(house, before, after, unfolded=bool(whole)),
            whole=bool(whole),
        )

    @routes.get("/articles/{article_id}")
    def article(request: Request, article_id: RowNumber) -> HTMLResponse:
        return _text(request, str(article_id))

    @routes.get("/articles/{article_id}/revisions/{content_hash}")
    def revision(request: Request, article_id: RowNumber, content_hash: str) -> HTMLResponse:
        return _text(request, f"{article_id}@{content_hash}")

    def _text(request: Request, ref: str) -> HTMLResponse:
        with house.database.read() as connection:
            text = texts.find_text(connection, house, ref)
            every = texts.texts_of_article(connection, house, text.article_id)
            member = find_member(connection, text.article_id)
        story_id = member.story_id if member else None
        return shown.page(request, "text.html", text=text, every=every, story_id=story_id)

    @routes.post("/stories/{story_id}/merge")
    def merge(request: Request, story_id: RowNumber, form: Filled) -> RedirectResponse:
        by_whom = access.accept(request, form, Scope.STORIES).name
        into, why = form.number("into"), form.needed("why")
        standing = ruling.merge(story_id, into, by_whom=by_whom, why=why)
        return shown.go(request, f"/stories/{standing}", done="merged")

    @routes.post("/stories/{story_id}/split")
    def split(request: Request, story_id: RowNumber, form: Filled) -> RedirectResponse:
        by_whom = access.accept(request, form, Scope.STORIES).name
        leaving, why = form.numbers("article"), form.needed("why")
        fresh = ruling.split(story_id, leaving, by_whom=by_whom, why=why)
        return shown.go(request, f"/stories/{fresh}", done="split")

    @routes.post("/stories/{story_id}/root")
    def root(request: Request, story_id: RowNumber, form: Filled) -> RedirectResponse:
        by_whom = access.accept(request, form, Scope.STORIES).name
        original, why = form.number("article"), form.needed("why")
        ruling.root(story_id, original, by_whom=by_whom, why=why)
        return shown.go(request, f"/stories/{story_id}", done="rooted")

    return routes
