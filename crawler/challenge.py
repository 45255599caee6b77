"""Recognises a challenge page: a script that must run before the site answers (ArvanCloud).

It is recorded and never solved.
"""

import re
from collections.abc import Iterable
from typing import Final

SMALL_BYTES: Final = 8_192  # measured challenge pages are under 5 KB
_MARKERS: Final = (b"__arcsjs", b"transferring to the website", b"arcaptcha", b"challenge-platform")
_REFRESH: Final = re.compile(rb"<script|http-equiv\s*=\s*[\"']?refresh", re.IGNORECASE)


def is_challenge(body: bytes, *, media_type: str, markers: Iterable[str] = ()) -> bool:
    """Tell whether `body` is a challenge instead of what was asked for.

    `markers` are the profile's own, matched in any letter case; a long page that merely mentions a
    marker is an article.
    """
    if len(body) > SMALL_BYTES or not _may_run_a_script(body, media_type):
        return False
    small = body.lower()
    own = tuple(marker.lower().encode() for marker in markers)
    return any(marker in small for marker in (*_MARKERS, *own))


def _may_run_a_script(body: bytes, media_type: str) -> bool:
    return "html" in media_type or bool(_REFRESH.search(body))


def is_cookie_loop(*, url: str, location: str, sets_cookie: bool) -> bool:
    """Tell whether a redirect to the same address only wants its cookie back."""
    return sets_cookie and url.split("#", 1)[0] == location.split("#", 1)[0]
