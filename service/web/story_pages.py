"""The pages of a story: its spread, its texts side by side, and the rulings of a person on it."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from service.house import House
from service.web import texts, views
from service.web.access import Access
from service.web.accounts import Scope
from service.web.forms import Filled, Form
from service.web.pages import Pages
from service.web.refusal import BadFormError
from storage import rulings
from storage.errors import UnknownRecordError
from storage.members import find_member, members_of


def router(house: House, shown: Pages, access: Access) -> APIRouter:
    """Return the routes."""
    routes = APIRouter()
    ruling = _Ruling(house, access)

    @routes.get("/stories/{story_id}")
    def story(request: Request, story_id: int, done: str = "") -> HTMLResponse:
        view = views.story(house, story_id)
        return shown.page(
            request,
            "story.html",
            view=view,
            texts=texts.texts_of_story(house, view),
            turns=texts.turns_of_story(house, view),
            done=done if done in {"merged", "split", "rooted"} else "",
        )

    @routes.get("/stories/{story_id}/compare")
    def compare(
        request: Request, story_id: int, before: str, after: str, whole: str = ""
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
    def article(request: Request, article_id: int) -> HTMLResponse:
        return _text(request, str(article_id))

    @routes.get("/articles/{article_id}/revisions/{content_hash}")
    def revision(request: Request, article_id: int, content_hash: str) -> HTMLResponse:
        return _text(request, f"{article_id}@{content_hash}")

    def _text(request: Request, ref: str) -> HTMLResponse:
        with house.database.read() as connection:
            text = texts.find_text(connection, house, ref)
            every = texts.texts_of_article(connection, house, text.article_id)
            member = find_member(connection, text.article_id)
        story_id = member.story_id if member else None
        return shown.page(request, "text.html", text=text, every=every, story_id=story_id)

    @routes.post("/stories/{story_id}/merge")
    def merge(request: Request, story_id: int, form: Filled) -> RedirectResponse:
        by_whom = access.accept(request, form, Scope.STORIES).name
        return shown.go(request, f"/stories/{ruling.merge(story_id, form, by_whom)}", done="merged")

    @routes.post("/stories/{story_id}/split")
    def split(request: Request, story_id: int, form: Filled) -> RedirectResponse:
        by_whom = access.accept(request, form, Scope.STORIES).name
        return shown.go(request, f"/stories/{ruling.split(story_id, form, by_whom)}", done="split")

    @routes.post("/stories/{story_id}/root")
    def root(request: Request, story_id: int, form: Filled) -> RedirectResponse:
        by_whom = access.accept(request, form, Scope.STORIES).name
        ruling.root(story_id, form, by_whom)
        return shown.go(request, f"/stories/{story_id}", done="rooted")

    return routes


class _Ruling:
    """Carries out what the forms say."""

    def __init__(self, house: House, access: Access) -> None:
        self._house = house
        self._access = access

    def merge(self, story_id: int, form: Form, by_whom: str) -> int:
        """Merge a story into another; return the one that stands."""
        into = form.number("into")
        if into == story_id:
            raise BadFormError("into: a story cannot be merged into itself; name another one")
        with self._house.database.write() as connection:
            rulings.merge(
                connection,
                story_id,
                into=into,
                by_whom=by_whom,
                why=form.needed("why"),
                roles=self._house.outlets,
                now=self._house.clock(),
            )
            return rulings.standing_story(connection, into).id

    def split(self, story_id: int, form: Form, by_whom: str) -> int:
        """Split the ticked articles off; return the new story."""
        wanted = form.numbers("article")
        if not wanted:
            raise BadFormError("article: tick at least one text to take out")
        try:
            with self._house.database.write() as connection:
                own = members_of(connection, story_id)
                if not set(wanted) <= {one.article_id for one in own}:
                    raise BadFormError(f"article: story {story_id} no longer holds all of these")
                return rulings.split(
                    connection,
                    wanted,
                    by_whom=by_whom,
                    why=form.needed("why"),
                    roles=self._house.outlets,
                    now=self._house.clock(),
                )
        except ValueError:
            raise BadFormError("article: leave at least one text in the story") from None

    def root(self, story_id: int, form: Form, by_whom: str) -> None:
        """Name the original by hand."""
        wanted = form.number("article")
        try:
            with self._house.database.write() as connection:
                rulings.root_by_hand(
                    connection,
                    story_id,
                    original_article_id=wanted,
                    by_whom=by_whom,
                    why=form.needed("why"),
                    now=self._house.clock(),
                )
        except UnknownRecordError as error:
            raise BadFormError(f"article: {error}") from None
