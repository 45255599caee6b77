"""Send spans to a collector by OTLP over HTTP: the one importer of OpenTelemetry, an extra."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Status, StatusCode

from service.spans import Note
from service.version import __version__

#: A collector that does not answer must hold neither the work nor the end of the process.
PATIENCE_SECONDS: Final = 5
LEFT_SECONDS: Final = 3


class Collector:
    """Spans on their way to one collector, in batches, from a thread of their own."""

    def __init__(self, endpoint: str, *, worker_id: str) -> None:
        resource = Resource.create(
            {
                "service.name": "rasad",
                "service.version": __version__,
                "service.instance.id": worker_id,
            }
        )
        exporter = OTLPSpanExporter(endpoint=endpoint, timeout=PATIENCE_SECONDS)
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("rasad", __version__)

    @contextmanager
    def span(self, name: str, **attributes: str | int) -> Iterator[Note]:
        """Mark the block; of an error that passes only its kind is told, never its words."""
        with self._tracer.start_as_current_span(
            name,
            attributes={f"rasad.{key}": value for key, value in attributes.items()},
            record_exception=False,
            set_status_on_exception=False,
        ) as span:

            def note(**more: str | int) -> None:
                for key, value in more.items():
                    span.set_attribute(f"rasad.{key}", value)

            try:
                yield note
            except BaseException as error:
                span.set_status(Status(StatusCode.ERROR, type(error).__name__))
                raise

    def close(self) -> None:
        """Send what is left, for a few seconds at most."""
        self._provider.force_flush(LEFT_SECONDS * 1000)
        self._provider.shutdown()
