"""Runs untrusted code: starts children, sends them jobs, enforces limits, reads the results.

The judge never compiles or imports what a learner wrote; the child
(`handgrad.sandbox.child`) never imports handgrad. Nothing here imports NumPy, so
that children can be started before the judge has loaded its own.
"""

from handgrad.sandbox.child_monitor import Ended, Ending
from handgrad.sandbox.isolation import NOT_RUNNING, STRANGERS_LEVEL, Isolation, IsolationLayer
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
    "IsolationLayer",
    "Limits",
    "Pool",
]
