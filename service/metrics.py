"""Write the state of an installation in the text format that Prometheus reads.

The figures come from the archive, so that any process that serves pages tells them for all workers.
The format is that of prometheus.io/docs/instrumenting/exposition_formats, version 0.0.4.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from service.house import House
from service.version import __version__
from storage.gauges import Gauges, measure
from storage.migrate import require_schema

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
#: What "lately" means in the counts: long enough to show a day's rhythm, short enough to be cheap.
LATELY: Final = timedelta(days=1)

#: Every metric by its name: what it says, in the words that stand in the output and in the docs.
HELP: Final[Mapping[str, str]] = {
    "rasad_info": "Always 1; the labels name the release and the kind of database.",
    "rasad_visits_last_day": "Visits begun in the last 24 hours, by how they stand or ended.",
    "rasad_articles_last_day": "Articles first seen in the last 24 hours, without backfill.",
    "rasad_copies_last_day": "Articles of the last 24 hours that ran somebody else's text.",
    "rasad_stories_last_day": "Stories that began in the last 24 hours.",
    "rasad_matches_last_day": "Stories that matched in the last 24 hours, by topic.",
    "rasad_deliveries_last_day": "Deliveries written in the last 24 hours, by present state.",
    "rasad_deliveries_open": "All deliveries still to be sent, or dead and waiting for a person.",
    "rasad_visit_lateness_seconds": "How long the outlet that waits longest has been due.",
    "rasad_delivery_lateness_seconds": "How long the delivery that waits longest has been due.",
    "rasad_outlets": "Outlets that are visited, by state of health.",
    "rasad_outlet_last_success_age_seconds": "How long ago each outlet could last be read.",
    "rasad_workers_alive": "Workers that have lately said that they live.",
    "rasad_workers_silent": "Workers that have fallen silent without leaving in good order.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One figure of one metric."""

    name: str
    value: float
    labels: Mapping[str, str]


def metrics(house: House) -> str:
    """Return the whole text; StorageError when the archive is away."""
    require_schema(house.database)
    now = house.clock()
    silent = timedelta(seconds=house.settings.worker.adopt_after_seconds)
    with house.database.read() as connection:
        measured = measure(
            connection,
            now=now,
            since=now - LATELY,
            silent_before=now - silent,
            rule_ids=house.rulebook.topics.keys(),
        )
    info = {"version": __version__, "database": house.database.dialect}
    return written([Sample(name="rasad_info", value=1, labels=info), *samples(measured)])


def samples(measured: Gauges) -> Iterator[Sample]:
    """List the figures, metric by metric."""
    for name, label, values in (
        ("rasad_visits_last_day", "outcome", measured.visits),
        ("rasad_articles_last_day", "", {"": measured.articles}),
        ("rasad_copies_last_day", "", {"": measured.copies}),
        ("rasad_stories_last_day", "", {"": measured.stories}),
        ("rasad_matches_last_day", "topic", measured.matches),
        ("rasad_deliveries_last_day", "state", measured.deliveries),
        ("rasad_deliveries_open", "state", measured.open_deliveries),
        ("rasad_visit_lateness_seconds", "", {"": measured.visit_lateness}),
        ("rasad_delivery_lateness_seconds", "", {"": measured.delivery_lateness}),
        ("rasad_outlets", "health", measured.outlets),
        ("rasad_outlet_last_success_age_seconds", "outlet", measured.success_age),
        ("rasad_workers_alive", "", {"": measured.workers_alive}),
        ("rasad_workers_silent", "", {"": measured.workers_silent}),
    ):
        yield from _samples(name, label, values)


def _samples(name: str, label: str, values: Mapping[Any, float]) -> Iterator[Sample]:
    for key, value in values.items():
        yield Sample(name=name, value=value, labels={label: str(key)} if label else {})


def written(given: Iterable[Sample]) -> str:
    """Write samples down; those of one metric must follow each other."""
    lines: list[str] = []
    last = None
    for sample in given:
        if sample.name != last:
            lines += [f"# HELP {sample.name} {HELP[sample.name]}", f"# TYPE {sample.name} gauge"]
            last = sample.name
        lines.append(f"{sample.name}{_labels(sample.labels)} {_number(sample.value)}")
    return "\n".join(lines) + "\n"


def _labels(labels: Mapping[str, str]) -> str:
    inside = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{inside}}}" if inside else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(round(value, 3))
