"""Writes the simulated outlets' TOML files, as a person would who adds them to the catalogue."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from service.demo.cast import Member
from service.demo.loopback import ADDRESS

PAUSE_SECONDS: Final = 0.05  # between two requests; enough to be seen, short enough for a demo
SHORTEST_MINUTES: Final = 0.05
LONGEST_MINUTES: Final = 0.2


def outlet_toml(member: Member, origin: str, *, pause_seconds: float = PAUSE_SECONDS) -> str:
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
        "",
        "[[ways_in]]",
        'kind = "feed"',
        f'url = "{origin}{member.feed_path}"',
        "",
        "[politeness]",
        f"pause_seconds = {pause_seconds}",
        "",
        "[interval]",
        f"min_minutes = {SHORTEST_MINUTES}",
        f"max_minutes = {LONGEST_MINUTES}",
        *(["", "[overrides.fields]"] if member.fields else []),
        *(f"{name} = {_list(extractors)}" for name, extractors in member.fields.items()),
    ]
    return "\n".join(lines) + "\n"


def write_outlets(
    folder: Path, members: tuple[Member, ...], origins: dict[str, str], *, pause_seconds: float
) -> None:
    """Write one file per outlet into `folder`, making it when it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for member in members:
        text = outlet_toml(member, origins[member.id], pause_seconds=pause_seconds)
        (folder / f"{member.id}.toml").write_text(text, encoding="utf-8")


def _list(texts: Iterable[str]) -> str:
    """Write a list of texts; JSON's form of one is TOML's too."""
    return json.dumps(list(texts), ensure_ascii=False)
