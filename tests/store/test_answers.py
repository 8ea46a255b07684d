"""An answer is stored before it is judged, taken by one at a time, and decided exactly once."""

import json
import threading

import pytest
import sqlalchemy as sa

from handgrad.store import answers as module
from handgrad.store.answers import PASS
from handgrad.store.tables import verdicts


def stored_verdict(class_name="FullyConnected", verdict="pass", **more):
    return {
        "class": class_name, "verdict": verdict, "kind": None, "mistakes": [], "printed": "",
    } | more  # fmt: skip


def test_an_answer_goes_from_waiting_to_judged_with_all_that_was_handed_in(answers, ada):
    source = bytes(range(256)) + "全连接".encode()
    stored = answers.add(ada.number, "fully-connected", source)
    assert answers.get(stored.number, ada.number) == stored
    assert stored.state == "waiting"
    lease = answers.lease(holder=7)
    assert lease.answer.source == source
    assert lease.attempts == 1
    assert answers.get(stored.number, ada.number).state == "judging"
    assert answers.lease(holder=8) is None
    odd = stored_verdict(
        printed="a\0b\ud800 全", mistakes=[{"mistake": "db-mean"}, {"mistake": "db-mean"}]
    )
    assert answers.decide(lease, [odd, stored_verdict("Other", "wrong", kind=None)])
    judged = answers.get(stored.number, ada.number)
    assert judged.state == "judged"
    assert json.loads(judged.documents[0]) == odd
    [entry], following = answers.history(ada.number, "fully-connected")
    assert following is None
    assert entry.verdicts == [
        {"class": "FullyConnected", "verdict": "pass", "kind": None, "mistakes": ["db-mean"]},
        {"class": "Other", "verdict": "wrong", "kind": None, "mistakes": []},
    ]


def test_an_answer_stored_as_taken_is_a_lease_like_any_other(answers, ada):
    lease = answers.add_leased(ada.number, "fully-connected", b"x", holder=7)
    number = lease.answer.number
    assert answers.get(number, ada.number) == lease.answer
    assert (lease.answer.state, lease.attempts) == ("judging", 1)
    assert answers.lease(8) is None
    assert answers.waiting(ada.number) == 1
    assert answers.holders() == [7]
    assert answers.give_back(7) == 1
    again = answers.lease(8)
    assert (again.answer.number, again.attempts) == (number, 2)
    assert not answers.decide(lease, [stored_verdict()])
    assert answers.decide(again, [stored_verdict(verdict="wrong")])


def test_an_answer_stored_as_taken_is_taken_over_when_its_lease_ran_out(answers, ada, monkeypatch):
    hanging = answers.add_leased(ada.number, "fully-connected", b"x", holder=7)
    monkeypatch.setattr(module, "now", lambda: hanging.answer.submitted_at + module.LEASE + 60_000)
    late = answers.lease(2)
    assert late.answer.number == hanging.answer.number
    assert not answers.decide(hanging, [stored_verdict()])
    assert answers.decide(late, [stored_verdict()])


def test_a_second_decision_changes_nothing(answers, database, ada):
    answers.add(ada.number, "fully-connected", b"x")
    lease = answers.lease(1)
    assert answers.decide(lease, [stored_verdict(verdict="wrong")])
    assert not answers.decide(lease, [stored_verdict(verdict="pass"), stored_verdict("B")])
    with database.reading() as connection:
        assert connection.scalars(sa.select(verdicts.c.verdict)).all() == ["wrong"]


def test_of_many_judges_of_one_answer_one_decides(answers, database, ada):
    answers.add(ada.number, "fully-connected", b"x")
    lease = answers.lease(1)
    barrier, decided = threading.Barrier(8), []

    def decide(number):
        barrier.wait()
        decided.append(
            answers.decide(lease, [stored_verdict(verdict="wrong", printed=str(number))])
            is not None
        )

    threads = [threading.Thread(target=decide, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(decided) == [False] * 7 + [True]
    with database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(verdicts)) == 1


def test_many_judges_take_each_answer_once(answers, database, ada):
    wanted = {answers.add(ada.number, "fully-connected", b"x").number for _ in range(40)}
    taken, lock = [], threading.Lock()

    def work(holder):
        while (lease := answers.lease(holder)) is not None:
            with lock:
                taken.append(lease.answer.number)
            assert answers.decide(lease, [stored_verdict()])

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(wanted)


def test_answers_are_taken_in_the_order_in_which_they_came(answers, ada, bo):
    numbers = [answers.add(who.number, "activations", b"x").number for who in (ada, bo)]
    assert [answers.lease(1).answer.number for _ in numbers] == numbers


def test_learners_take_turns(answers, ada, bo):
    hers = [answers.add(ada.number, "activations", b"x").number for _ in range(3)]
    his = answers.add(bo.number, "activations", b"x").number
    assert [answers.lease(1).answer.number for _ in range(4)] == [hers[0], his, hers[1], hers[2]]


def test_what_servers_died_of_goes_behind_the_others(answers, ada):
    first, second = (answers.add(ada.number, "activations", b"x").number for _ in range(2))
    for holder in range(module.OFTEN + 1):
        assert answers.lease(holder).answer.number == first
        answers.give_back(holder)
    assert [answers.lease(99).answer.number for _ in range(2)] == [second, first]


def test_what_a_dead_server_held_waits_again_and_its_lease_is_void(answers, ada):
    stored = answers.add(ada.number, "fully-connected", b"x")
    of_the_dead = answers.lease(holder=1)
    assert answers.holders() == [1]
    assert answers.give_back(2) == 0
    assert answers.give_back(1) == 1
    again = answers.lease(holder=2)
    assert again.answer.number == stored.number
    assert again.attempts == 2
    assert not answers.decide(of_the_dead, [stored_verdict()])
    assert answers.decide(again, [stored_verdict(verdict="wrong")])


def test_a_lease_that_ran_out_is_taken_over(answers, ada, monkeypatch):
    answers.add(ada.number, "fully-connected", b"x")
    hanging = answers.lease(1)
    assert answers.lease(2) is None
    monkeypatch.setattr(module, "now", lambda: hanging.answer.submitted_at + module.LEASE + 60_000)
    late = answers.lease(2)
    assert late.answer.number == hanging.answer.number
    assert not answers.decide(hanging, [stored_verdict()])
    assert answers.decide(late, [stored_verdict()])


def test_nobody_reads_the_answer_of_another(answers, ada, bo):
    stored = answers.add(ada.number, "fully-connected", b"x")
    assert answers.get(stored.number, bo.number) is None
    assert answers.history(bo.number, "fully-connected") == ([], None)
    assert answers.get(stored.number + 1, ada.number) is None
    assert answers.get(2**62, ada.number) is None


def test_the_history_goes_back_page_by_page(answers, ada):
    numbers = [answers.add(ada.number, "activations", b"x").number for _ in range(7)]
    answers.add(ada.number, "fully-connected", b"y")
    seen, before = [], None
    while True:
        page, before = answers.history(ada.number, "activations", before, count=3)
        assert len(page) <= 3
        seen += [entry.number for entry in page]
        if before is None:
            break
    assert seen == numbers[::-1]


def test_the_latest_pass_counts(answers, progress_store, ada):
    for source, verdict in ((b"first", "pass"), (b"second", "pass"), (b"third", "wrong")):
        answers.add(ada.number, "fully-connected", source)
        answers.decide(answers.lease(1), [stored_verdict(verdict=verdict)])
    [passed] = progress_store.passed_classes(ada.number)
    assert (passed.class_name, passed.source) == ("FullyConnected", b"second")


def test_an_older_answer_judged_late_does_not_replace_a_newer_pass(answers, progress_store, ada):
    for source in (b"older", b"newer"):
        answers.add(ada.number, "fully-connected", source)
    older, newer = answers.lease(1), answers.lease(1)
    answers.decide(newer, [stored_verdict()])
    answers.decide(older, [stored_verdict()])
    assert [one.source for one in progress_store.passed_classes(ada.number)] == [b"newer"]


def test_waiting_counts_what_is_not_judged(answers, ada, bo):
    for _ in range(3):
        answers.add(ada.number, "activations", b"x")
    answers.decide(answers.lease(1), [stored_verdict()])
    answers.lease(1)
    assert answers.waiting(ada.number) == 2
    assert answers.waiting(bo.number) == 0


@pytest.mark.parametrize("count", [0, 3])
def test_all_verdicts_of_an_answer_are_stored_or_none(answers, database, ada, monkeypatch, count):
    stored = answers.add(ada.number, "activations", b"x")
    lease = answers.lease(1)

    failing = sa.text("INSERT INTO no_such_table VALUES (1)")
    with monkeypatch.context() as patched:
        patched.setattr("handgrad.store.answers.PASS", dict.fromkeys(PASS, failing))
        with pytest.raises(sa.exc.DatabaseError):
            answers.decide(
                lease, [*[stored_verdict(f"C{n}", "wrong") for n in range(count)], stored_verdict()]
            )
    with database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(verdicts)) == 0
    assert answers.get(stored.number, ada.number).state == "judging"
    assert answers.decide(lease, [stored_verdict()])
