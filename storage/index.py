"""Write the search index: one row, and one set of tokens, per article."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, func, insert, select, text, update

from persian.atoms import BARRIER
from storage.document import Document
from storage.evaluate import Analysed
from storage.kept_atoms import atoms_in, facts_in, pack, unpack
from storage.query import TEXT, FactField, TextField
from storage.schema.search import FTS_COLUMNS, search_documents, search_topics
from storage.terms import reading

#: Articles that fit into one second before they spill over into the next.
SECOND: Final = 1 << 16
#: What stands between a field's name and its word in a token; no folded word holds it.
MARK: Final = "¦"
#: The token of a text too long for PostgreSQL to keep all its positions.
LONG: Final = f"{MARK}long"
_LABELS: Final = {TextField.TITLE: "A", TextField.LEAD: "B", TextField.BODY: "C"}
_LAST_POSITION: Final = 16_000  # PostgreSQL keeps 16,383
_MOST_PLACES: Final = 255  # of one word in one text; PostgreSQL keeps 256
_GAP: Final = 10  # positions between two fields, so that no phrase crosses

# Built once: building a statement costs as much as running it.
_INSERT: Final = insert(search_documents)
_REPLACE: Final = update(search_documents).where(
    search_documents.c.article_id == bindparam("standing_id")
)
_LAST_OF_SECOND: Final = select(func.max(search_documents.c.ordinal)).where(
    search_documents.c.ordinal >= bindparam("first"),
    search_documents.c.ordinal < bindparam("beyond"),
)
INSERT_FTS: Final = text(
    f"INSERT INTO search_fts(rowid, {', '.join(FTS_COLUMNS)}) "  # noqa: S608  # constant names
    f"VALUES (:rowid, {', '.join(f':{name}' for name in FTS_COLUMNS)})"
)
_DELETE_FTS: Final = text(
    f"INSERT INTO search_fts(search_fts, rowid, {', '.join(FTS_COLUMNS)}) "  # noqa: S608
    f"VALUES ('delete', :rowid, {', '.join(f':{name}' for name in FTS_COLUMNS)})"
)


@dataclass(frozen=True, slots=True)
class _Standing:
    """What the index holds of an article already."""

    ordinal: int
    atoms: bytes


def index_article(
    connection: Connection, article_id: int, document: Document, *, is_new: bool = False
) -> None:
    """Make an article findable as it now is, inside the caller's write transaction. Repeatable.

    The article's story and topics are not indexed: a search reads them where they stand. `is_new`
    promises that the index holds nothing of the article yet, and spares the look.
    """
    analysed = Analysed(document)
    standing = None if is_new else _standing(connection, article_id)
    ordinal = _ordinal(connection, document.published_at, standing)
    row = index_row(ordinal, article_id, analysed)
    if connection.dialect.name == "sqlite":
        _put(connection, row, standing)
        _put_fts(connection, _Standing(ordinal, row["atoms"]), standing)
    else:
        _put(connection, row | {"vector": vector_of(analysed)}, standing)


def remove_article(connection: Connection, article_id: int) -> None:
    """Make an article unfindable. Repeatable."""
    standing = _standing(connection, article_id)
    if standing is None:
        return
    if connection.dialect.name == "sqlite":
        connection.execute(_DELETE_FTS, fts_row(standing.ordinal, standing.atoms))
    connection.execute(delete(search_topics).where(search_topics.c.article_id == article_id))
    connection.execute(delete(search_documents).where(search_documents.c.article_id == article_id))


def keep_topics(
    connection: Connection, article_id: int, topics: Iterable[str], *, is_new: bool = False
) -> None:
    """Say which topics fired for an article; what was said before is forgotten. Repeatable.

    `is_new` promises that nothing was said before.
    """
    if not is_new:
        connection.execute(delete(search_topics).where(search_topics.c.article_id == article_id))
    rows = [{"topic_id": topic, "article_id": article_id} for topic in sorted(set(topics))]
    if rows:
        connection.execute(insert(search_topics), rows)


def ordinal_at(at: datetime) -> int:
    """Return the first ordinal of the second that an instant lies in."""
    return max(0, int(at.timestamp())) * SECOND


def _standing(connection: Connection, article_id: int) -> _Standing | None:
    columns = search_documents.c
    row = connection.execute(
        select(columns.ordinal, columns.atoms).where(columns.article_id == article_id)
    ).one_or_none()
    return None if row is None else _Standing(row.ordinal, row.atoms)


def _ordinal(connection: Connection, at: datetime, standing: _Standing | None) -> int:
    """Keep the ordinal of an article whose second is unchanged, else take the second's next."""
    first = ordinal_at(at)
    if standing is not None and first <= standing.ordinal < first + SECOND:
        return standing.ordinal
    return _next_free(connection, first)


def _next_free(connection: Connection, first: int) -> int:
    """Return the ordinal after the last one of a second; a full second spills into the next."""
    last = connection.scalar(_LAST_OF_SECOND, {"first": first, "beyond": first + SECOND})
    if last is None:
        return first
    return last + 1 if last + 1 < first + SECOND else _next_free(connection, first + SECOND)


def _put_fts(connection: Connection, fresh: _Standing, standing: _Standing | None) -> None:
    if fresh == standing:
        return
    if standing is not None:
        connection.execute(_DELETE_FTS, fts_row(standing.ordinal, standing.atoms))
    connection.execute(INSERT_FTS, fts_row(fresh.ordinal, fresh.atoms))


def _put(connection: Connection, row: dict[str, object], standing: _Standing | None) -> None:
    if standing is None:
        connection.execute(_INSERT, row)
    else:
        connection.execute(_REPLACE, row | {"standing_id": row["article_id"]})


def index_row(ordinal: int, article_id: int, analysed: Analysed) -> dict[str, Any]:
    """Return an article's row of `search_documents`, as both databases hold it."""
    document = analysed.document
    return {
        "ordinal": ordinal,
        "article_id": article_id,
        "role": document.role,
        "names": "\n".join(document.outlet_names),
        "town": document.town,
        "atoms": pack(analysed, _facts(document)),
    }


def fts_row(ordinal: int, atoms: bytes) -> dict[str, object]:
    """Return what FTS5 holds of an article, as its atoms say."""
    fields = {name: " ".join(map(_key, atoms_in(kept))) for name, kept in unpack(atoms).items()}
    return {"rowid": ordinal, "facts": " ".join(facts_in(atoms))} | fields


def _key(raw: str) -> str:
    return reading(raw).key


def _keys(analysed: Analysed, field: TextField) -> list[str]:
    return [_key(raw) for raw in analysed.atoms(field)]


def _facts(document: Document) -> tuple[str, str]:
    return (
        fact_token(FactField.ROLE, document.role),
        fact_token(FactField.LANG, document.language),
    )


def fact_token(field: FactField, value: str) -> str:
    """Return the token that stands for a fact."""
    return f"{field}{MARK}{''.join(c for c in value.lower() if c.isalnum())}"


def vector_of(analysed: Analysed) -> str:
    """Write the tsvector: words of title, lead and body labelled A, B, C, others by their field."""
    places: dict[str, list[str]] = {}
    counts: Counter[str] = Counter()
    position = 1
    for field in TextField:
        for key in _keys(analysed, field):
            if key != BARRIER and position <= _LAST_POSITION:
                token = key if field in TEXT else f"{field}{MARK}{key}"
                places.setdefault(token, []).append(f"{position}{_LABELS.get(field, '')}")
                counts[token] += 1
            elif key != BARRIER:
                places.setdefault(key if field in TEXT else f"{field}{MARK}{key}", [])
                counts[LONG] += 1
            position += 1
        position += _GAP
    if counts[LONG] or any(count > _MOST_PLACES for count in counts.values()):
        places[LONG] = []
    for token in _facts(analysed.document):
        places[token] = []
    return " ".join(
        f"'{token}':{','.join(found[:_MOST_PLACES])}" if found else f"'{token}'"
        for token, found in places.items()
    )
