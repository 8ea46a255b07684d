"""All that the lab's routes work with, put together once."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import secrets
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from handgrad.course import Course
from handgrad.dispatch.judging_queue import JudgingQueue
from handgrad.errors import SandboxError, UsageError
from handgrad.judging import Judge
from handgrad.lab.page_templates import PageTemplates
from handgrad.lab.passwords import Passwords
from handgrad.lab.rate_limit import RateLimit, TokenBuckets
from handgrad.lab.verdict_waiters import VerdictWaiters
from handgrad.languages import Text
from handgrad.live_shapes import DRAFTS_AT_ONCE, LiveShaper
from handgrad.sandbox import NOT_RUNNING, STRANGERS_LEVEL, Isolation, Pool
from handgrad.store.answers import Answers
from handgrad.store.database import Database
from handgrad.store.invitations import Invitations
from handgrad.store.learner_progress import ProgressStore
from handgrad.store.learners import Learner, Learners
from handgrad.store.migration import bring_up_to_date
from handgrad.store.server_lock import lock_database
from handgrad.store.server_secret import server_secret
from handgrad.store.sessions import Sessions

HASHES_AT_ONCE = 2
"""Each takes 64 MiB for a twentieth of a second."""
FORKED_AHEAD = 3


@dataclass(frozen=True)
class LabSettings:
    """What the lab is started with.

    Attributes:
        course: the levels.
        address: of the database.
        is_class: whether several learners sign in; else there is one, without login.
        is_local: whether it listens on loopback only.
        names: further names under which it may be asked for.
        workers: how many answers are judged at once; by default one a processor, at least two.
    """

    course: Course
    address: str
    is_class: bool = False
    is_local: bool = True
    names: Collection[str] = field(default_factory=tuple)
    workers: int | None = None


class RateLimits:
    """How fast one learner, or one address, may ask."""

    def __init__(self, *, is_class: bool) -> None:
        """For a class; somebody alone on their own machine harms nobody by being fast."""
        times = 1 if is_class else 20
        self.answers = TokenBuckets(RateLimit(30 * times, 1.0 * times))
        self.shapes = TokenBuckets(RateLimit(30 * times, 4.0 * times))
        self.changes = TokenBuckets(RateLimit(60 * times, 4.0 * times))
        self.reading = TokenBuckets(RateLimit(300 * times, 20.0 * times))
        # wrong passwords: of one name, and from one address, behind which a class may sit
        self.names = TokenBuckets(RateLimit(8, 1 / 30))
        self.addresses = TokenBuckets(RateLimit(60, 1 / 2))


MOST_WAITING = 5
"""So many answers of one learner may wait for their verdicts in a class."""


class Lab:
    """The store, the judges, and those who wait for verdicts.

    Attributes:
        instance: changes at every start, so that a page knows that the server is another one.
        backup: the copy of an older database that was migrated at this start.
    """

    def __init__(self, settings: LabSettings, pool: Pool | None = None) -> None:
        """Open the store and start the sandbox; `start` starts the judges.

        Args:
            settings: what it is started with.
            pool: children of the sandbox; only tests bring some of their own.

        Raises:
            StoreError: the database cannot be used.
            LabError: the pages are not there.
            UsageError: it would listen beyond loopback without the isolation that this needs.
        """
        self.settings = settings
        self.course = settings.course
        self.shell = PageTemplates()
        with contextlib.ExitStack() as opening:  # what fails here leaves nothing open
            self.pool = Pool(ahead=FORKED_AHEAD) if pool is None else pool
            opening.callback(self.pool.close)
            self.database = Database(settings.address)
            opening.callback(self.database.close)
            self.server_lock = lock_database(self.database)
            opening.callback(self.server_lock.close)
            self.backup: Path | None = bring_up_to_date(self.database)
            self._secret = server_secret(self.database)
            if not settings.is_local and self.isolation.level < STRANGERS_LEVEL:
                raise UsageError(NOT_BEYOND_LOOPBACK.format(reason=self.isolation.reason))
            self._opened = opening.pop_all()
        self.answers = Answers(self.database)
        self.learners = Learners(self.database)
        self.progress_store = ProgressStore(self.database)
        self.sessions = Sessions(self.database)
        self.invitations = Invitations(self.database)
        self.passwords = Passwords()
        self.rate_limits = RateLimits(is_class=settings.is_class)
        self.verdict_waiters = VerdictWaiters()
        self.instance = secrets.token_hex(8)
        least = STRANGERS_LEVEL if settings.is_class else 1
        self.queue = JudgingQueue(
            self.answers,
            self.progress_store,
            self.course,
            self.server_lock,
            self.verdict_waiters.judged,
            lambda: Judge(
                pool=self.pool, course=self.course, minimum_isolation=least, refills=False
            ),
            settings.workers,
        )
        self.shaper = LiveShaper(self.pool, minimum_isolation=least)
        # Threads that stay: a zygote dies with the thread that started it.
        self.shaping = ThreadPoolExecutor(DRAFTS_AT_ONCE, thread_name_prefix="shapes")
        self.newest: dict[int, int] = {}
        """By learner, the number of the latest draft whose shapes are asked for."""
        self.hashing = asyncio.Semaphore(HASHES_AT_ONCE)

    @cached_property
    def isolation(self) -> Isolation:
        """The isolation of answers from this machine."""
        try:
            return self.pool.isolation
        except SandboxError:
            return NOT_RUNNING

    @property
    def notice(self) -> Text | None:
        """Why nothing is judged, or what is to be kept in mind."""
        if self.isolation.level >= STRANGERS_LEVEL:
            return None
        text = NOT_JUDGING if self.settings.is_class else ONLY_YOUR_OWN
        return text.format(
            level=self.isolation.level,
            reason=self.isolation.reason,
            remedy=self.isolation.remedy,
        )

    @property
    def judges(self) -> bool:
        """Whether answers are judged: others' code only at the isolation level it needs."""
        level = self.isolation.level
        return level >= STRANGERS_LEVEL or (level > 0 and not self.settings.is_class)

    @cached_property
    def alone(self) -> Learner | None:
        """The one learner of a lab without login."""
        return None if self.settings.is_class else self.learners.alone()

    def token(self, secret: str) -> str:
        """The token by which a page of that session proves to be ours. It outlives a restart."""
        return hmac.new(self._secret, f"page {secret}".encode(), hashlib.sha256).hexdigest()

    def start(self) -> None:
        """Start judging."""
        self.verdict_waiters.open()
        if self.judges:
            self.queue.start()

    def close(self) -> None:
        """End the judges and the connections."""
        self.queue.close()
        self.shaping.shutdown(wait=False, cancel_futures=True)
        self._opened.close()


ONLY_YOUR_OWN = Text(
    zh="隔离级别只有 {level}：{reason}在这里请只运行自己的代码。{remedy}",
    en="The isolation level is {level}. {reason} Run only your own code here. {remedy}",
)
NOT_JUDGING = Text(
    zh="这个实验室现在不评测：隔离级别只有 {level}，不能运行别人的代码。{reason}{remedy}",
    en="This lab does not judge now: the isolation level is {level}, too low for other people's code. "
    "{reason} {remedy}",
)
NOT_BEYOND_LOOPBACK = Text(
    zh="这台机器的隔离级别不够，不能对外开放：别人的代码会在这里运行。{reason}"
    "请只用本机地址（--host 127.0.0.1），或换一台机器；handgrad doctor 会告诉你缺什么。",
    en="This machine's isolation is too weak to let others in, whose code would run here. {reason} "
    "Listen on loopback only (--host 127.0.0.1), or use another machine; `handgrad doctor` says what is "
    "missing.",
)
