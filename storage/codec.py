"""Turn an Article into the two texts the archive keeps of it, and back, exactly.

`said` is what readers see (title, kicker, lead, blocks) and belongs to a revision; `about` is all
the rest (dates, credits, tags …) and belongs to the article. Both are JSON objects that begin with
their version, so that a later release reads what this one wrote.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from crawler.article import (
    Article,
    Block,
    BlockKind,
    Credit,
    CreditKind,
    DateClaim,
    DateSource,
    Trust,
)
from storage.errors import UnreadableRecordError

#: The version this release writes; it reads every version up to this one.
VERSION: Final = 1

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one reading of a page said to its readers, as printed."""

    title: str
    kicker: str | None = None
    lead: str | None = None
    blocks: tuple[Block, ...] = ()


def said_of(article: Article) -> Said:
    """Take from an article what its readers see."""
    return Said(
        title=article.title, kicker=article.kicker, lead=article.lead, blocks=article.blocks
    )


def content_hash(said: Said) -> str:
    """Hash what was said: 32 hexadecimal digits of SHA-256.

    The form hashed must never change: every revision of every archive is keyed by it.
    """
    blocks = [[block.kind.value, block.text] for block in said.blocks]
    form = json.dumps([said.title, said.kicker, said.lead, blocks], separators=(",", ":"))
    return hashlib.sha256(form.encode("ascii")).hexdigest()[:32]


def encode_said(said: Said) -> str:
    """Write what was said as JSON."""
    blocks = [[block.kind.value, block.text] for block in said.blocks]
    record = {"title": said.title, "kicker": said.kicker, "lead": said.lead, "blocks": blocks}
    return dump_record(record)


def decode_said(text: str) -> Said:
    """Read what was said; raise UnreadableRecordError when a later release wrote it."""
    record = load_record(text)
    return Said(
        title=record["title"],
        kicker=record.get("kicker"),
        lead=record.get("lead"),
        blocks=tuple(
            Block(kind=BlockKind(kind), text=printed) for kind, printed in record.get("blocks", ())
        ),
    )


def encode_about(article: Article) -> str:
    """Write as JSON what is neither said, nor a key, nor the instant of the reading."""
    record = {
        "url": article.url,
        "external_id": article.external_id,
        "published": date_record(article.published),
        "modified": date_record(article.modified),
        "byline": article.byline,
        "credits": [_credit_record(credit) for credit in article.credits],
        "section": list(article.section),
        "tags": list(article.tags),
        "image_url": article.image_url,
        "tail": article.tail,
        "missing": list(article.missing),
        "is_excerpt": article.is_excerpt or None,
    }
    return dump_record(record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The parts of an article that stand in columns of their own."""

    outlet_id: str
    canonical_url: str
    language: str
    fetched_at: datetime


def decode_article(keys: Keys, *, said: str, about: str) -> Article:
    """Put an article together again; raise UnreadableRecordError when a later release wrote it."""
    record = load_record(about)
    words = decode_said(said)
    return Article(
        outlet_id=keys.outlet_id,
        canonical_url=keys.canonical_url,
        external_id=record.get("external_id"),
        language=keys.language,
        fetched_at=keys.fetched_at,
        title=words.title,
        kicker=words.kicker,
        lead=words.lead,
        blocks=words.blocks,
        url=record["url"],
        published=date_claim(record.get("published")),
        modified=date_claim(record.get("modified")),
        byline=record.get("byline"),
        credits=tuple(_credit(credit) for credit in record.get("credits", ())),
        section=tuple(record.get("section", ())),
        tags=tuple(record.get("tags", ())),
        image_url=record.get("image_url"),
        tail=record.get("tail"),
        missing=tuple(record.get("missing", ())),
        is_excerpt=record.get("is_excerpt", False),
    )


def is_storable(text: str) -> bool:
    """Tell whether every text column takes a text as it is."""
    return _UNSTORABLE.search(text) is None


def storable(text: str) -> str:
    """Put U+FFFD for what no text column of PostgreSQL takes: NUL and halves of characters."""
    return _UNSTORABLE.sub("\ufffd", text)


def dump_record(record: Mapping[str, object]) -> str:
    """Write versioned JSON: absent fields left out, Persian letters legible, NUL escaped."""
    full = {"v": VERSION} | {key: value for key, value in record.items() if value not in (None, [])}
    text = json.dumps(full, ensure_ascii=False, separators=(",", ":"))
    if _SURROGATE.search(text):  # half a character: only an escape can carry it
        return json.dumps(full, separators=(",", ":"))
    return text


def load_record(text: str) -> dict[str, Any]:
    """Read JSON back; raise UnreadableRecordError when a later release wrote it."""
    record: dict[str, Any] = json.loads(text)
    if record["v"] > VERSION:
        raise UnreadableRecordError(
            "a stored record has form {found}, this release reads up to {known}; "
            "install the release that wrote it",
            found=record["v"],
            known=VERSION,
        )
    return record


def date_record(claim: DateClaim | None) -> list[str] | None:
    """Write a claimed date as a JSON list."""
    if claim is None:
        return None
    return [claim.at.isoformat(), claim.source.value, claim.trust.value, claim.printed]


def date_claim(record: list[str] | None) -> DateClaim | None:
    """Read a claimed date back."""
    if record is None:
        return None
    at, source, trust, printed = record
    return DateClaim(
        at=datetime.fromisoformat(at),
        source=DateSource(source),
        trust=Trust(trust),
        printed=printed,
    )


def _credit_record(credit: Credit) -> dict[str, object]:
    record = {
        "kind": credit.kind.value,
        "name": credit.name,
        "outlet_id": credit.outlet_id,
        "body": credit.body,
        "is_own": credit.is_own or None,
        "start": credit.start,
        "end": credit.end,
    }
    return {key: value for key, value in record.items() if value is not None}


def _credit(record: dict[str, Any]) -> Credit:
    return Credit(
        kind=CreditKind(record["kind"]),
        name=record["name"],
        outlet_id=record.get("outlet_id"),
        body=record.get("body"),
        is_own=record.get("is_own", False),
        start=record.get("start"),
        end=record.get("end"),
    )
