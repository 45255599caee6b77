"""Every table of the archive: importing this file fills the one MetaData."""

from storage.schema import (
    articles,
    audit,
    backfills,
    deliveries,
    hubs,
    keys,
    rules,
    search,
    stories,
    subscriptions,
    visits,
    workers,
)
from storage.schema.metadata import metadata

__all__ = [
    "articles",
    "audit",
    "backfills",
    "deliveries",
    "hubs",
    "keys",
    "metadata",
    "rules",
    "search",
    "stories",
    "subscriptions",
    "visits",
    "workers",
]
