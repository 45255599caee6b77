"""Log as lines for people or as JSON for machines; secrets never reach either."""

import logging
import sys
from typing import Final, Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

#: Keys whose values are secret wherever they turn up in a log call.
SECRET_KEYS: Final = frozenset(
    {"password", "secret", "previous_secret", "token", "authorization", "cookie", "database_url"}
)
LIBRARIES: Final = ("httpx", "httpcore", "apscheduler", "dbos", "uvicorn", "alembic", "mail.log")


def set_up(form: Literal["console", "json"], *, level: int = logging.INFO) -> None:
    """Send every log line to standard error in the given form. Repeatable."""
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
    ]
    last: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            # The rich one takes seconds for each and prints every local value, secrets included.
            exception_formatter=structlog.dev.plain_traceback,
        )
    )
    structlog.configure(
        processors=[*before, structlog.processors.format_exc_info, last]
        if form == "json"
        else [*before, last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    for name in LIBRARIES:
        logging.getLogger(name).setLevel(logging.WARNING)
    # A tick that finds the one before still running is left out, by design; not worth a line.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put three dots in the place of whatever must not be read in a log."""
    return {
        key: "…" if key.lower() in SECRET_KEYS and value else value for key, value in event.items()
    }
