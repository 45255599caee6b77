"""What a site has at an address: a document, or one that depends on the query."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

HTML: Final = "text/html; charset=utf-8"
XML: Final = "application/xml; charset=utf-8"
RSS: Final = "application/rss+xml; charset=utf-8"
JSON: Final = "application/json; charset=utf-8"
TEXT: Final = "text/plain; charset=utf-8"
GZIP: Final = "application/x-gzip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One resource: its bytes and when they last changed."""

    body: bytes
    media_type: str
    modified_at: datetime
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Asking = Callable[[Mapping[str, str]], Document]
Table = Mapping[str, Document | Asking]


def document(text: str, media_type: str, modified_at: datetime) -> Document:
    """Return a text as a document."""
    return Document(body=text.encode(), media_type=media_type, modified_at=modified_at)
