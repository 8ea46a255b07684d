"""Who is free, who is promised an answer, who is told to look; nothing is lost or heard twice."""

import random
import threading
import time

import pytest

from handgrad.dispatch.handoff import Handoff
from handgrad.store.answers import Lease, StoredAnswer


def lease(number):
    return Lease(StoredAnswer(number, 1, "fully-connected", b"x", 0, "judging"), "token", 1)


class Workers:
    """Free workers, and what each heard."""

    def __init__(self, handoff, count, seconds=30.0):
        self.handoff, self.seconds, self.heard = handoff, seconds, []
        self.threads = [threading.Thread(target=self._wait) for _ in range(count)]
        for thread in self.threads:
            thread.start()
        until = time.monotonic() + 30
        while handoff._free < count:
            assert time.monotonic() < until
            time.sleep(0.001)

    def _wait(self):
        self.heard.append(self.handoff.wait(self.seconds))

    def join(self):
        for thread in self.threads:
            thread.join(30)
            assert not thread.is_alive()
        return self.heard


def test_nobody_is_promised_anything_by_workers_that_are_busy():
    handoff = Handoff()
    assert not handoff.reserve()
    assert handoff.wait(0) is None
    assert not handoff.reserve()


def test_each_free_worker_is_promised_one_answer_and_gets_one():
    handoff = Handoff()
    workers = Workers(handoff, 2)
    assert [handoff.reserve() for _ in range(3)] == [True, True, False]
    given = [lease(1), lease(2)]
    for one in given:
        handoff.deliver(one)
    assert sorted(workers.join(), key=lambda one: one.answer.number) == given


def test_a_worker_that_was_promised_an_answer_hears_no_other_word_first():
    handoff = Handoff()
    workers = Workers(handoff, 1, seconds=0.01)  # nor does it stop waiting
    assert handoff.reserve()
    handoff.announce()
    time.sleep(0.05)
    assert workers.heard == []
    handoff.deliver(lease(1))
    assert workers.join() == [lease(1)]
    assert handoff.wait(0) == "poll"


def test_a_promise_that_comes_to_nothing_lets_the_worker_hear_the_rest():
    handoff = Handoff()
    workers = Workers(handoff, 1)
    assert handoff.reserve()
    handoff.announce()
    handoff.deliver(None)
    assert workers.join() == ["poll"]


def test_what_waits_goes_before_what_comes():
    handoff = Handoff()
    handoff.announce()
    handoff.announce()
    workers = Workers(handoff, 0)
    assert not handoff.reserve()
    assert [handoff.wait(0) for _ in range(3)] == ["poll", "poll", None]
    assert workers.join() == []


def test_a_closed_inbox_lets_everybody_go_and_promises_nothing():
    handoff = Handoff()
    workers = Workers(handoff, 3)
    handoff.close()
    assert workers.join() == [None] * 3
    assert not handoff.reserve()
    assert handoff.wait(30) is None


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_of_many_answers_each_reaches_one_worker(workers, rng):
    """However the threads meet: as many pieces of wakeup are heard as were given."""
    handoff, heard, given = Handoff(), [], []
    lock, is_over = threading.Lock(), threading.Event()
    chance = random.Random(int(rng.integers(2**31)))

    def work():
        while (wakeup := handoff.wait(0.01)) is not None or not is_over.is_set():
            if wakeup is not None:
                with lock:
                    heard.append(wakeup)

    def hand_in(seed):
        here = random.Random(seed)
        for number in range(200):
            if handoff.reserve():
                is_stored = here.random() < 0.9
                handoff.deliver(lease(number) if is_stored else None)
                wakeup = [lease(number)] if is_stored else []
            else:
                handoff.announce()
                wakeup = ["poll"]
            with lock:
                given.extend(wakeup)

    clients = [threading.Thread(target=hand_in, args=(chance.random(),)) for _ in range(3)]
    all_workers = [threading.Thread(target=work) for _ in range(workers)]
    for thread in [*all_workers, *clients]:
        thread.start()
    for thread in clients:
        thread.join(60)
    is_over.set()
    for thread in all_workers:
        thread.join(60)
    assert sorted(map(str, heard)) == sorted(map(str, given))
