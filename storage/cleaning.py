"""Put the replacement character where a text holds what no database takes (pure).

A headline cut through an emoji leaves half a character in JSON-LD; a broken page holds NUL.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from enum import Enum
from typing import TypeVar

from crawler.article import Article
from storage.codec import is_storable, storable

_T = TypeVar("_T")


def clean(article: Article) -> Article:
    """Make every text of an article storable; offsets into its text stay right.

    An article without such characters, which is nearly every one, is returned as it is.
    """
    if all(map(is_storable, _texts(article))):
        return article
    return _cleaned(article)


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
