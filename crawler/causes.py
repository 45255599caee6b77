"""Tells why a visit failed, and which state of health that is. Pure."""

from http import HTTPStatus
from typing import Final, assert_never

from crawler.diagnosis import Cause, Health, Look
from crawler.outlets import Access
from crawler.page import FailureKind

_CLOSED_DOOR: Final = frozenset({401, 403, 451})
_NOT_THERE: Final = frozenset({404, 410})
_BUSY: Final = frozenset({429, 503})
_FIVE_HUNDRED: Final = int(HTTPStatus.INTERNAL_SERVER_ERROR)


def cause_of(look: Look, access: Access) -> Cause:  # noqa: PLR0911 - one per kind of failure
    """Return why the visit failed, in the light of how the outlet is known to answer."""
    match look.failure:
        case FailureKind.CHALLENGE:
            return Cause.CHALLENGE
        case FailureKind.TLS:
            return Cause.CERTIFICATE
        case FailureKind.ROBOTS:
            return Cause.SERVER_ERROR if (look.status or 0) >= _FIVE_HUNDRED else Cause.ROBOTS
        case FailureKind.FORBIDDEN_ADDRESS:
            return Cause.FORBIDDEN_ADDRESS
        case FailureKind.DNS:
            return Cause.NO_ADDRESS
        case FailureKind.HTTP_STATUS:
            return _cause_of_status(look.status or 0, access)
        case FailureKind.REFUSED | FailureKind.TIMEOUT | FailureKind.RESET | None:
            return Cause.GEO_BLOCK if access is Access.GEO_BLOCKED else Cause.NO_ANSWER
        case (
            FailureKind.NOT_A_FEED
            | FailureKind.BROKEN_FEED
            | FailureKind.NOTHING_FOUND
            | FailureKind.BROKEN_SITEMAP
            | FailureKind.NOT_AN_ARTICLE
            | FailureKind.TOO_LARGE
            | FailureKind.BAD_ENCODING
            | FailureKind.TOO_MANY_REDIRECTS
        ):
            return Cause.WAY_CHANGED
        case _:
            assert_never(look.failure)


def _cause_of_status(status: int, access: Access) -> Cause:
    if status in _CLOSED_DOOR:
        return Cause.GEO_BLOCK if access is Access.GEO_BLOCKED else Cause.NOT_ALLOWED
    if status in _NOT_THERE:
        return Cause.WAY_CHANGED
    return Cause.BUSY if status in _BUSY else Cause.SERVER_ERROR


def state_of(cause: Cause) -> Health:  # noqa: PLR0911 - one state per cause
    """Return the state that a cause amounts to."""
    match cause:
        case Cause.CHALLENGE | Cause.NOT_ALLOWED | Cause.ROBOTS | Cause.FORBIDDEN_ADDRESS:
            return Health.BLOCKED
        case Cause.GEO_BLOCK:
            return Health.GEO_BLOCKED
        case Cause.CERTIFICATE:
            return Health.CERTIFICATE
        case Cause.WAY_CHANGED | Cause.FIELDS_MISSING | Cause.PAGES_UNREADABLE:
            return Health.CHANGED
        case Cause.NO_ADDRESS | Cause.NO_ANSWER | Cause.SERVER_ERROR | Cause.BUSY:
            return Health.UNREACHABLE
        case Cause.GONE | Cause.SILENT_FOR_WEEKS:
            return Health.DEAD
        case Cause.USUAL_SILENCE | Cause.LONG_SILENCE:
            return Health.QUIET
        case Cause.NEVER_VISITED:
            return Health.NEW
        case Cause.WORKING | Cause.FAILED_ONCE | Cause.OUTAGE:
            return Health.HEALTHY
        case _:
            assert_never(cause)
