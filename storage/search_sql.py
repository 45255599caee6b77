"""Ask the index for candidates, newest first: FTS5 and PostgreSQL's tsvector side by side."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    TextClause,
    literal_column,
    select,
    text,
)
from sqlalchemy import table as light_table

from persian.atoms import BARRIER
from storage.coarse import AllOf, AnyOf, Close, Coarse, Token, Words
from storage.index import LONG, MARK
from storage.query import TEXT, TextField
from storage.schema.search import search_documents, search_topics

_WEIGHTS: Final = {TextField.TITLE: "A", TextField.LEAD: "B", TextField.BODY: "C"}
#: What every question to the index asks for.
COLUMNS: Final = tuple(
    search_documents.c[name] for name in ("ordinal", "article_id", "role", "names", "town")
)
#: Up to so many articles are gathered from PostgreSQL's index before they are sorted by time.
RARE: Final = 5_000
#: Words between the sides of NEAR that PostgreSQL is asked for distance by distance.
_MOST_STEPS: Final = 12
_FTS: Final = light_table("search_fts")
_ROWID: Final[ColumnElement[int]] = literal_column("search_fts.rowid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The ordinals to look at: from `first` up to but without `below` (None: open)."""

    first: int | None = None
    below: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An article that may match, with what the index knows of its outlet."""

    ordinal: int
    article_id: int
    role: str
    names: tuple[str, ...]
    town: str


def candidates(  # noqa: PLR0913  # what to ask, where, and how much
    connection: Connection,
    wanted: Coarse | None,
    *,
    window: Window,
    topics: Sequence[str] = (),
    limit: int,
    gather_up_to: int = RARE,
) -> list[Candidate]:
    """Return the newest candidates of a window; every article that matches is among them.

    PostgreSQL gathers words of up to so many articles before it sorts them by time.
    """
    if wanted is None:
        statement = _by_time(window)
    elif connection.dialect.name == "sqlite":
        statement = _by_fts(wanted, window)
    else:
        statement = _by_vector(connection, ts_query(wanted), window, gather_up_to)
    for topic in topics:
        having = select(search_topics.c.article_id).where(search_topics.c.topic_id == topic)
        statement = statement.where(statement.selected_columns.article_id.in_(having))
    return [candidate_of(row) for row in connection.execute(statement.limit(limit))]


def candidate_of(row: Row[Any]) -> Candidate:
    """Read a row with the index's columns."""
    return Candidate(
        ordinal=row.ordinal,
        article_id=row.article_id,
        role=row.role,
        names=tuple(row.names.split("\n")) if row.names else (),
        town=row.town,
    )


def _within(ordinal: ColumnElement[int], window: Window) -> list[ColumnElement[bool]]:
    bounds = []
    if window.first is not None:
        bounds.append(ordinal >= window.first)
    if window.below is not None:
        bounds.append(ordinal < window.below)
    return bounds


def _by_time(window: Window) -> Select[Any]:
    ordinal = search_documents.c.ordinal
    return select(*COLUMNS).where(*_within(ordinal, window)).order_by(ordinal.desc())


def _by_fts(wanted: Coarse, window: Window) -> Select[Any]:
    """Walk FTS5's list, which is in the order of its rowids: newest first costs nothing."""
    asked = text("search_fts MATCH :asked").bindparams(asked=fts_query(wanted))
    return (
        select(*COLUMNS)
        .select_from(_FTS)
        .join(search_documents, search_documents.c.ordinal == _ROWID)
        .where(asked, *_within(_ROWID, window))
        .order_by(_ROWID.desc())
    )


def _by_vector(
    connection: Connection, asked: str, window: Window, gather_up_to: int
) -> Select[Any]:
    """Gather rare words from the index first; walk by time for common ones.

    PostgreSQL cannot walk GIN in the order of time, and left to itself it walks half the archive
    by time for a rare phrase.
    """
    matching = select(*COLUMNS).where(_vector_matches(asked))
    if _estimate(connection, asked) <= gather_up_to:
        gathered = matching.cte("gathered").prefix_with("MATERIALIZED", dialect="postgresql")
        rare = select(*(gathered.c[column.name] for column in COLUMNS))
        ordinal = gathered.c.ordinal
        return rare.where(*_within(ordinal, window)).order_by(ordinal.desc())
    ordinal = search_documents.c.ordinal
    return matching.where(*_within(ordinal, window)).order_by(ordinal.desc())


def _estimate(connection: Connection, asked: str) -> int:
    """Ask the planner how many articles hold the words; it knows without looking."""
    found = connection.scalar(
        text(
            "EXPLAIN (FORMAT JSON) SELECT 1 FROM search_documents "
            "WHERE vector @@ CAST(:asked AS tsquery)"
        ).bindparams(asked=asked)
    )
    plan = json.loads(found) if isinstance(found, str) else found
    return int(plan[0]["Plan"]["Plan Rows"]) if plan else 0


def _vector_matches(asked: str) -> TextClause:
    return text("search_documents.vector @@ CAST(:asked AS tsquery)").bindparams(asked=asked)


def fts_query(wanted: Coarse) -> str:
    """Write a query in FTS5's language."""
    match wanted:
        case Words(fields=fields):
            return f"{{{' '.join(fields)}}} : {_run(wanted)}"
        case Close(one=one, other=other, between=between):
            near = f"NEAR({_run(one)} {_run(other)}, {between})"
            return f"{{{' '.join(one.fields)}}} : {near}"
        case Token(text=token):
            return f'{{facts}} : "{token}"'
        case AllOf(parts=parts):
            return "(" + " AND ".join(fts_query(part) for part in parts) + ")"
        case AnyOf(parts=parts):
            return "(" + " OR ".join(fts_query(part) for part in parts) + ")"


def _run(words: Words) -> str:
    return f'"{" ".join(words.keys)}"{" *" if words.is_prefix else ""}'


def ts_query(wanted: Coarse) -> str:
    """Write a query in PostgreSQL's language; texts too long for positions are asked loosely."""
    return f"({_exact(wanted)}) | ('{LONG}' & ({_loose(wanted)}))"


def _exact(wanted: Coarse) -> str:
    match wanted:
        case Close():
            return _close(wanted)
        case Words(fields=fields):
            inside = [field for field in fields if field in TEXT]
            outside = [field for field in fields if field not in TEXT]
            labels = "".join(_WEIGHTS[field] for field in inside)
            asked = [_phrase(wanted, "", labels)] if inside else []
            asked += [_phrase(wanted, f"{field}{MARK}", "") for field in outside]
            return "(" + " | ".join(asked) + ")"
        case Token(text=token):
            return f"'{token}'"
        case AllOf(parts=parts):
            return "(" + " & ".join(_exact(part) for part in parts) + ")"
        case AnyOf(parts=parts):
            return "(" + " | ".join(_exact(part) for part in parts) + ")"


def _close(wanted: Close) -> str:
    """Write every distance in both orders while they are few, else ask for both anywhere."""
    one, other = _exact(wanted.one), _exact(wanted.other)
    if wanted.between > _MOST_STEPS:
        return f"({one} & {other})"
    steps = range(1, wanted.between + 2)
    pairs = [f"{one} <{step}> {other} | {other} <{step}> {one}" for step in steps]
    return f"({one} & {other} & ({' | '.join(pairs)} | {one} <0> {other}))"


def _phrase(wanted: Words, mark: str, labels: str) -> str:
    """Write words side by side; a barrier is not indexed here and only widens the step."""
    asked, step = "", 1
    last = len(wanted.keys) - 1
    for place, key in enumerate(wanted.keys):
        if key == BARRIER:
            step += 1
            continue
        star = "*" if wanted.is_prefix and place == last else ""
        suffix = f":{star}{labels}" if star or labels else ""
        word = f"'{mark}{key}'{suffix}"
        asked = f"{asked} <{step}> {word}" if asked else word
        step = 1
    return f"({asked})"


def _loose(wanted: Coarse) -> str:
    """Write a query without positions and labels."""
    match wanted:
        case Close(one=one, other=other):
            return f"({_loose(one)} & {_loose(other)})"
        case Words(keys=keys, fields=fields, is_prefix=is_prefix):
            marks = [f"{field}{MARK}" for field in fields if field not in TEXT]
            marks += [""] if len(marks) < len(fields) else []
            return (
                "("
                + " | ".join(_loose_words(mark, keys, is_prefix=is_prefix) for mark in marks)
                + ")"
            )
        case Token(text=token):
            return f"'{token}'"
        case AllOf(parts=parts):
            return "(" + " & ".join(_loose(part) for part in parts) + ")"
        case AnyOf(parts=parts):
            return "(" + " | ".join(_loose(part) for part in parts) + ")"


def _loose_words(mark: str, keys: tuple[str, ...], *, is_prefix: bool) -> str:
    words = [f"'{mark}{key}'" for key in keys if key != BARRIER]
    if is_prefix:
        words[-1] += ":*"
    return "(" + " & ".join(words) + ")"
