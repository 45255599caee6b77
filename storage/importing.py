"""Read articles from JSON Lines: our own export, or an analyst's collection."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

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
from storage.export import BYTE_ORDER_MARK, FORMAT

_NEEDED: Final = ("outlet_id", "url", "title")

#: What the columns of the archive take.
_LONGEST: Final = {"outlet_id": 80, "language": 8, "canonical_url": 1000, "url": 1000}

_T = TypeVar("_T")


def read_jsonl(lines: Iterable[str], *, name: str, now: datetime) -> Iterator[Article]:
    """Read one article a line; empty lines are passed over.

    Needed are `outlet_id`, `url` and `title`; `body` may stand for `blocks` (its lines become
    paragraphs) and an ISO 8601 time for `published`; other fields are those of `write_jsonl`, and
    fields unknown to it are passed over. Raises UnreadableRecordError that names the line; `name`
    is the file's, for that message.
    """
    for number, line in enumerate(lines, start=1):
        text = line.strip().removeprefix(BYTE_ORDER_MARK)
        if text:
            yield read_record(text, place=f"{name}, line {number}", now=now)


def read_record(text: str, *, place: str, now: datetime) -> Article:
    """Read one article; UnreadableRecordError names the place."""
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableRecordError(
            "{place} is no JSON ({why}); mend or remove it", place=place, why=error
        ) from error
    if not isinstance(record, dict):
        raise UnreadableRecordError("{place} is no JSON object; mend or remove it", place=place)
    _require(record, place)
    try:
        return _article(record, now)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnreadableRecordError(
            "{place} has a field of another form than an export's ({why}); mend or remove it",
            place=place,
            why=error,
        ) from error


def _require(record: dict[str, Any], place: str) -> None:
    found = record.get("format", FORMAT)
    if found != FORMAT:
        raise UnreadableRecordError(
            "{place} has form {found}, this release reads {known}",
            place=place,
            found=repr(found),
            known=repr(FORMAT),
        )
    missing = [
        key for key in _NEEDED if not isinstance(record.get(key), str) or not record[key].strip()
    ]
    if missing:
        raise UnreadableRecordError(
            "{place} lacks {missing}; add or remove the line",
            place=place,
            missing=", ".join(missing),
        )
    for key, longest in _LONGEST.items():
        if len(str(record.get(key) or "")) > longest:
            raise UnreadableRecordError(
                "{place} has a {name} of more than {longest} letters; shorten it",
                place=place,
                name=key,
                longest=longest,
            )


def _article(record: dict[str, Any], now: datetime) -> Article:
    return Article(
        outlet_id=record["outlet_id"],
        url=record["url"],
        canonical_url=record.get("canonical_url") or record["url"],
        external_id=_text(record, "external_id"),
        title=record["title"],
        kicker=_text(record, "kicker"),
        lead=_text(record, "lead"),
        blocks=_blocks(record),
        published=_claim(record.get("published")),
        modified=_claim(record.get("modified")),
        byline=_text(record, "byline"),
        credits=tuple(_credit(one) for one in record.get("credits") or ()),
        section=_texts(record, "section"),
        tags=_texts(record, "tags"),
        image_url=_text(record, "image_url"),
        tail=_text(record, "tail"),
        language=record.get("language") or "fa",
        missing=_texts(record, "missing"),
        is_excerpt=bool(record.get("is_excerpt")),
        fetched_at=_maybe(_instant, record.get("fetched_at")) or now,
    )


def _blocks(record: dict[str, Any]) -> tuple[Block, ...]:
    if "blocks" in record:
        return tuple(
            Block(kind=BlockKind(one["kind"]), text=_string(one["text"]))
            for one in record["blocks"]
        )
    lines = (line.strip() for line in (_text(record, "body") or "").splitlines())
    return tuple(Block(kind=BlockKind.PARAGRAPH, text=line) for line in lines if line)


def _claim(value: Any) -> DateClaim | None:  # noqa: ANN401  # whatever stands in the file
    if isinstance(value, str):
        return DateClaim(
            at=_instant(value), source=DateSource.LISTING, trust=Trust.EXACT, printed=value
        )
    if value is None:
        return None
    return DateClaim(
        at=_instant(value["at"]),
        source=DateSource(value["source"]),
        trust=Trust(value["trust"]),
        printed=_string(value["printed"]),
    )


def _credit(value: dict[str, Any]) -> Credit:
    return Credit(
        kind=CreditKind(value["kind"]),
        name=_string(value["name"]),
        outlet_id=_text(value, "outlet_id"),
        body=_text(value, "body"),
        is_own=bool(value.get("is_own")),
        start=value.get("start"),
        end=value.get("end"),
    )


def _instant(value: str) -> datetime:
    at = datetime.fromisoformat(value)
    if at.tzinfo is None:
        raise ValueError(f"the time {value!r} names no zone")
    return at.astimezone(UTC)


def _maybe(read: Callable[[str], _T], value: str | None) -> _T | None:
    return None if value is None else read(value)


def _text(record: dict[str, Any], key: str) -> str | None:
    return _maybe(_string, record.get(key))


def _texts(record: dict[str, Any], key: str) -> tuple[str, ...]:
    value = record.get(key) or ()
    if isinstance(value, str):
        raise TypeError(f"{key} is one text and not a list of texts")
    return tuple(_string(one) for one in value)


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
