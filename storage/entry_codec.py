"""Turn an Entry into the text the archive keeps until its page is read, and back, exactly."""

import hashlib
from dataclasses import replace

from crawler.entry import Entry
from storage.codec import date_claim, date_record, dump_record, load_record


def encode_entry(entry: Entry) -> str:
    """Write an entry as JSON."""
    return dump_record(
        {
            "outlet_id": entry.outlet_id,
            "url": entry.url,
            "canonical_url": entry.canonical_url,
            "external_id": entry.external_id,
            "title": entry.title,
            "summary": entry.summary,
            "content_html": entry.content_html,
            "published": date_record(entry.published),
            "author": entry.author,
            "section": list(entry.section),
            "tags": list(entry.tags),
            "image_url": entry.image_url,
            "source": entry.source,
        }
    )


def decode_entry(text: str) -> Entry:
    """Read an entry back; raise UnreadableRecordError when a later release wrote it."""
    record = load_record(text)
    return Entry(
        outlet_id=record["outlet_id"],
        url=record["url"],
        canonical_url=record["canonical_url"],
        external_id=record.get("external_id"),
        title=record.get("title"),
        summary=record.get("summary"),
        content_html=record.get("content_html"),
        published=date_claim(record.get("published")),
        author=record.get("author"),
        section=tuple(record.get("section", ())),
        tags=tuple(record.get("tags", ())),
        image_url=record.get("image_url"),
        source=record.get("source"),
    )


def entry_hash(entry: Entry) -> str | None:
    """Hash the words a way in has for an article; None when it gives only the address."""
    words = (entry.title, entry.summary, entry.content_html)
    if not any(words):
        return None
    said = "\x1f".join(word or "" for word in words)
    return hashlib.sha256(said.encode("utf-8", "backslashreplace")).hexdigest()[:16]


def merge_entries(earlier: Entry, later: Entry) -> Entry:
    """Join what two ways in say of one page: the later word counts, where it says anything."""
    return replace(
        later,
        external_id=later.external_id or earlier.external_id,
        title=later.title or earlier.title,
        summary=later.summary or earlier.summary,
        content_html=later.content_html or earlier.content_html,
        published=later.published or earlier.published,
        author=later.author or earlier.author,
        section=later.section or earlier.section,
        tags=later.tags or earlier.tags,
        image_url=later.image_url or earlier.image_url,
        source=later.source or earlier.source,
    )
