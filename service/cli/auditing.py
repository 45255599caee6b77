"""Write down what a command changes: the one place where the command line meets the audit log.

What each command does stands in `TURNS`, by the options that make it do so.
"""

import getpass
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import click

from storage.audit import COMMAND_LINE, Act, AuditEntry, Outcome, record
from storage.database import Database

_TARGET: Final = "rasad.audit.target"
_FAILED: Final = "rasad.audit.failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What a command does, to the thing its parameter `on` names.

    Only if the parameter `given` is given, and `unless` is not.
    """

    act: Act
    on: str | None = None
    given: str | None = None
    unless: str | None = None


#: What each command that changes something does; the first turn that its options ask for.
TURNS: Final[Mapping[str, tuple[Turn, ...]]] = {
    "story": (
        Turn(act=Act.STORY_MERGED, on="story_id", given="merge_into"),
        Turn(act=Act.STORY_SPLIT, on="story_id", given="split"),
        Turn(act=Act.STORY_ROOTED, on="story_id", given="root"),
    ),
    "rules save": (Turn(act=Act.RULE_SAVED, on="rule_id"),),
    "rules silence": (
        Turn(act=Act.RULE_ENABLED, on="rule_id", given="undo"),
        Turn(act=Act.RULE_SILENCED, on="rule_id"),
    ),
    "rules judge": (Turn(act=Act.ALERT_JUDGED, on="rule"),),
    "deliveries": (Turn(act=Act.DELIVERY_RETRIED, on="retried", given="retried"),),
    "subscribe add": (Turn(act=Act.SUBSCRIPTION_MADE),),
    "subscribe confirm": (Turn(act=Act.SUBSCRIPTION_CONFIRMED, on="subscription_id"),),
    "subscribe end": (Turn(act=Act.SUBSCRIPTION_ENDED, on="subscription_id"),),
    "users add": (Turn(act=Act.USER_SAVED, on="name"),),
    "users remove": (Turn(act=Act.USER_REMOVED, on="name"),),
    "users token": (Turn(act=Act.TOKEN_ISSUED, on="name"),),
    "users revoke": (Turn(act=Act.TOKEN_REVOKED, on="name"),),
    "users new-key": (Turn(act=Act.KEY_RENEWED),),
    "visit": (Turn(act=Act.VISIT_ASKED, on="outlet_id"),),
    "import": (Turn(act=Act.COLLECTION_IMPORTED),),
    "outlets add": (Turn(act=Act.OUTLET_ADDED, unless="dry_run"),),
    "backfill": (Turn(act=Act.PAST_READ, on="outlet_id"),),
    "reparse": (Turn(act=Act.PAGES_REPARSED),),
    "archive move": (Turn(act=Act.ARCHIVE_MOVED),),
    "migrate": (Turn(act=Act.ARCHIVE_MIGRATED),),
}

Keep = Callable[[Act, str | None, Outcome], None]


def name_target(context: click.Context, target: str) -> None:
    """Say what a command's act is done to, when no parameter of it does."""
    context.meta[_TARGET] = target


def fail(context: click.Context) -> int:
    """Say that a command could not do what was asked, though nothing broke; return its exit code.

    To be called where its act is recorded.
    """
    context.meta[_FAILED] = True
    return 1


@contextmanager
def recording(context: click.Context, keep: Keep) -> Iterator[None]:
    """Write down what the command does in the block, done or failed; nothing if it only shows."""
    turn = _turn(context)
    if turn is None:
        yield
        return
    outcome = Outcome.FAILED
    try:
        yield
        outcome = Outcome.FAILED if _FAILED in context.meta else Outcome.DONE
    finally:
        named = context.params[turn.on] if turn.on else context.meta.get(_TARGET)
        keep(turn.act, str(named) if named else None, outcome)


def into(database: Database) -> Keep:
    """Return what writes acts into an archive that is open."""

    def keep(act: Act, target: str | None, outcome: Outcome) -> None:
        with database.write() as connection:
            record(connection, entry(act, target, outcome, now=datetime.now(UTC)))

    return keep


def entry(act: Act, target: str | None, outcome: Outcome, *, now: datetime) -> AuditEntry:
    """Return an act of the command line; who acts is the user of the operating system."""
    return AuditEntry(
        at=now, who=_user(), source=COMMAND_LINE, act=act, target=target, outcome=outcome
    )


def _turn(context: click.Context) -> Turn | None:
    turns = TURNS.get(_name(context), ())
    return next((one for one in turns if _is_asked_for(one, context.params)), None)


def _is_asked_for(turn: Turn, params: Mapping[str, Any]) -> bool:
    is_held_back = turn.unless is not None and params[turn.unless]
    return not is_held_back and (turn.given is None or bool(params[turn.given]))


def _name(context: click.Context) -> str:
    """Return a command's name below `rasad`, such as «rules save»."""
    names = []
    while context.parent is not None:
        names.append(context.info_name or "")
        context = context.parent
    return " ".join(reversed(names))


def _user() -> str:
    """Return who runs the process; a container's user may have no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"
