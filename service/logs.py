"""Log as lines for people or as JSON for machines; secrets never reach either."""

import io
import logging
import sys
from contextlib import suppress
from typing import Final, Literal, TextIO, cast

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

#: Keys whose values are secret wherever they turn up in a log call.
SECRET_KEYS: Final = frozenset(
    {"password", "secret", "previous_secret", "token", "authorization", "cookie", "database_url"}
)
LIBRARIES: Final = ("httpx", "httpcore", "apscheduler", "dbos", "uvicorn", "alembic", "mail.log")


class StandardError(io.TextIOBase):
    """Standard error as it is when a line is written, not as it was when logging was set up."""

    def write(self, text: str) -> int:
        """Write to today's standard error; one that takes nothing (a full disk) stops no work."""
        with suppress(OSError):
            return sys.stderr.write(text)
        return 0

    def flush(self) -> None:
        """Flush today's standard error."""
        with suppress(OSError):
            sys.stderr.flush()


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
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", StandardError())),
        cache_logger_on_first_use=False,
    )
    lines = _Lines(before, last)
    _give(logging.getLogger(), lines)
    for name in LIBRARIES:
        library = logging.getLogger(name)
        library.setLevel(logging.WARNING)
        library.propagate = False  # some bring a handler of their own, and none may speak twice
        _give(library, lines)
    # A tick that finds the one before still running is left out, by design; not worth a line.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


class _Lines(logging.Handler):
    """Writes what libraries log in the form of our own lines, to the standard error of today."""

    def __init__(self, before: list[Processor], last: Processor) -> None:
        super().__init__()
        plain = structlog.stdlib.ProcessorFormatter.remove_processors_meta
        told = (
            [structlog.processors.format_exc_info]
            if isinstance(last, structlog.processors.JSONRenderer)
            else []
        )
        self.setFormatter(
            structlog.stdlib.ProcessorFormatter(
                foreign_pre_chain=[*before, structlog.stdlib.add_logger_name],
                processors=[plain, *told, last],
            )
        )

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        try:
            sys.stderr.write(f"{self.format(record)}\n")
        except Exception:  # noqa: BLE001 - the convention of logging: a log never stops the work
            self.handleError(record)


def _give(logger: logging.Logger, lines: _Lines) -> None:
    """Let a logger speak through our lines only; what others (tests) listen with stays."""
    for one in list(logger.handlers):
        if isinstance(one, _Lines) or type(one) is logging.StreamHandler:
            logger.removeHandler(one)
    logger.addHandler(lines)


def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put three dots in the place of whatever must not be read in a log."""
    return {
        key: "…" if key.lower() in SECRET_KEYS and value else value for key, value in event.items()
    }
