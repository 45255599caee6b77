"""Print the stories of our own press as whole pages, as heavy as the press of Iran prints them.

An article is a small part of its page. Pages of seven agencies and outlets, home pages left out,
were measured: 109–262 kB, 1,070–2,220 nodes, 275–541 links (most with a percent-encoded slug),
18–51 pictures. So menus, boxes of headlines, scripts and a footer of our own stand around each
article, drawn from a seed; what a family's article looks like is the demo's (`service.demo`).
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from crawler.page import Page
from service.demo.cast import Member
from service.demo.families import post, print_page
from service.demo.pieces import Piece
from service.demo.press import Press
from tests.benchmarks.same_story_press import Press as Writer
from tests.benchmarks.same_story_press import blind_set

#: Outlets of the cast whose pages are printed, one per family.
PRINTERS: Final = (
    "nazirkerman",
    "armanekerman",
    "kavirpress",
    "ofoghkerman",
    "mojeshargh",
    "sobhekerman",
)
_BOXES: Final = 9
_HEADLINES: Final = 21  # of a box
_MENUS: Final = 8
_CHOICES: Final = 9  # of a menu
_SCRIPT: Final = "window.dataLayer=window.dataLayer||[];function gauge(a,b){dataLayer.push([a,b])};"


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """One page on disk, and the truth about it."""

    outlet_id: str
    page: Page
    row: dict[str, Any]


def print_pages(folder: Path, *, stories: int, now: datetime) -> list[Printed]:
    """Print the stories of the blind set, in order; `folder` gets the outlets' TOML files."""
    press = Press(now=now)
    furniture = _Furniture(seed=5)
    with press:
        press.outlet_directory(folder / "outlets")
        members = {one.id: one for one in press.cast if one.id in PRINTERS}
        return [
            _printed(number, row, members[PRINTERS[number % len(PRINTERS)]], press, furniture)
            for number, row in enumerate(blind_set(7, stories=stories), start=1)
        ]


def _printed(
    number: int, row: dict[str, Any], member: Member, press: Press, furniture: "_Furniture"
) -> Printed:
    posted = post(_piece(number, row, member), member, press.origin(member.id))
    html = print_page(member, posted, (), press.origin(member.id), press.now)
    page = Page(
        requested_url=posted.url,
        url=posted.url,
        status=200,
        body=furniture.around(html).encode(),
        charset="utf-8",
        fetched_at=press.now,
    )
    return Printed(outlet_id=member.id, page=page, row=row)


def _piece(number: int, row: dict[str, Any], member: Member) -> Piece:
    at = datetime.fromisoformat(row["published"]).replace(tzinfo=UTC)
    return Piece(
        outlet_id=member.id,
        story_id=str(row["story"]),
        original_outlet_id=None,
        number=100_000 + number,
        slug=f"story-{number}",
        title=row["title"],
        kicker="",
        lead="",
        paragraphs=tuple(row["text"].split("\n")),
        closing="",
        byline="",
        section="خبر",
        tags=(),
        language="fa",
        published_at=at,
        modified_at=at,
    )


class _Furniture:
    """Menus, boxes and scripts, drawn anew for every page."""

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)
        writer = Writer(seed)
        self._headlines = [writer.narrative(1).title for _ in range(400)]

    def around(self, html: str) -> str:
        """Return the page with menus before what it said, and boxes and a footer behind it."""
        head, opening, rest = html.partition("<body>")
        body, closing, tail = rest.rpartition("</body>")
        scripts = f"<script>{_SCRIPT * 40}</script>"
        return "".join(
            [head, opening, *self._menus(), body, *self._boxes(), scripts, closing, tail]
        )

    def _menus(self) -> Iterator[str]:
        yield '<div class="top-bar"><nav class="main-menu"><ul class="menu level-one">'
        for _ in range(_MENUS):
            yield f'<li class="menu-item">{self._link()}<ul class="menu level-two">'
            yield from (f'<li class="menu-item">{self._link()}</li>' for _ in range(_CHOICES))
            yield "</ul></li>"
        yield "</ul></nav></div>"

    def _boxes(self) -> Iterator[str]:
        yield '<div class="side-boxes">'
        for box in range(_BOXES):
            yield f'<div class="box box-{box}"><div class="box-top">{self._link()}</div><ul>'
            yield from (self._teaser(with_picture=box % 3 == 0) for _ in range(_HEADLINES))
            yield "</ul></div>"
        yield "</div>"

    def _teaser(self, *, with_picture: bool) -> str:
        number = self._draw.randrange(10**6)
        picture = (
            f'<span class="pic"><img src="/files/thumb/{number}.jpg" width="90" alt=""></span>'
            if with_picture and number % 2
            else ""
        )
        hour = f'<span class="hour">{number % 24:02}:{number % 60:02}</span>'
        return f'<li class="row"><div class="teaser">{picture}{self._link()} {hour}</div></li>'

    def _link(self) -> str:
        words = self._draw.choice(self._headlines)
        path = f"/fa/news/{self._draw.randrange(10**6)}/{quote(words.replace(' ', '-'))}"
        return f'<a class="link" href="{path}" target="_blank">{words}</a>'
