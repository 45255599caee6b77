"""Tell things on a terminal: tables, times, and where text runs right to left."""

import os
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from alerts.message import Span
from persian.calendar import TEHRAN, JalaliStyle, format_jalali

#: The largest id either database can hold.
MOST_ID: Final = 2**63 - 1


class Screen(Console):
    """A console whose reader may go away early (`rasad search … | head`)."""

    def on_broken_pipe(self) -> None:
        """End quietly."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0)


def screen() -> Console:
    """Return the console; plain and unwrapped when it is not a terminal."""
    console = Screen(highlight=False)
    return console if console.is_terminal else Screen(highlight=False, width=200, no_color=True)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """Compose a table whose cells are taken as they are, never as markup."""
    composed = Table(
        title=title, title_justify="left", header_style="bold", box=None, padding=(0, 2)
    )
    for column in columns:
        composed.add_column(column, overflow="fold")
    for row in rows:
        composed.add_row(*(cell if isinstance(cell, Text) else Text(str(cell)) for cell in row))
    return composed


def when(at: datetime | None) -> str:
    """Tell an instant in Tehran's time, the Jalali day beside the ISO one."""
    if at is None:
        return "–"
    tehran = at.astimezone(TEHRAN)
    return f"{tehran:%Y-%m-%d %H:%M} ({format_jalali(at, JalaliStyle.NUMERIC)})"


def marked(pieces: tuple[Span, ...]) -> Text:
    """Put the pieces together; off a terminal the marks are written as «⟦…⟧»."""
    text = Text()
    for piece in pieces:
        if piece.marked and not sys.stdout.isatty():
            text.append(f"⟦{piece.text}⟧")
        else:
            text.append(piece.text, style="reverse" if piece.marked else "")
    return text
