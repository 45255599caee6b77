"""Writes the simulated outlets' TOML files, as a person would who adds them to the catalogue."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from service.demo.cast import REDESIGNED, Member
from service.demo.loopback import ADDRESS
from service.demo.ways import Way

PAUSE_SECONDS: Final = 0.05  # between two requests; enough to be seen, short enough for a demo
INTERVAL_MINUTES: Final = (0.05, 0.2)  # the shortest and the longest time between two visits
NEW_SELECTORS: Final[Mapping[str, list[str]]] = {
    "kicker": [".n-over"],
    "title": [".n-head"],
    "lead": [".n-sum"],
    "body": [".n-text"],
    "published": [".n-when"],
    "byline": [".n-who"],
    "section": [".n-where"],
    "tags": [".n-tag"],
    "image": [".n-pic img::attr(src)"],
}


def outlet_toml(
    member: Member,
    origin: str,
    *,
    ways: tuple[Way, ...],
    pause_seconds: float = PAUSE_SECONDS,
    interval_minutes: tuple[float, float] = INTERVAL_MINUTES,
) -> str:
    """Return the file of one outlet, with loopback as the only private address it may use."""
    lines = [
        f'id = "{member.id}"',
        f'name = "{member.name}"',
        f'name_en = "{member.name_en}"',
        f'homepage = "{origin}/"',
        f'role = "{member.role}"',
        f'town = "{member.town}"',
        f"aliases = {_list(member.aliases)}",
        *([f'group = "{member.group}"'] if member.group else []),
        f'profile = "{member.profile}"',
        f'allow_private = ["{ADDRESS}/32"]',
        'note = "a simulated outlet: what it prints is invented"',
        *(line for way in ways for line in _way_lines(way, origin)),
        "",
        "[politeness]",
        f"pause_seconds = {pause_seconds}",
        "",
        "[interval]",
        f"min_minutes = {interval_minutes[0]}",
        f"max_minutes = {interval_minutes[1]}",
        *(["", "[overrides.fields]"] if member.fields else []),
        *(f"{name} = {_list(extractors)}" for name, extractors in member.fields.items()),
    ]
    return "\n".join(lines) + "\n"


def with_new_selectors(member: Member) -> Member:
    """Return a redesigned member with selectors that fit its new markup; others as they are."""
    return replace(member, fields=NEW_SELECTORS) if member.look == REDESIGNED else member


def _way_lines(way: Way, origin: str) -> list[str]:
    lines = ["", "[[ways_in]]", f'kind = "{way.kind}"', f'url = "{origin}{way.path}"']
    lines += [f'links = "{way.links}"'] if way.links else []
    lines += [f"pages = {way.pages}"] if way.pages > 1 else []
    return [*lines, "backfill_only = true"] if way.is_past else lines


def _list(texts: Iterable[str]) -> str:
    """Write a list of texts; JSON's form of one is TOML's too."""
    return json.dumps(list(texts), ensure_ascii=False)
