"""The pages of topics and rules: what each is, what it finds, a dry run, versions, feedback."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from persian.calendar import jalali_of
from service.house import House
from service.web import rule_view, svg, views
from service.web.access import Access
from service.web.accounts import Scope
from service.web.auditing import tell
from service.web.choices import RULE_DONE
from service.web.forms import Filled
from service.web.misreading import misread
from service.web.pages import Pages
from service.web.rule_saving import Wish, judge, save, silence
from service.web.trends import day_name
from service.web.words import Words
from storage.audit import Act
from storage.query_error import QueryError

#: Topics and rules on one page.
_PAGE: Final = 100

Days = Annotated[int, Query(ge=1, le=366)]


def router(house: House, shown: Pages, access: Access) -> APIRouter:
    """Return the routes."""
    routes = APIRouter()

    @routes.get("/topics")
    def topics(request: Request, after: str = "") -> HTMLResponse:
        house.rulebook.refresh()
        found = rule_view.rules_after(house, after[:120], limit=_PAGE + 1)
        last = found[_PAGE - 1].id if len(found) > _PAGE else None
        return shown.page(request, "topics.html", rules=found[:_PAGE], last=last)

    @routes.get("/topics/try")
    def attempt(request: Request, q: str = "", rule: str = "", days: Days = 30) -> HTMLResponse:
        access.demand(request, Scope.EXPORT)
        values: dict[str, Any] = {"asked": q, "rule_id": rule, "days": days, "error": None}
        try:
            tried = _tried(house, q, rule, days, shown.words(request))
        except QueryError as wrong:
            told = {
                "error": misread(shown.words(request), wrong),
                "trial": None,
                "standing": None,
                "plot": None,
            }
            return shown.page(request, "try.html", status=422, **values | told)
        return shown.page(request, "try.html", **values | tried)

    @routes.get("/topics/{rule_id}")
    def topic(request: Request, rule_id: str, done: str = "") -> HTMLResponse:
        house.rulebook.refresh()
        page = rule_view.rule_page(house, rule_id)
        told = done if done in RULE_DONE else ""
        return shown.page(request, "topic.html", page=page, done=told)

    @routes.post("/topics")
    def keep(request: Request, form: Filled) -> RedirectResponse:
        by_whom = access.accept(request, form, Scope.RULES).name
        wish = Wish(
            rule_id=form.needed("id"),
            query=form.needed("query"),
            name=form.text("name"),
            note=form.text("note"),
        )
        tell(request, target=wish.rule_id)
        saved = save(house, wish, by_whom=by_whom)
        return shown.go(request, f"/topics/{saved.id}", done="saved")

    @routes.post("/topics/{rule_id}/silence")
    def hush(request: Request, rule_id: str, form: Filled) -> RedirectResponse:
        access.accept(request, form, Scope.RULES)
        enabled = form.text("enabled") == "1"
        tell(request, act=Act.RULE_ENABLED if enabled else Act.RULE_SILENCED)
        silence(house, rule_id, enabled=enabled)
        done = "enabled" if enabled else "silenced"
        return shown.go(request, f"/topics/{rule_id}", done=done)

    @routes.post("/topics/{rule_id}/feedback")
    def feedback(request: Request, rule_id: str, form: Filled) -> RedirectResponse:
        reader = access.accept(request, form, Scope.RULES).name
        is_relevant = form.text("relevant") == "1"
        judge(house, rule_id, form.number("article"), reader=reader, is_relevant=is_relevant)
        return shown.go(request, f"/topics/{rule_id}", done="judged")

    return routes


def _tried(house: House, asked: str, rule_id: str, days: int, words: Words) -> dict[str, object]:
    """Try a query (against the rule it would replace, if any), or a rule as it stands."""
    standing = None
    if rule_id:
        with house.database.read() as connection:
            standing = rule_view.find(house, connection, rule_id)
    if not asked.strip() and standing is None:
        return {"trial": None, "standing": None, "plot": None}
    rule = rule_view.read_rule(house, rule_id, asked) if asked.strip() else None
    is_other = rule is not None and standing is not None and asked.strip() != standing.text
    tried = rule or (standing.rule if standing else None)
    assert tried is not None  # noqa: S101 - one of the two was given
    found = rule_view.trial(
        house, tried, days=days, standing=standing.rule if standing and is_other else None
    )
    return {"trial": found, "standing": standing, "plot": _plot(found, words)}


def _plot(found: rule_view.Trial, words: Words) -> object:
    """Draw every day of the window, those without a hit too."""
    counts = {jalali_of(day): count for day, count in found.run.per_day}
    day, last = views.jalali_day(found.run.since_at), views.jalali_day(found.run.until_at)
    shown = []
    while day <= last:
        name, count = day_name(day, words.language), counts.get(day, 0)
        shown.append(svg.Bar(label=name, value=count, told=f"{name}: {words.number(count)}"))
        day = views.next_day(day, 1)
    return svg.bars(shown, label=found.run.rule.name, is_rtl=words.language == "fa")
