"""What did happen, as the program's own archive, ledger and the two mailboxes tell it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from crawler.page import FailureKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenArticle:
    """One archived article; `story` is the archive's key, `revisions` counts every kept version."""

    outlet_id: str
    url: str
    story: int | str
    is_original: bool
    revisions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenMessage:
    """One message about one story that arrived or is held.

    `topics` are the ids of the rules it names, `held` the ledger's reason, None when it arrived.
    """

    recipient: str
    story: int | str
    topics: frozenset[str]
    message_id: str = ""
    held: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """Everything to be compared. `failures` has the last failure of each outlet that failed.

    `visited` are the outlets with at least one visit. `messages` holds the first word on a story
    only: no updates, no confirmations.
    """

    visited: frozenset[str]
    failures: Mapping[str, FailureKind] = field(default_factory=dict)
    articles: tuple[SeenArticle, ...] = ()
    messages: tuple[SeenMessage, ...] = ()
