"""Children kept ready, on every platform: forked by a zygote, or each started for itself."""

from __future__ import annotations

import pytest
from support.answers import SOLUTION, answer
from support.processes import psutil_or_skip

from handgrad.errors import SandboxError
from handgrad.judging import Judge
from handgrad.languages import Text
from handgrad.sandbox import Pool, pool, zygote


@pytest.fixture(params=["forked", "spawned"])
def way(request, monkeypatch):
    if request.param == "spawned":
        monkeypatch.setattr(pool, "IS_POSSIBLE", False)
    elif not zygote.IS_POSSIBLE:
        pytest.skip("this system cannot fork")
    return request.param


def processes_started(before):
    psutil = psutil_or_skip()
    return {p for p in psutil.Process().children(recursive=True) if p not in before}


def test_children_are_kept_ready_and_ended(way):
    psutil = psutil_or_skip()
    before = set(psutil.Process().children(recursive=True))
    with Pool(ahead=2, expected=3) as kept:
        ready = [child.process_id for child in kept._ready]
        assert len(ready) == 2
        assert all(psutil.pid_exists(number) for number in ready)
        for _ in range(2):
            kept.take().end()
            kept.refill()
        assert len(kept._ready) == 1
    assert all(p.status() == psutil.STATUS_ZOMBIE for p in processes_started(before))


def test_nothing_is_started_when_nothing_is_expected(way):
    before = set(psutil_or_skip().Process().children(recursive=True))
    with Pool(expected=0):
        assert processes_started(before) == set()


def test_what_cannot_be_started_is_told_to_whoever_takes_one(monkeypatch):
    def broken(self):
        raise SandboxError(Text(zh="坏了", en="broken"))

    monkeypatch.setattr(Pool, "_start", broken)
    with Pool(ahead=2) as kept:
        with pytest.raises(SandboxError, match="broken"):
            kept.take()
        monkeypatch.undo()
        kept.take().end()


def test_both_ways_give_the_same_verdicts(way, course):
    level = course.level("fully-connected")
    with Judge(seed=4, pool=Pool(ahead=1)) as judge:
        wrong = judge.judge(level, answer(SOLUTION.replace("axis=0", "axis=1")))[0]
        right = judge.judge(level, answer(SOLUTION))[0]
        assert way == "forked" or judge.isolation == 1
    assert (right.verdict, wrong.verdict) == ("pass", "wrong")
    assert [m.mistake for m in wrong.mistakes] == ["db-wrong-axis"]
