"""Keep recipients: their addresses, their signing secrets and their health."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, case, select, update

from storage.schema.subscriptions import recipients
from storage.subscription import Channel, NewRecipient, Recipient
from storage.upsert import insert_into


def recipient_id(channel: Channel, address: str) -> str:
    """Derive a recipient's id from its natural key, the channel and the address."""
    return "rcp_" + hashlib.sha256(f"{channel.value}\x1f{address}".encode()).hexdigest()[:26]


def keep_recipient(connection: Connection, new: NewRecipient, *, now: datetime) -> Recipient:
    """Return the recipient at this address, made when new; an existing one is left as it is."""
    identity = recipient_id(new.channel, new.address)
    connection.execute(
        insert_into(connection, recipients)
        .values(
            id=identity,
            channel=new.channel.value,
            address=new.address,
            owner_email=new.owner_email,
            secret=new.secret,
            created_at=now,
            permanent_failures=0,
        )
        .on_conflict_do_nothing()
    )
    kept = find_recipient(connection, identity)
    if kept is None:  # pragma: no cover - the row was inserted or stood there
        raise LookupError(identity)
    return kept


def find_recipient(connection: Connection, identity: str) -> Recipient | None:
    """Return the recipient of this id."""
    found = connection.execute(select(recipients).where(recipients.c.id == identity))
    row = found.mappings().one_or_none()
    return None if row is None else recipient_of(row)


def mark_verified(connection: Connection, identity: str, *, now: datetime) -> None:
    """Remember that the address answered for itself: the mail link was used, the ping returned."""
    connection.execute(
        update(recipients)
        .where(recipients.c.id == identity, recipients.c.verified_at.is_(None))
        .values(verified_at=now)
    )


def note_success(connection: Connection, identity: str) -> None:
    """Forget earlier failures of a recipient that has just accepted a message."""
    connection.execute(
        update(recipients)
        .where(
            recipients.c.id == identity,
            (recipients.c.permanent_failures > 0) | recipients.c.failing_since_at.is_not(None),
        )
        .values(permanent_failures=0, failing_since_at=None)
    )


def note_failure(
    connection: Connection, identity: str, *, now: datetime, permanent: bool
) -> Recipient | None:
    """Count a failure of a recipient and return it as it stands after."""
    connection.execute(
        update(recipients)
        .where(recipients.c.id == identity)
        .values(
            permanent_failures=recipients.c.permanent_failures + (1 if permanent else 0),
            failing_since_at=case(
                (recipients.c.failing_since_at.is_(None), now),
                else_=recipients.c.failing_since_at,
            ),
        )
    )
    return find_recipient(connection, identity)


def disable_recipient(connection: Connection, identity: str, reason: str, *, now: datetime) -> bool:
    """Send nothing more to a recipient; return whether it was enabled until now."""
    changed = connection.execute(
        update(recipients)
        .where(recipients.c.id == identity, recipients.c.disabled_at.is_(None))
        .values(disabled_at=now, disabled_reason=reason[:500])
    )
    return changed.rowcount == 1


def enable_recipient(connection: Connection, identity: str) -> bool:
    """Let a disabled recipient be served again, its failures forgotten; return whether it was."""
    changed = connection.execute(
        update(recipients)
        .where(recipients.c.id == identity, recipients.c.disabled_at.is_not(None))
        .values(disabled_at=None, disabled_reason=None, permanent_failures=0, failing_since_at=None)
    )
    return changed.rowcount == 1


def rotate_secret(
    connection: Connection, identity: str, secret: str, *, now: datetime, overlap: timedelta
) -> bool:
    """Sign with a new secret from now on, and with the old one beside it during `overlap`."""
    changed = connection.execute(
        update(recipients)
        .where(recipients.c.id == identity, recipients.c.channel == Channel.WEBHOOK.value)
        .values(
            previous_secret=recipients.c.secret,
            previous_secret_until_at=now + overlap,
            secret=secret,
        )
    )
    return changed.rowcount == 1


def recipient_of(fields: RowMapping) -> Recipient:
    """Read a Recipient from a row of `recipients`; for the storage files that join it."""
    return Recipient(
        id=fields[recipients.c.id],
        channel=Channel(fields[recipients.c.channel]),
        address=fields[recipients.c.address],
        owner_email=fields[recipients.c.owner_email],
        secret=fields[recipients.c.secret],
        previous_secret=fields[recipients.c.previous_secret],
        previous_secret_until_at=fields[recipients.c.previous_secret_until_at],
        created_at=fields[recipients.c.created_at],
        verified_at=fields[recipients.c.verified_at],
        permanent_failures=fields[recipients.c.permanent_failures],
        failing_since_at=fields[recipients.c.failing_since_at],
        disabled_at=fields[recipients.c.disabled_at],
        disabled_reason=fields[recipients.c.disabled_reason],
    )
