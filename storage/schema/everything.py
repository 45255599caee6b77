"""Every table of the archive: importing this file fills the one MetaData."""

from storage.schema import articles, deliveries, stories, subscriptions, visits, workers
from storage.schema.metadata import metadata

__all__ = [
    "articles",
    "deliveries",
    "metadata",
    "stories",
    "subscriptions",
    "visits",
    "workers",
]
