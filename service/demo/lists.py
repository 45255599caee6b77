"""The pages of a simulated site that list its articles: sections, provinces, archives."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Final

from persian.calendar import to_jalali
from service.demo import printed_dates
from service.demo.documents import HTML, Document, Table, document
from service.demo.families import Posted

PAGE_SIZE: Final = 10
CATEGORY: Final = "/category/news/"
PROVINCE: Final = "/service/provinces/kerman"
KERMAN: Final = "/fa/kerman"


def wordpress_lists(posts: tuple[Posted, ...], newest_at: datetime) -> Table:
    """Print the pages of the one category that holds everything."""
    starts = range(0, max(len(posts), 1), PAGE_SIZE)
    lists = {
        f"{CATEGORY}page/{page}/": _category(posts, page, newest_at)
        for page in range(1, len(starts) + 1)
    }
    return {**lists, CATEGORY: lists[f"{CATEGORY}page/1/"]}


def _category(posts: tuple[Posted, ...], page: int, newest_at: datetime) -> Document:
    """Print one page of the category, with a link to the next while there is one."""
    more = len(posts) > page * PAGE_SIZE
    return _list(
        posts[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        '<article class="post"><h2 class="entry-title"><a href="{url}">{title}</a></h2>'
        '<span class="date">{date}</span></article>',
        newest_at,
        foot=f'<a rel="next" href="{CATEGORY}page/{page + 1}/">قدیمی‌تر</a>' if more else "",
    )


def nastooh_lists(posts: tuple[Posted, ...], newest_at: datetime) -> Table:
    """Print the province's page and the archive, which is asked by Jalali day."""
    item = '<li class="news"><h3><a href="{path}">{title}</a></h3><time>{date}</time></li>'
    return {
        PROVINCE: _list(posts[:PAGE_SIZE], item, newest_at),
        "/archive": partial(_day, posts, item, newest_at),
    }


def _day(
    posts: tuple[Posted, ...], item: str, newest_at: datetime, query: Mapping[str, str]
) -> Document:
    """Answer one page of one Jalali day, or of everything when the query names no day."""
    wanted = tuple(int(query.get(name, 0)) for name in ("yr", "mn", "dy"))
    chosen = tuple(post for post in posts if not all(wanted) or _jalali(post) == wanted)
    page = int(query.get("pi", 1))
    return _list(chosen[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], item, newest_at)


def _jalali(post: Posted) -> tuple[int, int, int]:
    day = to_jalali(post.piece.published_at)
    return day.year, day.month, day.day


def iransamaneh_lists(posts: tuple[Posted, ...], newest_at: datetime) -> Table:
    """Print the province's page and the archive, which is asked by page."""
    item = '<div class="linear_news"><a class="title" href="{path}">{title}</a> {date}</div>'
    return {
        KERMAN: _list(posts[:PAGE_SIZE], item, newest_at),
        "/fa/archive": partial(_paged, posts, item, newest_at),
    }


def tasnim_lists(posts: tuple[Posted, ...], newest_at: datetime) -> Table:
    """Print the archive, which is asked by a Jalali date."""
    item = (
        '<article class="list-item"><a href="{path}"><h2 class="title">{title}</h2></a>'
        "<time>{date}</time></article>"
    )
    return {"/fa/archive": partial(_date, posts, item, newest_at)}


def _date(
    posts: tuple[Posted, ...], item: str, newest_at: datetime, query: Mapping[str, str]
) -> Document:
    """Answer one page of one Jalali date, or of everything when the query names none."""
    wanted = query.get("date")
    chosen = tuple(
        post
        for post in posts
        if wanted is None or printed_dates.jalali_path(post.piece.published_at) == wanted
    )
    page = int(query.get("page", 1))
    return _list(chosen[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], item, newest_at)


def _paged(
    posts: tuple[Posted, ...], item: str, newest_at: datetime, query: Mapping[str, str]
) -> Document:
    page, size = int(query.get("p", 1)), int(query.get("rpp", PAGE_SIZE))
    return _list(posts[(page - 1) * size : page * size], item, newest_at)


def _list(posts: tuple[Posted, ...], item: str, newest_at: datetime, *, foot: str = "") -> Document:
    """Print a list page, each article by the `item` pattern."""
    rows = "\n".join(
        item.format(
            url=post.url,
            path=post.path,
            title=post.piece.title,
            date=printed_dates.jalali_long(post.piece.published_at),
        )
        for post in posts
    )
    page = (
        f'<!DOCTYPE html><html lang="fa" dir="rtl"><body><main><ul>{rows}</ul></main>{foot}'
        f"</body></html>"
    )
    return document(page, HTML, newest_at)
