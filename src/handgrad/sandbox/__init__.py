"""Runs a stranger's code: starts children, hands them a job, enforces limits, reads what comes back.

The parent never compiles or imports what a learner wrote; the child
(`handgrad.sandbox.child`) never imports handgrad. Nothing here imports NumPy, so
that children can be started before the parent has loaded its own.
"""

from handgrad.sandbox.child_monitor import Ended, Ending
from handgrad.sandbox.isolation import NOT_RUNNING, STRANGERS_LEVEL, Isolation, Wall
from handgrad.sandbox.limits import DEFAULT_LIMITS, Limits
from handgrad.sandbox.pool import Child, Pool

__all__ = [
    "DEFAULT_LIMITS",
    "NOT_RUNNING",
    "STRANGERS_LEVEL",
    "Child",
    "Ended",
    "Ending",
    "Isolation",
    "Limits",
    "Pool",
    "Wall",
]
