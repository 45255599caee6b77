"""Keep why an outlet is in its state: as data, so that every reader is told in their language."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from crawler.diagnosis import Anomaly, Cause, Reason


def encode_reason(reason: Reason | None) -> dict[str, Any] | None:
    """Return a reason as JSON values."""
    return None if reason is None else asdict(reason)


def decode_reason(kept: Mapping[str, Any] | None) -> Reason | None:
    """Read a reason back."""
    if kept is None:
        return None
    return Reason(
        cause=Cause(kept["cause"]),
        status=kept["status"],
        fields=tuple(kept["fields"]),
        expected=kept["expected"],
        anomalies=tuple(Anomaly(one) for one in kept["anomalies"]),
    )
