"""Measure ways in: real feeds and front pages read, beside an oracle and a peer.

The feeds are not part of this repository (they belong to their publishers). They are looked for in
the folder that RASAD_SHARED names, else in `../shared`. The oracle reads each item with regular
expressions that know nothing of the reader; the peer is feedparser alone. A front page is read as a
list, and the articles found are counted against the ids in its markup.
"""

import gzip
import html
import io
import json
import os
import re
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import feedparser

from crawler.entry import Entry
from crawler.feeds import parse_feed
from crawler.listing import parse_list
from crawler.outlets import Outlet, outlet_from
from crawler.page import Page
from crawler.profiles import profile_names

_SHARED: Final = Path(
    os.environ.get("RASAD_SHARED", Path(__file__).resolve().parents[2].parent / "shared")
)
_PAGES: Final = _SHARED / "data" / "pages"
_NOW: Final = datetime(2026, 11, 1, tzinfo=UTC)
_UTC_WITHOUT_SAYING: Final = frozenset({"varzesh3.com"})
_ITEM: Final = re.compile(r"<item>(.*?)</item>", re.DOTALL)
_NUMBER: Final = re.compile(r"/(\d{4,})[/-]")
_LINKED_ID: Final = re.compile(rb"href=[\"'](?:https?://[^/\"']+)?(?:/fa)?/news/(\d{4,})")
_LISTED_AT_LEAST: Final = 0.95
_ROUNDS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """One feed: items in it, and how many of them were read right, field by field."""

    domain: str
    items: int
    read: int
    dates: int
    peer_dates: int
    ids: int
    titles: int
    milliseconds: float

    @property
    def is_right(self) -> bool:
        """Whether every item was read right in every field."""
        return self.items == self.read == self.dates == self.ids == self.titles


def run(*, quick: bool) -> list[FeedRow]:
    """Print the table and return its rows; `quick` times one round instead of twenty.

    Raises AssertionError when anything was read wrongly.
    """
    if not _PAGES.is_dir():
        print(f"feeds: none in {_SHARED}; set RASAD_SHARED to the folder that holds them")
        return []
    print(f"{'feed':<24}{'items':>6}{'read':>6}{'dates':>7}{'(peer)':>8}{'ids':>5}{'titles':>8}")
    rows = []
    for line in (_PAGES / "index.jsonl").read_text(encoding="utf-8").splitlines():
        known = json.loads(line)
        if known["kind"] == "feed":
            rows.append(_measure(known, rounds=1 if quick else _ROUNDS))
        elif known["kind"] == "list":
            _measure_list(known)
    wrong = [row.domain for row in rows if not row.is_right]
    if wrong:
        raise AssertionError(f"read wrongly: {', '.join(wrong)}")
    return rows


def _measure_list(known: dict[str, str]) -> None:
    body = gzip.decompress((_PAGES / known["file"]).read_bytes())
    wanted = {found.decode() for found in _LINKED_ID.findall(body)}
    outlet = _outlet(known)
    begun = time.perf_counter()
    found = parse_list(_page(body, known["url"]), outlet=outlet, now=_NOW).entries
    spent = (time.perf_counter() - begun) * 1000
    ids = {entry.external_id for entry in found}
    if len(ids & wanted) < _LISTED_AT_LEAST * len(wanted):
        raise AssertionError(f"{known['domain']}: {len(ids & wanted)} of {len(wanted)} found")
    print(
        f"{known['domain']:<24}{len(wanted):>6} articles linked, {len(ids & wanted)} found, "
        f"{len(ids - wanted)} others {spent:>14.1f} ms"
    )


def _measure(known: dict[str, str], *, rounds: int) -> FeedRow:
    body = (_PAGES / known["file"]).read_bytes()
    outlet = _outlet(known)
    begun = time.perf_counter()
    for _ in range(rounds):
        entries = _read(body, known["url"], outlet)
    spent = (time.perf_counter() - begun) / rounds * 1000
    items = _ITEM.findall(body.decode())
    pairs = list(zip(items, entries, strict=False))
    peer = feedparser.parse(io.BytesIO(body)).entries
    row = FeedRow(
        domain=known["domain"],
        items=len(items),
        read=len(entries),
        dates=sum(_published(item) == _at(entry) for item, entry in pairs),
        peer_dates=sum(
            _stamp(each) == _published(item) for item, each in zip(items, peer, strict=False)
        ),
        ids=sum(_is_identified(item, entry) for item, entry in pairs),
        titles=sum(_text(item, "title") == entry.title for item, entry in pairs),
        milliseconds=spent,
    )
    print(
        f"{row.domain:<24}{row.items:>6}{row.read:>6}{row.dates:>7}{row.peer_dates:>8}{row.ids:>5}"
        f"{row.titles:>8}{row.milliseconds:>8.1f} ms {'' if row.is_right else 'WRONG'}"
    )
    return row


def _outlet(known: dict[str, str]) -> Outlet:
    profile = known["cms"] if known["cms"] in profile_names() else "generic"
    zone = {"feed": {"naive_zone": "UTC"}} if known["domain"] in _UTC_WITHOUT_SAYING else {}
    return outlet_from(
        {
            "id": known["domain"].replace(".", "-"),
            "name": known["domain"],
            "name_en": known["domain"],
            "homepage": f"https://www.{known['domain']}",
            "role": "agency",
            "profile": profile,
            "overrides": zone,
        },
        place=known["file"],
    )


def _read(body: bytes, url: str, outlet: Outlet) -> tuple[Entry, ...]:
    return parse_feed(_page(body, url), outlet=outlet, now=_NOW).entries


def _page(body: bytes, url: str) -> Page:
    return Page(requested_url=url, url=url, status=200, body=body, fetched_at=_NOW)


def _text(item: str, name: str) -> str:
    found = re.search(rf"<{name}\b[^>]*>(.*?)</{name}>", item, re.DOTALL)
    text = found[1] if found else ""
    return html.unescape(text.removeprefix("<![CDATA[").removesuffix("]]>")).strip()


def _published(item: str) -> datetime | None:
    text = _text(item, "pubDate")
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except ValueError:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _at(entry: Entry) -> datetime | None:
    return entry.published.at if entry.published else None


def _stamp(entry: dict[str, object]) -> datetime | None:
    parsed = entry.get("published_parsed")
    return datetime(*parsed[:6], tzinfo=UTC) if isinstance(parsed, time.struct_time) else None


def _is_identified(item: str, entry: Entry) -> bool:
    link = unquote(_text(item, "link"))
    number = _NUMBER.search(link)
    if number and entry.external_id:
        return entry.external_id == number[1] and number[1] in entry.canonical_url
    return unquote(entry.canonical_url).rsplit("/", 1)[-1] == link.rstrip("/").rsplit("/", 1)[-1]


if __name__ == "__main__":
    run(quick="--quick" in sys.argv)
