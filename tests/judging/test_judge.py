from __future__ import annotations

import json
import os
import signal
import sys
import time

import numpy as np
import pytest
from support.answers import SOLUTION, answer, replaced, with_line
from support.processes import psutil_or_skip

from handgrad.judging import Judge
from handgrad.sandbox import Ended, Ending, Limits, Pool
from handgrad.sandbox.forked_child import ForkedChild
from handgrad.sandbox.spawned_child import SpawnedChild

FIELDS = [
    "file", "level", "level_revision", "class", "verdict", "kind", "line", "column", "mistakes",
    "computed", "counterexample", "first_difference", "warnings", "cases", "seed", "excludes",
    "printed", "milliseconds", "isolation", "handgrad", "message",
]  # fmt: skip


@pytest.fixture
def level(course):
    return course.level("fully-connected")


def one(judge, level, submitted):
    [verdict] = judge.judge(level, submitted)
    return verdict


def test_the_solution_passes_with_every_field_of_the_vocabulary(judge, level):
    told = one(judge, level, answer(SOLUTION)).to_json()
    assert [name for name in FIELDS if name not in told] == []
    assert told["verdict"] == "pass"
    assert told["mistakes"] == told["warnings"] == []
    assert told["cases"]["failed"] == 0
    assert told["cases"]["run"] >= 15
    assert told["seed"] == judge.seed
    assert set(told["message"]) == {"zh", "en"}
    json.dumps(told)


@pytest.mark.parametrize(
    ("error", "expected"), [(9e-6, "pass"), (1.1e-5, "wrong"), (float("nan"), "wrong")]
)
def test_the_tolerance_is_1e_5_absolute(judge, level, error, expected):
    source = replaced("np.sum(dout, axis=0)", f"np.sum(dout, axis=0) + float('{error}')")
    assert one(judge, level, source).verdict == expected


def test_the_same_seed_gives_the_same_verdict(level):
    wrong = replaced("np.sum(dout, axis=0)", "np.sum(dout, axis=0) * 1.5")
    told = []
    for _ in range(2):
        with Judge(seed=77, expected_answers=1) as judge:
            told.append(one(judge, level, wrong).to_json() | {"milliseconds": 0})
    assert told[0] == told[1]


def test_another_seed_gives_other_numbers(level):
    drawn = [Judge(seed=seed, expected_answers=0).prepare(level).classes[0] for seed in (1, 2)]
    a, b = (prepared.cases[0].inputs["x"] for prepared in drawn)
    assert a.shape != b.shape or not np.array_equal(a, b)


@pytest.mark.parametrize(
    ("line", "verdict", "kind"),
    [
        ("while True: pass", "time-limit", None),
        ("np.zeros((10**6, 10**6))", "memory-limit", None),
        ("print('x' * 70000)", "output-limit", None),
        ("open('/etc/passwd')", "forbidden", None),
        ("open('new.txt', 'w')", "forbidden", None),
        ("exit()", "error", "exited"),
        ("raise SystemExit", "error", "exited"),
        ("import sys; sys.modules['os']._exit(0)", "error", "exited"),
        ("raise KeyboardInterrupt", "error", "exception"),
        ("raise BaseException('no')", "error", "exception"),
        ("import torch", "error", "import-error"),
        ("from numpy import nothing_of_that_name", "error", "import-error"),
        ("self.backward(dout)", "error", "exception"),
        ("undefined", "error", "exception"),
        ("input()", "error", "exception"),
    ],
)
def test_what_ends_an_answer_gets_its_verdict(course, level, line, verdict, kind):
    limits = Limits(processor_seconds=1.0, wall_seconds=60.0)
    with Judge(seed=5, expected_answers=1, limits=limits) as judge:
        received = one(judge, level, with_line(line))
    assert (received.verdict, received.kind) == (verdict, kind), received.message.en
    assert received.message.zh
    assert received.message.zh != received.message.en


def test_an_answer_that_sleeps_passes_the_wall_limit(course, level):
    with Judge(seed=5, expected_answers=1, limits=Limits(wall_seconds=1.0)) as judge:
        received = one(judge, level, with_line("import time; time.sleep(600)"))
    assert received.verdict == "time-limit"


@pytest.mark.parametrize("line", ["kept = bytearray(10**9)", "kept = np.ones((80, 1024, 1024))"])
def test_memory_is_limited_by_what_is_used(level, line):
    # Without limits of the operating system's the parent sees it, once the memory is really there.
    limits = Limits(processor_seconds=60, wall_seconds=120)
    with Judge(seed=5, expected_answers=1, limits=limits) as judge:
        received = one(judge, level, with_line(f"{line}; import time; time.sleep(119)"))
    assert received.verdict == "memory-limit"


def test_at_the_top_of_the_file_too(judge, level):
    for line, verdict, kind in [
        ("open('x')", "forbidden", None),
        ("1 / 0", "error", "exception"),
        ("import pandas", "error", "import-error"),
        ("exit()", "error", "exited"),
    ]:
        received = one(judge, level, answer(f"{line}\n{SOLUTION}"))
        assert (received.verdict, received.kind) == (verdict, kind), received.message.en
        assert received.line == 1


def test_the_place_of_an_exception_is_the_learner_s(judge, level):
    received = one(judge, level, with_line("甲 = 1; undefined + 甲"))
    line = next(i for i, text in enumerate(SOLUTION.split("\n"), 1) if "Begin" in text) + 1
    assert (received.line, received.column) == (line, len("        甲 = 1; ") + 1)
    assert received.source_line == "        甲 = 1; undefined + 甲"


def test_a_handled_refusal_is_no_fault(judge, level):
    source = "try:\n    open('/etc/passwd')\nexcept OSError:\n    pass\n" + SOLUTION
    assert one(judge, level, answer(source)).verdict == "pass"
    source = "try:\n    import torch\nexcept ImportError:\n    torch = None\n" + SOLUTION
    assert one(judge, level, answer(source)).verdict == "pass"


def test_what_a_learner_may_import(judge, level):
    lines = """
from __future__ import annotations
import abc, collections, copy, dataclasses, enum, functools, itertools, math, operator, random, re
import time, typing
import numpy, numpy as np, numpy.linalg, numpy.random
from numpy import ma, fft, polynomial
from numpy.lib.stride_tricks import sliding_window_view
from dataclasses import dataclass
np.random.default_rng(0).normal()
@dataclass
class Kept:
    x: typing.Any = None
"""
    assert one(judge, level, answer(lines.strip() + "\n" + SOLUTION)).verdict == "pass"


def test_main_blocks_do_not_run(judge, level):
    source = SOLUTION + "\nif __name__ == '__main__':\n    raise RuntimeError\n"
    assert one(judge, level, answer(source)).verdict == "pass"


def test_what_it_printed_is_kept_even_when_it_never_ends(level):
    with Judge(seed=5, expected_answers=1, limits=Limits(processor_seconds=0.3)) as judge:
        received = one(judge, level, with_line("print('before 甲'); exec('while 1: pass')"))
    assert received.verdict == "time-limit"
    assert received.printed == "before 甲\n"


def test_a_class_that_ends_its_process_takes_no_other_with_it(course, judge):
    activations = course.level("activations")
    source = activations.solution.replace(
        "dx = dout * (1.0 - self.out) * self.out", "import sys; sys.modules['os']._exit(3)"
    )
    verdicts = judge.judge(activations, answer(source))
    assert [(v.verdict, v.kind) for v in verdicts] == [("error", "exited"), ("pass", None)]


def test_many_answers_in_order(judge, level):
    answers = [answer(SOLUTION, "a.py"), replaced("axis=0", "axis=1"), answer("", "c.py")]
    received = [(a.name, judge.judge(level, a)[0].verdict) for a in answers]
    assert received == [("a.py", "pass"), ("answer.py", "wrong"), ("c.py", "error")]


class TestFaultsAreOurs:
    def test_a_child_that_dies_before_its_job_is_replaced_once(self, level):
        with Judge(seed=1, pool=Pool(ahead=2)) as judge:
            os.kill(judge._runner._pool._ready[0].process_id, signal.SIGTERM)
            time.sleep(0.2)
            assert one(judge, level, answer(SOLUTION)).verdict == "pass"

    def test_no_child_at_all_is_judge_error(self, level, monkeypatch):
        for started_by in ("spawned_child", "zygote"):
            monkeypatch.setattr(
                f"handgrad.sandbox.{started_by}.child_command", lambda: [sys.executable, "-c", ""]
            )
        with Judge(seed=1, expected_answers=1) as judge:
            verdict = one(judge, level, answer(SOLUTION))
        assert verdict.verdict == "judge-error"
        assert verdict.exit_code == 3

    def test_a_fault_inside_the_child_is_judge_error(self, level, monkeypatch):
        for child in (SpawnedChild, ForkedChild):
            monkeypatch.setattr(
                child,
                "ask",
                lambda self, job, limits: iter([Ended(Ending.FAULT, "boom")]),
            )
        with Judge(seed=1, expected_answers=1) as judge:
            verdict = one(judge, level, answer(SOLUTION))
        assert verdict.verdict == "judge-error"
        assert "boom" in verdict.message.en

    def test_a_fault_inside_the_judge_is_judge_error(self, judge, level, monkeypatch):
        def broken(*_):
            raise ZeroDivisionError("inside")

        monkeypatch.setattr("handgrad.judging.class_verdict.diagnose_comparison", broken)
        verdict = one(judge, level, answer(SOLUTION))
        assert verdict.verdict == "judge-error"
        assert "ZeroDivisionError" in verdict.message.zh


def test_nothing_is_left_running(level):
    psutil = psutil_or_skip()
    with Judge(seed=1, pool=Pool(ahead=2), limits=Limits(processor_seconds=0.2)) as judge:
        before = set(psutil.Process().children())
        one(judge, level, with_line("while True: pass"))
        one(judge, level, answer(SOLUTION))
        mine = [child.process_id for child in judge._runner._pool._ready]
        assert mine
    assert not [number for number in mine if psutil.pid_exists(number)]
    assert set(psutil.Process().children()) <= before
