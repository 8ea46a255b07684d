"""Runs a stranger's code: starts children, hands them a job, enforces limits, reads what comes back.

The parent never compiles or imports what a learner wrote; the child
(`handgrad.sandbox.child`) never imports handgrad. Nothing here imports NumPy, so
that children can be started before the parent has loaded its own.
"""

from handgrad.sandbox.isolation import Isolation, probe
from handgrad.sandbox.limits import DEFAULT_LIMITS, Limits
from handgrad.sandbox.pool import Pool
from handgrad.sandbox.process import Child, Ended, Ending

__all__ = ["DEFAULT_LIMITS", "Child", "Ended", "Ending", "Isolation", "Limits", "Pool", "probe"]
