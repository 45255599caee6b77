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


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """The addresses of a family: an article's own, and the short one that leads to the same."""

    article: Callable[[Piece], str]
    short: Callable[[Piece], str]


def _wordpress(article: Callable[[Piece], str]) -> Family:
    return Family(article=article, short=lambda piece: f"/?p={piece.number}")


def _by_number(folder: str) -> Family:
    return Family(
        article=lambda piece: f"{folder}/{piece.number}/{piece.slug}",
        short=lambda piece: f"{folder}/{piece.number}",
    )


def _section_of(piece: Piece) -> str:
    return f"/بخش-{piece.section.replace(' ', '-')}-{SECTION_NUMBER}"


def _tasnim(piece: Piece) -> str:
    return f"/fa/news/{printed_dates.jalali_path(piece.published_at)}/{piece.number}"


FAMILIES: Final[Mapping[str, Family]] = {
    "wordpress": _wordpress(lambda piece: f"/{piece.slug}/"),
    "jannah": _wordpress(
        lambda piece: f"/{printed_dates.jalali_path(piece.published_at)}/{piece.slug}/"
    ),
    "ap-single": _wordpress(lambda piece: f"/{piece.number}/{piece.slug}/"),
    "nastooh": _by_number("/news"),
    "iransamaneh": _by_number("/fa/news"),
    "aasaam": Family(
        article=lambda piece: f"{_section_of(piece)}/{piece.number}-{piece.slug}",
        short=lambda piece: f"/fa/tiny/news-{piece.number}",
    ),
    "studiokhabar": _by_number("/news"),
    "incsys": _by_number("/fa/news"),
    "tasnim": Family(article=lambda piece: f"{_tasnim(piece)}/{piece.slug}", short=_tasnim),
    "joomla": Family(
        article=lambda piece: f"/news/{piece.number}-{piece.slug}",
        short=lambda piece: f"/index.php?id={piece.number}&option=com_content&view=article",
    ),
    "drupal": Family(
        article=lambda piece: f"/node/{piece.number}", short=lambda piece: f"/node/{piece.number}"
    ),
    "bulletin": Family(
        article=lambda piece: f"/news/{piece.number}", short=lambda piece: f"/news/{piece.number}"
    ),
    "portal": Family(
        article=lambda piece: f"/modules/Show_Content.aspx?ContentId={piece.number}",
        short=lambda piece: f"/modules/Show_Content.aspx?ContentId={piece.number}",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A piece at its address; `url` is absolute and percent-encoded, `raw_url` is not encoded."""

    piece: Piece
    path: str
    short_path: str
    url: str
    raw_url: str
    short_url: str


def post(piece: Piece, member: Member, origin: str) -> Posted:
    """Give a piece its address on a site; `origin` is scheme, host and port."""
    family = FAMILIES[member.family]
    path, short = family.article(piece), family.short(piece)
    return Posted(
        piece=piece,
        path=path,
        short_path=short,
        url=origin + quote(path, safe="/?="),
        raw_url=origin + path,
        short_url=origin + short,
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
    template = ENVIRONMENT.get_template(f"{member.look or member.family}.html.j2")
    return template.render(
        member=member, post=posted, piece=posted.piece, others=others, origin=origin, now=now
    )


def print_front(member: Member, posts: tuple[Posted, ...], origin: str) -> str:
    """Print the front page, with the marks by which its family is known there."""
    template = ENVIRONMENT.get_template("front.html.j2")
    return template.render(member=member, posts=posts, origin=origin)


def print_feed(member: Member, posts: tuple[Posted, ...], origin: str, now: datetime) -> str:
    """Print the feed in its dialect, newest first."""
    template = ENVIRONMENT.get_template(f"{member.dialect}.xml.j2")
    return template.render(member=member, posts=posts, origin=origin, now=now)


def excerpt(piece: Piece, words: int = 40) -> str:
    """Return the first words of lead and body, ending in «[…]» when the text goes on."""
    said = " ".join((piece.lead, *piece.paragraphs)).split()
    return " ".join(said) if len(said) <= words else " ".join(said[:words]) + " […]"


ENVIRONMENT.filters["excerpt"] = excerpt
