"""Recognises which CMS family a page belongs to, by the fingerprints of the profiles."""

from collections.abc import Iterable
from functools import cache

from crawler.markup import parse
from crawler.profiles import Profile, load_profiles

GENERIC = "generic"


def recognise(
    body: bytes, charset: str | None = None, *, profiles: Iterable[Profile] | None = None
) -> str:
    """Return the name of the profile of which most fingerprints match; `generic` when none does.

    Of two with as many matches the first by name wins, so the answer is always the same.
    """
    tree = parse(body, charset)
    best, most = GENERIC, 0
    for profile in sorted(profiles or _shipped(), key=lambda each: each.name):
        matches = sum(1 for selector in profile.fingerprint if tree.css_first(selector))
        if matches > most:
            best, most = profile.name, matches
    return best


@cache
def _shipped() -> tuple[Profile, ...]:
    return tuple(load_profiles().values())
