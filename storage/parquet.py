"""Write articles as Apache Parquet, a row group at a time, for pandas, DuckDB and their like."""

import importlib
from collections.abc import Iterable, Iterator
from io import RawIOBase
from typing import Any, Final

from crawler.article import Credit
from storage.errors import MissingLibraryError
from storage.export import Exported, Progress

#: Articles of one row group: about 10 MB of text, which is all that is held at a time.
ROW_GROUP: Final = 2_000


class _Pipe(RawIOBase):
    """Holds what was written until it is taken on."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        """Tell that this can be written."""
        return True

    def write(self, piece: Any, /) -> int:  # noqa: ANN401  # whatever holds bytes
        """Hold a piece."""
        kept = bytes(piece)
        self._pieces.append(kept)
        return len(kept)

    def take(self) -> bytes:
        """Give away what is held."""
        held = b"".join(self._pieces)
        self._pieces.clear()
        return held


def require_parquet() -> None:
    """Raise MissingLibraryError when Parquet cannot be written here."""
    _library()


def parquet_pieces(articles: Iterable[Exported], *, progress: Progress) -> Iterator[bytes]:
    """Yield a Parquet file piece by piece, a row group each; times are UTC to the microsecond.

    The columns are those of `write_jsonl` with the body as one text; lists are lists. Raises
    MissingLibraryError.
    """
    arrow, parquet = _library()
    schema = _schema(arrow)
    pipe = _Pipe()
    with parquet.ParquetWriter(pipe, schema, compression="zstd") as writer:
        written = 0
        for some in _groups(articles):
            writer.write_table(arrow.Table.from_pylist([_row(one) for one in some], schema=schema))
            written += len(some)
            progress(written)
            yield pipe.take()
    yield pipe.take()


def _library() -> tuple[Any, Any]:
    try:
        return importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise MissingLibraryError(
            "Parquet needs pyarrow, which is not installed; install rasad[parquet], or take "
            "JSON Lines"
        ) from error


def _groups(articles: Iterable[Exported]) -> Iterator[list[Exported]]:
    some: list[Exported] = []
    for one in articles:
        some.append(one)
        if len(some) == ROW_GROUP:
            yield some
            some = []
    if some:
        yield some


def _schema(arrow: Any) -> Any:  # noqa: ANN401  # the library is an extra
    text, texts = arrow.string(), arrow.list_(arrow.string())
    instant, number = arrow.timestamp("us", tz="UTC"), arrow.int64()
    repeated = arrow.dictionary(arrow.int32(), text)
    credit = arrow.struct([("kind", text), ("name", text), ("outlet_id", text), ("body", text)])
    return arrow.schema(
        [
            ("article_id", number),
            ("story_id", number),
            ("relation", repeated),
            ("outlet_id", repeated),
            ("url", text),
            ("canonical_url", text),
            ("published_at", instant),
            ("published_from", repeated),
            ("date_trust", repeated),
            ("sort_at", instant),
            ("first_seen_at", instant),
            ("fetched_at", instant),
            ("kicker", text),
            ("title", text),
            ("lead", text),
            ("body", text),
            ("byline", text),
            ("credits", arrow.list_(credit)),
            ("section", texts),
            ("tags", texts),
            ("topics", texts),
            ("language", repeated),
            ("words", arrow.int32()),
            ("is_excerpt", arrow.bool_()),
            ("is_backfill", arrow.bool_()),
            ("content_hash", text),
        ]
    )


def _row(one: Exported) -> dict[str, Any]:
    known, article = one.archived, one.archived.article
    published = article.published
    return {
        "article_id": known.id,
        "story_id": one.story_id,
        "relation": one.relation,
        "outlet_id": article.outlet_id,
        "url": article.url,
        "canonical_url": article.canonical_url,
        "published_at": published.at if published else None,
        "published_from": published.source.value if published else None,
        "date_trust": published.trust.value if published else None,
        "sort_at": known.sort_at,
        "first_seen_at": known.first_seen_at,
        "fetched_at": article.fetched_at,
        "kicker": article.kicker,
        "title": article.title,
        "lead": article.lead,
        "body": article.body,
        "byline": article.byline,
        "credits": [_credit(credit) for credit in article.credits if not credit.is_own],
        "section": article.section,
        "tags": article.tags,
        "topics": one.topics,
        "language": article.language,
        "words": known.word_count,
        "is_excerpt": article.is_excerpt,
        "is_backfill": known.is_backfill,
        "content_hash": known.content_hash,
    }


def _credit(credit: Credit) -> dict[str, Any]:
    return {
        "kind": credit.kind.value,
        "name": credit.name,
        "outlet_id": credit.outlet_id,
        "body": credit.body,
    }
