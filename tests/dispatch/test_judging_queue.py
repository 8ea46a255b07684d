"""Workers on stored answers: each judged once, whatever fails meanwhile."""

import dataclasses
import threading
import time

import pytest
import sqlalchemy as sa

from handgrad.dispatch import judging_queue as module
from handgrad.dispatch.judging_queue import MOST_ATTEMPTS, JudgingQueue
from handgrad.judging import Judge
from handgrad.sandbox import Pool
from handgrad.store.answers import Answers
from handgrad.store.database import Database
from handgrad.store.learner_progress import ProgressStore
from handgrad.store.learners import Learners
from handgrad.store.migration import bring_up_to_date
from handgrad.store.server_lock import lock_database


class Bench:
    """A store, its lock, and queues on it."""

    def __init__(self, address, course):
        self.database = Database(address)
        bring_up_to_date(self.database)
        self.answers = Answers(self.database)
        self.progress_store = ProgressStore(self.database)
        self.server_lock = lock_database(self.database)
        self.learner = Learners(self.database).alone()
        self.course = course
        self.pool = Pool(ahead=3)
        self.judged = []
        self.queues = []

    def queue(self, **options):
        made = JudgingQueue(
            self.answers,
            self.progress_store,
            self.course,
            self.server_lock,
            lambda number, _documents: self.judged.append(number),
            options.pop("make_judge", lambda: Judge(pool=self.pool, course=self.course)),
            **options,
        )
        self.queues.append(made)
        return made

    def add(self, source, level="fully-connected"):
        return self.answers.add(self.learner.number, level, source).number

    def get(self, number):
        return self.answers.get(number, self.learner.number)

    def wait(self, number, seconds=30):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = self.get(number)
            if found.state == "judged":
                return found
            time.sleep(0.01)
        raise AssertionError(found)

    def close(self):
        for one in self.queues:
            one.close()
        self.pool.close()
        self.server_lock.close()
        self.database.close()


@pytest.fixture
def bench(store_address, course):
    made = Bench(store_address, course)
    yield made
    made.close()


def test_what_waited_before_the_start_and_what_comes_after_is_judged_once(bench, course):
    source = course.level("fully-connected").solution.encode()
    before = [bench.add(source) for _ in range(3)]
    queue = bench.queue()
    queue.start()
    assert queue.wait_until_warm(60)
    after = []
    for _ in range(5):
        after.append(bench.add(source))
        queue.notify()
    for number in before + after:
        [document] = bench.wait(number).documents
        assert '"pass"' in document
    queue.close()
    assert sorted(bench.judged) == before + after


def test_the_lease_of_a_dead_server_is_taken_up_at_the_start(bench):
    number = bench.add(b"x = 1")
    assert bench.answers.lease(holder=12345).answer.number == number
    bench.queue().start()
    assert '"missing-class"' in bench.wait(number).documents[0]


def test_an_endless_answer_does_not_stop_the_others(bench, course):
    spinning = bench.add(b"class FullyConnected:\n    while True: pass\n")
    other = Learners(bench.database)
    assert other.alone() == bench.learner
    queue = bench.queue(workers=2)
    queue.start()
    queue.wait_until_warm(60)
    right = bench.add(course.level("fully-connected").solution.encode())
    queue.notify()
    bench.wait(right)
    assert bench.get(spinning).state == "judging" or bench.judged[0] == spinning
    assert '"time-limit"' in bench.wait(spinning).documents[0]


def test_a_level_that_is_gone_is_our_fault(bench):
    number = bench.add(b"x", level="of-yesterday")
    bench.queue().start()
    [document] = bench.wait(number).documents
    assert '"judge-error"' in document
    assert "of-yesterday" in document


def test_an_answer_that_ends_every_server_is_given_up(bench):
    number = bench.add(b"x")
    for holder in range(1, MOST_ATTEMPTS + 1):
        bench.answers.lease(holder)
        bench.answers.give_back(holder)
    bench.queue().start()
    [document] = bench.wait(number).documents
    assert '"judge-error"' in document
    assert str(MOST_ATTEMPTS) in document


def test_a_worker_outlives_whatever_fails(bench, monkeypatch, caplog):
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.01)
    failing = [sa.exc.OperationalError("SELECT", {}, Exception("away")), ValueError("a bug"), None]
    lease = bench.answers.lease

    def lease_or_fail(holder):
        error = failing.pop(0) if failing else None
        if error is not None:
            raise error
        return lease(holder)

    monkeypatch.setattr(bench.answers, "lease", lease_or_fail)
    number = bench.add(b"x = 1")
    bench.queue(workers=1).start()
    bench.wait(number)
    assert "away" in caplog.text
    assert "a bug" in caplog.text


def test_closing_waits_for_the_answer_at_work_and_takes_no_other(bench):
    judging, go = threading.Event(), threading.Event()

    class Slow(Judge):
        def judge(self, level, answer, class_names=None, load_own_layers=None):
            if answer.source == b"x = 1":
                judging.set()
                go.wait(10)
            return super().judge(level, answer, class_names)

    queue = bench.queue(workers=1, make_judge=lambda: Slow(pool=bench.pool, course=bench.course))
    queue.start()
    first, second = bench.add(b"x = 1"), bench.add(b"x = 2")
    assert judging.wait(60)
    closing = threading.Thread(target=queue.close)
    closing.start()
    go.set()
    closing.join(30)
    assert bench.get(first).state == "judged"
    assert bench.get(second).state == "waiting"


def test_an_answer_that_comes_while_a_worker_is_free_is_stored_as_that_workers(bench, monkeypatch):
    taken, told = [], []
    queue = bench.queue(workers=1)
    queue.start()
    assert queue.wait_until_warm(60)
    until = time.monotonic() + 30
    while not queue._handoff.reserve():  # the worker is warm, and has not yet looked into the store
        assert time.monotonic() < until
        time.sleep(0.001)
    queue._handoff.deliver(None)
    add_leased = bench.answers.add_leased
    monkeypatch.setattr(
        bench.answers, "add_leased", lambda *given: taken.append(given) or add_leased(*given)
    )

    def stored(number):
        told.append(number)
        time.sleep(0.1)  # whoever is told has the time that they need
        assert bench.get(number).state == "judging"
        assert bench.judged == []

    answer = queue.hand_in(bench.learner.number, "fully-connected", b"x = 1", stored)
    assert told == [answer.number]
    assert '"missing-class"' in bench.wait(answer.number).documents[0]
    assert [given[3] for given in taken] == [bench.server_lock.holder]
    queue.close()
    assert bench.judged == [answer.number]


def test_an_answer_that_cannot_be_stored_keeps_no_worker_from_the_next(bench, monkeypatch):
    queue = bench.queue(workers=1)
    queue.start()
    assert queue.wait_until_warm(60)

    deadline = time.monotonic() + 10
    while not queue._handoff._free and time.monotonic() < deadline:  # what is stored is then taken
        time.sleep(0.005)

    def fail(*_, **__):
        raise sa.exc.OperationalError("INSERT", {}, Exception("disk full"))

    hand_in = (bench.learner.number, "fully-connected", b"x = 1")
    with monkeypatch.context() as patched:
        patched.setattr(Answers, "_added", fail)
        for _ in range(3):
            with pytest.raises(sa.exc.OperationalError):
                queue.hand_in(*hand_in)
    for _ in range(3):
        bench.wait(queue.hand_in(*hand_in).number)


def test_answers_from_all_sides_are_each_judged_once(bench):
    queue = bench.queue(workers=2)
    queue.start()
    stored, lock = [], threading.Lock()

    def hand_in():
        for _ in range(10):
            answer = queue.hand_in(bench.learner.number, "fully-connected", b"x = 1")
            with lock:
                stored.append(answer.number)

    clients = [threading.Thread(target=hand_in) for _ in range(4)]
    for client in clients:
        client.start()
    for client in clients:
        client.join(60)
    for number in stored:
        bench.wait(number)
    queue.close()
    assert sorted(bench.judged) == sorted(stored)
    assert len(set(stored)) == 40


def test_a_fault_of_ours_is_tried_once_more_before_it_is_announced(bench, course):
    faults = []

    class Failing(Judge):
        def judge(self, level, answer, class_names=None, load_own_layers=None):
            verdicts = super().judge(level, answer, class_names, load_own_layers)
            if self.is_to_fail and not faults:
                faults.append(1)
                return [dataclasses.replace(one, verdict="judge-error") for one in verdicts]
            return verdicts

        is_to_fail = False

    def make_judge():
        judge = Failing(pool=bench.pool, course=bench.course)
        made.append(judge)
        return judge

    made = []
    queue = bench.queue(workers=1, make_judge=make_judge)
    queue.start()
    assert queue.wait_until_warm(60)
    made[0].is_to_fail = True
    number = bench.add(course.level("fully-connected").solution.encode())
    queue.notify()
    assert '"pass"' in bench.wait(number).documents[0]
    assert faults == [1]
