"""Reads a JSON Feed (jsonfeed.org, versions 1 and 1.1) into raw items."""

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from crawler.errors import BrokenFeedError, NotAFeedError
from crawler.feedshape import MAX_ITEMS
from crawler.rawitem import RawItem
from crawler.websub import Link


def read(text: str, *, url: str) -> tuple[tuple[RawItem, ...], tuple[Link, ...]]:
    """Return the items, and the links to its WebSub hubs and to itself.

    Raises NotAFeedError for other JSON and BrokenFeedError for what is no JSON.
    """
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BrokenFeedError(f"{url} is broken JSON ({error})") from error
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise NotAFeedError(f"{url} serves JSON that is no JSON Feed")
    return tuple(_items(feed["items"])), tuple(_links(feed))


def _items(items: list[Any]) -> Iterator[RawItem]:
    for item in items[:MAX_ITEMS]:
        if isinstance(item, dict):
            yield _item(item)


def _item(item: Mapping[str, Any]) -> RawItem:
    html = _text(item, "content_html") or _as_html(_text(item, "content_text"))
    return RawItem(
        link=_text(item, "url") or _text(item, "external_url"),
        guid=_text(item, "id"),
        guid_is_link=_text(item, "id").startswith(("http://", "https://")),
        title=_text(item, "title"),
        summary=_text(item, "summary"),
        content_html=html,
        published=_text(item, "date_published") or _text(item, "date_modified"),
        author=next(_names(item), ""),
        categories=tuple(tag for tag in _list(item, "tags") if isinstance(tag, str)),
        image=_text(item, "image") or _text(item, "banner_image"),
    )


def _as_html(text: str) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())


def _names(item: Mapping[str, Any]) -> Iterator[str]:
    for author in (*_list(item, "authors"), item.get("author")):
        if isinstance(author, dict) and isinstance(author.get("name"), str):
            yield author["name"]


def _links(feed: Mapping[str, Any]) -> Iterator[Link]:
    if _text(feed, "feed_url"):
        yield Link.of("self", _text(feed, "feed_url"))
    for hub in _list(feed, "hubs"):
        if isinstance(hub, dict) and str(hub.get("type", "")).lower() == "websub":
            yield Link.of("hub", _text(hub, "url"))


def _text(item: Mapping[str, Any], key: str) -> str:
    value = item.get(key)
    return value if isinstance(value, str) else ""


def _list(item: Mapping[str, Any], key: str) -> list[Any]:
    value = item.get(key)
    return value if isinstance(value, list) else []
