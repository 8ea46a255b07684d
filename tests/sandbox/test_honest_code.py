"""What an honest answer may do works in isolation as it does anywhere."""

from __future__ import annotations

import pytest
from support.answers import SOLUTION, answer

from handgrad.judging import Judge
from handgrad.sandbox import Pool
from handgrad.sandbox.zygote import IS_POSSIBLE

HARMLESS = [
    "import datetime; print(datetime.datetime.now().year, datetime.date.today())",
    "import time; print(time.time(), time.perf_counter(), time.process_time(), time.monotonic())",
    "import time; print(time.strftime('%Y-%m-%d %H:%M'), time.localtime(), time.strptime('2026', '%Y'))",
    "import time; time.sleep(0.01)",
    "import random; print(random.random(), random.choice([1, 2]), random.SystemRandom().random())",
    "print(np.random.rand(2), np.random.randn(2), np.random.default_rng().normal(size=2))",
    "rng = np.random.default_rng(); rng.shuffle(np.arange(9)); np.random.seed(); np.random.permutation(4)",
    "print(np.linalg.inv(np.eye(3) * 2), np.linalg.svd(np.ones((4, 3)))[1], np.linalg.eigh(np.eye(2)))",
    "print(np.linalg.lstsq(np.ones((4, 2)), np.ones(4), rcond=None)[0], np.linalg.norm(np.ones(3)))",
    "print(np.fft.fft(np.arange(8.0)), np.polynomial.Polynomial([1, 2])(3), np.roots([1, 0, -1]))",
    "print(np.einsum('ij,jk,kl->il', *[np.ones((3, 3))] * 3, optimize=True), np.ma.masked_array([1], [1]))",
    "np.testing.assert_allclose(np.ones(3), 1.0); np.testing.assert_array_equal([1], [1])",
    "a = np.random.rand(600, 600); print((a @ a).shape, np.sort(a, axis=None)[:2], a.std(), np.median(a))",
    "b = np.zeros((2000, 2000)); b += 1; del b",
    "import warnings; warnings.warn('careful'); np.array([1.0]) / 0",
    "import json, re, copy, pprint; pprint.pprint(copy.deepcopy(json.loads('[1, {}]'))); re.findall('a', 'a')",
    "import statistics, fractions, decimal; print(statistics.mean([1, 2]), fractions.Fraction(1, 3), decimal.Decimal(1) / 3)",
    "import dataclasses, enum, typing\n@dataclasses.dataclass\nclass P:\n    x: typing.Optional[int] = None\nprint(P(1))",
    "import functools, itertools, operator, heapq, bisect, collections\nprint(functools.reduce(operator.add, range(4)), collections.Counter('aab'))",
    "import math, cmath, array, string, textwrap, types; print(textwrap.fill('a b'), array.array('d', [1]))",
    "print('梯度 ∂L/∂x', '%.3f' % 1.5, f'{np.pi:.2f}', np.array2string(np.eye(2)), repr(np.float32(1)))",
    "print('x'.encode('gbk'), 'é'.encode('latin-1'), '好'.encode('utf-16'), b'abc'.decode('ascii'))",
    "import sys; print(sys.version_info[:2], sys.getsizeof([]), sys.getrecursionlimit())",
    "np.set_printoptions(precision=3); print(np.errstate, np.finfo(float).eps, np.iinfo(int).max)",
    "print(sum(i * i for i in range(10**5)), sorted(range(1000), key=lambda i: -i)[0])",
    "def f(n): return 1 if n < 2 else n * f(n - 1)\nprint(f(500))",
]


@pytest.mark.parametrize("code", HARMLESS)
def test_it_passes(judge, course, code):
    source = f"import numpy as np\n{code}\n{SOLUTION}"
    [verdict] = judge.judge(course.level("fully-connected"), answer(source))
    assert verdict.verdict == "pass", verdict.message.en


@pytest.mark.parametrize("encoding", ["gbk", "utf-8-sig", "utf-16", "big5", "shift_jis", "latin-1"])
def test_every_usual_encoding_is_read(judge, course, encoding):
    remark = "# coding: " + encoding if encoding in ("big5", "shift_jis", "latin-1") else ""
    words = {"latin-1": "é", "shift_jis": "勾配"}.get(encoding, "梯度")
    solution = SOLUTION.encode("ascii", "ignore").decode()
    source = f"{remark}\n# {words}\n{solution}".encode(encoding)
    [verdict] = judge.judge(course.level("fully-connected"), answer(source))
    assert verdict.verdict == "pass", verdict.message.en


def test_reading_from_a_keyboard_that_is_not_there_is_the_end_of_input(judge, course):
    [verdict] = judge.judge(course.level("fully-connected"), answer("input()\n" + SOLUTION))
    assert (verdict.verdict, verdict.kind) == ("error", "exception")
    assert "EOFError" in verdict.message.en


def test_it_is_the_same_at_every_level(course, monkeypatch):
    """The verdict and its words do not depend on how strongly the answer was walled off."""
    level = course.level("fully-connected")
    told = []
    for forked in (True, False):
        monkeypatch.setattr("handgrad.sandbox.pool.IS_POSSIBLE", forked and IS_POSSIBLE)
        with Judge(seed=3, pool=Pool(ahead=1)) as judge:
            planted = level.wrong_answers[:12]
            wrong = [judge.judge(level, answer(one.source))[0] for one in planted]
        told.append([(v.verdict, v.kind, v.mistakes, v.message, v.line) for v in wrong])
    assert told[0] == told[1]
