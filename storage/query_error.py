"""The error of a query that cannot be read: the place, what is wrong, what to do."""

from typing import Final

from storage.errors import StorageError

_CONTEXT: Final = 60  # characters shown on each side of the place


class QueryError(StorageError):
    """A query that cannot be read.

    `position` counts characters of the query from 0; `hint` says what to type instead.
    """

    def __init__(self, *, position: int, message: str, hint: str, text: str = "") -> None:
        self.position = position
        self.message = message
        self.hint = hint
        self.text = text
        super().__init__(f"{message} (at character {position + 1}); {hint}")

    def caret(self) -> str:
        """Render the query with a caret under the place, the message and the hint."""
        start = max(0, self.position - _CONTEXT)
        shown = self.text[start : self.position + _CONTEXT].replace("\n", " ").replace("\t", " ")
        caret = " " * (self.position - start) + "^"
        return f"{shown}\n{caret}\n{self.message}\n{self.hint}"
