"""The two tiers of the tests: every test runs in both, with different numbers of repetitions.

The everyday tier repeats as often as it takes to catch the fault. The whole tier (`.ci/whole`) repeats as
often as it takes to trust that nothing rare is left.
"""

from __future__ import annotations

import os
from typing import TypeVar

T = TypeVar("T")

VARIABLE = "HANDGRAD_TEST_TIER"
TIERS = ("everyday", "whole")
TIER = os.environ.get(VARIABLE, TIERS[0])
if TIER not in TIERS:
    raise ValueError(f"{VARIABLE} must be one of {', '.join(TIERS)}; it is {TIER!r}.")

IS_WHOLE = TIER == "whole"
TIER_LINE = f"tier: {TIER}" + ("" if IS_WHOLE else f" ({VARIABLE}=whole repeats more often)")


def repeats(*, everyday: T, whole: T) -> T:
    """How often this tier repeats something: `everyday` or `whole`, numbers or lists of cases."""
    return whole if IS_WHOLE else everyday
