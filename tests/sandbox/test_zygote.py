"""The zygote and its children from outside: what holds, what is recovered from, what is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.answers import SOLUTION, answer
from support.children import run_once
from support.processes import psutil_or_skip

from handgrad.errors import SandboxError
from handgrad.judging import Judge
from handgrad.sandbox import Ended, Ending, Limits, Pool
from handgrad.sandbox.forked_child import ForkedChild
from handgrad.sandbox.zygote import IS_POSSIBLE, Zygote
from handgrad.sandbox.zygote_rotation import ZygoteRotation

pytestmark = pytest.mark.skipif(not IS_POSSIBLE, reason="this system cannot fork")

SPIN = b"while True:\n    try:\n        while True: pass\n    except BaseException: pass\n"


@pytest.fixture(scope="module")
def shared():
    with Zygote() as zygote:
        yield zygote


@pytest.fixture(scope="module")
def job(course):
    """Makes the job of an answer to the first level."""
    with Judge(seed=5, expected_answers=0) as judge:
        preparation = judge.prepare(course.level("fully-connected"))
    return lambda source: preparation.job("answer.py", source)


def wait_until_gone(process_id, seconds=60.0):
    """Wait until a process is gone, or a zombie; it has plenty of time, whatever else the machine does."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            stat = Path(f"/proc/{process_id}/stat").read_text(encoding="ascii")
        except OSError:
            return
        if stat.rpartition(")")[2].split()[0] in "ZX":
            return
        time.sleep(0.001)
    raise AssertionError(f"process {process_id} is still there after {seconds} s")


def test_every_layer_that_this_machine_has_holds(shared):
    isolation = shared.isolation
    failures = {layer.name: layer.failure for layer in isolation.layers if not layer.holds}
    print(failures)
    assert isolation.level == (
        1 if failures.keys() & {"landlock", "seccomp"} else 3 - bool(failures)
    )


def test_without_namespaces_it_is_level_2(shared):
    if shared.isolation.level < 2:
        pytest.skip("this machine has not even level 2")
    with Zygote(namespaces=False) as zygote:
        assert zygote.isolation.level == 2
        missing = {layer.name for layer in zygote.isolation.layers if not layer.holds}
        assert missing == {"empty-root", "network", "processes", "ipc"}


@pytest.mark.parametrize("layer", ["landlock", "seccomp", "resource-limits", "privileges"])
def test_a_layer_that_is_missing_is_never_passed_over(layer):
    with Zygote(without={layer}) as zygote:
        assert zygote.isolation.level == 1
        assert layer in [w.name for w in zygote.isolation.layers if not w.holds]


def test_every_answer_gets_a_process_of_its_own(shared, job):
    source = (
        SOLUTION
        + "\nimport sys\nsys.modules['math'].seen = getattr(sys.modules['math'], 'seen', 0) + 1\nprint(sys.modules['math'].seen)\n"
    )
    for _ in range(3):
        frames = list(run_once(shared.start(), job(source.encode()), Limits()))
        printed = [header["text"] for header, _ in frames[:-1] if header["frame"] == "printed"]
        assert printed[0] == "1"
        assert frames[-1] == Ended(Ending.FINISHED)


def test_a_child_that_ignores_everything_is_gone_at_its_deadline(shared, job):
    # bench/verdict.py measures how many milliseconds after its deadline.
    child = shared.start()
    process_id = child.process_id
    *_, ended = run_once(child, job(SPIN), Limits(wall_seconds=0.15))
    wait_until_gone(process_id)
    assert ended == Ended(Ending.TIME_LIMIT, "wall")


SPIN_AND_SAY = b"""
import time
said = 0
while True:
    if time.process_time() - said > 0.02:
        said = time.process_time()
        print(said)
"""


def test_processor_time_is_measured_finer_than_in_seconds(shared, job):
    limits = Limits(processor_seconds=0.1, wall_seconds=60.0)
    *frames, ended = run_once(shared.start(), job(SPIN_AND_SAY), limits)
    printed = "".join(header["text"] for header, _ in frames if header["frame"] == "printed")
    said = [float(seconds) for seconds in printed.split()]
    assert ended == Ended(Ending.TIME_LIMIT, "processor")
    assert 0 < said[-1] - said[0] < 1.0  # the operating system's own limit counts whole seconds


@pytest.mark.parametrize(
    ("source", "status"),
    [
        (b"import sys\nsys.modules['os']._exit(7)\n", "7"),
        (b"import sys\nsys.modules['ctypes'].string_at(1)\n", str(-signal.SIGSEGV)),
    ],
)
def test_how_a_child_ended_is_known(job, source, status):
    with Zygote(without={"audit-hooks"}) as zygote:
        *_, ended = run_once(zygote.start(), job(source), Limits())
    assert ended == Ended(Ending.EXITED, status)


def test_a_channel_closed_by_the_answer_is_an_end(shared, job):
    closing = b"import sys\nsys.modules['os'].close(0)\nwhile True: pass\n"
    *_, ended = run_once(shared.start(), job(closing), Limits(wall_seconds=1.0))
    assert ended.ending in (Ending.EXITED, Ending.TIME_LIMIT, Ending.FINISHED)


class TestRecovery:
    def test_a_zygote_killed_during_a_run_costs_one_repetition(self, course):
        level = course.level("fully-connected")
        with Judge(seed=1, pool=Pool(ahead=1)) as judge:
            assert judge.judge(level, answer(SOLUTION))[0].verdict == "pass"
            taken = []

            def take(take=judge._runner._pool.take):
                child = take()
                taken.append(child)
                if len(taken) == 1:
                    os.kill(judge._runner._pool._zygotes._current.process_id, signal.SIGKILL)
                    wait_until_gone(child.process_id)
                return child

            judge._runner._pool.take = take
            assert judge.judge(level, answer(SOLUTION))[0].verdict == "pass"
            assert len(taken) == 2

    def test_a_zygote_killed_in_the_middle_of_an_answer(self, job):
        with Zygote() as zygote:
            child = zygote.start()
            process_id = child.process_id
            arrived = run_once(child, job(b"print('here')\n" + SPIN), Limits())
            assert next(arrived)[0]["text"] == "here"
            os.kill(zygote.process_id, signal.SIGKILL)
            with pytest.raises(SandboxError):
                list(arrived)
            wait_until_gone(process_id)

    def test_zygotes_that_always_die_are_judge_error(self, course, monkeypatch):
        def killed(self, job, limits):
            os.kill(self._zygote.process_id, signal.SIGKILL)
            self._zygote._process.wait()
            return original(self, job, limits)

        original = ForkedChild.ask
        monkeypatch.setattr(ForkedChild, "ask", killed)
        with Judge(seed=1, expected_answers=2) as judge:
            verdict = judge.judge(course.level("fully-connected"), answer(SOLUTION))[0]
        assert verdict.verdict == "judge-error"

    def test_an_old_zygote_is_replaced_before_it_grows_stale(self, job):
        zygotes = ZygoteRotation(runs=3)
        numbers, children = [], []
        try:
            for _ in range(40):
                child = zygotes.start()
                *_, ended = run_once(child, job(SOLUTION.encode()), Limits())
                assert ended == Ended(Ending.FINISHED)
                numbers.append(zygotes._current.process_id)
                children.append(child)
                time.sleep(0.02)
            assert len(set(numbers)) >= 2
            for number in set(numbers) - {numbers[-1]}:
                wait_until_gone(number)
        finally:
            zygotes.close()


JUDGE = f"""
import sys
from handgrad.course import load_course
from handgrad.judging import Answer, Judge
judge = Judge(seed=1, expected_answers=2)
job = judge.prepare(load_course().level("fully-connected")).job("a.py", {b"print(1)" + bytes([10]) + SPIN!r})
child = judge._runner._pool.take()
for arrived in child.ask(job, judge.limits):
    zygote = judge._runner._pool._zygotes._current
    print(child.process_id, judge._runner._pool._ready[0].process_id, zygote.process_id, flush=True)
"""


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_of_a_judge_that_is_killed(end):
    psutil = psutil_or_skip()
    judge = subprocess.Popen(
        [sys.executable, "-c", JUDGE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    running, waiting, started = (int(n) for n in judge.stdout.readline().split())
    tree = {p.pid for p in psutil.Process(judge.pid).children(recursive=True)}
    assert {running, waiting, started} <= tree
    judge.send_signal(end)
    judge.wait(10)
    judge.stdout.close()
    for process_id in tree:
        wait_until_gone(process_id)


def test_no_descriptor_is_left_and_no_child(shared, job):
    def descriptors():
        return len(list(Path("/proc/self/fd").iterdir()))

    def left():
        return len(psutil_or_skip().Process(shared.process_id).children(recursive=True))

    list(run_once(shared.start(), job(SOLUTION.encode()), Limits()))
    shared.start().end()
    before = descriptors(), left()
    for _ in range(20):
        list(run_once(shared.start(), job(SOLUTION.encode()), Limits()))
        shared.start().end()
    assert descriptors() == before[0]
    deadline = time.monotonic() + 5  # the last ones are reaped while we look
    while left() > before[1] and time.monotonic() < deadline:
        time.sleep(0.01)
    assert left() <= before[1]
