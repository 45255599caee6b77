"""Fill the templates of the pages, in the language asked for, with the forms of this browser."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from alerts.catalogues import Language
from service.condition import why
from service.house import House
from service.web.access import SEAT, Access
from service.web.accounts import Scope
from service.web.refusal import NotKnownError
from service.web.words import Words, mark
from storage.worded import Worded

TEMPLATES: Final = Path(__file__).parent / "templates"


class Pages:
    """Fills templates in the language that `?lang=` asks for, the installation's otherwise."""

    def __init__(self, house: House, access: Access) -> None:
        self._house = house
        self._access = access
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def page(
        self,
        request: Request,
        name: str,
        *,
        status: int = 200,
        **values: Any,  # noqa: ANN401 - a template takes anything
    ) -> HTMLResponse:
        """Fill one template."""
        words = self.words(request)
        language = words.language
        stamp = _Stamp(request, self._access)
        text = self._environment.get_template(name).render(
            language=language,
            direction="rtl" if language == "fa" else "ltr",
            percent="٪" if language == "fa" else "%",
            here=request.url.path,
            other=self._in_other_language(request, language),
            say=words.say,
            say_n=words.say_n,
            say_as=words.say_as,
            clock=words.clock,
            brief=words.brief,
            number=words.number,
            clause_called=words.clause,
            link=lambda path, **query: self.link(language, path, query),
            topic_name=lambda rule_id: self._topic_name(rule_id, words),
            outlet_called=lambda outlet_id: self._outlet_name(outlet_id, language),
            about=lambda rule: words.say_as("about", rule.id) if rule.is_topic else rule.text,
            why=lambda state: why(state, language=language, now=self._house.clock()),
            form_token=stamp.field,
            language_field=lambda: self._language_field(language),
            may=lambda scope: self._may(request, Scope(scope)),
            is_private=self._access.is_private,
            signed_in_as=self._signed_in_as(request),
            **values,
        )
        response = HTMLResponse(text, status_code=status)
        stamp.keep(response)
        return response

    def message(self, request: Request, status: int, title: str, *lines: str) -> HTMLResponse:
        """Show a short message; `title` is a message of the catalogues, lines are said already."""
        return self.page(
            request,
            "message.html",
            status=status,
            title=self.words(request).say(title),
            lines=[line for line in lines if line],
            button=None,
        )

    def useless(self, request: Request, status: int, error: Worded | None) -> HTMLResponse:
        """Say of a mail's link that it does not work, and why."""
        why = self.words(request).tell(error) if error else ""
        return self.message(request, status, mark("This link does not work"), why)

    def go(self, request: Request, path: str, **query: object) -> RedirectResponse:
        """Send the browser on to a page after a form was carried out."""
        return RedirectResponse(self.link(self.language(request), path, query), status_code=303)

    def words(self, request: Request) -> Words:
        """Return who speaks the language of this request."""
        return Words(self.language(request))

    def language(self, request: Request) -> Language:
        """Return the language of this request."""
        asked = request.query_params.get("lang")
        if asked in {"fa", "en"}:
            return "en" if asked == "en" else "fa"
        return self._house.settings.language

    def link(self, language: Language, path: str, query: dict[str, Any]) -> str:
        """Return an address that keeps the language; a list stands once for each value."""
        wanted = {key: value for key, value in query.items() if value not in (None, "", ())}
        if language != self._house.settings.language:
            wanted["lang"] = language
        return f"{path}?{urlencode(wanted, doseq=True)}" if wanted else path

    def _language_field(self, language: Language) -> Markup:
        """Return the hidden field by which a form that only asks keeps the language."""
        if language == self._house.settings.language:
            return Markup()
        return Markup('<input type="hidden" name="lang" value="{}">').format(language)

    def _in_other_language(self, request: Request, language: Language) -> str:
        kept = [(key, value) for key, value in request.query_params.multi_items() if key != "lang"]
        query = [*kept, ("lang", "en" if language == "fa" else "fa")]
        return f"{request.url.path}?{urlencode(query)}"

    def _topic_name(self, rule_id: str, words: Words) -> str:
        if rule_id in self._house.rulebook.topics:
            return words.say_as("topic", rule_id)
        name = self._house.rulebook.names.get(rule_id)
        return name.told(words.language) if name else rule_id

    def _outlet_name(self, outlet_id: str, language: Language) -> str:
        outlet = self._house.outlets.get(outlet_id)
        if outlet is None:
            return outlet_id
        return outlet.name if language == "fa" else outlet.name_en

    def _signed_in_as(self, request: Request) -> str | None:
        try:
            asker = self._access.asker(request)
        except NotKnownError:
            return None
        return asker.name if asker.is_signed_in else None

    def _may(self, request: Request, scope: Scope) -> bool:
        try:
            return self._access.asker(request).may(scope)
        except NotKnownError:
            return False


@dataclass(slots=True)
class _Stamp:
    """The hidden field of a page's forms; the browser gets its seat only when a form is shown."""

    request: Request
    access: Access
    seat: str = field(default="", init=False)
    token: str = field(default="", init=False)

    def field(self) -> Markup:
        """Return the hidden field that proves the form came from our page."""
        if not self.seat:
            self.seat, self.token = self.access.form_token(self.request)
        return Markup('<input type="hidden" name="csrf" value="{}">').format(self.token)

    def keep(self, response: HTMLResponse) -> None:
        """Let a new browser keep its seat."""
        if self.seat and SEAT not in self.request.cookies:
            self.access.give_seat(response, self.seat)
