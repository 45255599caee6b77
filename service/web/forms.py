"""Read the forms that browsers send: urlencoded, bounded, every field a text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import parse_qs

from fastapi import Depends, Request

from service.web.refusal import BadFormError, TooLargeError

#: A pasted press release is some kilobytes; percent-encoding makes nine bytes of a Persian letter.
MOST_BYTES: Final = 1_000_000
MOST_FIELDS: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What was filled in; a field left away is empty."""

    fields: Mapping[str, Sequence[str]]

    def text(self, name: str) -> str:
        """Return a field without white space around it."""
        return self.fields.get(name, [""])[0].strip()

    def texts(self, name: str) -> tuple[str, ...]:
        """Return every value of a field that may be ticked more than once."""
        return tuple(value.strip() for value in self.fields.get(name, []) if value.strip())

    def number(self, name: str) -> int:
        """Return a field that must be a row's number; BadFormError names the field."""
        return whole(name, self.text(name))

    def numbers(self, name: str) -> tuple[int, ...]:
        """Return every value of a field whose values are rows' numbers."""
        return tuple(whole(name, value) for value in self.texts(name))

    def needed(self, name: str) -> str:
        """Return a field that must not be empty; BadFormError names it."""
        value = self.text(name)
        if not value:
            raise BadFormError("{field}: this field must be filled in", field=name)
        return value


def whole(name: str, text: str) -> int:
    """Read a row's number; BadFormError names the field."""
    if not (text.isascii() and text.isdecimal() and len(text) < 19):  # noqa: PLR2004 - 64 bits
        raise BadFormError("{field}: «{given}» is no number", field=name, given=text[:40])
    return int(text)


async def read_form(request: Request) -> Form:
    """Read the body of a form; TooLargeError before much of it has been read."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise TooLargeError("a form has at most {most} bytes; send less text", most=MOST_BYTES)
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise BadFormError("the form cannot be read; send it from the page") from None
    return Form(fields=fields)


Filled = Annotated[Form, Depends(read_form)]
