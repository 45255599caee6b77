"""Tell how an article changed: each change of its text with the word diff and its kinds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import Connection

from storage.change_kind import ChangeKind, kinds_of_change
from storage.diff import Diff, diff
from storage.revisions import Revision, Showing, revisions_of, showings_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """From this reading on a page said `after`; until then it had said `before`."""

    shown_at: datetime
    before: Revision
    after: Revision
    diff: Diff
    kinds: tuple[ChangeKind, ...]


def changes_of(connection: Connection, article_id: int) -> tuple[Change, ...]:
    """List the changes of an article's text in order; none for a page that never changed."""
    return _changes(connection, article_id, showings_of(connection, article_id))


def last_change(connection: Connection, article_id: int) -> Change | None:
    """Return the latest change of an article's text, or None when it never changed."""
    last = showings_of(connection, article_id)[-2:]
    return next(iter(_changes(connection, article_id, last)), None)


def _changes(
    connection: Connection, article_id: int, shown: Sequence[Showing]
) -> tuple[Change, ...]:
    texts = {one.content_hash: one for one in revisions_of(connection, article_id)}
    return tuple(
        _change(texts[earlier.content_hash], texts[later.content_hash], later.shown_at)
        for earlier, later in pairwise(shown)
    )


def _change(before: Revision, after: Revision, shown_at: datetime) -> Change:
    words = diff(before.said, after.said)
    return Change(
        shown_at=shown_at,
        before=before,
        after=after,
        diff=words,
        kinds=kinds_of_change(before.said, after.said, words),
    )
