"""Endpoints that hang delay no others: the whole daemon, real servers on loopback."""

import asyncio
from pathlib import Path

from tests.trials.slow_endpoint import HANG_SECONDS, run

SLOW, FAST, STORIES = 12, 20, 2


def test_everybody_else_is_told_while_many_endpoints_hang(tmp_path: Path) -> None:
    """The hanging ones hold their answers until all others have been told, or for 20 s."""
    seen = asyncio.run(run(tmp_path / "data", slow=SLOW, fast=FAST, stories=STORIES, patience=60))
    assert len(seen.posts) == len(seen.mails) == FAST * STORIES
    assert (seen.hanging, seen.gave_up) == (SLOW, 0), "somebody waited until a slow one was done"
    assert seen.posts[-1] < HANG_SECONDS
    assert seen.mails[-1] < HANG_SECONDS
