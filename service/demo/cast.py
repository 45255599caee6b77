"""Who plays in the simulated press: its outlets as values, read from cast.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

REDESIGNED: Final = "redesigned"
CAST_FILE: Final = Path(__file__).with_name("cast.toml")
HOSTILE_FILE: Final = Path(__file__).with_name("hostile.toml")


class Trouble(StrEnum):
    """What is the matter with an outlet."""

    NONE = "none"
    CHALLENGE = "challenge"  # every page is ArvanCloud's JavaScript test
    BROKEN_FEED = "broken_feed"  # the feed stops being XML part way
    HTML_FEED = "html_feed"  # the feed's address answers with an HTML page and status 200
    DEAD = "dead"  # nothing listens
    SLOW = "slow"  # every answer takes a while, and is right
    DRIP = "drip"  # hostile from here on: see `service.demo.mischief`
    BOMB = "bomb"
    REDIRECTS = "redirects"
    HUGE = "huge"
    MANY_LINKS = "many_links"
    CALENDAR = "calendar"
    SESSIONS = "sessions"
    SOFT_404 = "soft_404"
    EDITS = "edits"
    CLOCK_AHEAD = "clock_ahead"  # everything is dated a day late
    REPEATED_IDS = "repeated_ids"  # the feed gives each story the same guid


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One outlet of the press.

    `family` decides markup and addresses, `dialect` the feed, `habit` the spelling. `name` is the
    one printed in its own «به گزارش», `aliases` are further names others may credit. `fields` are
    the selectors that its TOML file lays over its profile. `look` is the template when it is not
    the family's own: an outlet that was redesigned keeps its addresses. `ways` are the names of its
    ways in, as `service.demo.ways` has them. An outlet that `has_hub` names it in its feed; the
    press fills in where it stands.
    """

    id: str
    name: str
    name_en: str
    role: str
    family: str
    dialect: str
    feed_path: str
    profile: str
    habit: str = "plain"
    town: str = "کرمان"
    aliases: tuple[str, ...] = ()
    group: str | None = None
    trouble: Trouble = Trouble.NONE
    tail: str = ""
    look: str = ""
    ways: tuple[str, ...] = ("feed",)
    has_hub: bool = False
    hub_url: str = ""
    fields: Mapping[str, list[str]] = field(default_factory=dict)


def load_cast(file: Path = CAST_FILE) -> tuple[Member, ...]:
    """Read the outlets in the order of the file."""
    tables = tomllib.loads(file.read_text(encoding="utf-8"))["outlet"]
    return tuple(_member(table) for table in tables)


def _member(table: dict[str, Any]) -> Member:
    aliases = tuple(table.pop("aliases", ()))
    trouble = Trouble(table.pop("trouble", Trouble.NONE))
    ways = tuple(table.pop("ways", ("feed",)))
    return Member(**table, aliases=aliases, trouble=trouble, ways=ways)
