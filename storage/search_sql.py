"""Ask the index for candidates, newest first: FTS5 and PostgreSQL's tsvector side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, Select, literal_column, select, text
from sqlalchemy import table as light_table

from persian.atoms import BARRIER
from storage.coarse import AllOf, AnyOf, Coarse, Token, Words
from storage.index import LONG, MARK
from storage.query import TEXT, TextField
from storage.schema.search import search_documents, search_topics

_WEIGHTS: Final = {TextField.TITLE: "A", TextField.LEAD: "B", TextField.BODY: "C"}
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


def candidates(
    connection: Connection,
    wanted: Coarse | None,
    *,
    window: Window,
    topics: Sequence[str] = (),
    limit: int,
) -> list[Candidate]:
    """Return the newest candidates of a window; every article that matches is among them."""
    statement = _statement(connection.dialect.name, wanted, window)
    for topic in topics:
        having = select(search_topics.c.article_id).where(search_topics.c.topic_id == topic)
        statement = statement.where(search_documents.c.article_id.in_(having))
    return [
        Candidate(
            ordinal=row.ordinal,
            article_id=row.article_id,
            role=row.role,
            names=tuple(row.names.split("\n")) if row.names else (),
            town=row.town,
        )
        for row in connection.execute(statement.limit(limit))
    ]


def _statement(
    dialect: str, wanted: Coarse | None, window: Window
) -> Select[tuple[int, int, str, str, str]]:
    columns = search_documents.c
    statement = select(
        columns.ordinal, columns.article_id, columns.role, columns.names, columns.town
    )
    ordinal: ColumnElement[int] = columns.ordinal
    if wanted is not None and dialect == "sqlite":
        ordinal = _ROWID
        statement = (
            statement.select_from(_FTS)
            .join(search_documents, columns.ordinal == _ROWID)
            .where(text("search_fts MATCH :asked").bindparams(asked=fts_query(wanted)))
        )
    elif wanted is not None:
        asked = text("search_documents.vector @@ CAST(:asked AS tsquery)")
        statement = statement.where(asked.bindparams(asked=ts_query(wanted)))
    if window.first is not None:
        statement = statement.where(ordinal >= window.first)
    if window.below is not None:
        statement = statement.where(ordinal < window.below)
    return statement.order_by(ordinal.desc())


def fts_query(wanted: Coarse) -> str:
    """Write a query in FTS5's language."""
    match wanted:
        case Words(keys=keys, fields=fields, is_prefix=is_prefix):
            star = " *" if is_prefix else ""
            return f'{{{" ".join(fields)}}} : "{" ".join(keys)}"{star}'
        case Token(text=token):
            return f'{{facts}} : "{token}"'
        case AllOf(parts=parts):
            return "(" + " AND ".join(fts_query(part) for part in parts) + ")"
        case AnyOf(parts=parts):
            return "(" + " OR ".join(fts_query(part) for part in parts) + ")"


def ts_query(wanted: Coarse) -> str:
    """Write a query in PostgreSQL's language; texts too long for positions are asked loosely."""
    return f"({_exact(wanted)}) | ('{LONG}' & ({_loose(wanted)}))"


def _exact(wanted: Coarse) -> str:
    match wanted:
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
