"""A child that is asked once."""

from __future__ import annotations

from collections.abc import Iterator

from handgrad.sandbox import Child, Ended, Limits
from handgrad.sandbox.child_monitor import Frame


def run_once(child: Child, job: bytes, limits: Limits) -> Iterator[Frame | Ended]:
    """Every frame of one job, then its end; the child is gone when this returns, however it returns."""
    try:
        yield from child.ask(job, limits)
    finally:
        child.end()
