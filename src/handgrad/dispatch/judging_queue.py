"""Judges the answers that wait in the store, on a few threads.

The store alone holds what waits; this module holds who works on it. An answer that arrives while a
worker is free is stored as leased to that worker; otherwise it waits, and a worker is notified. If the
process dies, its leases stay in the store until the next sweep of a live server gives them back.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

import handgrad
from handgrad.course import Course
from handgrad.diagnosis.verdict import Verdict
from handgrad.dispatch.handoff import Handoff, Wakeup
from handgrad.dispatch.own_layers import own_layers
from handgrad.errors import UsageError
from handgrad.judging.answer import Answer, OwnLayers
from handgrad.judging.judge import Judge
from handgrad.languages import Text
from handgrad.store.answers import Answers, Lease, StoredAnswer
from handgrad.store.learner_progress import ProgressStore
from handgrad.store.server_lock import ServerLock

log = logging.getLogger(__name__)

REPLY_SECONDS = 0.003
"""How long a worker waits before it forks the next children, so that the reply with the verdict goes out
first: each fork takes a millisecond of processor time."""
IDLE_SECONDS = 1.0
"""How often a worker polls the store without being notified."""
SWEEP_SECONDS = 10.0
"""How often leases of dead servers are given back."""
RETRY_SECONDS = 1.0
"""How long a worker waits before it tries an unreachable store again."""
MOST_ATTEMPTS = 25
"""An answer is given up after so many attempts that ended with the whole server. Servers also stop for
other reasons, so the number is high."""
CLOSE_SECONDS = 8.0

JudgeFactory = Callable[[], Judge]
JudgedCallback = Callable[[int, Sequence[str]], object]
"""Called with an answer's number and its verdicts as JSON texts."""


class JudgingQueue:
    """Workers that judge the answers waiting in the store, each with its own judge.

    Attributes:
        workers: the number of workers.
    """

    def __init__(
        self,
        answers: Answers,
        progress_store: ProgressStore,
        course: Course,
        server_lock: ServerLock,
        on_judged: JudgedCallback,
        make_judge: JudgeFactory,
        workers: int | None = None,
    ) -> None:
        """Prepare the workers; `start` starts them.

        Args:
            answers: the stored answers.
            progress_store: the classes that each learner has passed.
            course: the levels.
            server_lock: this server's lock on the database.
            on_judged: called on a worker's thread when an answer was judged.
            make_judge: makes a judge for one worker. Judges may share a pool, which the caller closes.
            workers: by default one a processor and at least two, so that an answer that runs into
                its time limit does not stop all others.
        """
        self._answers = answers
        self._progress_store = progress_store
        self._course = course
        self._server_lock = server_lock
        self._on_judged = on_judged
        self._make_judge = make_judge
        self.workers = workers or max(2, os.cpu_count() or 1)
        self._handoff = Handoff()
        self._is_closing = threading.Event()
        self._warm = [threading.Event() for _ in range(self.workers)]
        self._next_sweep = 0.0
        self._threads = [
            threading.Thread(target=self._run, args=(warm,), name=f"judge-{n}", daemon=True)
            for n, warm in enumerate(self._warm)
        ]

    def start(self) -> None:
        """Start the workers. They warm up and then judge what waits."""
        self.sweep()
        for thread in self._threads:
            thread.start()

    def wait_until_warm(self, seconds: float | None = None) -> bool:
        """Wait until every worker is ready."""
        return all(warm.wait(seconds) for warm in self._warm)

    def hand_in(
        self,
        learner: int,
        level: str,
        source: bytes,
        on_stored: Callable[[int], object] = lambda number: None,
    ) -> StoredAnswer:
        """Store an answer to be judged; `on_stored` gets its number before judging begins."""
        if not self._handoff.reserve():
            stored = self._answers.add(learner, level, source)
            on_stored(stored.number)
            self._handoff.announce()
            return stored
        lease = None
        try:
            lease = self._answers.add_leased(learner, level, source, self._server_lock.holder)
            on_stored(lease.answer.number)
        finally:
            self._handoff.deliver(lease)
        return lease.answer

    def notify(self) -> None:
        """Notify a worker that an answer was stored."""
        self._handoff.announce()

    def sweep(self) -> None:
        """Give back the leases of dead servers, so that their answers are judged again."""
        for holder in self._answers.holders():
            if self._server_lock.is_dead(holder):
                count = self._answers.give_back(holder)
                log.info("%d answers of a dead server are judged again", count)

    def close(self) -> None:
        """Finish the current answers and end the workers.

        What takes too long is judged again at the next start.
        """
        self._is_closing.set()
        self._handoff.close()
        deadline = time.monotonic() + CLOSE_SECONDS
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, deadline - time.monotonic()))

    def _run(self, warm: threading.Event) -> None:
        judge = self._make_judge()
        for level in self._course.levels:
            judge.judge(level, Answer(level.answer_file, level.solution.encode()))
        warm.set()
        wakeup: Wakeup | None = None
        while not self._is_closing.is_set():
            try:
                # A notified worker takes one answer and lets its reply go out first. Answers without
                # a notice (at the start, of another server) are taken until none is left.
                if wakeup is not None or not self._judge_waiting(judge):
                    wakeup = self._next(judge)
                if isinstance(wakeup, Lease):
                    self._decide(judge, wakeup)
                elif wakeup is not None:
                    self._judge_waiting(judge)
            except sa.exc.SQLAlchemyError as error:  # a full disk, no connection: it may pass
                log.warning("The store does not answer: %s", error)
                self._is_closing.wait(RETRY_SECONDS)
            except Exception:  # a worker that ended would leave answers waiting without a word
                log.exception("A worker failed and continues")
                self._is_closing.wait(RETRY_SECONDS)

    def _next(self, judge: Judge) -> Wakeup | None:
        """The next wakeup, if any. The next children are started here, where nobody waits for them."""
        wakeup = self._handoff.wait(REPLY_SECONDS)
        judge.refill()
        return wakeup or self._handoff.wait(IDLE_SECONDS)

    def _judge_waiting(self, judge: Judge) -> bool:
        """Judge one waiting answer; whether there was one."""
        if time.monotonic() > self._next_sweep:
            self._next_sweep = time.monotonic() + SWEEP_SECONDS
            self.sweep()
        lease = self._answers.lease(self._server_lock.holder)
        if lease is None:
            return False
        self._decide(judge, lease)
        return True

    def _decide(self, judge: Judge, lease: Lease) -> None:
        """Judge a leased answer, and store its verdicts as soon as the store takes them."""
        found = self._verdicts(judge, lease)
        while not self._stored(lease, found) and not self._is_closing.is_set():
            self._is_closing.wait(RETRY_SECONDS)

    def _stored(self, lease: Lease, found: list[dict[str, Any]]) -> bool:
        """Store the verdicts; False when the store cannot be reached and they have to wait."""
        try:
            documents = self._answers.decide(lease, found)
            if documents is not None:
                self._on_judged(lease.answer.number, documents)
        except sa.exc.SQLAlchemyError as error:
            log.warning("A verdict cannot be stored yet: %s", error)
            return False
        return True

    def _verdicts(self, judge: Judge, lease: Lease) -> list[dict[str, Any]]:
        stored = lease.answer
        try:
            level = self._course.level(stored.level)
        except UsageError as error:
            return [_not_judged(stored.level, "", "", error.text)]
        if lease.attempts > MOST_ATTEMPTS:
            text = GIVEN_UP.format(count=MOST_ATTEMPTS)
            return [_not_judged(level.name, level.revision, c.name, text) for c in level.classes]
        answer = Answer(level.answer_file, stored.source)

        def load_own_layers() -> tuple[OwnLayers, ...]:
            return own_layers(level, self._progress_store.passed_classes(stored.learner))

        found = judge.judge(level, answer, load_own_layers=load_own_layers)
        if any(verdict.verdict == "judge-error" for verdict in found):  # our fault: try once more
            found = judge.judge(level, answer, load_own_layers=load_own_layers)
        return [verdict.to_json() for verdict in found]


def _not_judged(level: str, revision: str, class_name: str, text: Text) -> dict[str, Any]:
    """The ``judge-error`` of a class that was not judged, as JSON."""
    return Verdict(
        file="",
        level=level,
        level_revision=revision,
        class_name=class_name,
        verdict="judge-error",
        message=text,
        handgrad=handgrad.__version__,
    ).to_json()


GIVEN_UP = Text(
    zh="评测这份答案时，服务器中断了 {count} 次，因此不再重试。这不算你的错误：请稍作改动后重新提交，并告诉管理员。",
    en="The server stopped {count} times while judging this answer, so it is not tried again. This does "
    "not count against you: change the answer, submit it again, and tell whoever runs the server.",
)
