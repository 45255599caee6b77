"""Set the stage of a demo: the press, the two mailboxes, a folder, subscribers, settings.

What a second run needs to be the same press (ports, instant, act, secret) stands in press.json of
the demo's folder, so that a demo that was killed can be resumed.
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from alerts.webhook import new_secret
from service.demo.inbox import Inbox
from service.demo.loopback import ADDRESS
from service.demo.press import Press
from service.demo.receiver import Receiver
from service.errors import FolderError
from service.house import House
from service.settings import Settings, load_settings
from storage.recipients import keep_recipient
from storage.subscription import (
    Channel,
    NewRecipient,
    NewSubscription,
    Preferences,
    SubscriptionState,
)
from storage.subscriptions import add_subscription

NOTES: Final = "press.json"
SETTINGS: Final = "rasad.toml"

#: Notices each outlet of a busy press publishes beside its stories.
NOTICES: Final = 10
#: The bounds of the outlets' rhythm in minutes, of a press looked at closely and of a busy one.
_INTERVALS: Final = {False: (0.05, 0.2), True: (0.3, 0.6)}

#: Who subscribes in the demo: an address and the topics it follows; None is the webhook.
FOLLOWERS: Final[tuple[tuple[str | None, tuple[str, ...]], ...]] = (
    ("chamber@example.ir", ("sme",)),
    ("analyst@example.ir", ("copper",)),
    ("newsroom@example.ir", ("copper", "sme")),
    (None, ("copper", "sme")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A demo that is set up: servers listen, settings name them."""

    press: Press
    inbox: Inbox
    receiver: Receiver
    secret: str
    folder: Path
    settings: Settings

    @property
    def subscriptions(self) -> Mapping[str, frozenset[str]]:
        """Which topics each recipient follows, by address."""
        return {address or self.receiver.url: frozenset(topics) for address, topics in FOLLOWERS}

    def advance(self) -> None:
        """Let the press go to its next act, and remember that it did."""
        self.press.advance()
        _write_notes(self)


@contextmanager
def stage(
    folder: Path,
    *,
    port: int,
    seed: Path | None = None,
    database_url: str | None = None,
    is_busy: bool = False,
) -> Iterator[Stage]:
    """Set the stage in a folder, resuming the demo that stands there; strike it at the end.

    A busy press publishes short notices beside its stories and is visited as often as that asks.
    """
    notes = _read_notes(folder)
    folder.mkdir(parents=True, exist_ok=True)
    press = Press(
        now=datetime.fromisoformat(notes["now"]) if notes else datetime.now(UTC),
        seed_path=seed,
        ports=notes.get("ports"),
        notices_each=NOTICES if is_busy else 0,
        act=notes.get("act", 1),
    )
    secret = notes.get("secret") or new_secret()
    inbox = Inbox(notes.get("inbox", 0), journal=folder / "inbox.jsonl").start()
    receiver = Receiver(
        secret, port=notes.get("receiver", 0), journal=folder / "events.jsonl"
    ).start()
    try:
        with press:
            press.outlet_directory(folder / "outlets", interval_minutes=_INTERVALS[is_busy])
            set_up = Stage(
                press=press,
                inbox=inbox,
                receiver=receiver,
                secret=secret,
                folder=folder,
                settings=_settings(folder, inbox, port=port, database_url=database_url),
            )
            _write_notes(set_up)
            yield set_up
    finally:
        receiver.stop()
        inbox.stop()


def clear(folder: Path) -> None:
    """Remove an earlier demo; refuse a folder that holds anything else."""
    if not folder.exists():
        return
    holds = {one.name for one in folder.iterdir()} - {"rasad.lock"}
    if holds and NOTES not in holds:
        raise FolderError(f"{folder}: holds something that is no demo; name another --folder")
    shutil.rmtree(folder)


def subscribe(house: House, setup: Stage) -> None:
    """Subscribe the demo's followers. Repeatable: ids come from who they are."""
    now = house.clock()
    with house.database.write() as connection:
        for number, (address, topics) in enumerate(FOLLOWERS, start=1):
            recipient = keep_recipient(
                connection,
                NewRecipient(
                    channel=Channel.WEBHOOK if address is None else Channel.EMAIL,
                    address=address or setup.receiver.url,
                    secret=setup.secret if address is None else None,
                ),
                now=now,
            )
            wanted = NewSubscription(
                id=f"sub_demo_{number}",
                recipient_id=recipient.id,
                preferences=Preferences(name="نمایش رصد", rule_ids=topics),
                state=SubscriptionState.ACTIVE,
            )
            add_subscription(connection, wanted, now=now)


def _settings(folder: Path, inbox: Inbox, *, port: int, database_url: str | None) -> Settings:
    """Write the demo's rasad.toml, as a person would, and read it."""
    host, smtp_port = inbox.address
    lines = [
        f"data_folder = {json.dumps(str(folder.absolute()))}",
        *([f"database_url = {json.dumps(database_url)}"] if database_url else []),
        f"web = {{ port = {port} }}",
        f"alerts = {{ tick_seconds = 0.3, allow_private = ['{ADDRESS}/32'] }}",
        "",
        "[smtp]",
        f"host = '{host}'",
        f"port = {smtp_port}",
        "security = 'none'",
        "sender = 'رصد <rasad@example.ir>'",
        "messages_per_minute = 6000",
        "",
        "[crawl]",
        "shipped_catalogue = false",
        f"outlet_folders = [{json.dumps(str(folder.absolute() / 'outlets'))}]",
        "tick_seconds = 0.3",
    ]
    path = folder / SETTINGS
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return load_settings(path, {})


def _read_notes(folder: Path) -> dict[str, Any]:
    try:
        notes: dict[str, Any] = json.loads((folder / NOTES).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:
        raise FolderError(
            f"{folder / NOTES}: is damaged; start the demo without --resume"
        ) from None
    return notes


def _write_notes(setup: Stage) -> None:
    press = setup.press
    notes = {
        "now": press.now.isoformat(),
        "ports": dict(press.ports),
        "act": press.act,
        "secret": setup.secret,
        "inbox": setup.inbox.address[1],
        "receiver": int(setup.receiver.url.rpartition(":")[2].partition("/")[0]),
    }
    path = setup.folder / NOTES
    path.with_suffix(".new").write_text(json.dumps(notes), encoding="utf-8")
    path.with_suffix(".new").replace(path)
