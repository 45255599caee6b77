"""Offer the nearest query that finds something, when a query finds nothing."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Final

from sqlalchemy import Connection, select

from persian.atoms import words
from storage.evaluate import terms_of
from storage.query import And, Mode, Near, Not, Or, Query, Term, Within
from storage.query_parser import all_of
from storage.schema.articles import articles
from storage.search import search

#: Titles of the newest articles whose words are offered.
_TITLES: Final = 3_000
_CHOICES: Final = 3
_LIKE: Final = 0.7
_SHORTEST: Final = 3


def nearest(connection: Connection, query: Query) -> Query | None:
    """Return a query like this one that has matches: a misspelt word mended, or a part left out.

    None when nothing near has any. The words offered stand in titles of the archive.
    """
    vocabulary = _vocabulary(connection)
    for candidate in (*_mended(connection, query, vocabulary), *_shortened(query)):
        if candidate != query and _has_matches(connection, candidate):
            return candidate
    return None


def _has_matches(connection: Connection, query: Query) -> bool:
    return bool(search(connection, query, limit=1).hits)


def _vocabulary(connection: Connection) -> Counter[str]:
    newest = select(articles.c.title).order_by(articles.c.sort_at.desc()).limit(_TITLES)
    return Counter(word for title in connection.scalars(newest) for word in words(title))


def _mended(connection: Connection, query: Query, vocabulary: Counter[str]) -> Iterator[Query]:
    """Replace each term that nothing has by the words most like its own, the commonest first."""
    unknown = [
        term
        for term in terms_of(query)
        if term.mode is Mode.INFLECTED and not _has_matches(connection, term)
    ]
    choices = {term: _alike(term, vocabulary) for term in unknown}
    for rank in range(_CHOICES):
        chosen = {
            term: replace(term, text=found[min(rank, len(found) - 1)])
            for term, found in choices.items()
            if found
        }
        if chosen:
            yield _replaced(query, chosen)


def _alike(term: Term, vocabulary: Counter[str]) -> list[str]:
    """Return the term with each unknown word replaced, in up to three ways."""
    options = [_choices(word, vocabulary) for word in words(term.text)]
    if not all(options):
        return []
    found = [
        " ".join(option[min(rank, len(option) - 1)] for option in options)
        for rank in range(_CHOICES)
    ]
    return list(dict.fromkeys(found))


def _choices(word: str, vocabulary: Counter[str]) -> list[str]:
    if word in vocabulary or len(word) < _SHORTEST:
        return [word]
    near = get_close_matches(word, vocabulary, n=_CHOICES, cutoff=_LIKE)
    return sorted(near, key=lambda found: -vocabulary[found])


def _shortened(query: Query) -> Iterator[Query]:
    """Leave out one part of a conjunction, the last first."""
    if not isinstance(query, And):
        return
    for place in reversed(range(len(query.parts))):
        rest = [part for other, part in enumerate(query.parts) if other != place]
        if not all(isinstance(part, Not) for part in rest):
            yield all_of(rest)


def _replaced(query: Query, chosen: Mapping[Term, Term]) -> Query:
    match query:
        case Term():
            return chosen.get(query, query)
        case And(parts=parts) | Or(parts=parts):
            return replace(query, parts=tuple(_replaced(part, chosen) for part in parts))
        case Near(left=left, right=right):
            return replace(
                query,
                left=_replaced(left, chosen),  # type: ignore[arg-type]  # terms stay located
                right=_replaced(right, chosen),  # type: ignore[arg-type]
            )
        case Not(part=part) | Within(part=part):
            return replace(query, part=_replaced(part, chosen))
        case _:
            return query
