"""How each family of sites addresses and prints an article: one template per family."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote

import jinja2

from service.demo import printed_dates
from service.demo.cast import Member
from service.demo.pieces import Piece

HERE: Final = Path(__file__).parent
SECTION_NUMBER: Final = 83  # the number in «/بخش-کرمان-83/»

Addressing = Callable[[Piece], str]

ADDRESSES: Final[Mapping[str, Addressing]] = {
    "wordpress": lambda piece: f"/{piece.slug}/",
    "jannah": lambda piece: f"/{printed_dates.jalali_path(piece.published_at)}/{piece.slug}/",
    "ap-single": lambda piece: f"/{piece.number}/{piece.slug}/",
    "nastooh": lambda piece: f"/news/{piece.number}/{piece.slug}",
    "iransamaneh": lambda piece: f"/fa/news/{piece.number}/{piece.slug}",
    "aasaam": lambda piece: f"/بخش-{piece.section}-{SECTION_NUMBER}/{piece.number}-{piece.slug}",
    "studiokhabar": lambda piece: f"/news/{piece.number}/{piece.slug}",
    "bulletin": lambda piece: f"/news/{piece.number}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A piece at its address; `url` is absolute and percent-encoded, `raw_url` is not encoded."""

    piece: Piece
    path: str
    url: str
    raw_url: str
    short_url: str


def post(piece: Piece, member: Member, origin: str) -> Posted:
    """Give a piece its address on a site; `origin` is scheme, host and port."""
    path = ADDRESSES[member.family](piece)
    return Posted(
        piece=piece,
        path=path,
        url=origin + quote(path),
        raw_url=origin + path,
        short_url=f"{origin}/?p={piece.number}",
    )


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([HERE / "families", HERE / "feeds"]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals["dates"] = printed_dates
    return environment


ENVIRONMENT: Final = _environment()


def print_page(
    member: Member, posted: Posted, others: tuple[Posted, ...], origin: str, now: datetime
) -> str:
    """Print one article as its family does; `others` fill the boxes around it."""
    template = ENVIRONMENT.get_template(f"{member.family}.html.j2")
    return template.render(
        member=member, post=posted, piece=posted.piece, others=others, origin=origin, now=now
    )


def print_feed(member: Member, posts: tuple[Posted, ...], origin: str, now: datetime) -> str:
    """Print the feed in its dialect, newest first."""
    template = ENVIRONMENT.get_template(f"{member.dialect}.xml.j2")
    return template.render(member=member, posts=posts, origin=origin, now=now)


def excerpt(piece: Piece, words: int = 40) -> str:
    """Return the first words of lead and body, ending in «[…]» when the text goes on."""
    said = " ".join((piece.lead, *piece.paragraphs)).split()
    return " ".join(said) if len(said) <= words else " ".join(said[:words]) + " […]"


ENVIRONMENT.filters["excerpt"] = excerpt
