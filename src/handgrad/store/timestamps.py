"""Timestamps: milliseconds since 1970 in the store, ISO 8601 in UTC in JSON."""

from __future__ import annotations

import time
from datetime import UTC, datetime

SECOND = 1000
DAY = 24 * 60 * 60 * SECOND


def now() -> int:
    """This moment, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def iso_time(moment: int) -> str:
    """A timestamp as JSON has it.

    >>> iso_time(0)
    '1970-01-01T00:00:00.000Z'
    """
    text = datetime.fromtimestamp(moment / SECOND, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
