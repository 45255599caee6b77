"""Say of a query that cannot be read what is wrong, where, and what to type instead."""

from dataclasses import dataclass

from service.web.words import Words
from storage.query_error import QueryError
from storage.search import BadCursorError


@dataclass(frozen=True, slots=True, kw_only=True)
class Misreading:
    """What is wrong, in the reader's language; `position` is a place of `text`, if there is one."""

    text: str
    position: int
    message: str
    hint: str


def misread(words: Words, wrong: QueryError | BadCursorError) -> Misreading:
    """Say what is wrong with a query or with a page of its answers; a cursor has no place."""
    if isinstance(wrong, BadCursorError):
        return Misreading(text="", position=0, message=words.tell(wrong), hint="")
    message, hint = words.tell_query(wrong)
    return Misreading(text=wrong.text, position=wrong.position, message=message, hint=hint)
