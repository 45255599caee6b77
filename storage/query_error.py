"""The error of a query that cannot be read: the place, what is wrong, what to do."""

from typing import Final

from storage.errors import StorageError
from storage.query_fault import Fault

_CONTEXT: Final = 60  # characters shown on each side of the place


class QueryError(StorageError):
    """A query that cannot be read.

    `position` counts characters of the query `text` from 0; `hint` says what to type instead.
    `fault` and `values` are the same for whoever says it in another language.
    """

    def __init__(self, fault: Fault, *, position: int, text: str, **values: object) -> None:
        self.fault = fault
        self.position = position
        self.text = text
        self.message = fault.message.format(**values)
        self.hint = fault.hint.format(**values)
        super().__init__(f"{self.message} (at character {position + 1}); {self.hint}")
        self.values = values

    def __reduce__(self) -> tuple[object, ...]:
        """Survive pickling: the engine keeps errors."""
        return _again, (self.fault, self.position, self.text, self.values)

    def caret(self) -> str:
        """Render the query with a caret under the place, the message and the hint."""
        start = max(0, self.position - _CONTEXT)
        shown = self.text[start : self.position + _CONTEXT].replace("\n", " ").replace("\t", " ")
        caret = " " * (self.position - start) + "^"
        return f"{shown}\n{caret}\n{self.message}\n{self.hint}"


def _again(fault: Fault, position: int, text: str, values: dict[str, object]) -> QueryError:
    return QueryError(fault, position=position, text=text, **values)


class UnreadableDateError(Exception):
    """A date of a query that cannot be read; the parser knows its place."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.message)
