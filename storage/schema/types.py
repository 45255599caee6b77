"""The column types that both databases share."""

import json
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ARRAY, BigInteger, DateTime, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

#: A row id: 64 bits on PostgreSQL; on SQLite INTEGER, because only that is the row's own key there.
RowId: Final = BigInteger().with_variant(Integer, "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """Keep an aware datetime; it comes back in UTC, to the microsecond, on both databases.

    SQLite keeps it as text that sorts as time does. A naive datetime is refused: nobody can say
    later which clock it was read from.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware datetime into what the database keeps."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(
                f"a naive datetime cannot be stored: {value.isoformat()}; give its zone"
            )
        at = value.astimezone(UTC)
        return at.replace(tzinfo=None) if dialect.name == "sqlite" else at

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002  # the signature is SQLAlchemy's
    ) -> datetime | None:
        """Turn what the database keeps into an aware UTC datetime."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Numbers(TypeDecorator[Collection[int]]):
    """Pass many whole numbers as one parameter: JSON on SQLite, an array on PostgreSQL."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the type by database."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(BigInteger))

    def process_bind_param(
        self, value: Collection[int] | None, dialect: Dialect
    ) -> str | list[int] | None:
        """Write the numbers as the database takes them."""
        if value is None:
            return None
        numbers = list(value)
        return json.dumps(numbers) if dialect.name == "sqlite" else numbers
