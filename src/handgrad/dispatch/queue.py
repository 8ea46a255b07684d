"""Judges stored answers, one after the other, on a few threads.

What waits lies in the store alone: here is only who works on it. An answer that comes while a worker
is free is stored as that worker's; else it waits, and a worker is told. A worker that dies with its
process leaves a lease behind, which whoever comes next gives back.
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
from handgrad.dispatch.inbox import Inbox, News
from handgrad.dispatch.passed_sources import passed_sources
from handgrad.errors import UsageError
from handgrad.judging.answer import Answer, OwnLayers
from handgrad.judging.judge import Judge
from handgrad.languages import Text
from handgrad.store.answers import Answers, Lease, StoredAnswer
from handgrad.store.claim import Claim
from handgrad.store.progress import Workbook

log = logging.getLogger(__name__)

REPLY_SECONDS = 0.003
"""How long the reply to whoever waits for a verdict has the processors to itself: forking would take a
millisecond of them for each child."""
IDLE_SECONDS = 1.0
"""How often a worker looks for answers that nobody told it of."""
SWEEP_SECONDS = 10.0
"""How often it is asked whether a server died that held leases."""
TROUBLE_SECONDS = 1.0
"""How long a worker waits when the store cannot be reached or written to."""
MOST_ATTEMPTS = 25
"""An answer during which the whole process ended so often is not tried again: it is to blame, or what
it met. A server may be ended often for other reasons, so it takes many."""
CLOSE_SECONDS = 8.0

MakeJudge = Callable[[], Judge]
OnJudged = Callable[[int, Sequence[str]], object]
"""Called with an answer's number and its verdicts as JSON texts."""


class JudgingQueue:
    """Workers, each with a judge of its own, on the answers that wait in the store.

    Attributes:
        workers: how many there are.
    """

    def __init__(
        self,
        answers: Answers,
        workbook: Workbook,
        course: Course,
        claim: Claim,
        on_judged: OnJudged,
        make_judge: MakeJudge,
        workers: int | None = None,
    ) -> None:
        """Prepare the workers; `start` starts them.

        Args:
            answers: where they wait.
            workbook: what each learner has passed.
            course: the levels.
            claim: on the database.
            on_judged: called when an answer was judged, on a worker's thread.
            make_judge: a judge for one worker; they may share a pool, which the caller closes.
            workers: by default one a processor and at least two, so that an answer that runs into
                its time limit does not stop all others.
        """
        self._answers = answers
        self._workbook = workbook
        self._course = course
        self._claim = claim
        self._on_judged = on_judged
        self._make_judge = make_judge
        self.workers = workers or max(2, os.cpu_count() or 1)
        self._inbox = Inbox()
        self._is_closing = threading.Event()
        self._warm = [threading.Event() for _ in range(self.workers)]
        self._next_sweep = 0.0
        self._threads = [
            threading.Thread(target=self._run, args=(warm,), name=f"judge-{n}", daemon=True)
            for n, warm in enumerate(self._warm)
        ]

    def start(self) -> None:
        """Start the workers; they warm up and then judge whatever waits."""
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
        """Store an answer and have it judged; `on_stored` is told its number before that begins."""
        if not self._inbox.reserve():
            stored = self._answers.add(learner, level, source)
            on_stored(stored.number)
            self._inbox.tell()
            return stored
        lease = None
        try:
            lease = self._answers.add_leased(learner, level, source, self._claim.holder)
            on_stored(lease.answer.number)
        finally:
            self._inbox.hand(lease)
        return lease.answer

    def notify(self) -> None:
        """An answer was stored: somebody look."""
        self._inbox.tell()

    def sweep(self) -> None:
        """Give back what dead servers held."""
        for holder in self._answers.holders():
            if self._claim.is_dead(holder):
                count = self._answers.give_back(holder)
                log.info("%d answers of a server that died are judged again", count)

    def close(self) -> None:
        """Finish what is being judged, and end the workers. What takes too long is judged again at
        the next start.
        """
        self._is_closing.set()
        self._inbox.close()
        deadline = time.monotonic() + CLOSE_SECONDS
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, deadline - time.monotonic()))

    def _run(self, warm: threading.Event) -> None:
        judge = self._make_judge()
        for level in self._course.levels:
            judge.judge(level, Answer(level.answer_file, level.solution.encode()))
        warm.set()
        news: News | None = None
        while not self._is_closing.is_set():
            try:
                # Whoever was told of an answer takes one, and then lets the reply to it go out first;
                # what nobody told of (a start, another server's) is taken until there is none.
                if news is not None or not self._work_once(judge):
                    news = self._next(judge)
                if isinstance(news, Lease):
                    self._decide(judge, news)
                elif news is not None:
                    self._work_once(judge)
            except sa.exc.SQLAlchemyError as error:  # full disk, no database: it may pass
                log.warning("The store is in trouble: %s", error)
                self._is_closing.wait(TROUBLE_SECONDS)
            except Exception:  # of a worker that ended, nobody would know why nothing is judged
                log.exception("A worker failed; it goes on")
                self._is_closing.wait(TROUBLE_SECONDS)

    def _next(self, judge: Judge) -> News | None:
        """What is new, if anything. The next children are started here, where nobody waits for them."""
        news = self._inbox.wait(REPLY_SECONDS)
        judge.refill()
        return news or self._inbox.wait(IDLE_SECONDS)

    def _work_once(self, judge: Judge) -> bool:
        """Judge one answer that waits; whether there was one."""
        if time.monotonic() > self._next_sweep:
            self._next_sweep = time.monotonic() + SWEEP_SECONDS
            self.sweep()
        lease = self._answers.lease(self._claim.holder)
        if lease is None:
            return False
        self._decide(judge, lease)
        return True

    def _decide(self, judge: Judge, lease: Lease) -> None:
        found = self._judged(judge, lease)
        while not self._is_decided(lease, found) and not self._is_closing.is_set():
            self._is_closing.wait(TROUBLE_SECONDS)

    def _is_decided(self, lease: Lease, found: list[dict[str, Any]]) -> bool:
        """Store the verdicts; False when the store is in trouble and they have to wait."""
        try:
            documents = self._answers.decide(lease, found)
            if documents is not None:
                self._on_judged(lease.answer.number, documents)
        except sa.exc.SQLAlchemyError as error:
            log.warning("A verdict waits for the store: %s", error)
            return False
        return True

    def _judged(self, judge: Judge, lease: Lease) -> list[dict[str, Any]]:
        stored = lease.answer
        try:
            level = self._course.level(stored.level)
        except UsageError as error:
            return [_fault(stored.level, "", "", error.text)]
        if lease.attempts > MOST_ATTEMPTS:
            text = GIVEN_UP.format(count=MOST_ATTEMPTS)
            return [_fault(level.name, level.revision, c.name, text) for c in level.classes]
        answer = Answer(level.answer_file, stored.source)

        def own_layers() -> tuple[OwnLayers, ...]:
            return passed_sources(level, self._workbook.passed_classes(stored.learner))

        found = judge.judge(level, answer, load_own_layers=own_layers)
        if any(verdict.verdict == "judge-error" for verdict in found):  # our fault: it may pass
            found = judge.judge(level, answer, load_own_layers=own_layers)
        return [verdict.to_json() for verdict in found]


def _fault(level: str, revision: str, class_name: str, text: Text) -> dict[str, Any]:
    """The verdict of a class that was not judged."""
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
    zh="评测这份答案时服务器中断了 {count} 次，所以不再尝试。这不是你的错；请改动后重新提交，并告诉我们。",
    en="The server ended {count} times while judging this answer, so it is not tried again. This is not "
    "held against you: change something and hand it in again, and tell us.",
)
