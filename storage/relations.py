"""Name what one article is to another of the same story (pure)."""

from enum import StrEnum
from typing import Final


class Relation(StrEnum):
    """What an article is to its story; `same_event` and `digest` only link."""

    ORIGINAL = "original"
    COPY = "copy"
    TRUNCATED = "truncated"
    EXPANDED = "expanded"
    REWRITTEN = "rewritten"
    REVISION = "revision"
    MIRROR = "mirror"
    SAME_EVENT = "same_event"
    DIGEST = "digest"


#: The relations by which an outlet ran somebody else's text.
COPIES: Final = frozenset(
    {Relation.COPY, Relation.TRUNCATED, Relation.EXPANDED, Relation.REWRITTEN, Relation.MIRROR}
)

_MOST: Final = 0.8
_MIRROR_SHARE: Final = 0.8


def relation_to(
    *, share_of_copy: float, share_of_source: float, same_outlet: bool, same_house: bool
) -> Relation:
    """Name the relation of a copy to its source from the shares of either text in the other.

    `same_house` means one owner, or the same id on another host.
    """
    if same_outlet:
        return Relation.REVISION
    if same_house and min(share_of_copy, share_of_source) >= _MIRROR_SHARE:
        return Relation.MIRROR
    match share_of_copy >= _MOST, share_of_source >= _MOST:
        case True, True:
            return Relation.COPY
        case True, False:
            return Relation.TRUNCATED
        case False, True:
            return Relation.EXPANDED
        case _:
            return Relation.REWRITTEN
