"""The name of a time zone in a file, checked when the file is loaded."""

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator


def _zone_name(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("must be a time zone such as Asia/Tehran or UTC") from error
    return name


ZoneName = Annotated[str, AfterValidator(_zone_name)]
