"""Logging: one line an event on standard error, so that standard output holds answers alone."""

from __future__ import annotations

import logging
import sys

import structlog


def configure_logging(level: str) -> None:
    """Send what is logged to standard error.

    Args:
        level: the least severe level shown, such as "INFO".
    """
    number = logging.getLevelNamesMapping()[level]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False),
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                # never the values of variables: they may hold a token or somebody's words
                exception_formatter=structlog.dev.plain_traceback,
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(stream=sys.stderr, level=max(number, logging.WARNING))
    # httpx logs every address it asks, and a Telegram address holds the bot's token
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
