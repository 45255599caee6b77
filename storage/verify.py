"""Verify candidates by what the index keeps of them, before any article is read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select

from storage.document import Document
from storage.evaluate import Analysed, evaluate, terms_of
from storage.found import Place, load_documents, places_of
from storage.kept_atoms import ATOM_END, atoms_in, unpack
from storage.query import TEXT, And, Mode, Not, Or, Query, Term, TextField
from storage.schema.articles import articles
from storage.schema.search import search_documents
from storage.search_sql import Candidate
from storage.strict import is_strict
from storage.terms import forms, reading
from storage.trie import Trie

_COLUMNS: Final = (
    search_documents.c.article_id,
    search_documents.c.atoms,
    articles.c.outlet_id,
    articles.c.language,
    articles.c.sort_at,
)


@dataclass(frozen=True, slots=True)
class _Entry:
    """What the archive keeps of an article for verification."""

    atoms: bytes
    outlet_id: str
    language: str
    sort_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A candidate for which the query holds, its story (None: in none yet), and its words.

    The document of `analysed` has every fact and may lack the texts as printed.
    """

    candidate: Candidate
    story_id: int | None
    analysed: Analysed


class Verifier:
    """One query, ready to be asked of many candidates."""

    def __init__(self, query: Query) -> None:
        self._query: Final = query
        self._terms: Final = Trie()
        for term in terms_of(query):
            self._terms.add(term)
        self._needs_print: Final = any(map(is_strict, terms_of(query)))
        self._refused: Final = tuple(_refused(query))

    def holding(self, connection: Connection, found: Sequence[Candidate]) -> list[Held]:
        """Return the candidates the query holds for, in their order."""
        if self._needs_print:
            return self._by_print(connection, found)
        entries = _entries(connection, [one.article_id for one in found])
        left = [(one, fields) for one in found if (fields := self._fields(entries[one.article_id]))]
        places = places_of(connection, [one.article_id for one, _ in left])
        held = []
        for one, fields in left:
            place = places[one.article_id]
            facts = _facts(one, entries[one.article_id], place)
            atoms = {field: atoms_in(kept) for field, kept in fields.items()}
            analysed = Analysed(facts, self._terms, atoms)
            if evaluate(self._query, analysed):
                held.append(Held(candidate=one, story_id=place.story_id, analysed=analysed))
        return held

    def _by_print(self, connection: Connection, found: Sequence[Candidate]) -> list[Held]:
        """Read the articles: only their print tells «=رئال» from «ریال»."""
        candidates = {one.article_id: one for one in found}
        held = []
        for one in load_documents(connection, list(found)):
            analysed = Analysed(one.document, self._terms)
            if evaluate(self._query, analysed):
                candidate = candidates[one.article_id]
                held.append(Held(candidate=candidate, story_id=one.story_id, analysed=analysed))
        return held

    def _fields(self, entry: _Entry) -> dict[TextField, str] | None:
        """Return an article's atoms by field, None when a word behind NOT stands there as it is."""
        fields = unpack(entry.atoms)
        for field in TEXT if self._refused else ():
            text = f"{ATOM_END}{fields[field]}"
            if any(word in text for word in self._refused):
                return None
        return fields


def _entries(connection: Connection, ids: Sequence[int]) -> dict[int, _Entry]:
    asked = (
        select(*_COLUMNS)
        .join(articles, articles.c.id == search_documents.c.article_id)
        .where(search_documents.c.article_id.in_(ids))
    )
    return {row[0]: _Entry(*row[1:]) for row in connection.execute(asked)}


def _facts(candidate: Candidate, entry: _Entry, place: Place) -> Document:
    """Return what a query asks of an article beside its words, which the atoms tell."""
    return Document(
        outlet_id=entry.outlet_id,
        title="",
        published_at=entry.sort_at,
        role=candidate.role,
        language=entry.language,
        relation=place.relation,
        is_revised=place.is_revised,
        topics=place.topics,
    )


def _refused(query: Query) -> Iterator[str]:
    """Return the atoms of which none may stand in the text; there may be more such words.

    A text that has one of them as it is needs no closer look, and behind NOT most have.
    """
    match query:
        case And(parts=parts):
            for part in parts:
                yield from _refused(part)
        case Not(part=Term() as term):
            yield from _plain(term)
        case Not(part=Or(parts=parts)):
            for part in parts:
                yield from _refused(Not(part=part))
        case _:
            return


def _plain(term: Term) -> Iterator[str]:
    """Return the single atoms that are surely this term."""
    if term.mode is not Mode.INFLECTED:
        return
    for form in forms(term):
        word = form[0].text
        if len(form) == 1 and word in reading(word).stems:
            yield f"{ATOM_END}{word}{ATOM_END}"
