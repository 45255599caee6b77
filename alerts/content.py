"""Turn what is told into the ledger's JSON, and back."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import Field, TypeAdapter, ValidationError

from alerts.errors import UnreadableContentError
from alerts.message import Content

_CONTENT: Final[TypeAdapter[Content]] = TypeAdapter(Annotated[Content, Field(discriminator="kind")])


def to_json(content: Content) -> dict[str, Any]:
    """Return a content as JSON values; equal contents give equal JSON."""
    dumped: dict[str, Any] = _CONTENT.dump_python(content, mode="json")
    return dumped


def from_json(kept: Mapping[str, object]) -> Content:
    """Read a content from the ledger; UnreadableContentError when it is of no kind known here."""
    try:
        return _CONTENT.validate_python(kept)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise UnreadableContentError(
            f"the ledger holds a content this version cannot read, at {place or 'its top'}: "
            f"{first['msg']}; retry it with the version that wrote it"
        ) from error
