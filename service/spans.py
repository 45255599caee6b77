"""Mark what takes time as spans, for whoever traces; with nowhere to send them they cost nothing.

What a span says of its work are ids and counts, never an address, a text or a secret.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from service.errors import SettingsError
from service.settings import Settings

#: Adds what became of the work to the span it was handed out by.
Note = Callable[..., None]


class Spans(Protocol):
    """Where spans go."""

    def span(self, name: str, **attributes: str | int) -> AbstractContextManager[Note]:
        """Mark the block as one span, inside the one that is open here."""
        ...

    def close(self) -> None:
        """Send what is left; nothing is marked afterwards."""
        ...


class Nowhere:
    """No telemetry: every block runs as if it were not marked."""

    @contextmanager
    def span(self, name: str, **attributes: str | int) -> Iterator[Note]:  # noqa: ARG002
        """Run the block."""
        yield _forget

    def close(self) -> None:
        """Do nothing."""


def _forget(**_attributes: str | int) -> None:
    """Take note of nothing."""


def open_spans(settings: Settings) -> Spans:
    """Return where the settings want spans to go; SettingsError when the extra is missing."""
    endpoint = settings.telemetry.endpoint
    if endpoint is None:
        return Nowhere()
    try:
        from service.telemetry import Collector  # noqa: PLC0415  # loads nothing when it is off
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"telemetry.endpoint: {error.name} is not installed; install rasad[telemetry], or "
            "leave the setting away"
        ) from None
    return Collector(endpoint, worker_id=settings.worker.id)
