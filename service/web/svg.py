"""Draw small plots as SVG on the server: bars over days, and a line of weight in a table (pure).

Colours come from the style sheet by class, so that a plot follows light and dark; every plot stands
beside a table with the same numbers, and says so to a screen reader by its label.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from markupsafe import Markup

WIDTH: Final = 640
HEIGHT: Final = 150
_FLOOR: Final = 24
_TOP: Final = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: what stands below it, how high it is, and the words of its tooltip."""

    label: str
    value: float
    told: str


def bars(shown: Sequence[Bar], *, label: str, is_rtl: bool) -> Markup:
    """Draw bars in the order given, from the side where reading begins."""
    most = max((bar.value for bar in shown), default=0) or 1
    step = WIDTH / max(len(shown), 1)
    every = max(1, round(len(shown) / 8))
    parts = []
    for place, bar in enumerate(shown):
        at = WIDTH - (place + 1) * step if is_rtl else place * step
        parts.append(_bar(bar, at, step, bar.value / most))
        if place % every == 0:
            place_of = f'x="{at + step / 2:.1f}" y="{HEIGHT - 7}" text-anchor="middle"'
            parts.append(f"<text {place_of}>{escape(bar.label)}</text>")
    return Markup(  # noqa: S704 - every text above is escaped
        f'<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" direction="ltr" '
        f'aria-label="{escape(label)}"><path class="floor" d="M0 {HEIGHT - _FLOOR}H{WIDTH}"/>'
        f"{''.join(parts)}</svg>"
    )


def _bar(bar: Bar, at: float, step: float, share: float) -> str:
    height = share * (HEIGHT - _FLOOR - _TOP)
    top = HEIGHT - _FLOOR - height
    wide = max(step * 0.72, 1)
    return (
        f'<rect x="{at + (step - wide) / 2:.1f}" y="{top:.1f}" width="{wide:.1f}" '
        f'height="{height:.1f}" rx="2"><title>{escape(bar.told)}</title></rect>'
    )


def weight(value: float, most: float) -> int:
    """Return how dark a cell of a matrix is, from 0 (nothing) to 5."""
    if value <= 0 or most <= 0:
        return 0
    return 1 + min(4, int(4 * value / most))
