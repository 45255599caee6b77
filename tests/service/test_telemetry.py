"""Spans: real OTLP at a real collector, nothing at all when it is off, a clear word without it."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from service.daemon import at_work
from service.demo.watch import delivered
from service.settings import TelemetrySettings
from service.spans import Nowhere, open_spans
from service.telemetry import Collector
from tests.service.conftest import Played

Received = list[ExportTraceServiceRequest]


@contextmanager
def collecting() -> Iterator[tuple[str, Received]]:
    """A collector on loopback that keeps what it is sent."""
    received: Received = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(ExportTraceServiceRequest.FromString(body))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(ExportTraceServiceResponse().SerializeToString())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/traces", received
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def spans_of(received: Received) -> list[Span]:
    return [
        span
        for request in received
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def test_a_day_of_the_press_is_seen_by_a_collector_span_by_span(fresh: Played) -> None:
    with collecting() as (endpoint, received):
        house = replace(fresh.house, spans=Collector(endpoint, worker_id="w1"))

        async def scenario() -> None:
            async with at_work(house, lambda _report: None, drain_seconds=5):
                async with asyncio.timeout(120):
                    while len(delivered(fresh.setup.inbox, fresh.setup.receiver)) < 5:
                        await asyncio.sleep(0.2)

        asyncio.run(scenario())
        house.spans.close()
    spans = spans_of(received)
    named = {name: [one for one in spans if one.name == name] for name in {s.name for s in spans}}
    assert named.keys() == {"tick", "visit", "page", "article", "delivery"}
    parents = {one.span_id: one.name for one in spans}
    assert {parents.get(one.parent_span_id) for one in named["article"]} == {"visit"}
    told = {one.attributes[0].value.string_value for one in named["delivery"]}
    assert {one[:4] for one in told} == {"dlv_"}
    everything = b"".join(one.SerializeToString() for one in received)
    for secret in (fresh.setup.secret, house.key.hex(), "example.ir", "127.0.0.1"):
        assert secret.encode() not in everything
    assert b"service.instance.id" in everything


def test_of_an_error_only_its_kind_is_told() -> None:
    with collecting() as (endpoint, received):
        spans = Collector(endpoint, worker_id="w1")
        with pytest.raises(LookupError), spans.span("visit", outlet="nazir"):
            raise LookupError("S3cret-of-the-relay")
        spans.close()
    (span,) = spans_of(received)
    assert span.status.message == "LookupError"
    assert b"S3cret" not in span.SerializeToString()


def test_without_an_endpoint_nothing_is_marked_and_nothing_is_loaded(fresh: Played) -> None:
    assert isinstance(open_spans(fresh.house.settings), Nowhere)
    code = "import sys, service.daemon, service.web.app\n"
    code += "sys.exit(any(name.startswith('opentelemetry.sdk') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_endpoint_without_the_extra_is_told_with_what_to_install(tmp_path: Path) -> None:
    blocked = tmp_path / "opentelemetry"
    blocked.mkdir()
    (blocked / "__init__.py").write_text("raise ModuleNotFoundError(name='opentelemetry')\n")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from service.settings import Settings, TelemetrySettings\n"
        "from service.spans import open_spans\n"
        "from service.errors import SettingsError\n"
        "settings = Settings(telemetry=TelemetrySettings(endpoint='http://127.0.0.1:9/'))\n"
        "try: open_spans(settings)\n"
        "except SettingsError as error: print(error)\n"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "install rasad[telemetry]" in said.stdout


def test_a_collector_that_does_not_answer_holds_nothing_up(fresh: Played) -> None:
    telemetry = TelemetrySettings(endpoint="http://127.0.0.1:9/v1/traces")
    spans = open_spans(fresh.house.settings.model_copy(update={"telemetry": telemetry}))
    with spans.span("visit", outlet="nazir") as note:
        note(read=1)
    spans.close()
