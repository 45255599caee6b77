"""Name where an import stands."""

from enum import StrEnum


class Stage(StrEnum):
    """Where an import stands; broken off is one whose process stopped or met an error."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    BROKEN_OFF = "broken_off"
