"""What a visit and an attempt to deliver report: for the live line, the engine's row, the tests."""

from dataclasses import asdict, dataclass
from typing import Any

from crawler.article import Article
from crawler.page import Failure
from storage.archive import Archived


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What one page led to: nothing new, an article archived and what it owes, or a failure.

    `owed` and `held` count deliveries written now, `matched` names the rules that fired.
    """

    article: Article | None = None
    archived: Archived | None = None
    owed: int = 0
    held: int = 0
    matched: tuple[str, ...] = ()
    failure: Failure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitReport:
    """What one visit did. `alerts` counts deliveries owed now, `held` those that wait.

    `failure` is the first thing that went wrong with the outlet itself, in words; pages that failed
    one by one are counted in `failed`.
    """

    outlet_id: str
    name: str
    found: int = 0
    read: int = 0
    new: int = 0
    revised: int = 0
    copies: int = 0
    alerts: int = 0
    held: int = 0
    failed: int = 0
    requests: int = 0
    failure: str | None = None
    seconds: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for the engine's row."""
        return asdict(self)

    def line(self) -> str:
        """Tell the visit in one line for a terminal."""
        if self.failure and not self.found:
            return f"{self.name}: {self.failure}"
        parts = [f"{self.new} new"]
        for count, word in (
            (self.copies, "copies"),
            (self.revised, "revised"),
            (self.alerts, "alerts"),
            (self.held, "held"),
            (self.failed, "failed"),
        ):
            parts += [f"{count} {word}"] if count else []
        told = f"{self.name}: " + ", ".join(parts)
        return f"{told} ({self.failure})" if self.failure else told


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """What became of one attempt: the ledger's state after it, and to whom it went."""

    delivery_id: str
    channel: str
    address: str
    subject: str
    state: str
    detail: str = ""

    def line(self) -> str:
        """Tell the attempt in one line for a terminal."""
        told = f"{self.channel} to {self.address}: {self.state}"
        return f"{told} ({self.detail})" if self.detail else told
