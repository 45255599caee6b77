"""What programs send: the base of every JSON body, and values that mean what they say."""

from collections.abc import Iterator
from datetime import date
from re import compile as pattern
from typing import Annotated, Any, Final

from fastapi import HTTPException
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    model_validator,
)

from persian.calendar import JalaliDate, jalali_of
from service.web.views import has_neighbours
from storage.codec import is_storable

#: The largest whole number that every reader of JSON keeps exactly (RFC 8259, section 6).
MOST_ID: Final = 2**53 - 1

_DAY: Final = pattern(r"\d{4}-\d{2}-\d{2}")


class Body(BaseModel):
    """A JSON body: fields that are not known are refused, and texts that no archive can hold."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _can_be_kept(cls, sent: Any) -> Any:  # noqa: ANN401  # whatever was sent
        for text in _texts(sent):
            if not is_storable(text):
                raise ValueError("a text holds a NUL or half a character; leave it out")
        return sent


def _texts(sent: Any) -> Iterator[str]:  # noqa: ANN401  # whatever was sent
    match sent:
        case str():
            yield sent
        case dict():
            for key, value in sent.items():
                yield from _texts(key)
                yield from _texts(value)
        case list():
            for value in sent:
                yield from _texts(value)


def _written_day(value: object) -> object:
    """Refuse what Pydantic would take for seconds since 1970."""
    if not (isinstance(value, str) and _DAY.fullmatch(value)):
        raise ValueError("write a day such as 2025-03-21")
    return value


def calendar_day(field: str, day: date) -> JalaliDate:
    """Return a day in the archive's calendar; a 422 names the field it came in."""
    try:
        found = jalali_of(day)
    except ValueError:
        found = None
    if found is None or not has_neighbours(found):
        raise HTTPException(422, f"{field}: {day} is outside the calendar of the archive")
    return found


#: The number of a row; a day; true or false and nothing else.
Id = Annotated[StrictInt, Field(ge=1, le=MOST_ID, examples=[12])]
Day = Annotated[date, BeforeValidator(_written_day)]
Flag = StrictBool
