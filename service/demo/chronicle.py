"""Short invented notices: the daily bread of the outlets, today and as far back as asked for."""

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
LATELY: Final = timedelta(hours=30)


def chronicle(days: int) -> tuple[Story, ...]:
    """Tell one story for each of the last `days` days but the first two; the same in every run."""
    return tuple(
        _notice(f"chronicle-{day}", KEEPERS[day % len(KEEPERS)], timedelta(days=day))
        for day in range(3, days + 1)
    )


def notices(outlet_ids: tuple[str, ...], each: int) -> tuple[Story, ...]:
    """Tell `each` stories of the last hours at each outlet; the same in every run."""
    return tuple(
        _notice(f"notice-{outlet_id}-{number}", outlet_id, LATELY * (number + 1) / (each + 1))
        for outlet_id in outlet_ids
        for number in range(each)
    )


def _notice(story_id: str, outlet_id: str, before_now: timedelta) -> Story:
    chance = random.Random(story_id)
    event = chance.choice(PIECES["events"])
    voices = (*chance.sample(PIECES["voices"], 3), chance.choice(PIECES["endings"]))
    filled = {name: to_persian_digits(str(chance.randint(2, 900))) for name in "nmk"}
    filled["place"] = chance.choice(PIECES["places"])
    return Story(
        id=story_id,
        section="استان",
        title=event["title"].format(**filled),
        lead=event["lead"].format(**filled),
        paragraphs=tuple(voice.format(**filled) for voice in voices),
        tags=(filled["place"],),
        tellings=(
            Telling(
                outlet_id=outlet_id,
                before_now=before_now + timedelta(minutes=chance.randint(0, 50)),
            ),
        ),
    )
