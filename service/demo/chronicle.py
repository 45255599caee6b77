"""A deep archive for backfilling: one invented notice a day, as far back as it is asked for."""

import random
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Final

from persian.digits import to_persian_digits
from service.demo.stories import Story, Telling

#: Who keeps an archive, each with another way into it: by day, by year, by page, by REST.
KEEPERS: Final = ("kavirpress", "felezban", "golbangsirjan", "bardsirnama")
PIECES: Final = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def chronicle(days: int) -> tuple[Story, ...]:
    """Tell one story for each of the last `days` days but the first two; the same in every run."""
    return tuple(_notice(day) for day in range(3, days + 1))


def _notice(day: int) -> Story:
    chance = random.Random(day)
    event = chance.choice(PIECES["events"])
    voices = (*chance.sample(PIECES["voices"], 2), chance.choice(PIECES["endings"]))
    filled = {name: to_persian_digits(str(chance.randint(2, 900))) for name in "nmk"}
    filled["place"] = chance.choice(PIECES["places"])
    return Story(
        id=f"chronicle-{day}",
        section="استان",
        title=event["title"].format(**filled),
        lead=event["lead"].format(**filled),
        paragraphs=tuple(voice.format(**filled) for voice in voices),
        tags=(filled["place"],),
        tellings=(
            Telling(
                outlet_id=KEEPERS[day % len(KEEPERS)],
                before_now=timedelta(days=day, minutes=chance.randint(0, 600)),
            ),
        ),
    )
