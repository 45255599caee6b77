"""Remember where the kept pages lie: which reading of which address is in which WARC file."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, select

from crawler.page import Page
from storage.pages import PageStore, Place
from storage.schema.visits import kept_pages
from storage.upsert import insert_into
from storage.warc import encode_page


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPage:
    """One reading of one address, and where its page lies."""

    outlet_id: str
    canonical_url: str
    fetched_at: datetime
    place: Place


def keep_page(
    connection: Connection, store: PageStore, page: Page, *, outlet_id: str, canonical_url: str
) -> KeptPage:
    """Keep a page and remember where. Repeatable: one reading stands once.

    A page whose body equals the last one kept of its address is not written again; the reading
    points to the earlier record. When the transaction is undone the record stays, unused.
    """
    standing = kept_pages_of(connection, outlet_id, canonical_url)
    for kept in standing:
        if kept.fetched_at == page.fetched_at:
            return kept
    encoded = encode_page(page)
    if standing and standing[-1].place.digest == encoded.digest:
        place = standing[-1].place
    else:
        place = store.keep_encoded(encoded, page.fetched_at.date())
    kept = KeptPage(
        outlet_id=outlet_id, canonical_url=canonical_url, fetched_at=page.fetched_at, place=place
    )
    row = insert_into(connection, kept_pages).values(_columns(kept))
    connection.execute(row.on_conflict_do_nothing())
    return kept


def kept_pages_of(
    connection: Connection, outlet_id: str, canonical_url: str
) -> tuple[KeptPage, ...]:
    """List the kept readings of an address, the first one first."""
    rows = connection.execute(
        select(kept_pages)
        .where(kept_pages.c.outlet_id == outlet_id, kept_pages.c.canonical_url == canonical_url)
        .order_by(kept_pages.c.fetched_at)
    )
    return tuple(_kept(row) for row in rows)


def latest_kept(
    connection: Connection, outlet_id: str, *, limit: int, after: KeptPage | None = None
) -> tuple[KeptPage, ...]:
    """List the latest reading of each address of an outlet, in the order of the addresses.

    Give the last one of a page of them as `after` to go on.
    """
    theirs = kept_pages.c.outlet_id == outlet_id
    if after is not None:
        theirs = and_(theirs, kept_pages.c.canonical_url > after.canonical_url)
    addresses = (
        select(kept_pages.c.canonical_url, func.max(kept_pages.c.fetched_at).label("latest_at"))
        .where(theirs)
        .group_by(kept_pages.c.canonical_url)
        .order_by(kept_pages.c.canonical_url)
        .limit(limit)
        .subquery()
    )
    rows = connection.execute(
        select(kept_pages)
        .join(
            addresses,
            and_(
                kept_pages.c.outlet_id == outlet_id,
                kept_pages.c.canonical_url == addresses.c.canonical_url,
                kept_pages.c.fetched_at == addresses.c.latest_at,
            ),
        )
        .order_by(kept_pages.c.canonical_url)
    )
    return tuple(_kept(row) for row in rows)


def forget_files(connection: Connection, files: Collection[str]) -> int:
    """Forget every reading that lies in these files; return how many. Repeatable.

    For retention: take `store.expired(before)`, forget them and commit, then `store.delete` them;
    after a kill in between the next round finds the files again.
    """
    lying = kept_pages.c.file.in_(files)
    return connection.execute(delete(kept_pages).where(lying)).rowcount


def _columns(kept: KeptPage) -> dict[str, Any]:
    return {
        "outlet_id": kept.outlet_id,
        "canonical_url": kept.canonical_url,
        "fetched_at": kept.fetched_at,
        "digest": kept.place.digest,
        "file": kept.place.file,
        "start": kept.place.start,
        "size_bytes": kept.place.size_bytes,
    }


def _kept(row: Row[Any]) -> KeptPage:
    return KeptPage(
        outlet_id=row.outlet_id,
        canonical_url=row.canonical_url,
        fetched_at=row.fetched_at,
        place=Place(file=row.file, start=row.start, size_bytes=row.size_bytes, digest=row.digest),
    )
