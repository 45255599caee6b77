"""Reads addresses, headers and redirects as HTTP writes them."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import httpx

from crawler.challenge import is_cookie_loop
from crawler.errors import BadAddressError
from crawler.page import Validators

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


def web_address(url: str) -> httpx.URL:
    """Read an http(s) address without a user name; raises BadAddressError."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise BadAddressError(f"{url} is no address ({error})") from error
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise BadAddressError(f"{url} is not an http or https address")
    if parsed.userinfo:
        raise BadAddressError(f"{url} carries a user name")
    return parsed


def redirect_target(response: httpx.Response) -> str | None:
    """Return where a redirect leads, absolute; None when it is none; raises BadAddressError."""
    location = response.headers.get("location")
    if response.status_code not in REDIRECTS or not location:
        return None
    try:
        return str(response.url.join(location))
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise BadAddressError(f"{response.url} redirects to no address: {location!r}") from error


def wants_cookie_back(response: httpx.Response, target: str) -> bool:
    """Tell whether a redirect to the same address only wants its cookie back."""
    sets_cookie = "set-cookie" in response.headers
    return is_cookie_loop(url=str(response.url), location=target, sets_cookie=sets_cookie)


def plain_headers(response: httpx.Response) -> Mapping[str, str]:
    """Return the headers by lower-case name, without cookies."""
    return {name.lower(): value for name, value in response.headers.items() if name != "set-cookie"}


def validators_in(headers: Mapping[str, str]) -> Validators:
    """Return what a later conditional GET may send."""
    return Validators(etag=headers.get("etag"), last_modified=headers.get("last-modified"))


def content_type(header: str) -> tuple[str, str | None]:
    """Split a Content-Type header into a lower-case media type and the charset it names."""
    media_type, *parameters = header.split(";")
    charset = None
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip().strip("\"'").lower() or None
    return media_type.strip().lower() or "application/octet-stream", charset


def spell_status(status: int) -> str:
    """Write a status with its phrase."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
