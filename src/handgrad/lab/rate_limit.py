"""Rate limits: a bucket of tokens for each client, refilled at a fixed rate."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from handgrad.lab.http_problems import HttpProblem
from handgrad.languages import Text

MOST_BUCKETS = 20_000


@dataclass(frozen=True)
class RateLimit:
    """So many requests at once, then so many a second."""

    at_once: float
    a_second: float


class TokenBuckets:
    """One bucket for each client. The bucket used longest ago is dropped first.

    >>> buckets = TokenBuckets(RateLimit(at_once=2, a_second=0.5), clock=lambda: 0.0)
    >>> [buckets.take("ada") for _ in range(3)]
    [0.0, 0.0, 2.0]
    """

    def __init__(
        self, pace: RateLimit, clock: Callable[[], float] = time.monotonic, most: int = MOST_BUCKETS
    ) -> None:
        self._pace = pace
        self._clock = clock
        self._most = most
        self._filled: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, who: Hashable) -> float:
        """Take a token: 0, or how many seconds to wait for it (none is taken then)."""
        with self._lock:
            level, moment = self._level(who)
            if level < 1:
                return (1 - level) / self._pace.a_second
            self._filled[who] = (level - 1, moment)
            self._filled.move_to_end(who)
            while len(self._filled) > self._most:
                self._filled.popitem(last=False)
            return 0.0

    def wait(self, who: Hashable) -> float:
        """How many seconds to wait for a token; none is taken."""
        with self._lock:
            level, _ = self._level(who)
            return max(0.0, (1 - level) / self._pace.a_second)

    def fill(self, who: Hashable) -> None:
        """Fill a bucket again, for example after a successful sign-in."""
        with self._lock:
            self._filled.pop(who, None)

    def _level(self, who: Hashable) -> tuple[float, float]:
        moment: float = self._clock()
        level, before = self._filled.get(who, (self._pace.at_once, moment))
        gained = (moment - before) * self._pace.a_second
        return min(self._pace.at_once, level + gained), moment


def require_no_wait(seconds: float) -> None:
    """Refuse with 429 when there are seconds to wait.

    Raises:
        HttpProblem: with ``Retry-After``.
    """
    if seconds > 0:
        whole = math.ceil(seconds)
        raise HttpProblem(429, TOO_FAST.format(seconds=whole), {"Retry-After": str(whole)})


TOO_FAST = Text(
    zh="太快了，请等 {seconds} 秒再试。",
    en="Too fast: try again in {seconds} seconds.",
)
