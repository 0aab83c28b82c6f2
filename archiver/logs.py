"""Structured logs on standard error: one JSON object a line, never a secret."""

import logging
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

SECRET_KEYS = frozenset(
    {"authorization", "cookie", "code", "csrf", "device_code", "password", "secret", "token"}
)


def drop_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """A structlog processor: a value under a secret's name never reaches the output."""
    return {key: "***" if key in SECRET_KEYS else value for key, value in event.items()}


def _to_standard_error(*_: Any) -> structlog.PrintLogger:
    """Asks anew for each logger: whoever redirects standard error later is obeyed."""
    return structlog.PrintLogger(sys.stderr)


def configure_logs(*, verbose: bool = False) -> None:
    """Sends structlog's events to standard error as JSON lines."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            drop_secrets,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.DEBUG if verbose else logging.INFO
        ),
        logger_factory=_to_standard_error,
        cache_logger_on_first_use=False,
    )
