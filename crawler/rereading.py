"""Decide when a page is read again: one that is unfinished, one that matters, one that failed."""

from datetime import datetime, timedelta
from typing import Final

from crawler.article import Article
from crawler.page import Failure, FailureKind
from persian.fold import fold

#: «خبر در حال تکمیل است» and its kin, folded: the outlet itself says that more will come.
UNFINISHED: Final = tuple(
    fold(words)
    for words in ("در حال تکمیل است", "در حال تکمیل", "تکمیل می‌شود", "به روز رسانی می‌شود")
)
UNFINISHED_AGAIN: Final = timedelta(minutes=10)
UNFINISHED_FOR: Final = timedelta(hours=24)

#: A story somebody was told of is read again at these ages: a correction must not pass unseen.
#: Others are read again only when a feed names them otherwise, which keeps the number of requests
#: per new article under 1.3.
WATCHED_AT: Final = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))

FIRST_RETRY: Final = timedelta(minutes=5)
LONGEST_RETRY: Final = timedelta(hours=12)
RETRIES: Final = 7
_HEAD: Final = 400
_GONE: Final = frozenset({404, 410})


def read_again_at(
    article: Article, *, first_seen_at: datetime, is_watched: bool, now: datetime
) -> datetime | None:
    """Say when a page that was read well is read again, or None: when a way in names it anew."""
    age = now - first_seen_at
    if age < UNFINISHED_FOR and is_unfinished(article):
        return now + UNFINISHED_AGAIN
    if not is_watched:
        return None
    return next((first_seen_at + at for at in WATCHED_AT if at > age), None)


def is_unfinished(article: Article) -> bool:
    """Say whether the outlet marks the text as still being written, in its head or at its end."""
    text = f"{article.title}\n{article.kicker or ''}\n{article.text}"
    ends = fold(f"{text[:_HEAD]}\n{text[-_HEAD:]}\n{article.tail or ''}")
    return any(words in ends for words in UNFINISHED)


def retry_at(failure: Failure, *, attempts: int, now: datetime) -> datetime | None:
    """Say when a page that failed is tried again, or None to give it up until it changes.

    `attempts` counts the failures before this one. A page that is gone, or holds no article, is
    given up at once; what the server asked for by Retry-After is never undercut.
    """
    if failure.permanent or failure.status in _GONE or failure.kind is FailureKind.NOT_AN_ARTICLE:
        return None
    if attempts >= RETRIES:
        return None
    pause: timedelta = min(FIRST_RETRY * 3**attempts, LONGEST_RETRY)
    return now + max(pause, failure.retry_after or pause)
