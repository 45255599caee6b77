"""Make an article fit for any database: its texts, and the address that is its key (pure).

A headline cut through an emoji leaves half a character in JSON-LD; a broken page holds NUL; a
hostile one declares an endless address.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Final, TypeVar

from crawler.article import Article
from storage.codec import is_storable, storable

#: What an index row of PostgreSQL takes (2,704 bytes) less the other columns; the longest address
#: seen, a percent-encoded Persian title, has about 1,100.
MAX_ADDRESS_BYTES: Final = 2000

_T = TypeVar("_T")


def clean(article: Article) -> Article:
    """Make every text of an article storable; offsets into its text stay right.

    An address too long for a key is cut and gets its hash. An article that needs nothing of this,
    which is nearly every one, is returned as it is.
    """
    if not all(map(is_storable, _texts(article))):
        article = _cleaned(article)
    if len(article.canonical_url.encode()) > MAX_ADDRESS_BYTES:
        article = replace(article, canonical_url=_shortened(article.canonical_url))
    return article


def _shortened(address: str) -> str:
    """Cut an address so that it still tells itself from every other."""
    whole = address.encode()
    start = whole[: MAX_ADDRESS_BYTES - 40].decode(errors="ignore")
    return f"{start}#{hashlib.sha256(whole).hexdigest()[:32]}"


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts(one)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))


def _cleaned(value: _T) -> _T:
    match value:
        case Enum() | datetime() | None:
            return value
        case str():
            return storable(value)  # type: ignore[return-value]  # a text for a text
        case tuple():
            return tuple(map(_cleaned, value))  # type: ignore[return-value]  # the same
        case _ if is_dataclass(value) and not isinstance(value, type):
            changed = {one.name: _cleaned(getattr(value, one.name)) for one in fields(value)}
            return replace(value, **changed)
        case _:
            return value
