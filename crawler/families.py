"""Recognises which CMS family a site belongs to, by the fingerprints of the profiles."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Self

from crawler.decode import decode
from crawler.markup import Tree, parse
from crawler.page import Page
from crawler.profiles import Profile, load_profiles

GENERIC = "generic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One answer of a site (front page, article, feed), as a tree and as it was written."""

    tree: Tree
    text: str

    @classmethod
    def of(cls, page: Page) -> Self:
        """Look at a page."""
        return cls(tree=parse(page.body, page.charset), text=decode(page.body, page.charset))


def recognise(seen: Sequence[Seen], *, profiles: Iterable[Profile] | None = None) -> str:
    """Return the name of the profile with most evidence; `generic` when there is none for any.

    Of two with as much the first by name wins, so the answer is always the same.
    """
    best, most = GENERIC, 0
    for profile in sorted(profiles or _shipped(), key=lambda each: each.name):
        found = len(evidence(profile, seen))
        if found > most:
            best, most = profile.name, found
    return best


def evidence(profile: Profile, seen: Sequence[Seen]) -> tuple[str, ...]:
    """Return the fingerprints of a profile that any of the answers shows.

    The selectors of markup, and the marks that stand in comments, scripts and feeds.
    """
    selectors = (
        one for one in profile.fingerprint if any(each.tree.css_first(one) for each in seen)
    )
    marks = (one for one in profile.marks if any(one in each.text for each in seen))
    return (*selectors, *marks)


@cache
def _shipped() -> tuple[Profile, ...]:
    return tuple(load_profiles().values())
