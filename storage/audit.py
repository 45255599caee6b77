"""Keep the audit log: every act of a person or a program that changes something, newest first."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select

from storage.codec import storable
from storage.schema.audit import audit

#: The address a command of the command line comes from.
COMMAND_LINE: Final = "cli"
#: What a token looks like, should somebody give one where a name is asked for.
_TOKEN: Final = re.compile(r"rasad_[\w-]{20,}")
_LONGEST: Final = {"who": 120, "source": 64, "target": 120}


class Act(StrEnum):
    """What is done; the vocabulary is closed, so that a log of years can be asked."""

    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    USER_SAVED = "user_saved"
    USER_REMOVED = "user_removed"
    TOKEN_ISSUED = "token_issued"  # noqa: S105  # a word for an act
    TOKEN_REVOKED = "token_revoked"  # noqa: S105  # the same
    KEY_RENEWED = "key_renewed"
    RULE_SAVED = "rule_saved"
    RULE_SILENCED = "rule_silenced"
    RULE_ENABLED = "rule_enabled"
    ALERT_JUDGED = "alert_judged"
    STORY_MERGED = "story_merged"
    STORY_SPLIT = "story_split"
    STORY_ROOTED = "story_rooted"
    SUBSCRIPTION_MADE = "subscription_made"
    SUBSCRIPTION_CONFIRMED = "subscription_confirmed"
    SUBSCRIPTION_CHANGED = "subscription_changed"
    SUBSCRIPTION_PAUSED = "subscription_paused"
    SUBSCRIPTION_RESUMED = "subscription_resumed"
    SUBSCRIPTION_ENABLED = "subscription_enabled"
    SUBSCRIPTION_ENDED = "subscription_ended"
    SECRET_RENEWED = "secret_renewed"  # noqa: S105  # the same
    DELIVERY_RETRIED = "delivery_retried"
    VISIT_ASKED = "visit_asked"
    COLLECTION_IMPORTED = "collection_imported"
    OUTLET_ADDED = "outlet_added"
    PAST_READ = "past_read"
    PAGES_REPARSED = "pages_reparsed"
    ARCHIVE_MOVED = "archive_moved"
    ARCHIVE_MIGRATED = "archive_migrated"


class Outcome(StrEnum):
    """What became of an act."""

    DONE = "done"
    REFUSED = "refused"  # who asked may not, or is not who they say
    FAILED = "failed"  # it could not be done as asked


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One act: when, who (None: nobody known), from which address, what, on what, the outcome."""

    at: datetime
    who: str | None
    source: str
    act: Act
    target: str | None
    outcome: Outcome
    id: int = 0


def record(connection: Connection, entry: AuditEntry) -> None:
    """Write one act down; what is too long for its column is cut, and no token is ever kept."""
    connection.execute(
        insert(audit).values(
            at=entry.at,
            who=_cut("who", entry.who),
            source=_cut("source", entry.source),
            act=entry.act.value,
            target=_cut("target", entry.target),
            outcome=entry.outcome.value,
        )
    )


def list_audit(
    connection: Connection,
    *,
    limit: int,
    before: int | None = None,
    who: str | None = None,
    act: Act | None = None,
) -> tuple[AuditEntry, ...]:
    """List acts, the newest first: of one person or kind when asked, `before` the entry of an id.

    Later arrivals do not change what comes before an id.
    """
    statement = select(audit).order_by(audit.c.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(audit.c.id < before)
    if who is not None:
        statement = statement.where(audit.c.who == who)
    if act is not None:
        statement = statement.where(audit.c.act == act.value)
    return tuple(_entry(row._mapping) for row in connection.execute(statement))  # noqa: SLF001  # the documented way


def forget_audit(connection: Connection, *, before: datetime) -> int:
    """Delete the acts written before an instant; return how many."""
    return connection.execute(delete(audit).where(audit.c.at < before)).rowcount


def _entry(row: Any) -> AuditEntry:  # noqa: ANN401  # SQLAlchemy's row, by column
    known = {"act": Act(row["act"]), "outcome": Outcome(row["outcome"])}
    return AuditEntry(**{**row, **known})


def _cut(column: str, text: str | None) -> str | None:
    if text is None:
        return None
    return _TOKEN.sub("rasad_…", storable(text))[: _LONGEST[column]]
