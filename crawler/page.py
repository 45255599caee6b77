"""What came back from one address: a Page, an unchanged answer, or a failure as a value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a conditional GET sends back to the server (RFC 9110 §13.1)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One whole response with status 200, inflated, undecoded.

    `url` is the address after redirects, `requested_url` the one asked for. `headers` has
    lower-case names. `charset` is the one the header named, or None.
    """

    requested_url: str
    url: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = "text/html"
    charset: str | None = None
    body: bytes
    fetched_at: datetime
    validators: Validators = field(default_factory=Validators)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """The server says nothing changed since the validators sent (status 304)."""

    requested_url: str
    fetched_at: datetime


class FailureKind(StrEnum):
    """Why an address gave no page, in the words an operator sees on the outlets page."""

    DNS = "dns"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    TLS = "tls"
    RESET = "reset"
    HTTP_STATUS = "http_status"
    CHALLENGE = "challenge"
    FORBIDDEN_ADDRESS = "forbidden_address"
    ROBOTS = "robots"
    TOO_LARGE = "too_large"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    BAD_ENCODING = "bad_encoding"
    NOT_A_FEED = "not_a_feed"
    BROKEN_FEED = "broken_feed"
    NOT_AN_ARTICLE = "not_an_article"
    NOTHING_FOUND = "nothing_found"
    BROKEN_SITEMAP = "broken_sitemap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One expected failure of one address; a surprise propagates as an exception instead.

    `permanent` means asking again will not help (410, a forbidden address); `retry_after` is what
    the server asked for. `detail` is one sentence a person can act on and names the address.
    """

    requested_url: str
    kind: FailureKind
    detail: str
    permanent: bool = False
    status: int | None = None
    retry_after: timedelta | None = None
    failed_at: datetime


Fetched = Page | Unchanged | Failure
