"""Judges stored answers, one after the other, on a few threads.

What waits lies in the store alone: here is only who works on it. Whoever hands in an answer wakes a
worker; a worker that dies with the process leaves its lease behind, which the next start gives back.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from handgrad.course import Course
from handgrad.judging.answer import Answer
from handgrad.judging.judge import Judge
from handgrad.store.answers import Answers, Lease

IDLE_SECONDS = 1.0


class JudgingQueue:
    """Workers, each with a judge of its own, on the answers that wait in the store."""

    def __init__(
        self,
        answers: Answers,
        course: Course,
        on_judged: Callable[[int], None],
        workers: int = 2,
        holder: int = 0,
    ) -> None:
        self._answers = answers
        self._course = course
        self._on_judged = on_judged
        self._holder = holder
        self._work = threading.Semaphore(0)
        self._is_closing = threading.Event()
        self._isolation: int | None = None
        self._is_warm = [threading.Event() for _ in range(workers)]
        self._threads = [
            threading.Thread(target=self._run, args=(number,), name=f"judge-{number}")
            for number in range(workers)
        ]

    def start(self) -> None:
        """Start the workers; they warm up and then judge whatever waits."""
        self._answers.give_back(self._holder)
        for thread in self._threads:
            thread.start()

    def wait_until_warm(self) -> int:
        """Wait until every worker is ready; the isolation level that they found."""
        for warm in self._is_warm:
            warm.wait()
        return self._isolation or 0

    def notify(self) -> None:
        """An answer was stored: somebody look."""
        self._work.release()

    def close(self) -> None:
        """Finish what is being judged, and end the workers."""
        self._is_closing.set()
        for _ in self._threads:
            self._work.release()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()

    def _run(self, number: int) -> None:
        with Judge(course=self._course) as judge:
            self._isolation = judge.isolation
            for level in self._course.levels:
                judge.judge(level, Answer("solution.py", level.solution.encode()))
            self._is_warm[number].set()
            while not self._is_closing.is_set():
                lease = self._answers.lease(self._holder)
                if lease is None:
                    self._work.acquire(timeout=IDLE_SECONDS)
                else:
                    self._judge(judge, lease)

    def _judge(self, judge: Judge, lease: Lease) -> None:
        level = self._course.level(lease.answer.level)
        found = judge.judge(level, Answer(level.answer_file, lease.answer.source))
        if self._answers.decide(lease, [verdict.to_json() for verdict in found]):
            self._on_judged(lease.answer.number)
